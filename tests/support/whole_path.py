"""One person's whole way from reception to a report acknowledged, told once and walked through either door."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlmodel import SQLModel, col, select

from config.demonstration.partnership import Partnership
from tests.support.serving import Scheduler
from throughcare.casework.people import Case
from throughcare.casework.rows import Appointment
from throughcare.handover.rows import Handover
from throughcare.intervention.rows import BriefIntervention
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.clock import at
from throughcare.requirement.rows import ComplianceReport, Requirement
from throughcare.screening.rows import SafetyCheck, Screening

AUDIT = [3, 2, 2, 1, 1, 0, 1, 2, 0, 0]  # 12: a brief intervention
SAFE = ("daily_alcohol", "daily_opioids", "daily_benzodiazepines", "daily_gabapentinoids", "daily_ghb",
        "withdrawal_before", "withdrawal_now")  # fmt: skip
PHONE = "+447700900123"
SENTENCE = "Comes on time and takes part."
CODE_WORD = "kestrel"
ADDRESS = "3 Harbour Row, Ashby"


class Door(Protocol):
    """The pages, or the API. `values` are by field; each door writes them as it must."""

    def do(self, who: str, path: str, **values: Any) -> None: ...

    def texts_back(self, number: str, words: str) -> None:
        """The released person answers from their phone."""

    def sha256(self, who: str, path: str) -> dict[str, str]:
        """The hash of the preview, where this door does not bring it along by itself."""


class WholePath:
    """The steps, each at its place in the order; they leave on `release`, and are met outside so many days `after`."""

    def __init__(self, door: Door, scheduler: Scheduler, made: Partnership, release: date, after: int = 1) -> None:
        self.door, self.scheduler, self.made, self.release = door, scheduler, made, release
        self.desk, self.meeting, self.case_id = scheduler.desk, release + timedelta(days=after), UUID(int=0)

    def latest(self, kind: type[SQLModel]) -> Any:
        """The newest row of this kind, of the case once there is one."""
        with self.desk.work(SYSTEM) as work:
            query = select(kind).order_by(col(kind.created_at).desc())
            if self.case_id.int:
                query = query.where(kind.case_id == self.case_id)
            return work.session.exec(query).first()

    @property
    def case(self) -> str:
        return f"/cases/{self.case_id}"

    @property
    def today(self) -> date:
        return self.desk.clock.now().date()

    def go(self, who: str, tail: str, **values: Any) -> None:
        self.door.do(who, self.case + tail, **values)

    def until(self, day: date, wall: time) -> None:
        """The clock moves on to this time in London."""
        self.desk.clock.forward(at(day, wall) - self.desk.clock.now())

    def whole(self) -> None:
        """From reception to a report acknowledged."""
        self.up_to_acceptance()
        self.released()
        self.number_proven()
        self.until(self.meeting, time(11, 45))
        self.checked_in(4)
        self.met_outside()
        self.absence_decided()
        self.reported()

    def up_to_acceptance(self) -> None:
        """All that happens in prison."""
        self.registered()
        self.screened()
        self.brief_intervention_given()
        self.dates_recorded()
        self.contact_and_consents()
        self.planned()
        self.handed_over()
        self.put_under_order()

    def registered(self) -> None:
        told = {"given": "Rowan", "family": "Ashdown", "birth_date": date(1990, 4, 2), "sex": "male",
                "prison_number": "A1234BC", "crn": "X123456", "language": "en"}  # fmt: skip
        stay = {"received_on": self.today, "custody_status": "sentenced", "sentence_type": "determinate"}
        self.door.do("officer", "/cases/register", **told | stay)
        with self.desk.work(SYSTEM) as work:
            query = select(Case.id).order_by(col(Case.created_at).desc())
            self.case_id = work.session.exec(query).first()

    def screened(self) -> None:
        self.go("treatment", "/screening/safety", answers=dict.fromkeys(SAFE, "no") | {"withdrawal_before": "yes"})
        self.go("healthcare", f"/screening/safety/{self.latest(SafetyCheck).id}/seen")
        self.instrument("audit", AUDIT)
        self.instrument("dudit", [0] * 11)
        beside = {"alcohol_help": "yes", "drugs_help": "no", "related_illness": False}
        self.go("treatment", "/screening/beside", **beside, children="no", pregnant="no")

    def instrument(self, code: str, scores: list[int]) -> None:
        asked = {"mode": "interview", "setting": "reception", "language": "English", "share_agreed": True}
        self.go("treatment", "/screening/start", instrument=code, **asked)
        answers = {f"q{number}": score for number, score in enumerate(scores, 1)}
        self.go("treatment", f"/screening/{self.latest(Screening).id}/answers", answers=answers)
        self.desk.clock.forward(timedelta(minutes=1))

    def brief_intervention_given(self) -> None:
        brief = f"/interventions/{self.latest(BriefIntervention).id}"
        self.go("treatment", f"{brief}/offer")
        given = {"minutes": 10, "elements": ["feedback", "advice"], "leaflet": True, "readiness": 7}
        deliverer = self.made.actors["treatment"].id
        self.go("treatment", f"{brief}/give", delivered_by=deliverer, goal="Drink at weekends only", **given)

    def dates_recorded(self) -> None:
        dates = {"custody_status": "sentenced", "sentence_type": "determinate", "release_type": "automatic"}
        source = "Sentence calculation sheet"
        self.go("officer", "/custody/dates", sentence_release_date=self.release, source=source, **dates)
        self.go("officer", "/custody/confirm", confirmed_release_date=self.release, source=source)

    def contact_and_consents(self) -> None:
        safe = {"safe_name": "Ro", "safe_from": time(9), "safe_until": time(20), "phone_shared": "only_me"}
        self.go("officer", "/contact/safe", never_text=False, **safe)
        self.go("officer", "/contact/numbers/add", number=PHONE, replaces=True, code_word=CODE_WORD)
        self.go("officer", "/sharing/texts", answer="given", language="en", route="in_person")
        for agency, purpose in (("harbour", "referral"), ("harbour", "share"), ("ashbyp", "share")):
            self.agreed(agency, purpose)

    def agreed(self, agency: str, purpose: str) -> None:
        said = {"answer": "given", "route": "in_person", "purpose": purpose}
        categories = ["attendance"] if agency == "ashbyp" else ["identity", "custody", "plan"]
        self.go("officer", "/sharing/consent", agency_id=self.made.agencies[agency], categories=categories, **said)

    def planned(self) -> None:
        self.go("officer", "/plan/start")
        need = {"domain": "drugs_alcohol", "what": "Start treatment outside", "severity": "high", "side": "prison"}
        owner = f"agency:{self.made.agencies['fallow']}"
        self.go("officer", "/plan/needs/add", **need, owner=owner, action="Refer", due_on=self.release, source="bcst")
        booked = {"kind": "first_treatment", "agency_id": self.made.agencies["harbour"], "phone": "01632 960201"}
        when = {"on": self.meeting, "at": time(9, 30)}
        self.go("officer", "/plan/appointments/book", **booked, **when, place="12 Quay Street", with_whom="Priya Lark")
        self.go("officer", "/plan/address", lodged=True, tonight=ADDRESS)
        doses = {"opioid_need": "no", "naloxone": "refused", "opioid_medicine": "no", "bridging": "not_needed"}
        self.go("healthcare", "/plan/medicines", **doses)
        self.go("officer", "/plan/submit", person_agrees="yes", how="In a meeting")
        self.go("manager", "/plan/agree", reason="The other six needs are followed outside")

    def handed_over(self) -> None:
        drafted = {"service_id": self.made.services["harbour"], "sought": "key_working", "area": "Ashby"}
        self.go("officer", "/handovers/new", **drafted)
        here = f"/handovers/{self.latest(Handover).id}"
        self.door.do(
            "officer", f"{here}/share", sections=["identity", "custody", "plan"], plan_note="Wants a key worker"
        )
        self.door.do("officer", f"{here}/send", **self.door.sha256("officer", here))
        self.door.do("provider", f"{here}/receive")
        answer = {"on": self.meeting, "at": time(10, 30), "place": "12 Quay Street"}
        self.door.do("provider", f"{here}/accept", worker_id=self.made.actors["provider"].id, **answer)

    def put_under_order(self) -> None:
        """A condition of the licence, which begins on release and brings probation in."""
        said = {"kind": "licence_condition", "order": "licence", "reference": "L2026/114", "told_on": self.today}
        officer = self.made.actors["probation"].id
        self.go("officer", "/requirements/record", **said, starts_on=self.release, officer_id=officer)

    def released(self) -> None:
        self.until(self.release, time(11))
        self.go("officer", "/custody/release", released_on=self.release, released_at=time(10))

    def number_proven(self) -> None:
        """They are asked for the code word on the day, and send it back."""
        self.scheduler.wakes()
        self.desk.clock.forward(timedelta(minutes=1))
        self.door.texts_back(PHONE, CODE_WORD)
        self.scheduler.wakes()

    def checked_in(self, score: int) -> None:
        """Today's check-in comes to the phone, and is answered."""
        self.scheduler.wakes()
        self.desk.clock.forward(timedelta(minutes=5))
        self.door.texts_back(PHONE, str(score))
        self.scheduler.wakes()

    def met_outside(self) -> None:
        met = {"on": self.today, "at": time(10, 30), "how": "in_person"}
        self.door.do("provider", f"/handovers/{self.latest(Handover).id}/first-contact", **met)

    def absence_decided(self) -> None:
        """The provider books, they do not come the next day, and probation says what the absence is."""
        day = self.today + timedelta(days=1)
        requirement = f"/requirements/{self.latest(Requirement).id}"
        self.go("provider", f"{requirement}/book", kind="session", on=day, at=time(9, 30), place="12 Quay Street")
        missed = f"/requirements/appointments/{self.latest(Appointment).id}"
        self.until(day, time(12))
        self.go("provider", f"{missed}/attendance", status="absent", reason="illness")
        self.go("provider", f"{missed}/tell")
        self.go("probation", f"{missed}/classify", outcome="acceptable", reason="illness")

    def reported(self) -> None:
        """A report on the days since release: written, countersigned by the manager, sent, acknowledged."""
        period = {"period_from": self.release, "period_to": self.today - timedelta(days=1)}
        self.go("provider", f"/requirements/{self.latest(Requirement).id}/report", **period)
        report = f"/requirements/reports/{self.latest(ComplianceReport).id}"
        said = {"rating": "well", "sentence": SENTENCE, "stage": "under_way", "recommendation": "continue"}
        self.go("provider", f"{report}/write", **said, risk_changed=False)
        self.go("provider_manager", f"{report}/countersign")
        self.go("provider", f"{report}/send")
        self.go("probation", f"{report}/acknowledge")

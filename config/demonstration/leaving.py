"""What happens around the gate: plan, handover, release, recall, and a child to think of."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from config.demonstration.people import Fate
from config.demonstration.playing import Stage
from throughcare.casework import consents, custody
from throughcare.casework.agencies import Agency
from throughcare.casework.forms_contact import Purpose, SharingAnswer
from throughcare.casework.forms_custody import Recall, Release
from throughcare.casework.people import ConsentState
from throughcare.handover import answering, offering, passing, sharing
from throughcare.handover.forms import (
    Accepting,
    Asking,
    Completing,
    Declining,
    Drafting,
    FirstContact,
    How,
    Recalling,
    Returning,
    Sending,
    Sharing,
    TreatmentStart,
    Waiting,
)
from throughcare.handover.rows import Handover
from throughcare.handover.words import DeclinedBy
from throughcare.kernel.clock import london_day
from throughcare.kernel.forms import Form
from throughcare.kernel.work import Work
from throughcare.release import appointments, plans, writing
from throughcare.release.forms import AddressForm, AgreeForm, AppointmentForm, MedicinesForm, NeedForm, SubmitForm
from throughcare.release.owners import owner_code
from throughcare.release.rules import Agreement, Bridging, Known, Naloxone, Severity, Side
from throughcare.safeguarding import actions as safeguarding
from throughcare.safeguarding import considering, pregnancy
from throughcare.safeguarding.forms import BookedForm, ConcernForm, JustDo, NoConcernForm
from throughcare.safeguarding.rules import Level

Part = Generator[datetime, None, None]
NEEDS = (
    ("accommodation", "Somewhere to stay on the first night", Side.COMMUNITY),
    ("drugs_alcohol", "Community treatment from the first week", Side.COMMUNITY),
    ("finance_id_bank", "Identity and a bank account", Side.PRISON),
)
ADDRESS = AddressForm(lodged=True, tonight="Room 4, Mill Lane hostel, Ashby", later_nights="The same")


def planned(stage: Stage, fate: Fate, case_id: UUID) -> Part:
    """A plan from twelve weeks before, or as soon as there is time."""
    if fate.plan == "none" or fate.release is None:
        return
    officer, _, manager, provider, *_ = fate.staff
    begins = max(fate.release - 80, fate.received + 10)
    yield stage.when(begins, 10, fate.number % 55)
    stage.do(officer, plans.start, case_id)
    for need in needs(stage, fate, begins):
        stage.do(officer, writing.add_need, case_id, need)
    yield stage.when(max(fate.release - 24, begins + 2), 11, fate.number % 55)
    stage.do(officer, writing.record_address, case_id, ADDRESS)
    stage.do(fate.staff[1], writing.record_medicines, case_id, medicines(stage, fate))
    stage.do(officer, appointments.book, case_id, first_day(stage, fate, stage.agency(provider)))
    if fate.plan == "draft":
        return
    yield stage.when(max(fate.release - 18, begins + 3), 15, fate.number % 55)
    stage.do(officer, plans.submit, case_id, SubmitForm(person_agrees=Agreement.YES, how="In a meeting"))
    if fate.plan == "agreed" and manager:
        yield stage.when(max(fate.release - 14, begins + 4), 16, fate.number % 55)
        stage.do(manager, plans.agree, case_id, AgreeForm(reason="The rest is being arranged this week"))


def needs(stage: Stage, fate: Fate, begins: int) -> list[NeedForm]:
    """What stands in every plan here, with the officer seeing to it."""
    assert fate.release is not None
    owner = owner_code(stage.partnership.actors[fate.staff[0]].id, None)
    due_on = stage.day(max(fate.release - 7, begins + 5))
    return [
        NeedForm(
            domain=domain, what=what, severity=Severity.HIGH, side=side, owner=owner, action="See to it this week", due_on=due_on
        )
        for domain, what, side in NEEDS
    ]  # fmt: skip


def medicines(stage: Stage, fate: Fate) -> MedicinesForm:
    """Naloxone for whoever has used opioids."""
    if fate.drugs != "dependent":
        return MedicinesForm(
            opioid_need=Known.NO, naloxone=Naloxone.OFFERED, opioid_medicine=Known.NO, bridging=Bridging.NOT_NEEDED
        )
    return MedicinesForm(
        opioid_need=Known.YES, naloxone=Naloxone.ACCEPTED, opioid_medicine=Known.NO, naloxone_trained=True,
        naloxone_kit="NX-4471", naloxone_expires_on=stage.day(400), bridging=Bridging.NOT_NEEDED,
    )  # fmt: skip


def first_day(stage: Stage, fate: Fate, agency_id: UUID) -> AppointmentForm:
    """Where to be on the day after release."""
    assert fate.release is not None
    return AppointmentForm(
        kind="probation" if fate.order != "none" else "jobcentre", agency_id=agency_id, on=stage.day(fate.release + 1),
        at=time(11), place="Town Hall Square", with_whom="Duty worker", phone="01632 960170",
    )  # fmt: skip


def handed_over(stage: Stage, fate: Fate, case_id: UUID) -> Part:
    """A handover to the provider, as far as it gets."""
    if fate.handover == "none" or fate.release is None:
        return
    officer, _, _, provider, worker, *_ = fate.staff
    provider, worker = ("riverside", "riverside") if fate.child == "pregnant" else (provider, worker)
    latest = -1 if fate.handover == "sent" else -2  # answered by yesterday's morning, however early today it is
    asked = max(min(fate.release - 27, latest), fate.received + 11)
    yield stage.when(asked, 10, fate.number % 55)
    stage.do(officer, agreed_to_share, case_id, stage.agency(provider))
    flags = ("pregnancy",) if fate.child == "pregnant" else ()
    service = stage.partnership.services[provider]
    asking_for = Drafting(service_id=service, sought="key_working", area="Ashby", flags=flags)
    made = stage.do(officer, offering.draft, case_id, asking_for)
    if made is not None and fate.handover == "discarded":
        stage.do(officer, offering.discard, made.id)
    if made is None or fate.handover in {"draft", "discarded"}:
        return
    stage.do(officer, offering.choose, made.id, chosen(fate))
    yield stage.when(asked, 12, fate.number % 55)
    stage.do(officer, sent, made.id)
    if fate.handover in {"sent", "expired"}:
        return
    yield stage.when(asked + 1, 9, fate.number % 55)
    yield from answered(stage, fate, made.id, (officer, worker))


def chosen(fate: Fate) -> Sharing:
    """What the officer picks to share: the screening's band for two in three."""
    banded = ("screening",) if fate.number % 3 and fate.screening == "done" else ()
    sections = ("custody", "contact", "plan", "housing", *banded)
    return Sharing(sections=sections, plan_note="Key working from the first week.")


def sent(work: Work, handover_id: UUID) -> None:
    """Sent as previewed."""
    row = work.session.get_one(Handover, handover_id)
    offering.send(work, handover_id, Sending(sha256=sharing.preview(work, row).sha256))


def agreed_to_share(work: Work, case_id: UUID, agency_id: UUID) -> None:
    """The person agrees that the provider has what may be shared with it."""
    agency = work.session.get_one(Agency, agency_id)
    every = consents.consentable(work, agency)
    consents.answer_sharing(
        work,
        case_id,
        SharingAnswer(agency_id=agency_id, purpose=Purpose.REFERRAL, answer=ConsentState.GIVEN, categories=every),
    )


def answered(stage: Stage, fate: Fate, handover: UUID, who: tuple[str, str]) -> Part:
    """What the provider says, and what follows."""
    officer, worker = who
    stage.do(worker, answering.receive, handover)
    otherwise: dict[str, tuple[str, Callable[..., Any], Form]] = {
        "asked": (worker, answering.ask, Asking(asked=("medication",), words="What is prescribed now?")),
        "waiting": (worker, answering.wait, Waiting(review_on=stage.day(3))),
        "declined": (worker, answering.decline, Declining(declined_by=DeclinedBy.PROVIDER, reason="no_capacity")),
        "recalled": (officer, offering.recall, Recalling(reason="plan_changed")),
    }
    if fate.handover in otherwise:
        actor, verb, form = otherwise[fate.handover]
        stage.do(actor, verb, handover, form)
    if fate.handover in {"accepted", "active", "returned", "completed", "taken_back"} and fate.release is not None:
        yield from taken_on(stage, fate, handover, worker)


def taken_on(stage: Stage, fate: Fate, handover: UUID, worker: str) -> Part:
    """Accepted, and after release met."""
    assert fate.release is not None
    leaving = stage.day(fate.release)
    stage.do(worker, answering.accept, handover, Accepting(
        worker_id=stage.partnership.actors[worker].id, on=leaving + timedelta(days=2), at=time(10, 30), place="12 Quay Street, Ashby",
        phone="01632 960110",
    ))  # fmt: skip
    if fate.handover == "accepted":
        return
    yield stage.when(fate.release + 2, 11, fate.number % 50)
    day = london_day(stage.clock.at)
    stage.do(worker, passing.first_contact, handover, FirstContact(on=day, at=time(10, 30), how=How.IN_PERSON))
    begins = 6 + fate.number % (20 if fate.handover == "active" else 7)
    yield stage.when(fate.release + begins, 14, fate.number % 50)
    stage.do(worker, passing.start_treatment, handover, TreatmentStart(on=london_day(stage.clock.at)))
    yield from ended(stage, fate, handover, worker)


def ended(stage: Stage, fate: Fate, handover: UUID, worker: str) -> Part:
    """Completed, or offered back and perhaps taken back."""
    assert fate.release is not None
    if fate.handover == "completed":
        yield stage.when(fate.release + 56, 14, fate.number % 50)
        stage.do(worker, passing.complete, handover, Completing(outcome="treatment_completed"))
    if fate.handover in {"returned", "taken_back"}:
        yield stage.when(fate.release + 14, 14, fate.number % 50)
        moved = Returning(reason="moved_away", words="They have moved to Brookford.")
        stage.do(worker, passing.offer_return, handover, moved)
    if fate.handover == "taken_back":
        yield stage.when(fate.release + 15, 10, fate.number % 50)
        stage.do(fate.staff[0], passing.accept_return, handover)


def released(stage: Stage, fate: Fate, case_id: UUID) -> Part:
    """Released on the day, and some recalled."""
    if fate.release is None or fate.release >= 0:
        return
    officer = fate.staff[0]
    yield stage.when(fate.release, 9, 30 + fate.number % 25)
    gone = Release(released_on=stage.day(fate.release), released_at=time(9, 15))
    stage.do(officer, custody.release, case_id, gone)
    if fate.recalled:
        yield stage.when(fate.release + 25, 15)
        back = Recall(prison_id=stage.agency(fate.prison), received_on=stage.day(fate.release + 25))
        stage.do(officer, custody.recall, case_id, back)


def child_thought_of(stage: Stage, fate: Fate, case_id: UUID) -> Part:
    """A concern, or a pregnancy."""
    if not fate.child:
        return
    treatment, told = fate.staff[1], fate.received + 12
    yield stage.when(told if fate.child == "pregnant" else max(told, -12), 11, 5)
    if fate.child == "pregnant":
        stage.do(treatment, pregnancy.pregnancy_known, case_id, JustDo())
        none = NoConcernForm(why="She has asked for help early and her mother will have her home.")
        stage.do(treatment, considering.no_concern, case_id, none)
        yield stage.when(fate.received + 13, 11, 5)
        stage.do(treatment, pregnancy.pregnancy_booked, case_id, BookedForm(where="Riverside, with Amara Wick"))
        return
    words = (
        "The children are alone at night when he is out." if fate.child == "4" else "School has noticed missed days."
    )
    stage.do(treatment, safeguarding.record_concern, case_id, ConcernForm(level=Level(fate.child), what=words))

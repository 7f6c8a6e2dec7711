"""A caseload small enough to count by hand, put straight into the tables."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlmodel import select

from throughcare.casework.people import Person, PhoneNumber
from throughcare.casework.rows import (
    Appointment,
    ClockState,
    CustodyEpisode,
    CustodyStatus,
    EpisodeStatus,
    ServiceClock,
)
from throughcare.casework.sides import Side
from throughcare.disclosure.policy import Basis
from throughcare.handover.rows import Handover, NoHandover
from throughcare.handover.words import Status as HandoverStatus
from throughcare.intervention.rows import FirstContact
from throughcare.kernel.actors import SYSTEM, Jurisdiction
from throughcare.kernel.clock import at
from throughcare.release.rows import LeavingMedicines, Lodging, ReleasePlan
from throughcare.release.rules import Known, PlanStatus
from throughcare.requirement.rows import Requirement
from throughcare.requirement.words import Ending, OrderKind
from throughcare.screening.rows import AskedToo, Scope, Screening, ScreeningOutcome, ToldUs
from throughcare.screening.rules import Pathway, Status, WantsHelp

NOON = time(12, 0)
RECEIVED = date(2026, 7, 6)
LEFT = date(2026, 9, 7)


def noon(day: date) -> datetime:
    return at(day, NOON)


class Counting:
    """Rows of one World, each put there with the least that the measures read."""

    def __init__(self, world) -> None:
        self.world, self.desk = world, world.desk

    def add(self, row):
        with self.desk.work(SYSTEM) as work:
            return work.add(row)

    def held(self, *, on: date = RECEIVED, **about):
        """Somebody received on a day and still there; keyword arguments are the case's."""
        return self.world.case(received_on=on, **about)

    def released(self, *, on: date = LEFT, received_on: date = RECEIVED, **about):
        """Somebody received on one day and released on another."""
        left = noon(on)
        return self.world.case(
            received_on=received_on, status=EpisodeStatus.RELEASED, released_at=left, ended_at=left, **about
        )

    def again(self, case_id, on: date):
        """Another stay of the same person."""
        prison = self.world.agencies["prison"]
        return self.add(
            CustodyEpisode(case_id=case_id, prison_id=prison, received_on=on, custody_status=CustodyStatus.RECALLED)
        )

    def stay_of(self, case_id):
        with self.desk.work(SYSTEM) as work:
            return work.session.exec(select(CustodyEpisode.id).where(CustodyEpisode.case_id == case_id)).one()

    def screened(self, case_id, instrument: str, total: int, *, positive: bool, on: date = RECEIVED):
        scope = Scope.ALCOHOL if instrument == "audit" else Scope.DRUGS
        return self.add(
            Screening(
                case_id=case_id, scope=scope, instrument=instrument, status=Status.COMPLETED, total=total,
                positive=positive, on=on, by=self.world.treatment.id, completed_at=noon(on),
            )
        )  # fmt: skip

    def asked(self, case_id, *, alcohol=WantsHelp.NO, drugs=WantsHelp.NO, children=ToldUs.NO, on: date = RECEIVED):
        return self.add(
            AskedToo(
                case_id=case_id, by=self.world.treatment.id, on=on, alcohol_help=alcohol, drugs_help=drugs,
                children=children, pregnant=ToldUs.NOT_ASKED,
            )
        )  # fmt: skip

    def seen(self, case_id, on: date = RECEIVED):
        return self.add(FirstContact(case_id=case_id, on=on, by=self.world.treatment.id))

    def in_need(self, case_id, pathway: Pathway = Pathway.SPECIALIST, on: date = RECEIVED, until: date | None = None):
        return self.add(
            ScreeningOutcome(
                case_id=case_id, side=Side.ALCOHOL, settled_at=noon(on), screened_by=self.world.treatment.id,
                pathway=pathway, computed=pathway, replaced_at=until and noon(until),
            )
        )  # fmt: skip

    def sent(
        self, case_id, *, on: date, accepted: date | None = None, started: date | None = None, to="provider", **more
    ):
        """A handover as it stands, without the moves that led there."""
        world = self.world
        about = {"status": HandoverStatus.ACTIVE if accepted else HandoverStatus.SENT, "sought": "key_working", **more}
        return self.add(
            Handover(
                case_id=case_id, service_id=world.services[to], to_agency_id=world.agencies[to],
                to_team_id=world.teams[to], from_agency_id=world.agencies["prison"], from_worker_id=world.officer.id,
                sent_at=noon(on), moved_at=noon(on), accepted_at=accepted and noon(accepted),
                treatment_started_on=started, **about,
            )
        )  # fmt: skip

    def clock(self, handover, state: ClockState, due_on: date, code="handover_accepted_or_refused"):
        return self.add(
            ServiceClock(
                case_id=handover.case_id, code=code, subject_id=handover.id, agency_id=handover.to_agency_id,
                jurisdiction=Jurisdiction.ENGLAND_WALES, started_on=due_on - timedelta(days=7), due_at=noon(due_on),
                state=state,
            )
        )  # fmt: skip

    def no_handover(self, case_id, reason: str):
        return self.add(
            NoHandover(case_id=case_id, reason=reason, recorded_by=self.world.officer.id, created_at=noon(LEFT))
        )

    def booked(self, case_id, *, made: date, on: date, who="Priya Lark", **more):
        return self.add(
            Appointment(
                case_id=case_id, agency_id=self.world.agencies["provider"], kind="first_treatment", at=noon(on),
                place="12 Quay Street", with_whom=who, created_at=noon(made), **more,
            )
        )  # fmt: skip

    def planned(self, case_id, *, agreed: date | None = None, nowhere=False, opioids=True, **medicines):
        plan = self.add(
            ReleasePlan(
                case_id=case_id, episode_id=self.stay_of(case_id), status=PlanStatus.AGREED, started_on=RECEIVED,
                started_by=self.world.officer.id, agreed_at=agreed and noon(agreed),
            )
        )  # fmt: skip
        known = Known.YES if opioids else Known.NO
        self.add(LeavingMedicines(case_id=case_id, plan_id=plan.id, opioid_need=known, **medicines))
        self.add(Lodging(case_id=case_id, plan_id=plan.id, no_fixed_abode=nowhere, recorded_at=noon(RECEIVED)))

    def number(self, case_id, *, proven: date | None, suspended: date | None = None):
        return self.add(
            PhoneNumber(
                case_id=case_id, number="+447700900123", from_at=noon(RECEIVED), proven_at=proven and noon(proven),
                suspended_at=suspended and noon(suspended),
            )
        )  # fmt: skip

    def order(self, case_id, kind: str, because: Ending, on: date = LEFT):
        return self.add(
            Requirement(
                case_id=case_id, kind=kind, order=OrderKind.COMMUNITY_ORDER, jurisdiction=Jurisdiction.ENGLAND_WALES,
                starts_on=RECEIVED, ended_on=on, ended_because=because, agency_id=self.world.agencies["probation"],
            )
        )  # fmt: skip

    def died(self, case_id, on: date):
        with self.desk.work(SYSTEM) as work:
            person = work.session.exec(select(Person).where(Person.case_id == case_id)).one()
            person.deceased_on = on

    def involve(self, case_id, key: str):
        with self.desk.work(SYSTEM) as work:
            self.world.involve(work, case_id, key, Basis.CARE)


def several(how_many: int, make) -> list:
    return [make() for _ in range(how_many)]

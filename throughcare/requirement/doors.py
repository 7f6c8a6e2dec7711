"""How rows of requirements are reached, who may act on them, and when anything may be told to the supervising agency."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.agencies import Membership
from throughcare.casework.clocks import calendar_for, running
from throughcare.casework.people import Consent, ConsentState
from throughcare.casework.rows import Appointment
from throughcare.casework.tasks import For
from throughcare.casework.visitors import holds
from throughcare.kernel.actors import AgencyKind, Role, acts_among
from throughcare.kernel.categories import Category
from throughcare.kernel.refusals import NotFound, NotPermitted, Refusal, refuse_if
from throughcare.kernel.rows import CaseRow
from throughcare.kernel.work import Work
from throughcare.requirement.reference import RequirementBook
from throughcare.requirement.rows import Absence, Requirement
from throughcare.requirement.rules import under_order

T = TypeVar("T", bound=CaseRow)

KEEPERS = frozenset({Role.OFFICER, Role.TREATMENT, Role.PROVIDER, Role.PROBATION, Role.MANAGER})
SUPERVISORS = frozenset({Role.PROBATION, Role.MANAGER})
WRITERS = frozenset({Role.PROVIDER, Role.OFFICER, Role.TREATMENT, Role.MANAGER})
TOLD = frozenset({Category.ATTENDANCE, Category.ENGAGEMENT})


class NoOrder(Refusal):
    """No order or licence requires this, so nothing goes to the supervising agency without the person's consent."""

    code = "no_order"


class NoSupervisor(Refusal):
    """No supervising agency is named on this requirement."""

    code = "no_supervisor"


class NotOrdered(Refusal):
    """This appointment is not one that an order or licence requires."""

    code = "not_ordered"


def book(work: Work) -> RequirementBook:
    """The file of requirements."""
    return work.reference[RequirementBook]


def row_of(work: Work, kind: type[T], case_id: UUID, row_id: UUID, *, change: bool = True) -> T:
    """A row of this case, locked when it is to be changed. NotFound without standing, or when it is another case's."""
    access.check(work, case_id)
    found = (access.take if change else access.find)(work, kind, row_id)
    refuse_if(found.case_id != case_id, NotFound)
    return found


def requirement_of(work: Work, row: Any) -> Requirement:
    """The requirement that a row hangs on; the caller has been let in already."""
    found = work.session.get(Requirement, row.requirement_id) if row.requirement_id else None
    if found is None:
        raise NotOrdered
    return found


def ordered(work: Work, case_id: UUID, appointment_id: UUID, *, change: bool = True) -> Appointment:
    """An appointment that a requirement of this case requires."""
    found = row_of(work, Appointment, case_id, appointment_id, change=change)
    refuse_if(found.requirement_id is None, NotFound)
    return found


def absence_of(work: Work, case_id: UUID, appointment_id: UUID, *, change: bool = True) -> Absence:
    """The absence from this appointment. NotFound when it was not missed."""
    appointment = ordered(work, case_id, appointment_id, change=False)
    found = work.session.exec(select(Absence.id).where(Absence.appointment_id == appointment.id)).first()
    return row_of(work, Absence, case_id, found or UUID(int=0), change=change)


def supervises(work: Work, requirement: Requirement) -> bool:
    """Whether the reader is of the agency that supervises under this requirement."""
    return requirement.agency_id is not None and work.actor.agency_id == requirement.agency_id


def supervisors_only(work: Work, requirement: Requirement) -> None:
    """Only the supervising agency decides about an absence."""
    allowed = work.actor.agency_kind is AgencyKind.PROBATION and acts_among(work.actor, SUPERVISORS)
    refuse_if(not allowed or not supervises(work, requirement), NotPermitted)


def may_tell(work: Work, requirement: Requirement) -> bool:
    """Whether an order or licence, or else the person's live consent, lets the supervising agency be told."""
    if under_order(requirement.order, last_day(work, requirement), work.today):
        return True
    consents = select(Consent).where(
        Consent.case_id == requirement.case_id,
        Consent.agency_id == requirement.agency_id,
        Consent.state == ConsentState.GIVEN,
        col(Consent.ended_at).is_(None),
    )
    live = [one for one in work.session.exec(consents) if one.expires_on is None or one.expires_on >= work.today]
    return {Category(category) for one in live for category in one.categories} >= TOLD


def last_day(work: Work, requirement: Requirement) -> date | None:
    """The last day on which its order lets anything be told: the last report's days after its end, recorded or set."""
    if requirement.until_on is not None or requirement.ends_on is None:
        return requirement.until_on
    return requirement.ends_on + timedelta(days=book(work).reports.final_report_days)


def own_agency(work: Work, roles: frozenset[Role]) -> UUID:
    """The agency of a worker in one of these roles; anybody else is not permitted."""
    if not acts_among(work.actor, roles) or work.actor.agency_id is None:
        raise NotPermitted
    return work.actor.agency_id


def refuse_unless_told(work: Work, requirement: Requirement) -> UUID:
    """The agency that is told. Refused where nothing may go, or where there is nobody to tell."""
    refuse_if(not may_tell(work, requirement), NoOrder)
    if requirement.agency_id is None:
        raise NoSupervisor
    return requirement.agency_id


def officer_of(work: Work, requirement: Requirement) -> For:
    """Whose list it goes on at the supervising agency: the responsible officer while they work there, else the role's."""
    agency_id = refuse_unless_told(work, requirement)
    serving = select(Membership.id).where(
        Membership.worker_id == requirement.officer_id, Membership.agency_id == agency_id, holds(work)
    )
    here = requirement.officer_id is not None and work.session.exec(serving).first()
    return For(agency_id, role=Role.PROBATION, worker_id=requirement.officer_id if here else None)


def hand_to_officer(work: Work, requirement: Requirement, codes: set[str], subject_id: UUID) -> None:
    """Put running clocks on the responsible officer's own list: an event that starts several names one worker only."""
    if not may_tell(work, requirement) or requirement.agency_id is None:
        return
    officer = officer_of(work, requirement)
    for clock in running(work, requirement.case_id, codes, subject_id):
        clock.agency_id, clock.worker_id, clock.role = officer.agency_id, officer.worker_id, officer.role
        work.session.add(clock)
    work.session.flush()


def working_day_end(work: Work, agency_id: UUID, after: date, days: int) -> datetime:
    """The end of the nth working day after a day, where the agency whose work it is counts it."""
    calendar = calendar_for(work, agency_id)
    return calendar.end_of(calendar.working_days_after(after, days))

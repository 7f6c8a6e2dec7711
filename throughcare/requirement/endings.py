"""How a requirement ends: by whoever records it, or by its own last day; and what its end takes with it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework.events import InvolvementEnded
from throughcare.casework.rows import Appointment, AppointmentStatus, Involvement
from throughcare.kernel.actors import acts_among
from throughcare.kernel.clock import end_of
from throughcare.kernel.refusals import NotPermitted, WrongState, refuse_if
from throughcare.kernel.rounds import each_alone
from throughcare.kernel.work import Work
from throughcare.requirement import events
from throughcare.requirement.doors import KEEPERS, book, row_of
from throughcare.requirement.forms import EndRequirement
from throughcare.requirement.periods import end_last_period
from throughcare.requirement.rows import Requirement
from throughcare.requirement.rules import refuse_future
from throughcare.requirement.showing import shown
from throughcare.requirement.steps import OUTCOMES
from throughcare.requirement.views import RequirementShown
from throughcare.requirement.words import Ending, OrderKind

BECAUSE = "order"  # why an involvement is there


def end(work: Work, case_id: UUID, requirement_id: UUID, form: EndRequirement) -> RequirementShown:
    """It is over: the last report falls due, and the supervising agency's standing ends once that can have been sent."""
    requirement = row_of(work, Requirement, case_id, requirement_id)
    refuse_if(not acts_among(work.actor, KEEPERS), NotPermitted)
    refuse_if(requirement.ended_on is not None, WrongState("This requirement has ended already."))
    refuse_future(form.ended_on, work.today, "ended_on")
    _close(work, requirement, form.ended_on or work.today, form.because)
    view = shown(work, requirement)
    _let_go(work, requirement)
    return view


def end_expired(work: Work) -> int:
    """End each requirement whose last day has passed and that nobody ended: it ran to its end. How many ended.

    Everything counts from its last day, not from this round: after it nothing is required, so nothing more is told.
    """
    query = select(Requirement.id).where(col(Requirement.ended_on).is_(None), col(Requirement.ends_on) < work.today)
    return each_alone(work, work.session.exec(query.order_by(col(Requirement.ends_on))).all(), _expire)


def _expire(work: Work, requirement_id: UUID) -> int:
    requirement = work.session.get_one(Requirement, requirement_id, with_for_update=True, populate_existing=True)
    if requirement.ended_on is not None:
        return 0
    _close(work, requirement, requirement.ends_on or work.today, Ending.EXPIRED)
    _let_go(work, requirement)
    return 1


def _close(work: Work, requirement: Requirement, on: date, because: Ending) -> None:
    mistaken = because is Ending.MISTAKEN
    stays = timedelta(days=-1 if mistaken else book(work).reports.final_report_days)
    requirement.ended_on, requirement.ended_because, requirement.until_on = on, because, on + stays
    work.session.add(requirement)
    work.session.flush()
    _release_appointments(work, requirement)
    if not mistaken:
        end_last_period(work, requirement, on)
    work.record(events.RequirementEnded(subject_id=requirement.id, case_id=requirement.case_id, because=because))


def _let_go(work: Work, requirement: Requirement) -> None:
    """The supervising agency's standing ends with the last day on which a report may still be sent."""
    if requirement.agency_id and requirement.until_on:
        mistaken = requirement.ended_because is Ending.MISTAKEN
        leave(work, requirement.case_id, requirement.agency_id, requirement.until_on, now=mistaken)


def _release_appointments(work: Work, requirement: Requirement) -> None:
    """What was booked beyond the end is no longer required."""
    ahead = select(Appointment).where(
        Appointment.requirement_id == requirement.id,
        Appointment.status == AppointmentStatus.BOOKED,
        col(Appointment.at) > work.now,
    )
    for appointment in work.session.exec(ahead).all():
        OUTCOMES[AppointmentStatus.NOT_REQUIRED](appointment, work, "")


def leave(work: Work, case_id: UUID, agency_id: UUID, until: date, *, now: bool) -> None:
    """End the standing that orders gave this agency, unless another requirement still gives it."""
    others = select(Requirement.id).where(
        Requirement.case_id == case_id, Requirement.agency_id == agency_id, col(Requirement.ended_on).is_(None),
        col(Requirement.order) != OrderKind.NONE,
    )  # fmt: skip
    if work.session.exec(others).first():
        return
    standing = select(Involvement).where(
        Involvement.case_id == case_id, Involvement.agency_id == agency_id, Involvement.because == BECAUSE,
        col(Involvement.until_at).is_(None),
    )  # fmt: skip
    for involvement in work.session.exec(standing).all():
        involvement.until_at = work.now if now else end_of(until)
        work.session.add(involvement)
        work.record(
            InvolvementEnded(
                subject_id=involvement.id, case_id=case_id, agency_id=agency_id, basis=involvement.basis,
                because=BECAUSE, on=until,
            )
        )  # fmt: skip

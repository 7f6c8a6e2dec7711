"""Ordered appointments: booked, their outcome recorded once by whoever keeps them, a missed one told (DOMAIN D.4)."""

from __future__ import annotations

from uuid import UUID

from throughcare.casework import access, tasks
from throughcare.casework.rows import Appointment, AppointmentStatus
from throughcare.casework.tasks import About, For
from throughcare.kernel.actors import acts_among
from throughcare.kernel.clock import at as instant_at
from throughcare.kernel.clock import london_day
from throughcare.kernel.refusals import Invalid, NotPermitted, WrongState, refuse_if
from throughcare.kernel.work import Work
from throughcare.requirement import errands, events
from throughcare.requirement.doors import (
    KEEPERS,
    absence_of,
    book,
    hand_to_officer,
    officer_of,
    ordered,
    own_agency,
    refuse_unless_told,
    requirement_of,
    row_of,
    supervises,
    supervisors_only,
    working_day_end,
)
from throughcare.requirement.forms import BookOrdered, FollowUp, RecordEvidence, RecordOutcome
from throughcare.requirement.rows import Absence, Requirement
from throughcare.requirement.rules import refuse_future
from throughcare.requirement.showing import appointment_shown
from throughcare.requirement.steps import OUTCOMES
from throughcare.requirement.views import OrderedShown
from throughcare.requirement.words import OrderKind

CAME = (AppointmentStatus.ATTENDED, AppointmentStatus.ATTENDED_LATE, AppointmentStatus.NOT_ENGAGED)
OFFICERS_CLOCKS = {"absence_decision", "scotland_noncompliance"}


class NotThisReason(Invalid):
    """Select one of the reasons given."""

    code, beside = "not_this_reason", "reason"


class NotThisAppointment(Invalid):
    """Select one of the kinds of appointment."""

    code, beside = "not_this_appointment", "kind"


class OutsideOrder(Invalid):
    """The appointment must fall within the order or licence."""

    code, beside = "outside_order", "on"


class ToldAlready(WrongState):
    """The supervising agency has been told about this absence."""

    code = "told_already"


def book_ordered(work: Work, case_id: UUID, requirement_id: UUID, form: BookOrdered) -> OrderedShown:
    """Book an appointment that the order or licence requires; the agency that books it keeps it."""
    requirement = row_of(work, Requirement, case_id, requirement_id)
    agency_id = own_agency(work, KEEPERS)
    refuse_if(requirement.ended_on is not None, WrongState("This requirement has ended."))
    refuse_if(form.kind not in book(work).appointments, NotThisAppointment)
    beyond = requirement.ends_on is not None and form.on > requirement.ends_on
    refuse_if(form.on < requirement.starts_on or beyond, OutsideOrder)
    made = work.add(
        Appointment(
            case_id=case_id, agency_id=agency_id, kind=form.kind, at=instant_at(form.on, form.at),
            place=form.place, with_whom=form.with_whom, phone=form.phone, requirement_id=requirement.id,
        )
    )  # fmt: skip
    work.record(events.OrderedBooked(subject_id=made.id, case_id=case_id, kind=made.kind))
    return appointment_shown(work, made)


def record_outcome(work: Work, case_id: UUID, appointment_id: UUID, form: RecordOutcome) -> OrderedShown:
    """The fact, recorded once by the agency that keeps the appointment; a missed one starts its clocks."""
    appointment = ordered(work, case_id, appointment_id)
    requirement = requirement_of(work, appointment)
    refuse_if(appointment.agency_id != work.actor.agency_id, NotPermitted)
    missed = form.status is AppointmentStatus.ABSENT
    refuse_if(form.reason and (not missed or form.reason not in book(work).reasons), NotThisReason)
    OUTCOMES[form.status](appointment, work, form.reason or "")
    if form.status in CAME:
        on = london_day(appointment.at)
        work.record(events.Attended(subject_id=appointment.id, case_id=case_id, on=on))
    if missed:
        _miss(work, requirement, appointment)
    _first_seen(work, requirement, appointment)
    return appointment_shown(work, appointment)


def _miss(work: Work, requirement: Requirement, appointment: Appointment) -> None:
    """The absence, its clocks on both sides, and the work of telling: what the supervising agency keeps it knows."""
    on = london_day(appointment.at)
    absence = work.add(
        Absence(
            case_id=requirement.case_id,
            requirement_id=requirement.id,
            appointment_id=appointment.id,
            missed_on=on,
        )
    )
    if requirement.order is OrderKind.NONE:
        return  # nothing is ordered, so there is nothing to tell and nobody to decide
    work.record(
        events.AppointmentMissed(
            subject_id=appointment.id, case_id=requirement.case_id, on=on,
            for_agency_id=appointment.agency_id, for_worker_id=work.actor.id,
        )
    )  # fmt: skip
    hand_to_officer(work, requirement, OFFICERS_CLOCKS, appointment.id)
    if supervises(work, requirement):
        _notify(work, requirement, absence)
        return
    due = working_day_end(work, appointment.agency_id, on, book(work).absence.notice_working_days)
    whose = For(appointment.agency_id, worker_id=work.actor.id)
    tasks.give(work, errands.TELL, whose, About(requirement.case_id, appointment.id), due)


def _first_seen(work: Work, requirement: Requirement, appointment: Appointment) -> None:
    """The outcome of the first supervision appointment meets its clocks."""
    if requirement.first_seen_at or not requirement.supervision_from or appointment.agency_id != requirement.agency_id:
        return
    requirement.first_seen_at = work.now
    work.session.add(requirement)
    work.session.flush()
    work.record(events.FirstAppointmentRecorded(subject_id=requirement.id, case_id=requirement.case_id))


def tell(work: Work, case_id: UUID, appointment_id: UUID) -> OrderedShown:
    """Tell the supervising agency about a missed appointment: the fact and the reason given go on its officer's list."""
    absence = absence_of(work, case_id, appointment_id)
    appointment = ordered(work, case_id, appointment_id)
    requirement = requirement_of(work, absence)
    refuse_if(work.actor.agency_id != appointment.agency_id, NotPermitted)
    refuse_unless_told(work, requirement)
    refuse_if(absence.notified_at is not None, ToldAlready)
    _notify(work, requirement, absence)
    return appointment_shown(work, appointment)


def _notify(work: Work, requirement: Requirement, absence: Absence) -> None:
    officer = officer_of(work, requirement)
    absence.notified_at, absence.notified_by = work.now, work.actor.id
    work.session.add(absence)
    work.session.flush()
    work.record(
        events.ProbationNotified(
            subject_id=absence.appointment_id, case_id=absence.case_id,
            for_agency_id=officer.agency_id, for_worker_id=officer.worker_id,
        )
    )  # fmt: skip
    days = book(work).absence.decision_working_days
    due = working_day_end(work, officer.agency_id, absence.missed_on, days)
    tasks.give(work, errands.DECIDE_ABSENCE, officer, About(absence.case_id, absence.appointment_id), due)


def record_evidence(work: Work, case_id: UUID, appointment_id: UUID, form: RecordEvidence) -> OrderedShown:
    """What was seen about an absence: by whoever keeps the appointment, or by the supervising agency."""
    absence = absence_of(work, case_id, appointment_id)
    appointment = ordered(work, case_id, appointment_id, change=False)
    refuse_if(not acts_among(work.actor, KEEPERS), NotPermitted)
    involved = work.actor.agency_id == appointment.agency_id or supervises(work, requirement_of(work, absence))
    refuse_if(not involved, NotPermitted)
    refuse_future(form.evidence_on, work.today, "evidence_on")
    absence.evidence, absence.evidence_on = form.evidence, form.evidence_on or work.today
    work.session.add(absence)
    work.session.flush()
    work.record(events.EvidenceReceived(subject_id=appointment.id, case_id=case_id, on=absence.evidence_on))
    return appointment_shown(work, appointment)


def follow_up(work: Work, case_id: UUID, appointment_id: UUID, form: FollowUp) -> OrderedShown:
    """The supervising agency followed the missed appointment up."""
    absence = absence_of(work, case_id, appointment_id)
    supervisors_only(work, requirement_of(work, absence))
    refuse_future(form.followed_up_on, work.today, "followed_up_on")
    absence.followed_up_on = form.followed_up_on or work.today
    work.session.add(absence)
    work.session.flush()
    work.record(events.FollowedUp(subject_id=appointment_id, case_id=case_id, on=absence.followed_up_on))
    return appointment_shown(work, access.find(work, Appointment, appointment_id))

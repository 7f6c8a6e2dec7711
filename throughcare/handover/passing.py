"""After acceptance: first contact passes the case, treatment starts, and it ends or is offered back."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import col, select

from throughcare.casework.people import Case
from throughcare.casework.rows import Appointment, AppointmentStatus
from throughcare.casework.tasks import For
from throughcare.handover import doors, errands, events, owning, shapes, steps, views
from throughcare.handover.forms import Completing, FirstContact, RefusingReturn, Returning, TreatmentStart
from throughcare.handover.offering import refuse_unless_listed
from throughcare.handover.reasons import HandoverLists
from throughcare.handover.rows import Handover
from throughcare.handover.words import Status
from throughcare.kernel.clock import at, london_day
from throughcare.kernel.refusals import Invalid, WrongState, refuse_if
from throughcare.kernel.work import Work


class StillToCome(Invalid):
    """Enter a time that has passed: this is recorded once it has happened."""

    code, beside = "still_to_come", "on"


class TooEarly(Invalid):
    """That is before the handover was sent; check the date."""

    code, beside = "too_early", "on"


class NoSuchAppointment(Invalid):
    """No first appointment is booked for that day, or what happened at it has been recorded."""

    code, beside = "no_such_appointment", "at_appointment"


class NotActive(WrongState):
    """Record first contact before the start of treatment."""

    code = "not_active"


class AlreadyStarted(WrongState):
    """The start of treatment has already been recorded."""

    code = "already_started"


class BeforeContact(Invalid):
    """Treatment cannot have started before the first contact; check the date."""

    code, beside = "before_contact", "on"


def first_contact(work: Work, handover_id: UUID, form: FirstContact) -> shapes.Summary:
    """The service and the person have spoken: the case passes to the named worker, now and not before."""
    row, case = doors.take(work, handover_id)
    doors.refuse_unless_open(work, row, steps.first_contact)
    when = at(form.on, form.at)
    refuse_if(when > work.now, StillToCome)
    refuse_if(row.sent_at and when < row.sent_at, TooEarly)
    kept = booked_first(work, row) if form.at_appointment else None
    on_the_day = kept is not None and kept.at <= work.now and london_day(kept.at) == form.on
    refuse_if(form.at_appointment and not on_the_day, NoSuchAppointment)
    doors.press(work, steps.first_contact, row, when, form.how.value, kept.id if kept else None)
    doors.keep(work, row, "first_contact")
    if case.owner_agency_id == row.from_agency_id:
        owning.pass_to(work, case, For(row.to_agency_id, row.to_team_id, worker_id=row.worker_id))
        owning.let_go(work, case, row.from_agency_id)
    owning.share(work, case)
    errands.put(work, errands.PASSED, errands.sender(row), row, errands.next_day(work, errands.sender(row), 2))
    errands.put(work, errands.TREAT, errands.receiver(row), row, errands.next_day(work, errands.receiver(row), 5))
    return views.show(work, row)


def booked_first(work: Work, row: Handover) -> Appointment | None:
    """The first appointment as it is booked now, moved or not; None when what happened at it has been recorded."""
    booked = select(Appointment).where(
        Appointment.handover_id == row.id, Appointment.status == AppointmentStatus.BOOKED
    )
    return work.session.exec(booked.order_by(col(Appointment.created_at).desc()).with_for_update()).first()


def start_treatment(work: Work, handover_id: UUID, form: TreatmentStart) -> shapes.Summary:
    """Structured treatment has started: what the 21 days after release are counted to (DOMAIN E.1)."""
    row, _ = doors.take(work, handover_id)
    doors.refuse_unless_open(work, row, steps.complete, steps.first_contact, steps.accept)
    refuse_if(row.status is not Status.ACTIVE or row.first_contact_at is None, NotActive)
    refuse_if(row.treatment_started_on, AlreadyStarted)
    refuse_if(form.on > work.today, StillToCome)
    refuse_if(row.first_contact_at and form.on < london_day(row.first_contact_at), BeforeContact)
    row.treatment_started_on = form.on
    work.session.add(row)
    work.session.flush()
    doors.keep(work, row, "treatment")
    work.record(
        events.TreatmentStarted(
            subject_id=row.id, case_id=row.case_id, on=form.on, for_agency_id=row.to_agency_id, for_worker_id=row.worker_id
        )
    )  # fmt: skip
    return views.show(work, row)


def complete(work: Work, handover_id: UUID, form: Completing) -> shapes.Summary:
    """The work this handover asked for has ended. The case stays with its owner until it is closed."""
    row, _ = doors.take(work, handover_id)
    doors.refuse_unless_open(work, row, steps.complete)
    refuse_unless_listed(form.outcome, work.reference[HandoverLists].outcomes, "outcome")
    doors.press(work, steps.complete, row, form.outcome)
    doors.keep(work, row, "complete", [form.outcome], form.words)
    errands.put(work, errands.ENDED, errands.sender(row), row, errands.next_day(work, errands.sender(row), 2))
    return views.show(work, row)


def offer_return(work: Work, handover_id: UUID, form: Returning) -> shapes.Summary:
    """Offer the case back. It stays where it is until the sender accepts."""
    row, _ = doors.take(work, handover_id)
    doors.refuse_unless_open(work, row, steps.offer_return)
    refuse_unless_listed(form.reason, work.reference[HandoverLists].returned, "reason")
    doors.press(work, steps.offer_return, row, form.reason)
    doors.keep(work, row, "offer_return", [form.reason], form.words)
    errands.put(work, errands.TAKE_BACK, errands.sender(row), row, errands.next_day(work, errands.sender(row), 2))
    return views.show(work, row)


def accept_return(work: Work, handover_id: UUID) -> shapes.Summary:
    """Take the case back: if it had passed, it passes back in this instant."""
    row, case = doors.take(work, handover_id)
    doors.press(work, steps.accept_return, row)
    doors.keep(work, row, "accept_return")
    _back(work, row, case)
    errands.put(work, errands.SETTLED, errands.receiver(row), row, errands.next_day(work, errands.receiver(row), 2))
    return views.show(work, row)


def _back(work: Work, row: Handover, case: Case) -> None:
    owning.take_up(work, case.id, row.from_agency_id)
    if row.first_contact_at and case.owner_agency_id == row.to_agency_id:
        owning.pass_to(work, case, For(row.from_agency_id, row.from_team_id, worker_id=row.from_worker_id))
    booked = work.session.get(Appointment, row.appointment_id) if row.appointment_id else None
    if booked and booked.status is AppointmentStatus.BOOKED:
        booked.status, booked.recorded_at, booked.recorded_by = AppointmentStatus.NOT_REQUIRED, work.now, work.actor.id
        work.session.add(booked)
    owning.share(work, case)
    if not owning.has_another(work, row):
        owning.let_go(work, case, row.to_agency_id, at_once=row.first_contact_at is None)


def decline_return(work: Work, handover_id: UUID, form: RefusingReturn) -> shapes.Summary:
    """Say that the case stays with the service."""
    row, case = doors.take(work, handover_id)
    step = steps.decline_return if row.first_contact_at else steps.decline_early_return
    doors.refuse_unless_open(work, row, step)
    refuse_unless_listed(form.reason, work.reference[HandoverLists].return_declined, "reason")
    doors.press(work, step, row, form.reason)
    doors.keep(work, row, step.name, [form.reason], form.words)
    owning.share(work, case)
    errands.put(work, errands.SETTLED, errands.receiver(row), row, errands.next_day(work, errands.receiver(row), 2))
    return views.show(work, row)

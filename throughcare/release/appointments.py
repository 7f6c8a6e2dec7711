"""Appointments that lead out of prison: booked, moved, and confirmed when they have a place, a time and a name."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from throughcare.casework import access
from throughcare.casework.agencies import Agency
from throughcare.casework.rows import Appointment, AppointmentStatus
from throughcare.kernel.clock import at
from throughcare.kernel.refusals import Invalid, NotFound, Refusal, refuse_if
from throughcare.kernel.work import Work
from throughcare.release import events, showing
from throughcare.release.forms import AppointmentForm
from throughcare.release.reference import ReleaseBook
from throughcare.release.rules.gaps import TREATMENT
from throughcare.release.views import AppointmentShown
from throughcare.release.writing import writable


class UnknownKind(Invalid):
    """Select what the appointment is for."""

    code, beside = "unknown_kind", "kind"


class UnknownAgency(Invalid):
    """Select an agency from the list."""

    code, beside = "unknown_agency", "agency_id"


class InThePast(Invalid):
    """The appointment must be in the future."""

    code, beside = "in_the_past", "on"


class AlreadyKept(Refusal):
    """What happened at this appointment has been recorded, so it cannot be moved."""

    code = "already_kept"


def book(work: Work, case_id: UUID, form: AppointmentForm) -> AppointmentShown:
    """Book an appointment for after release."""
    writable(work, case_id)
    made = _made(work, case_id, form)
    work.record(events.AppointmentBooked(subject_id=made.id, case_id=case_id, kind=made.kind))
    confirm(work, made)
    return showing.appointment_shown(work, made)


def move(work: Work, case_id: UUID, appointment_id: UUID, form: AppointmentForm) -> AppointmentShown:
    """Put another in its place; the one that was is kept as rearranged."""
    writable(work, case_id)
    before = appointment_of(work, case_id, appointment_id)
    refuse_if(before.status is not AppointmentStatus.BOOKED, AlreadyKept)
    made = _made(work, case_id, form, before)
    before.status, before.recorded_at, before.recorded_by = AppointmentStatus.REARRANGED, work.now, work.actor.id
    work.session.add(before)
    work.record(events.AppointmentMoved(subject_id=before.id, case_id=case_id, kind=made.kind, now_id=made.id))
    confirm(work, made)
    return showing.appointment_shown(work, made)


def confirm(work: Work, made: Appointment) -> None:
    """A first treatment appointment with a place and a named worker is confirmed; so is one made by a handover."""
    if made.kind == TREATMENT and made.place and made.with_whom:
        work.record(events.FirstAppointmentConfirmed(subject_id=made.id, case_id=made.case_id))


def appointment_of(work: Work, case_id: UUID, appointment_id: UUID) -> Appointment:
    found = access.take(work, Appointment, appointment_id)
    refuse_if(found.case_id != case_id, NotFound)
    return found


def _made(work: Work, case_id: UUID, form: AppointmentForm, before: Appointment | None = None) -> Appointment:
    refuse_if(form.kind not in work.reference[ReleaseBook].kinds, UnknownKind)
    refuse_if(work.session.get(Agency, form.agency_id) is None, UnknownAgency)
    when = _when(work, form)
    made = Appointment(
        case_id=case_id, agency_id=form.agency_id, kind=form.kind, at=when, place=form.place,
        with_whom=form.with_whom, phone=form.phone,
    )  # fmt: skip
    if before:
        made.replaces_id, made.requirement_id, made.handover_id = before.id, before.requirement_id, before.handover_id
    return work.add(made)


def _when(work: Work, form: AppointmentForm) -> datetime:
    when = at(form.on, form.at)
    refuse_if(when <= work.now, InThePast)
    return when

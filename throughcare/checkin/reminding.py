"""Reminds people of their appointments the day before (R39), and says nothing of what they are for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlmodel import col, select

from throughcare.casework.people import SafeContact
from throughcare.casework.rows import Appointment, AppointmentStatus
from throughcare.checkin import errands, texting
from throughcare.checkin.eligibility import may_text
from throughcare.checkin.grounds import hours_of
from throughcare.checkin.plans import CheckinPlans
from throughcare.checkin.rows import CheckinPlan, PlanStatus
from throughcare.checkin.saying import day_said, time_said
from throughcare.checkin.schedule import Hours, NoSafeTime, Slot, reminder
from throughcare.checkin.service import OneWay
from throughcare.checkin.wording import CannotRender
from throughcare.kernel.clock import MIDNIGHT, at, end_of
from throughcare.kernel.delivery import Purpose
from throughcare.kernel.outbox import OutboxRow
from throughcare.kernel.work import Work

log = structlog.get_logger()
CODE = "appointment_reminder"


def remind(work: Work) -> int:
    """Write the reminders of tomorrow's appointments whose minute has come; how many. One fault stops no other (R10)."""
    written = 0
    for appointment in _tomorrows(work):
        try:
            with work.session.begin_nested():
                written += _remind(work, appointment)
        except (texting.Blocked, CannotRender):
            log.exception("a reminder could not be worded", appointment_id=str(appointment.id))
            errands.alert(work, errands.OPERATIONS, appointment.case_id, appointment.id, errands.today(work))
        except Exception:
            log.exception("a reminder could not be written", appointment_id=str(appointment.id))
    return written


def _tomorrows(work: Work) -> Sequence[Appointment]:
    """Booked for tomorrow, and not reminded of yet."""
    tomorrow = work.today + timedelta(days=1)
    either = (CODE, work.reference[OneWay].code(CODE))
    reminded = (
        select(OutboxRow.id).where(OutboxRow.subject_id == Appointment.id, col(OutboxRow.template).in_(either)).exists()
    )
    booked = select(Appointment).where(
        Appointment.status == AppointmentStatus.BOOKED,
        col(Appointment.at) >= at(tomorrow, MIDNIGHT),
        col(Appointment.at) <= end_of(tomorrow),
        ~reminded,
    )
    return work.session.exec(booked.order_by(col(Appointment.at))).all()


def _remind(work: Work, appointment: Appointment) -> int:
    to, why = may_text(work, appointment.case_id, Purpose.REMINDER)
    slot = None if why else _slot(work, appointment)
    if slot is None or slot.not_before > work.now:
        return 0
    language = texting.language_of(work, appointment.case_id)
    values = {"day": day_said(slot.on + timedelta(days=1), slot.on, language), "time": time_said(appointment.at)}
    key = f"reminder:{appointment.id}"
    when = (slot.not_before, slot.expires_at)
    texting.write(work, texting.Wanted(CODE, key, appointment.case_id, to, language, appointment.id, *when, values))
    return 1


def _slot(work: Work, appointment: Appointment) -> Slot | None:
    """At the person's own minute of the day, or at once where that is over; None where no time is safe any more."""
    window = work.reference[CheckinPlans].window
    try:
        return reminder(
            appointment.at, window, key=str(appointment.case_id), now=work.now, hours=_hours(work, appointment)
        )
    except NoSafeTime:
        return None


def _hours(work: Work, appointment: Appointment) -> Hours:
    mine = select(CheckinPlan.hour).where(
        CheckinPlan.case_id == appointment.case_id, CheckinPlan.status != PlanStatus.ENDED
    )
    live = select(SafeContact).where(SafeContact.case_id == appointment.case_id, col(SafeContact.replaced_at).is_(None))
    hours = hours_of(work.session.exec(live).first(), work.session.exec(mine).first())
    if hours is None:
        raise NoSafeTime
    return hours

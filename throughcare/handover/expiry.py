"""What time does to a handover: reminders while its answer is awaited, and an escalation when none came."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework.clock_rules import ServiceClocks
from throughcare.casework.clocks import calendar_for
from throughcare.casework.deadlines import Pause, fraction_elapsed
from throughcare.casework.rows import ClockState, ServiceClock
from throughcare.handover import doors, errands, steps
from throughcare.handover.answer_clock import CODES, running
from throughcare.handover.reasons import HandoverLists
from throughcare.handover.rows import Handover
from throughcare.handover.words import Status
from throughcare.kernel.work import Work

AWAITED = (Status.SENT, Status.RECEIVED)
AT_ONCE = 200  # handovers looked at in one tick


def expire_due(work: Work) -> int:
    """Expire what ran out of time unanswered, telling both managers and the sender; how many did."""
    due = (
        select(col(Handover.id))
        .join(ServiceClock, col(ServiceClock.subject_id) == col(Handover.id))
        .where(
            col(ServiceClock.code).in_(CODES),
            col(ServiceClock.state) == ClockState.RUNNING,
            col(ServiceClock.due_at) < work.now,
            col(Handover.status).in_(AWAITED),
        )
        .distinct()
        .limit(AT_ONCE)
    )
    return sum(_expire(work, handover_id) for handover_id in work.session.exec(due).all())


def _expire(work: Work, handover_id: UUID) -> bool:
    row, _ = doors.take(work, handover_id)
    if row.status not in AWAITED:
        return False
    steps.expire(row, work)
    doors.keep(work, row, "expire")
    sender = errands.sender(row)
    errands.put(work, errands.UNANSWERED, sender, row, errands.next_day(work, sender))
    for manager in errands.managers(row):
        errands.put(work, errands.LATE, manager, row, errands.next_day(work, manager))
    return True


def remind_due(work: Work) -> int:
    """Remind teams whose time to answer is half gone, and four fifths gone, once each; how many reminders went."""
    waiting = (
        select(col(Handover.id))
        .join(ServiceClock, col(ServiceClock.subject_id) == col(Handover.id))
        .where(
            col(ServiceClock.code).in_(CODES),
            col(ServiceClock.state) == ClockState.RUNNING,
            col(Handover.status).in_(AWAITED),
            col(Handover.reminded) < max(work.reference[HandoverLists].figures.reminders_at),
        )
        .distinct()
        .limit(AT_ONCE)
    )
    return sum(_remind(work, handover_id) for handover_id in work.session.exec(waiting).all())


def _remind(work: Work, handover_id: UUID) -> bool:
    row, _ = doors.take(work, handover_id)
    clocks = [clock for clock in running(work, row.id) if clock.state is ClockState.RUNNING]
    if row.status not in AWAITED or not clocks or row.sent_at is None:
        return False
    gone = 100 * _fraction(work, clocks[0], row.sent_at)
    passed = [mark for mark in work.reference[HandoverLists].figures.reminders_at if row.reminded < mark <= gone]
    if not passed:
        return False
    row.reminded = max(passed)
    work.session.add(row)
    work.session.flush()
    errands.put(work, errands.REMIND, errands.receiver(row), row, clocks[0].due_at, key=f"{row.reminded}")
    return True


def _fraction(work: Work, clock: ServiceClock, sent_at: datetime) -> float:
    rule = work.reference[ServiceClocks].rule(clock.code)
    pauses = [Pause(datetime.fromisoformat(p["from"]), datetime.fromisoformat(p["until"])) for p in clock.pauses]
    return fraction_elapsed(rule, sent_at, clock.due_at, pauses, calendar_for(work, clock.agency_id), work.now)

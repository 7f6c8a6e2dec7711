"""What time does to a handover: reminders while its answer is awaited, and an escalation when none came."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import col, func, select

from throughcare.casework.clock_rules import ServiceClocks
from throughcare.casework.clocks import calendar_for
from throughcare.casework.deadlines import Pause, fraction_elapsed
from throughcare.casework.rows import ClockState, ServiceClock
from throughcare.handover import doors, errands, steps
from throughcare.handover.answer_clock import CODES, running
from throughcare.handover.reasons import HandoverLists
from throughcare.handover.rows import Handover
from throughcare.handover.words import Status
from throughcare.kernel.rounds import each_alone
from throughcare.kernel.work import Work

AWAITED = (Status.SENT, Status.RECEIVED)
AT_ONCE = 200  # handovers acted on in one tick, the first due first
_AWAITED = (
    col(ServiceClock.code).in_(CODES),
    col(ServiceClock.state) == ClockState.RUNNING,
    col(Handover.status).in_(AWAITED),
)  # the answer to this handover is awaited, and its time runs


def expire_due(work: Work) -> int:
    """Expire what ran out of time unanswered, telling both managers and the sender; how many did."""
    due = (
        select(Handover.id)
        .join(ServiceClock, col(ServiceClock.subject_id) == col(Handover.id))
        .where(*_AWAITED, col(ServiceClock.due_at) < work.now)
        .group_by(col(Handover.id))
        .order_by(func.min(ServiceClock.due_at))
        .limit(AT_ONCE)
    )
    return each_alone(work, work.session.exec(due).all(), _expire)


def _expire(work: Work, handover_id: UUID) -> int:
    row, _ = doors.take(work, handover_id)
    if row.status not in AWAITED:
        return 0
    steps.expire(row, work)
    doors.keep(work, row, "expire")
    sender = errands.sender(row)
    errands.put(work, errands.UNANSWERED, sender, row, errands.next_day(work, sender))
    for manager in errands.managers(row):
        errands.put(work, errands.LATE, manager, row, errands.next_day(work, manager))
    return 1


def remind_due(work: Work) -> int:
    """Remind teams whose time to answer is half gone, and four fifths gone, once each; how many reminders went."""
    marks = work.reference[HandoverLists].figures.reminders_at
    waiting = (
        select(Handover.id, Handover.reminded, Handover.sent_at, ServiceClock)
        .join(ServiceClock, col(ServiceClock.subject_id) == col(Handover.id))
        .where(*_AWAITED, col(Handover.reminded) < max(marks))
        .order_by(col(ServiceClock.due_at))
    )
    due = [
        handover_id
        for handover_id, reminded, sent_at, clock in work.session.exec(waiting).all()
        if _passed(work, clock, reminded, sent_at)
    ]
    return each_alone(work, due[:AT_ONCE], _remind)


def _remind(work: Work, handover_id: UUID) -> int:
    row, _ = doors.take(work, handover_id)
    clocks = [clock for clock in running(work, row.id) if clock.state is ClockState.RUNNING]
    if row.status not in AWAITED or not clocks:
        return 0
    passed = _passed(work, clocks[0], row.reminded, row.sent_at)
    if not passed:
        return 0
    row.reminded = max(passed)
    work.session.add(row)
    work.session.flush()
    errands.put(work, errands.REMIND, errands.receiver(row), row, clocks[0].due_at, key=f"{row.reminded}")
    return 1


def _passed(work: Work, clock: ServiceClock, reminded: int, sent_at: datetime | None) -> list[int]:
    """The shares of the time to answer that are gone and that nobody was reminded of."""
    gone = 100 * _fraction(work, clock, sent_at) if sent_at else 0
    return [mark for mark in work.reference[HandoverLists].figures.reminders_at if reminded < mark <= gone]


def _fraction(work: Work, clock: ServiceClock, sent_at: datetime) -> float:
    rule = work.reference[ServiceClocks].rule(clock.code)
    pauses = [Pause(datetime.fromisoformat(p["from"]), datetime.fromisoformat(p["until"])) for p in clock.pauses]
    return fraction_elapsed(rule, sent_at, clock.due_at, pauses, calendar_for(work, clock.agency_id), work.now)

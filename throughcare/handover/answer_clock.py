"""The clock of a handover's answer as both sides see it: when it is due, and whether it stands still."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlmodel import col, select

from throughcare.casework.rows import ClockState, ServiceClock
from throughcare.handover.rows import Handover
from throughcare.kernel.work import Work

CODES = ("handover_accepted_or_refused", "handover_fast_track")


class AnswerClock(BaseModel):
    """When the answer is due; `paused_at` while the sender owes information; `overdue` when it is late."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    due_at: datetime
    paused_at: datetime | None = None
    overdue: bool = False


def running(work: Work, handover_id: UUID) -> Sequence[ServiceClock]:
    """The clocks of its answer that still run or stand still, the one due first first."""
    live = select(ServiceClock).where(
        ServiceClock.subject_id == handover_id,
        col(ServiceClock.code).in_(CODES),
        col(ServiceClock.state).in_([ClockState.RUNNING, ClockState.PAUSED]),
    )
    return work.session.exec(live.order_by(col(ServiceClock.due_at))).all()


def answer_clock(work: Work, row: Handover) -> AnswerClock | None:
    """The clock both sides see; None before it is sent and once it is answered."""
    clocks = running(work, row.id)
    return as_seen(clocks[0], work.now) if clocks else None


def as_seen(clock: ServiceClock, now: datetime) -> AnswerClock:
    """One clock as both sides see it."""
    late = clock.paused_at is None and clock.due_at < now
    return AnswerClock(due_at=clock.due_at, paused_at=clock.paused_at, overdue=late)

"""Times when nothing could be sent, written down so that silence is not counted while they last (R14, R45)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from throughcare.checkin.ladders import Span
from throughcare.checkin.plans import CheckinPlans
from throughcare.checkin.rows import Outage
from throughcare.kernel.heartbeat import heartbeats
from throughcare.kernel.work import Work

PROVIDER, OURS = "provider", "ours"
CLIMBS = "climb_ladders"  # the round whose absence means that we were down: nothing was read, and nobody was heard


def note(work: Work, down_since: datetime | None) -> None:
    """The provider is down since then, or (None) is not."""
    now_open = select(Outage).where(Outage.cause == PROVIDER, col(Outage.ended_at).is_(None))
    outage = work.session.exec(now_open).first()
    if down_since and outage is None:
        work.add(Outage(cause=PROVIDER, started_at=down_since))
    elif outage and down_since is None:
        outage.ended_at = work.now
        work.session.add(outage)


def note_ours(work: Work) -> None:
    """We were down if this round was last done too long ago. Asked before it is done again."""
    last = heartbeats(work).get(CLIMBS)
    if last and work.now - last > work.reference[CheckinPlans].away_after:
        work.add(Outage(cause=OURS, started_at=last, ended_at=work.now))


def ours(work: Work, since: datetime) -> Sequence[Span]:
    """When we were down, of the time since then."""
    mine = select(Outage).where(Outage.cause == OURS, col(Outage.ended_at) >= since).order_by(col(Outage.started_at))
    return [Span(row.started_at, row.ended_at) for row in work.session.exec(mine)]


def spans(work: Work, since: datetime) -> Sequence[Span]:
    """Every outage that touched the time since then."""
    touched = select(Outage).where((col(Outage.ended_at).is_(None)) | (col(Outage.ended_at) >= since))
    return [Span(row.started_at, row.ended_at) for row in work.session.exec(touched)]


def down_now(work: Work) -> datetime | None:
    """Since when nothing can be sent, if so now."""
    now_open = select(Outage.started_at).where(col(Outage.ended_at).is_(None))
    return work.session.exec(now_open).first()

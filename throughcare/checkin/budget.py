"""What a day and a month of texts may cost, in segments: warned of near the end, and at the end only what answers somebody goes (R49)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, case, update
from sqlmodel import col

from throughcare.checkin import errands
from throughcare.checkin.rows import SenderPace
from throughcare.checkin.service import Pacing
from throughcare.checkin.strangers import tell_on_duty
from throughcare.kernel.clock import london_day
from throughcare.kernel.delivery import REINS
from throughcare.kernel.work import Work

NEARLY = 0.8  # R49
SECOND = timedelta(seconds=1)
ONE_DAY, MONTH = timedelta(days=1), timedelta(days=31)
PUT_BACK = timedelta(seconds=5)  # the clocks of two machines differ by less
LONGEST = max(rein.most_segments for rein in REINS.values())


def turn(bucket: SenderPace, today: date) -> None:
    """A new day begins at nought, and so does a new month."""
    if bucket.day == today:
        return
    if bucket.day is None or (bucket.day.year, bucket.day.month) != (today.year, today.month):
        bucket.month_used = 0
    bucket.day, bucket.day_used = today, 0


def fill(bucket: SenderPace, now: datetime, per_second: float) -> None:
    """Once a second, and to no more than a second's worth: in no second since it was filled goes more than that (R11).

    What is left over of one segment is carried on, so that two and a half a second are five in two. A clock that was put
    back does not stop the sending until it is where it was.
    """
    since = now - bucket.at
    if since <= -PUT_BACK:
        bucket.at = now
    if since < SECOND:
        return
    carried = max(bucket.tokens, 0) % 1
    full = per_second + carried if per_second > 1 and per_second % 1 else max(per_second, 1.0)
    bucket.tokens = min(full, bucket.tokens + since // SECOND * per_second)
    bucket.at = now if since >= 2 * SECOND else bucket.at + SECOND


def left(bucket: SenderPace, pacing: Pacing) -> int | None:
    """Segments that may still be spent today; None where nothing is set, never less than nought."""
    spare = [most - used for most, used in _limits(bucket, pacing)]
    return max(0, min(spare)) if spare else None


def texts_within(spare: int | None, room: int) -> int:
    """How many texts may be taken: near the end one at a time, so that the last is the only one that may go over."""
    if spare is None:
        return room
    return min(room, max(spare // LONGEST, min(spare, 1)))


def spend(work: Work, bucket: SenderPace, count: int) -> None:
    """Count them, and tell those on duty when most of a limit is gone, or (nothing was left to begin with) all of it."""
    pacing = work.reference[Pacing]
    before = _gone(bucket, pacing)
    bucket.day_used += count
    bucket.month_used += count
    for which, share in _gone(bucket, pacing).items():
        if before[which] < NEARLY <= share:
            tell_on_duty(work, errands.BUDGET_NEARLY, f"{which}:{work.today}", errands.today(work))
        if before[which] >= 1:
            tell_on_duty(work, errands.BUDGET_SPENT, f"{which}:{work.today}", errands.today(work), urgent=True)


def give_back(work: Work, count: int, counted_at: datetime | None = None) -> None:
    """Counted when they were claimed, and surely not taken by the provider: to the day and month they were counted in.

    It goes with the move of each text out of a state in which it was counted, and so happens once.
    """
    if not count:
        return
    day = london_day(counted_at) if counted_at else work.today
    first = day.replace(day=1)
    same_month = col(SenderPace.day).between(first, (first + MONTH).replace(day=1) - ONE_DAY)
    fewer = {"day_used": (col(SenderPace.day) == day, count), "month_used": (same_month, count)}
    mine = update(SenderPace).where(col(SenderPace.sender) == work.reference[Pacing].sender)
    work.session.connection().execute(mine.values({name: _less(name, *what) for name, what in fewer.items()}))


def _less(name: str, holds: ColumnElement[bool], count: int) -> ColumnElement[int]:
    used = SenderPace.__table__.c[name]  # type: ignore[attr-defined]  # SQLModel's table classes have it
    return case((holds & (used >= count), used - count), (holds, 0), else_=used)


def _limits(bucket: SenderPace, pacing: Pacing) -> list[tuple[int, int]]:
    both = ((pacing.daily_segments, bucket.day_used), (pacing.monthly_segments, bucket.month_used))
    return [(most, used) for most, used in both if most is not None]


def _gone(bucket: SenderPace, pacing: Pacing) -> dict[str, float]:
    """The share of each limit that is spent."""
    both = {"day": (pacing.daily_segments, bucket.day_used), "month": (pacing.monthly_segments, bucket.month_used)}
    return {which: used / most for which, (most, used) in both.items() if most}

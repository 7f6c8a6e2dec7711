"""Slows guessing at one account, never stopping it for good: a lock would let anybody shut a worker out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from throughcare.casework.credentials import SignInThrottle
from throughcare.kernel.refusals import Refusal
from throughcare.kernel.work import Work

FREE = 5  # failures before there is any wait
LONGEST = timedelta(seconds=900)
FORGOTTEN = timedelta(days=1)  # without a try


class TooManyTries(Refusal):
    """There have been too many failed tries."""

    code: ClassVar[str] = "too_many_tries"
    status: ClassVar[int] = 429

    def __init__(self, wait: timedelta = LONGEST) -> None:
        self.seconds = max(1, -(-int(wait / timedelta(milliseconds=1)) // 1000))
        super().__init__(f"There have been too many failed tries. Wait {_spoken(self.seconds)}, then try again.")


def _spoken(seconds: int) -> str:
    count, unit = (seconds, "second") if seconds <= 60 else (-(-seconds // 60), "minute")  # noqa: PLR2004 - a minute
    return f"{count} {unit}" + ("" if count == 1 else "s")


def wait_after(failures: int) -> timedelta:
    """None for the first four failures, then 1, 2, 4 ... 512 and 900 seconds."""
    if failures < FREE:
        return timedelta(0)
    return min(LONGEST, timedelta(seconds=2 ** min(failures - FREE, 10)))


def charge(work: Work, key: str) -> None:
    """Count a try before it is judged, so that many at once are no cheaper. Raises TooManyTries, counting nothing."""
    row = _taken(work, key)
    if row.blocked_until and row.blocked_until > work.now:
        raise TooManyTries(row.blocked_until - work.now)
    quiet = work.now - row.tried_at > FORGOTTEN
    _count(work, row, 1 if quiet else row.failures + 1)


def refund(work: Work, key: str) -> None:
    """The try just charged was right, but does not yet prove who it is: the next may be made now, and failures stay."""
    row = _taken(work, key)
    _count(work, row, max(0, row.failures - 1), waits=False)


def clear(work: Work, key: str) -> None:
    """It was they: forget the failures."""
    nothing = {"failures": 0, "blocked_until": None}
    work.session.execute(update(SignInThrottle).where(col(SignInThrottle.key) == key).values(**nothing))


def sweep(work: Work, before: datetime) -> None:
    """Drop the accounts nobody has tried since then; made-up addresses would otherwise pile up."""
    work.session.execute(delete(SignInThrottle).where(col(SignInThrottle.tried_at) < before))


def _count(work: Work, row: SignInThrottle, failures: int, *, waits: bool = True) -> None:
    row.failures, row.tried_at = failures, work.now
    wait = wait_after(failures) if waits else None
    row.blocked_until = work.now + wait if wait else None
    work.session.add(row)
    work.session.flush()


def _taken(work: Work, key: str) -> SignInThrottle:
    """The account's row, locked, made if there was none."""
    chosen = select(SignInThrottle).where(SignInThrottle.key == key).with_for_update()
    if row := work.session.exec(chosen).first():
        return row
    try:
        with work.session.begin_nested():
            work.add(SignInThrottle(key=key, tried_at=work.now))
    except IntegrityError:  # another try at the same account made it first
        pass
    return work.session.exec(chosen).one()

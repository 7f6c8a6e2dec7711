"""A round over many rows: what goes wrong with one of them is logged, undone, and stops none of the others (R10)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

import structlog

from throughcare.kernel.work import Work

log = structlog.get_logger()


def by_case(rows: Iterable[tuple[UUID, UUID | None]]) -> list[UUID]:
    """The ids of these (id, case id), case after case. What a round locks it holds to its end: two rounds that lock
    the cases in one order wait for each other, and never both.
    """
    return [one for one, _ in sorted(rows, key=lambda row: str(row[1] or ""))]


def each_alone(work: Work, ids: Iterable[UUID], act: Callable[[Work, UUID], int]) -> int:
    """Do this for each in turn, each in a savepoint of its own; the sum of what was done. The next round tries again."""
    done = 0
    for one in ids:
        try:
            with work.session.begin_nested():
                done += act(work, one)
        except Exception:
            log.exception("one of a round failed", round=act.__name__, id=str(one))
    return done

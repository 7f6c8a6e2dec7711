"""Treatment requirements that ended in a year: completed or still going at the end, or not."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import col

from throughcare.kernel.work import Work
from throughcare.measures.book import Orders
from throughcare.measures.facts import OrderEnded
from throughcare.measures.gathering import Cases, pick, prisons_of
from throughcare.measures.periods import Period
from throughcare.requirement.rows import Requirement
from throughcare.requirement.words import Ending

KEPT_TO = frozenset({Ending.COMPLETED, Ending.EXPIRED})  # the review counted those still continuing at the end too
LEFT_OUT = frozenset({Ending.MISTAKEN, Ending.TRANSFERRED})


def orders_ended(work: Work, period: Period, cases: Cases, kinds: Orders) -> Iterator[OrderEnded]:
    """Each alcohol or drug treatment requirement that ended in the period."""
    query = pick(Requirement.case_id, Requirement.kind, Requirement.ended_on, Requirement.ended_because).where(
        col(Requirement.case_id).in_(cases),
        col(Requirement.kind).in_(kinds.alcohol | kinds.drugs),
        col(Requirement.ended_on).between(period.first, period.last),
    )
    prisons = prisons_of(work, cases)
    for row in work.session.execute(query):
        if row.ended_because not in LEFT_OUT:
            side = "alcohol" if row.kind in kinds.alcohol else "drugs"
            yield OrderEnded(prisons.on(row.case_id, row.ended_on), side, row.ended_on, row.ended_because in KEPT_TO)

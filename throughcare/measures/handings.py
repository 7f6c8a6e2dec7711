"""Handovers of a year as answers in time or late, by the clocks that ran on them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from sqlmodel import col

from throughcare.casework.rows import ClockState, ServiceClock
from throughcare.handover.answer_clock import CODES
from throughcare.handover.rows import Handover
from throughcare.kernel.actors import AgencyKind
from throughcare.kernel.clock import london_day
from throughcare.kernel.work import Work
from throughcare.measures.facts import Handing
from throughcare.measures.gathering import Cases, bounds, pick, prisons_of
from throughcare.measures.periods import Period

ANSWERED = frozenset({ClockState.STOPPED, ClockState.STOPPED_LATE})


def handings(work: Work, period: Period, cases: Cases) -> Iterator[Handing]:
    """Each handover sent in the period whose answer has come or is overdue, once however many clocks ran on it."""
    first, last = bounds(period)
    query = (
        pick(Handover.id, Handover.case_id, Handover.sent_at, ServiceClock.state, ServiceClock.due_at)
        .join(ServiceClock, col(ServiceClock.subject_id) == col(Handover.id))
        .where(
            col(Handover.case_id).in_(cases),
            col(Handover.sent_at).between(first, last),
            col(ServiceClock.code).in_(CODES),
            col(ServiceClock.state).in_([ClockState.RUNNING, *ANSWERED]),
        )
        .order_by(col(Handover.id))
    )
    if work.actor.agency_kind is AgencyKind.PROVIDER:
        query = query.where(col(Handover.to_agency_id) == work.actor.agency_id)
    prisons = prisons_of(work, pick(col(Handover.case_id)).where(col(Handover.sent_at).between(first, last)))
    for _, rows in groupby(work.session.execute(query), key=lambda row: row.id):
        clocks = list(rows)
        late = [row for row in clocks if row.state is ClockState.RUNNING and row.due_at < work.now]
        if not late and any(row.state is ClockState.RUNNING for row in clocks):
            continue
        day = london_day(clocks[0].sent_at)
        in_time = all(row.state is ClockState.STOPPED for row in clocks)
        yield Handing(prisons.on(clocks[0].case_id, day), day, in_time)

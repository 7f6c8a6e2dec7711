"""What a page needs beside the handovers themselves, read for all of them at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.people import Person
from throughcare.casework.rows import ClockState, ServiceClock
from throughcare.handover.answer_clock import CODES, AnswerClock, as_seen
from throughcare.handover.rows import Handover, HandoverMove, HandoverSnapshot
from throughcare.handover.steps import at_sender
from throughcare.handover.words import WITH_RECEIVER, Status
from throughcare.kernel.actors import Role
from throughcare.kernel.work import Work


@dataclass(frozen=True)
class Kept:
    """By handover: what was sent, every move, the clock of the answer, and whether this reader sees more than a summary."""

    snapshots: Mapping[UUID, HandoverSnapshot]
    past: Mapping[UUID, Sequence[HandoverMove]]
    clocks: Mapping[UUID, AnswerClock]
    people: Mapping[UUID, Person]  # by case
    open: frozenset[UUID]


def beside(work: Work, rows: Sequence[Handover]) -> Kept:
    """Five queries, however many handovers there are."""
    ids, cases = [row.id for row in rows], {row.case_id for row in rows}
    sent = work.session.exec(select(HandoverSnapshot).where(col(HandoverSnapshot.handover_id).in_(ids)))
    people = work.session.exec(select(Person).where(col(Person.case_id).in_(cases)))
    standings = access.standings(work, cases)
    return Kept(
        {kept.handover_id: kept for kept in sent},
        _past(work, ids),
        _clocks(work, ids),
        {person.case_id: person for person in people},
        frozenset(row.id for row in rows if is_open(work, row, bool(standings[row.case_id].bases))),
    )


def is_open(work: Work, row: Handover, standing: bool) -> bool:  # noqa: FBT001 - a fact
    """Whether this reader may read more than the summary: standing in the case, and not still deciding on it."""
    if work.actor.role is Role.SYSTEM:
        return True
    deciding = not at_sender(row, work.actor) and row.status not in WITH_RECEIVER | {Status.RETURNED}
    return standing and not deciding


def _past(work: Work, ids: Sequence[UUID]) -> dict[UUID, list[HandoverMove]]:
    made = select(HandoverMove).where(col(HandoverMove.handover_id).in_(ids)).order_by(col(HandoverMove.number))
    past: dict[UUID, list[HandoverMove]] = defaultdict(list)
    for move in work.session.exec(made):
        past[move.handover_id].append(move)
    return past


def _clocks(work: Work, ids: Sequence[UUID]) -> dict[UUID, AnswerClock]:
    live = select(ServiceClock).where(
        col(ServiceClock.subject_id).in_(ids),
        col(ServiceClock.code).in_(CODES),
        col(ServiceClock.state).in_([ClockState.RUNNING, ClockState.PAUSED]),
    )
    latest_first = work.session.exec(live.order_by(col(ServiceClock.due_at).desc()))
    return {clock.subject_id: as_seen(clock, work.now) for clock in latest_first}

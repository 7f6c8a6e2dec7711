"""Who carries how much: each worker's load, the cases nobody has taken, and those whose worker has left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import and_, func, or_
from sqlmodel import col, select

from throughcare.casework.agencies import Membership, Worker
from throughcare.casework.carrying import Carrying, open_calls
from throughcare.casework.people import Case
from throughcare.casework.rows import ClockState, ServiceClock, Task, TaskStatus
from throughcare.casework.views import CaseHeading, headings
from throughcare.kernel.work import Work

SHOWN = 200  # rows a list; more than that is a staffing problem
WEEK = timedelta(days=7)


class Load(BaseModel):
    """One worker of the team: how many cases they hold, how much falls due this week, how many calls they have to make."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    worker_id: UUID
    name: str
    cases: int
    due_this_week: int
    calls: int = 0
    too_many: bool = False  # as many calls as one worker should have (checkins R47)


def loads(work: Work) -> tuple[Load, ...]:
    """Each worker of the agency with their open cases and the work and deadlines due in seven days, in four statements."""
    cases = dict(
        work.session.execute(
            select(col(Case.owner_worker_id), func.count())
            .where(Case.owner_agency_id == work.actor.agency_id, col(Case.closed_at).is_(None))
            .group_by(col(Case.owner_worker_id))
        ).all()
    )
    due = _due(work, Task, Task.status == TaskStatus.OPEN) + _due(
        work, ServiceClock, ServiceClock.state == ClockState.RUNNING
    )
    calls, carrying = open_calls(work, work.actor.agency_id), work.reference[Carrying]
    return tuple(
        Load(
            worker_id=worker_id,
            name=name,
            cases=cases.get(worker_id, 0),
            due_this_week=due[worker_id],
            calls=calls[worker_id],
            too_many=carrying.too_many(calls[worker_id]),
        )
        for worker_id, name in work.session.execute(workers(work))
    )


def _due(work: Work, kind: Any, still_open: Any) -> Counter[UUID]:
    """How much of this kind falls due for each worker in seven days; what is late is counted too."""
    query = select(kind.worker_id, func.count()).where(
        kind.agency_id == work.actor.agency_id, still_open, kind.worker_id.is_not(None), kind.due_at <= work.now + WEEK
    )
    return Counter(dict(work.session.execute(query.group_by(kind.worker_id)).all()))


def workers(work: Work) -> Any:
    current = and_(
        col(Membership.agency_id) == work.actor.agency_id,
        col(Membership.from_on) <= work.today,
        or_(col(Membership.to_on).is_(None), col(Membership.to_on) > work.today),
    )
    joined = select(Worker.id, col(Worker.name)).join(Membership, col(Membership.worker_id) == col(Worker.id))
    return joined.where(current, col(Worker.disabled_at).is_(None)).distinct().order_by(col(Worker.name))


def unallocated(work: Work) -> list[UUID]:
    ours = select(Case.id).where(Case.owner_agency_id == work.actor.agency_id, col(Case.closed_at).is_(None))
    return _first_out(work, ours.where(col(Case.owner_worker_id).is_(None)))


def orphans(work: Work) -> list[UUID]:
    """Open cases whose owner has left, or can no longer sign in."""
    ours = select(Case.id).where(Case.owner_agency_id == work.actor.agency_id, col(Case.closed_at).is_(None))
    gone = and_(
        col(Case.owner_worker_id).is_not(None), col(Case.owner_worker_id).not_in(select(workers(work).subquery().c.id))
    )
    return _first_out(work, ours.where(gone))


def headed(work: Work, case_ids: Sequence[UUID]) -> tuple[CaseHeading, ...]:
    told = headings(work, set(case_ids))
    return tuple(told[case_id] for case_id in case_ids)


def _first_out(work: Work, cases: Any) -> list[UUID]:
    """Whoever leaves prison first comes first, and those with no date last."""
    ordered = cases.order_by(col(Case.release_on).asc().nulls_last(), col(Case.reference))
    return list(work.session.exec(ordered.limit(SHOWN)))

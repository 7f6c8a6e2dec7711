"""The check-ins of a worker, a team or an agency: what needs a person first, then what nobody has placed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, and_, case, func, or_
from sqlalchemy import select as sa_select
from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.agencies import Worker
from throughcare.casework.paging import Key, Order, instant, place, rank
from throughcare.casework.rows import Task, TaskStatus
from throughcare.casework.tasks import ERRANDS
from throughcare.checkin import needs, outages, steps, unplaced
from throughcare.checkin.forms import InboxQuery, Whose
from throughcare.checkin.inbox_lines import UNTOLD, Waiting, lines_of
from throughcare.checkin.needs import GRAVEST_FIRST, Need
from throughcare.checkin.unplaced import Unplaced
from throughcare.kernel.actors import Role, acts_among
from throughcare.kernel.categories import Category
from throughcare.kernel.forms import Choice
from throughcare.kernel.refusals import NotPermitted, refuse_if
from throughcare.kernel.work import Work

PAGE = 50
MOST = 100
OF_PEOPLE, OF_THE_SERVICE = "checkin_", "texts_"


class Counted(BaseModel):
    """How many wait for one reason."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    need: Need
    label: str
    count: int


class Inbox(BaseModel):
    """The page: the most pressing first. `later` and `older` are where the next page of each list begins."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    whose: Whose
    total: int = 0
    counts: tuple[Counted, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    later: str = ""
    notices: tuple[Waiting, ...] = ()  # about the texts as a whole
    unplaced: tuple[Unplaced, ...] = ()
    older: str = ""
    workers: tuple[Choice, ...] = ()
    down_since: datetime | None = None


def inbox(work: Work, query: InboxQuery) -> Inbox:
    """What needs this worker, or their team."""
    refuse_if(not acts_among(work.actor, steps.STAFF), NotPermitted)
    whose = query.whose or (Whose.TEAM if work.actor.role is Role.MANAGER else Whose.MINE)
    query = query.model_copy(update={"whose": whose})
    found = _found(work, query)
    tasks, later = _page(work, query)
    loose, older = unplaced.page(work, query.before)
    return Inbox(
        whose=whose,
        total=sum(count for _, count in found),
        counts=tuple(_counts(found)),
        waiting=tuple(lines_of(work, tasks)),
        later=later,
        notices=tuple(lines_of(work, _notices(work))),
        unplaced=loose,
        older=older,
        workers=tuple(_workers(work)),
        down_since=outages.down_now(work),
    )


def _listed(work: Work, query: InboxQuery) -> list[ColumnElement[bool]]:
    """Open work about people, of whoever is asked about."""
    work_on_people = [col(Task.kind).startswith(OF_PEOPLE, autoescape=True), col(Task.case_id).is_not(None)]
    return [*_open(work), *work_on_people, *_whose(work, query)]


def _open(work: Work) -> list[ColumnElement[bool]]:
    return [col(Task.agency_id) == work.actor.agency_id, col(Task.status) == TaskStatus.OPEN]


def _whose(work: Work, query: InboxQuery) -> list[ColumnElement[bool]]:
    actor = work.actor
    if query.worker:
        return [col(Task.worker_id) == query.worker]
    theirs = or_(col(Task.team_id).is_(None), col(Task.team_id) == actor.team_id)
    if query.whose is Whose.MINE:
        return [or_(col(Task.worker_id) == actor.id, and_(_anyones(work), theirs))]
    return [theirs] if query.whose is Whose.TEAM and actor.team_id else []


def _anyones(work: Work) -> ColumnElement[bool]:
    """Nobody's by name, and for one of this reader's role."""
    return and_(col(Task.worker_id).is_(None), or_(col(Task.role).is_(None), col(Task.role) == work.actor.role))


def _need(work: Work) -> ColumnElement[int]:
    """The place of a line's need among all, as far as this reader is told of it: the rest come last, and have none."""
    kinds: dict[Category, list[str]] = defaultdict(list)
    for kind, errand in ERRANDS.items():
        if kind.startswith(OF_PEOPLE):
            kinds[errand.tells].append(kind)
    told = [
        and_(col(Task.kind).in_(some), access.fully_told(work, col(Task.case_id), tells))
        for tells, some in kinds.items()
    ]
    return case((or_(*_whose(work, InboxQuery(whose=Whose.MINE)), *told), needs.rank_of()), else_=UNTOLD)


def _each_line(work: Work, query: InboxQuery) -> Any:
    """Every piece of work, with what the line it is on is sorted by, and its own place on that line.

    What one text calls for is one line, on however many lists: at its gravest, by the first of its deadlines. The
    reader's own work comes first on it.
    """
    fits = case((col(Task.worker_id) == work.actor.id, 0), (_anyones(work), 1), else_=2).label("fits")
    told = (_need(work).label("need"), needs.line().label("line"), fits)
    each = (
        sa_select(col(Task.id), col(Task.case_id), col(Task.due_at), col(Task.created_at), *told)
        .where(*_listed(work, query))
        .subquery()
        .c
    )
    on_one: dict[str, Any] = {"partition_by": [each.case_id, each.line]}
    first = (each.need, each.fits, each.due_at, each.created_at, each.id)
    return (
        sa_select(
            each.id,
            func.min(each.need).over(**on_one).label("need"),
            func.min(each.due_at).over(**on_one).label("due_at"),
            func.row_number().over(**on_one, order_by=first).label("place"),
        )
        .subquery()
        .c
    )


def _found(work: Work, query: InboxQuery) -> Sequence[Any]:
    """How many lines wait, by the place of their need."""
    each = _each_line(work, query)
    by_need = select(each.need, func.count()).where(each.place == 1).group_by(each.need).order_by(each.need)
    return work.session.execute(by_need).all()


def _counts(found: Iterable[Any]) -> Iterator[Counted]:
    """Of the reasons that this reader is told."""
    for need, count in ((GRAVEST_FIRST[place_], count) for place_, count in found if place_ < UNTOLD):
        yield Counted(need=need, label=need.label, count=count)


def _page(work: Work, query: InboxQuery) -> tuple[Sequence[Any], str]:
    """The gravest first; of one need the first to fall due, then who has waited longest; last what is not told."""
    each = _each_line(work, query)
    keys = (
        Key(each.need, rank),
        Key(each.due_at, instant),
        Key(col(Task.created_at), instant),
        Key(col(Task.id), UUID),
    )
    order = Order(keys)
    lines = select(Task, each.need, each.due_at).join_from(Task, each.id.table, each.id == col(Task.id))
    wanted = lines.where(each.place == 1, order.after(query.after))
    if query.need:
        wanted = wanted.where(each.need == GRAVEST_FIRST.index(query.need))
    rows = work.session.execute(wanted.order_by(*order.columns).limit(PAGE + 1)).all()
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    later = place(last.need, last.due_at, last.Task.created_at, last.Task.id) if last else ""
    return rows[:PAGE], later


def _notices(work: Work) -> Sequence[Any]:
    """What is on this reader's list about the texts as a whole: the budget, the pace, a text kept aside."""
    other = GRAVEST_FIRST.index(Need.OTHER)
    about = select(Task).where(
        *_open(work),
        col(Task.kind).startswith(OF_THE_SERVICE, autoescape=True),
        or_(col(Task.worker_id) == work.actor.id, _anyones(work)),
    )
    rows = work.session.exec(about.order_by(col(Task.due_at), col(Task.created_at), col(Task.id)).limit(MOST))
    return [(task, other, task.due_at) for task in rows]


def _workers(work: Work) -> Iterator[Choice]:
    """The workers of this agency who have something on their list."""
    held = select(col(Task.worker_id)).where(*_open(work), col(Task.kind).startswith(OF_PEOPLE, autoescape=True))
    named = select(Worker.id, Worker.name).where(col(Worker.id).in_(held)).order_by(col(Worker.name), col(Worker.id))
    return (Choice(str(worker_id), name) for worker_id, name in work.session.exec(named))

"""The check-ins of a worker, a team or an agency: what needs a person first, then what nobody has placed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, and_, case, func, or_
from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.agencies import Team, Worker
from throughcare.casework.naming import names_of
from throughcare.casework.paging import Key, Order, instant, place, rank
from throughcare.casework.rows import Task, TaskStatus
from throughcare.casework.tasks import ERRANDS
from throughcare.casework.telling import NOT_TOLD, addressed, readable, theirs_to_do
from throughcare.casework.views import CaseHeading, headings
from throughcare.checkin import needs, outages, steps, unplaced
from throughcare.checkin.forms import InboxQuery, Whose
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
UNTOLD = len(GRAVEST_FIRST)  # the place of what a reader may not read about: nothing is told by where it stands


class Waiting(BaseModel):
    """One thing that needs a person: why, since when, by when, and who has it. `done` is the page that says it is done."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    words: str
    path: str
    need: Need | None = None
    since: datetime
    due_at: datetime
    overdue: bool = False
    urgent: bool
    has_it: str = ""
    mine: bool = False
    done: str = ""
    heading: CaseHeading | None = None


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
        waiting=tuple(_lines(work, tasks)),
        later=later,
        notices=tuple(_lines(work, _notices(work))),
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


def _found(work: Work, query: InboxQuery) -> Sequence[Any]:
    """How many wait, by the place of their need."""
    each = select(_need(work).label("need")).where(*_listed(work, query)).subquery()
    by_need = select(each.c.need, func.count()).group_by(each.c.need).order_by(each.c.need)
    return work.session.execute(by_need).all()


def _counts(found: Iterable[Any]) -> Iterator[Counted]:
    """Of the reasons that this reader is told."""
    for need, count in ((GRAVEST_FIRST[place_], count) for place_, count in found if place_ < UNTOLD):
        yield Counted(need=need, label=need.label, count=count)


def _page(work: Work, query: InboxQuery) -> tuple[Sequence[Any], str]:
    """The gravest first; of one need the first to fall due, then who has waited longest; last what is not told."""
    need = _need(work)
    keys = (
        Key(need, rank),
        Key(col(Task.due_at), instant),
        Key(col(Task.created_at), instant),
        Key(col(Task.id), UUID),
    )
    order = Order(keys)
    wanted = select(Task, need.label("need")).where(*_listed(work, query), order.after(query.after))
    if query.need:
        wanted = wanted.where(need == GRAVEST_FIRST.index(query.need))
    rows = work.session.execute(wanted.order_by(*order.columns).limit(PAGE + 1)).all()
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    later = place(last.need, last.Task.due_at, last.Task.created_at, last.Task.id) if last else ""
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
    return [(task, other) for task in rows]


def _lines(work: Work, rows: Iterable[Any]) -> Iterator[Waiting]:
    """As this reader may have them: whose it is and by when, where what it says is not theirs to know."""
    found = [(task, need) for task, need in rows]
    told = headings(work, {task.case_id for task, _ in found if task.case_id})
    may = readable(work, told)
    workers = names_of(work, Worker, [task.worker_id for task, _ in found])
    teams = names_of(work, Team, [task.team_id for task, _ in found])
    for task, need in found:
        errand = ERRANDS[task.kind]
        known = need < UNTOLD and (addressed(work.actor, task) or may(task.case_id, errand.tells))
        yield Waiting(
            since=task.created_at,
            due_at=task.due_at,
            overdue=task.due_at < work.now,
            urgent=task.urgent,
            mine=task.worker_id == work.actor.id,
            has_it=workers.get(task.worker_id) or _nobody_yet(task, teams),
            heading=told.get(task.case_id),
            **(_said(work, task, GRAVEST_FIRST[need]) if known else {"words": NOT_TOLD, "path": ""}),
        )


def _said(work: Work, task: Task, need: Need) -> dict[str, Any]:
    errand = ERRANDS[task.kind]
    closes = errand.by_hand and theirs_to_do(work.actor, task)
    path = errand.path.format(case_id=task.case_id, subject_id=task.subject_id, task_id=task.id)
    return {"words": errand.words, "path": path, "need": need, "done": f"/tasks/{task.id}/done" if closes else ""}


def _nobody_yet(task: Task, teams: dict[UUID, str]) -> str:
    """For whom it waits while nobody has it."""
    role = task.role.label.lower() if task.role else ""
    whom = ", ".join(filter(None, (role, teams.get(task.team_id, "") if task.team_id else "")))
    return f"Nobody yet: {whom or 'anyone in the agency'}"


def _workers(work: Work) -> Iterator[Choice]:
    """The workers of this agency who have something on their list."""
    held = select(col(Task.worker_id)).where(*_open(work), col(Task.kind).startswith(OF_PEOPLE, autoescape=True))
    named = select(Worker.id, Worker.name).where(col(Worker.id).in_(held)).order_by(col(Worker.name), col(Worker.id))
    return (Choice(str(worker_id), name) for worker_id, name in work.session.exec(named))

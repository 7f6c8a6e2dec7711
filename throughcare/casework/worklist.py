"""What needs a worker today: tasks, service clocks and releases on one list, in the order they fall due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, or_, select, union_all
from sqlmodel import col

from throughcare.casework.agencies import Worker
from throughcare.casework.clock_rules import ServiceClocks
from throughcare.casework.clocks import LIVE
from throughcare.casework.jobs import unasked
from throughcare.casework.loads import SHOWN, Load, headed, loads, orphans, unallocated, workers
from throughcare.casework.naming import names_of
from throughcare.casework.people import Case
from throughcare.casework.rows import CustodyEpisode, ServiceClock, Task, TaskStatus
from throughcare.casework.tasks import ERRANDS
from throughcare.casework.telling import addressed, readable, theirs_to_do, told_of
from throughcare.casework.told_too import doers, told_too
from throughcare.casework.views import CaseHeading, headings
from throughcare.casework.worklines import Item, of_clock, of_task, seen_by
from throughcare.kernel.actors import Role
from throughcare.kernel.clock import end_of, london_day
from throughcare.kernel.forms import Ask, Form, Word
from throughcare.kernel.work import Work

SOON = timedelta(days=7)
RECORD_RELEASE = "release_not_recorded"  # this deadline says that they leave, and asks for it to be written down
TOLD = (
    "id", "agency_id", "team_id", "role", "case_id", "subject_id", "worker_id", "due_at", "kind", "urgent", "code", "state",
    "answer_by", "taken_by", "times",
)  # fmt: skip # what a line is made of


class Whose(Word):
    """Whose work is listed."""

    MINE = "mine", "My work"
    TEAM = "team", "My team's work"


class WorkQuery(Form):
    """The list's filters, as they stand in the address."""

    whose: Annotated[Whose, Ask("Whose work")] = Whose.MINE
    worker: UUID | None = None


class MyWork(BaseModel):
    """The first screen: what is late, what is due today, what comes in the next seven days, and how much lies beyond."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    overdue: tuple[Item, ...] = ()
    today: tuple[Item, ...] = ()
    soon: tuple[Item, ...] = ()
    later: int = 0
    more: bool = False
    team: tuple[Load, ...] = ()
    unallocated: tuple[CaseHeading, ...] = ()
    orphans: tuple[CaseHeading, ...] = ()


def my_work(work: Work, query: WorkQuery) -> MyWork:
    """What needs this worker, or their team. An administrator has no cases, and so no work on them."""
    if work.actor.role is Role.ADMIN:
        return MyWork()
    tasks, clocks = _due(work, Task, query), _due(work, ServiceClock, query)
    if query.whose is Whose.MINE:
        clocks = [*clocks, *told_too(work)]
    more = SHOWN in {len(tasks), len(clocks)}
    clocks = unasked(work, clocks, tasks)
    recorded = {clock.case_id for clock in clocks if clock.code == RECORD_RELEASE}
    releases = [(case_id, on) for case_id, on in _releases(work, query) if case_id not in recorded]
    told = headings(
        work, {row.case_id for row in (*tasks, *clocks) if row.case_id} | {case_id for case_id, _ in releases}
    )
    names = _names(work, query)
    items = sorted(_items(work, tasks, clocks, releases, told, names), key=pressing)
    team = query.whose is Whose.TEAM
    return MyWork(
        **_buckets(work, items),
        more=more,
        team=loads(work) if team else (),
        unallocated=headed(work, unallocated(work)) if team else (),
        orphans=headed(work, orphans(work)) if team else (),
    )


def pressing(item: Item) -> tuple[bool, bool, datetime]:
    """What comes first: a life at stake, then what is urgent, then by when it is due."""
    return (not item.at_once, not item.urgent, item.due_at)


def _due(work: Work, kind: Any, query: WorkQuery) -> Sequence[Row[Any]]:
    """The first to fall due of what falls to this reader, or to whom they ask about."""
    me = work.actor
    asked = {"me": me.id, "agency": me.agency_id, "team": me.team_id, "role": me.role, "worker": query.worker}
    return work.session.execute(_falling_due(kind, query.whose, query.worker is not None), asked).all()


@cache
def _falling_due(kind: type[Any], whose: Whose, named: bool) -> Select[Any]:  # noqa: FBT001 - whether one worker is named
    """Each part by an index of its own; the urgent is never hidden behind the late. Put together once: it takes long."""
    table, parts = kind.__table__, [_of_team(kind, named)] if whose is Whose.TEAM else _falls_to(kind)
    live = table.c.status == TaskStatus.OPEN if kind is Task else table.c.state.in_(LIVE)
    told = [table.c[name] for name in TOLD if name in table.c]
    if kind is Task:
        parts = [and_(part, pressing) for part in parts for pressing in (table.c.urgent, ~table.c.urgent)]
    first = [select(*told).where(live, part).order_by(table.c.due_at).limit(SHOWN).subquery() for part in parts]
    whole = union_all(*(select(*part.c) for part in first)).subquery()
    order = [whole.c.urgent.desc(), whole.c.due_at] if kind is Task else [whole.c.due_at]
    return select(*whole.c).order_by(*order).limit(SHOWN)


def _of_team(kind: type[Any], named: bool) -> ColumnElement[bool]:  # noqa: FBT001 - whether one worker is named
    """All of an agency's, or a named worker's own."""
    agency = col(kind.agency_id) == bindparam("agency")
    return and_(agency, col(kind.worker_id) == bindparam("worker")) if named else agency


def _falls_to(kind: type[Any]) -> list[ColumnElement[bool]]:
    """One's own; and anyone's of one's role, or of one's team, in the agency."""
    agency = col(kind.agency_id) == bindparam("agency")
    role = or_(col(kind.role).is_(None), col(kind.role) == bindparam("role"))
    open_to_me = and_(agency, col(kind.worker_id).is_(None), role)
    if kind is Task:
        open_to_me = and_(open_to_me, or_(col(Task.team_id).is_(None), col(Task.team_id) == bindparam("team")))
    return [and_(agency, col(kind.worker_id) == bindparam("me")), open_to_me]


def _releases(work: Work, query: WorkQuery) -> Sequence[tuple[UUID, date]]:
    """The cases they answer for that leave prison within seven days and have no release recorded."""
    mine = or_(
        col(Case.owner_worker_id) == work.actor.id,
        col(Case.officer_id) == work.actor.id,
        col(Case.co_worker_id) == work.actor.id,
    )
    theirs = col(Case.owner_agency_id) == work.actor.agency_id
    rows = work.session.execute(
        select(col(Case.id), col(Case.release_on))
        .join(CustodyEpisode, and_(col(CustodyEpisode.case_id) == col(Case.id), col(CustodyEpisode.ended_at).is_(None)))
        .where(
            col(Case.release_on) <= work.today + SOON,
            col(Case.closed_at).is_(None),
            theirs if query.whose is Whose.TEAM else mine,
        )
        .order_by(col(Case.release_on))
        .limit(SHOWN)
    )
    return [(case_id, release_on) for case_id, release_on in rows]


def _items(
    work: Work,
    tasks: Iterable[Row[Any]],
    clocks: Iterable[Row[Any]],
    releases: Iterable[tuple[UUID, date]],
    told: dict[UUID, CaseHeading],
    names: dict[UUID, str],
) -> Iterable[Item]:
    book, may, whose = work.reference[ServiceClocks], readable(work, told), doers(work, clocks)
    taken = names_of(work, Worker, {task.taken_by for task in tasks})
    for task in tasks:
        line = of_task(task, names.get(task.worker_id, ""), told.get(task.case_id), taken.get(task.taken_by, ""))
        known = addressed(work.actor, task) or may(task.case_id, ERRANDS[task.kind].tells)
        yield seen_by(known, line if theirs_to_do(work.actor, task) else line.unlinked())
    for clock in clocks:
        rule = book.rule(clock.code)
        known = addressed(work.actor, clock) or all(map(told_of(work, clock.case_id), rule.named_events))
        line = of_clock(work, clock, names.get(clock.worker_id, ""), told[clock.case_id])
        yield seen_by(known, line.model_copy(update={"doer": whose.get(clock.id, "")}))
    for case_id, release_on in releases:
        yield Item(
            kind="release", words="Release", path=f"/cases/{case_id}", due_at=end_of(release_on), heading=told[case_id]
        )


def _names(work: Work, query: WorkQuery) -> dict[UUID, str]:
    """Whose work it may be: on one's own list nobody else's."""
    if query.whose is Whose.MINE:
        return {work.actor.id: work.actor.name}
    return {row.id: row.name for row in work.session.execute(workers(work))}


def _buckets(work: Work, items: Sequence[Item]) -> dict[str, Any]:
    live = [item for item in items if not item.paused]
    days = [(item, london_day(item.due_at)) for item in live]
    late = [item for item, _ in days if item.due_at < work.now]
    rest = [(item, day) for item, day in days if item.due_at >= work.now]
    soon = [item for item, day in rest if work.today < day <= work.today + SOON]
    today = [item for item, day in rest if day == work.today]
    return {
        "overdue": tuple(late),
        "today": tuple(today),
        "soon": tuple(soon),
        "later": len(rest) - len(today) - len(soon),
    }

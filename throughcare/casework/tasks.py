"""Work on somebody's list: made once, addressed to a team or a worker, closed by whoever does it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, TypedDict, Unpack
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework.agencies import Membership, Worker
from throughcare.casework.rows import Task, TaskStatus
from throughcare.casework.visitors import holds
from throughcare.kernel.actors import Role
from throughcare.kernel.audit import Event
from throughcare.kernel.categories import Category
from throughcare.kernel.work import Work

NOT_DOERS = frozenset({Role.PRIVACY, Role.ADMIN})  # no work is ever theirs


class Ending(TypedDict, total=False):
    """How work ends that no event about the same subject ends."""

    for_all: bool  # one worker who has it ends it for everyone who got it
    by_hand: bool  # whoever has it says that it is done: nothing in the service could know
    closed_in: str  # the verb that closes it
    at_once: bool  # a life may be at stake: before all other urgent work, whenever that is due
    answers: str  # the page that says "I am dealing with this", where somebody must
    call: bool  # somebody is to be rung or seen: counted as one of a worker's open calls


@dataclass(frozen=True)
class Errand:
    """A kind of work: its words on the list, and the page that does it ({case_id} and {subject_id} are filled in).

    `tells` is what its words tell whoever reads them: those whose work it is not read them only where they may.
    """

    tells: Category
    kind: str
    words: str
    path: str = "/cases/{case_id}"
    closed_by: frozenset[str] = frozenset()  # event names about the same subject that close it
    by_hand: bool = False
    for_all: bool = False
    closed_in: str = ""
    at_once: bool = False
    answers: str = ""
    call: bool = False


ERRANDS: dict[str, Errand] = {}
CLOSERS: dict[str, set[str]] = {}  # event name -> the kinds of task it closes


def errand(
    tells: Category,
    kind: str,
    words: str,
    path: str = "/cases/{case_id}",
    closed_by: set[str] | None = None,
    **ending: Unpack[Ending],
) -> Errand:
    """Declare a kind of work. Each feature declares its own beside the steps that make it."""
    if kind in ERRANDS:
        raise ValueError(f"{kind} is declared twice")
    made = Errand(tells, kind, words, path, frozenset(closed_by or ()), **ending)
    ERRANDS[kind] = made
    for name in made.closed_by:
        CLOSERS.setdefault(name, set()).add(kind)
    return made


@dataclass(frozen=True)
class For:
    """Whose list: an agency, and within it a team, a role or one worker."""

    agency_id: UUID
    team_id: UUID | None = None
    role: Role | None = None
    worker_id: UUID | None = None


@dataclass(frozen=True)
class About:
    """What a task is about: a case, a row of it, and a key when one row calls for the same errand more than once.

    No case: nobody knows yet whose it is, as with a text from a number that nobody has.
    """

    case_id: UUID | None
    subject_id: UUID
    key: str = ""


class TaskMade(Event):
    """Work was put on somebody's list."""

    name: ClassVar[str] = "task.made"
    kind: str


class TaskDone(Event):
    """Work was done."""

    name: ClassVar[str] = "task.done"
    kind: str


def give(
    work: Work, errand: Errand, whose: For, about: About, due_at: datetime, *, urgent: bool = False
) -> Task | None:
    """Put a task on a list that somebody reads, once: None when the same key was given before, by whoever was first.

    The key is the errand, what it is about and whose it was to be, whoever was there to have it.
    """
    case_id, subject_id = about.case_id, about.subject_id
    unique = f"{errand.kind}:{about.key or subject_id}:{whose.worker_id or whose.team_id or whose.agency_id}"
    if _given(work, unique):
        return None
    list_ = reaching(work, whose)
    task = Task(
        key=unique, kind=errand.kind, case_id=case_id, subject_id=subject_id, due_at=due_at, urgent=urgent,
        agency_id=list_.agency_id, team_id=list_.team_id, role=list_.role, worker_id=list_.worker_id,
    )  # fmt: skip
    if not work.add_once(task):
        return None  # somebody else gave it in the same instant
    work.record(TaskMade(subject_id=task.id, case_id=case_id, kind=errand.kind))
    return work.session.get_one(Task, task.id)


def _given(work: Work, unique: str) -> bool:
    return work.session.exec(select(Task.id).where(Task.key == unique)).first() is not None


def reaching(work: Work, whose: For) -> For:
    """The list itself where somebody reads it today; else the narrowest wider one of that agency that somebody does.

    A worker leaves, a team is emptied, a role is held by nobody: what must be done is never on a list without readers.
    """
    return next((wider for wider in _wider(whose) if _read(work, wider)), whose)


def _wider(whose: For) -> Iterator[For]:
    """From those it was meant for to anybody there: their team, those of the role in any team, the managers."""
    yield whose
    yield For(whose.agency_id, whose.team_id, whose.role)
    if whose.role:
        yield For(whose.agency_id, role=whose.role)
    yield For(whose.agency_id, role=Role.MANAGER)
    yield For(whose.agency_id)


def _read(work: Work, whose: For) -> bool:
    return bool(readers(work, whose, most=1))


def readers(work: Work, whose: For, most: int | None = None) -> list[UUID]:
    """Those who sign in there today and have this list."""
    there = (
        select(col(Membership.worker_id))
        .join(Worker, col(Worker.id) == col(Membership.worker_id))
        .where(
            Membership.agency_id == whose.agency_id,
            col(Membership.role).not_in(NOT_DOERS),
            holds(work),
            col(Worker.disabled_at).is_(None),
        )
    )
    if whose.worker_id:
        there = there.where(Worker.id == whose.worker_id)
    elif whose.team_id:
        there = there.where(Membership.team_id == whose.team_id)
    if whose.role and not whose.worker_id:
        there = there.where(Membership.role == whose.role)
    return list(work.session.exec(there.distinct().order_by(col(Membership.worker_id)).limit(most)))


def close(work: Work, task: Task, outcome: str = "") -> None:
    """Mark a task done, by whoever is acting now. Done already: nothing."""
    if task.status is not TaskStatus.OPEN:
        return
    task.status, task.done_at, task.done_by, task.outcome = TaskStatus.DONE, work.now, work.actor.id, outcome
    work.session.add(task)
    work.record(TaskDone(subject_id=task.id, case_id=task.case_id, kind=task.kind))


def cancel(work: Work, *, subject_id: UUID, kinds: set[str], why: str) -> None:
    """Take open tasks of these kinds about this subject off every list: what they were for has gone."""
    for task in _open(work, subject_id, kinds):
        task.status, task.done_at, task.done_by, task.outcome = TaskStatus.CANCELLED, work.now, work.actor.id, why
        work.session.add(task)


def close_answered(work: Work, event: Event) -> None:
    """A reaction to every event: tasks about its subject that this event answers are done."""
    kinds = CLOSERS.get(event.name)
    if kinds:
        for task in _open(work, event.subject_id, kinds):
            close(work, task)


def _open(work: Work, subject_id: UUID, kinds: set[str]) -> list[Task]:
    found = select(Task).where(Task.subject_id == subject_id, col(Task.kind).in_(kinds), Task.status == TaskStatus.OPEN)
    return list(work.session.exec(found.order_by(col(Task.created_at))))

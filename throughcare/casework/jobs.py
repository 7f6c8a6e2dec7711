"""What is to be done on one case: the open work of the reader's own agency, and every deadline that runs, whosever it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.agencies import Agency, Worker
from throughcare.casework.clock_rules import ClockRule, ServiceClocks
from throughcare.casework.naming import names_of
from throughcare.casework.rows import ClockState, ServiceClock, Task, TaskStatus
from throughcare.casework.tasks import ERRANDS
from throughcare.casework.telling import addressed, theirs_to_do, told_of
from throughcare.casework.views import Told
from throughcare.casework.views_people import Job
from throughcare.kernel.categories import Category
from throughcare.kernel.clock import london_day
from throughcare.kernel.work import Work

SHOWN = 50
C = TypeVar("C")


def of_case(work: Work, case_id: UUID) -> tuple[Job, ...]:
    """As far as the reader may read of it, the most pressing first."""
    tasks = _tasks(work, case_id)
    clocks = unasked(work, _clocks(work, case_id), tasks)
    rows: list[Task | ServiceClock] = [*tasks, *clocks]
    workers = names_of(work, Worker, [row.worker_id for row in rows])
    agencies = names_of(work, Agency, [row.agency_id for row in rows])
    book = work.reference[ServiceClocks]
    told = [(_line(work, row, case_id), _of_task(work, row)) for row in tasks]
    told += [(Told(row.id, case_id), _of_clock(work, row, book.rule(row.code))) for row in clocks]
    whose = [{"whose": _whose(work, row, workers, agencies)} for row in rows]
    lines = [(line, more | who) for (line, more), who in zip(told, whose, strict=True)]
    lines.sort(key=lambda each: (not each[1]["urgent"], each[1]["due_at"], each[1]["words"]))
    return tuple(job for job in access.show_lines_of(work, lines, Job) if job.words)


def unasked(work: Work, clocks: Sequence[C], tasks: Sequence[Any]) -> list[C]:
    """The deadlines that no line of work on the same list already asks for, as soon or sooner."""
    open_work: dict[tuple[UUID, str], list[Any]] = defaultdict(list)
    for task in tasks:
        open_work[task.case_id, task.kind].append(task)
    book = work.reference[ServiceClocks]

    def is_asked(clock: Any) -> bool:
        rule = book.rule(clock.code)
        same = [task for kind in rule.asked_by for task in open_work[clock.case_id, kind]]
        same = [task for task in same if rule.per == "case" or task.subject_id == clock.subject_id]
        return any(london_day(task.due_at) <= london_day(clock.due_at) for task in same)

    return [clock for clock in clocks if not is_asked(clock)]


def asked(work: Work, clock: Any, rule: ClockRule) -> str:
    """A deadline as the act it asks for, to whoever is to do it; to others by its name."""
    return rule.act if rule.act and addressed(work.actor, clock) else rule.name


def tellable(work: Work, clock: ServiceClock, rule: ClockRule) -> bool:
    """A deadline's name says what happened: it is shown to whoever has to meet it, and where the events may be told."""
    return addressed(work.actor, clock) or all(map(told_of(work, clock.case_id), rule.named_events))


def _tasks(work: Work, case_id: UUID) -> Sequence[Task]:
    open_here = (Task.case_id == case_id, Task.status == TaskStatus.OPEN, Task.agency_id == work.actor.agency_id)
    query = select(Task).where(*open_here)
    return work.session.exec(query.order_by(col(Task.urgent).desc(), col(Task.due_at), col(Task.id)).limit(SHOWN)).all()


def _clocks(work: Work, case_id: UUID) -> list[ServiceClock]:
    running = select(ServiceClock).where(ServiceClock.case_id == case_id, ServiceClock.state == ClockState.RUNNING)
    found = work.session.exec(running.order_by(col(ServiceClock.due_at), col(ServiceClock.id)).limit(SHOWN))
    book = work.reference[ServiceClocks]
    return [clock for clock in found if tellable(work, clock, book.rule(clock.code))]


def _line(work: Work, row: Task, case_id: UUID) -> Told:
    """What its words tell; whoever is to do it is told what to do."""
    tells = Category.RECORD if addressed(work.actor, row) else ERRANDS[row.kind].tells
    return Told(row.id, case_id, tells)


def _whose(work: Work, row: Task | ServiceClock, workers: dict[UUID, str], agencies: dict[UUID, str]) -> str:
    """The worker by name, or the calling where nobody is named; and the agency, where it is not the reader's own."""
    who = workers.get(row.worker_id or row.id, row.role.label if row.role else "")
    own = row.agency_id == work.actor.agency_id
    return ", ".join(filter(None, (who, "" if own and who else agencies[row.agency_id])))


def _of_task(work: Work, row: Task) -> dict[str, Any]:
    """The page that does it is for those who are to do it: a colleague of another calling may not be able to open it."""
    errand, theirs = ERRANDS[row.kind], theirs_to_do(work.actor, row)
    return {
        "words": errand.words,
        "href": errand.path.format(case_id=row.case_id, subject_id=row.subject_id) if theirs else "",
        "done": f"/tasks/{row.id}/done" if errand.by_hand and theirs else "",
        "due_at": row.due_at,
        "urgent": row.urgent,
    }


def _of_clock(work: Work, row: ServiceClock, rule: ClockRule) -> dict[str, Any]:
    """A deadline, with the page where it is met for whoever has to meet it."""
    theirs = theirs_to_do(work.actor, row)
    return {
        "words": asked(work, row, rule),
        "href": rule.path.format(case_id=row.case_id, subject_id=row.subject_id) if theirs else "",
        "done": "",
        "due_at": row.due_at,
        "urgent": False,
    }

"""What was to be done about a check-in and was not done in time: it goes to the managers too (R42)."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from throughcare.casework.rows import Task, TaskStatus
from throughcare.casework.tasks import ERRANDS, Errand
from throughcare.checkin import errands, outages
from throughcare.checkin.ladders import after
from throughcare.checkin.rows import CheckinPrompt
from throughcare.kernel.rounds import by_case, each_alone
from throughcare.kernel.work import Work

RECENT = timedelta(days=7)  # what is older has long been on the manager's list
AT_ONCE = 500
COULD_NOT_WAIT = [errands.CRISIS.kind, errands.CALL_ASKED.kind, errands.LOW_SCORE.kind]
URGENT_OR_NOT = [
    errands.SHARED.kind,
    errands.EARLY.kind,
    errands.UNSETTLED.kind,
]  # urgent where its words may mean a crisis
TO_ASK = [errands.SOFT_STOP.kind, errands.OPTED_OUT.kind]


def escalate(work: Work) -> int:
    """Put on the managers' list what could not wait, and the calls that no ladder follows; how many."""
    return _cannot_wait(work) + _not_called(work)


def _cannot_wait(work: Work) -> int:
    """Texts that called for a person at once, and had none in time."""
    kind = col(Task.kind)
    urgent = or_(kind.in_(COULD_NOT_WAIT), and_(kind.in_(URGENT_OR_NOT), col(Task.urgent)))
    told = exists().where(_other.c.subject_id == Task.subject_id, _other.c.kind == errands.UNANSWERED.kind)
    late: dict[UUID, list[Task]] = defaultdict(list)
    for task in work.session.exec(_late(work).where(urgent, ~told)):
        late[task.subject_id].append(task)

    def tell_of_text(work: Work, subject_id: UUID) -> int:
        due = [task for task in late[subject_id] if _at_once(task) or _seen_in_time(work, task)]
        return _tell(work, errands.UNANSWERED, due[-1]) if due else 0

    return each_alone(work, by_case((subject, tasks[0].case_id) for subject, tasks in late.items()), tell_of_text)


def _not_called(work: Work) -> int:
    """Calls in place of texts, and calls to those who want none: one piece of work for each person, however many days."""
    asked = _other.c.status == TaskStatus.OPEN
    told = exists().where(_other.c.case_id == Task.case_id, _other.c.kind == errands.MANAGER.kind, asked)
    late: dict[UUID, list[Task]] = defaultdict(list)
    for task in work.session.exec(_late(work).where(_call(), ~told)):
        if task.case_id:
            late[task.case_id].append(task)

    def tell_of_person(work: Work, case_id: UUID) -> int:
        due = [task for task in late[case_id] if _seen_in_time(work, task)]
        return _tell(work, errands.MANAGER, due[-1]) if due else 0

    return each_alone(work, sorted(late, key=str), tell_of_person)


def _tell(work: Work, what: Errand, task: Task) -> int:
    if task.case_id is None:
        return 0
    return int(errands.tell_manager(work, what, task.case_id, task.subject_id, work.now))


def _at_once(task: Task) -> bool:
    """A crisis is told of whatever kept it from being seen."""
    return ERRANDS[task.kind].at_once


def _seen_in_time(work: Work, task: Task) -> bool:
    """There was as much time to do it as was meant: what we were down for is not counted against anybody (R45)."""
    by = after(task.created_at, task.due_at - task.created_at, outages.ours(work, task.created_at))
    return by is not None and by <= work.now


def _call() -> ColumnElement[bool]:
    """A call that nothing else follows up: a check-in whose ladder still climbs reaches the manager by itself (R43)."""
    climbs = exists().where(col(CheckinPrompt.id) == col(Task.subject_id), col(CheckinPrompt.look_at).is_not(None))
    return or_(col(Task.kind).in_(TO_ASK), and_(col(Task.kind) == errands.CALL.kind, ~climbs))


def _late(work: Work) -> SelectOfScalar[Task]:
    late = and_(col(Task.due_at) <= work.now, col(Task.due_at) > work.now - RECENT)
    query = select(Task).where(Task.status == TaskStatus.OPEN, late, col(Task.case_id).is_not(None))
    return query.order_by(col(Task.due_at), col(Task.created_at)).limit(AT_ONCE)


_other = Task.__table__.alias("other")  # type: ignore[attr-defined] # SQLModel gives every table class its table

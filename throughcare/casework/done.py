"""Work that only whoever has it can say is done: an answer read, a plan made again, a family told."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import col, select

from throughcare.casework import tasks
from throughcare.casework.rows import Task, TaskStatus
from throughcare.casework.tasks import ERRANDS
from throughcare.casework.telling import NOT_TOLD, addressed, readable, theirs_to_do
from throughcare.kernel.forms import Ask, Form, Word
from throughcare.kernel.refusals import NotFound, WrongState, refuse_if
from throughcare.kernel.work import Work


class How(Word):
    """How a piece of work ended."""

    DONE = "done", "I have done it"
    ELSEWHERE = "done_by_another", "Somebody else has done it"
    NOT_NEEDED = "not_needed", "It is no longer needed"


class DoneForm(Form):
    """That a piece of work is done."""

    how: Annotated[How, Ask("How did it end?", missing="Select how it ended", widget="radios")]


class NotByHand(WrongState):
    """This comes off the list by itself, once it is recorded on the page that the list leads to."""

    code = "task_not_by_hand"


class Gone(WrongState):
    """This is no longer on anybody's list."""

    code = "task_gone"


class TaskEnded(BaseModel):
    """The task, and how it ended."""

    id: UUID
    outcome: str


def closable(work: Work, task_id: UUID) -> Task:
    """The task, if this reader may say that it is done: whose list it is on, and their manager.

    A team may have work about a case it has no standing in, such as a handover that was taken back: being on their list
    is what lets them say so. It shows nothing of the case.
    """
    task = work.session.get(Task, task_id, with_for_update=True)
    if task is None or not theirs_to_do(work.actor, task):
        raise NotFound
    refuse_if(not ERRANDS[task.kind].by_hand, NotByHand)
    refuse_if(task.status is not TaskStatus.OPEN, Gone)
    return task


def words_of(work: Work, task: Task) -> str:
    """What the work is, for whoever may know; their manager may end it without."""
    told = addressed(work.actor, task) or readable(work, filter(None, {task.case_id}))(
        task.case_id, ERRANDS[task.kind].tells
    )
    return ERRANDS[task.kind].words if told else NOT_TOLD


def finish(work: Work, task_id: UUID, form: DoneForm) -> TaskEnded:
    """Say that it is done: it leaves every list it is on, and who said so is kept."""
    also = _same(work, task_id)
    task = closable(work, task_id)
    for each in (task, *also):
        tasks.close(work, each, form.how.value)
    return TaskEnded(id=task.id, outcome=task.outcome)


def _same(work: Work, task_id: UUID) -> list[Task]:
    """The same piece of work on other lists, where one worker ends it for all; locked in one order, so that two can try at once."""
    task = work.session.get(Task, task_id)
    if task is None or not ERRANDS[task.kind].for_all:
        return []
    same = select(Task).where(Task.kind == task.kind, Task.subject_id == task.subject_id).order_by(col(Task.id))
    return list(work.session.exec(same.with_for_update().execution_options(populate_existing=True)))

"""One line of My work: a task or a deadline, as whoever reads it may have it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Row

from throughcare.casework.clock_rules import ServiceClocks
from throughcare.casework.jobs import asked
from throughcare.casework.rows import ClockState
from throughcare.casework.tasks import ERRANDS
from throughcare.casework.telling import NOT_TOLD
from throughcare.casework.views import CaseHeading
from throughcare.kernel.work import Work

NO_LINKS = {"path": "", "done": "", "answers": ""}


class Item(BaseModel):
    """One line: what to do, for whom, by when, and the page that does it."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    kind: str  # task, clock or release
    words: str
    path: str
    due_at: datetime
    urgent: bool = False
    at_once: bool = False  # a life may be at stake: before all else
    paused: bool = False
    worker: str = ""
    doer: str = ""  # by calling and agency, who must do it, where that is not the reader
    answers: str = ""  # the page on which somebody says that they are dealing with it, while nobody has
    answer_by: datetime | None = None
    taken_by: str = ""  # who has said so
    done: str = ""  # the page that says it is done, where nothing else does
    heading: CaseHeading | None = None  # none where nobody knows yet whose case it is

    def unlinked(self) -> Item:
        """The same, for a reader who may not do it."""
        return self.model_copy(update=NO_LINKS)


def often(words: str, times: int) -> str:
    """What to do, and how many texts asked for it."""
    return f"{words} ({times} texts)" if times > 1 else words


def of_task(task: Row[Any], worker: str, heading: CaseHeading | None, taken_by: str) -> Item:
    errand = ERRANDS[task.kind]
    path = errand.path.format(case_id=task.case_id, subject_id=task.subject_id, task_id=task.id)
    return Item(
        kind="task",
        words=often(errand.words, task.times),
        path=path,
        due_at=task.due_at,
        urgent=task.urgent,
        at_once=errand.at_once,
        worker=worker,
        answers=errand.answers.format(subject_id=task.subject_id) if task.answer_by else "",
        answer_by=task.answer_by,
        taken_by=taken_by,
        done=f"/tasks/{task.id}/done" if errand.by_hand else "",
        heading=heading,
    )


def of_clock(work: Work, clock: Row[Any], worker: str, heading: CaseHeading) -> Item:
    rule = work.reference[ServiceClocks].rule(clock.code)
    return Item(
        kind="clock",
        words=asked(work, clock, rule),
        path=rule.path.format(case_id=clock.case_id, subject_id=clock.subject_id),
        due_at=clock.due_at,
        paused=clock.state is ClockState.PAUSED,
        worker=worker,
        heading=heading,
    )


def seen_by(known: bool, item: Item) -> Item:  # noqa: FBT001 - a fact of the line
    """A line of a team's list as its reader may have it: whose it is and by when, where what it says is not theirs to know."""
    return item if known else item.unlinked().model_copy(update={"words": NOT_TOLD})

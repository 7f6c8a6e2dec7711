"""The lines of the check-ins inbox: what one text calls for is one line, with all who have it and one time (R42)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlmodel import col, select

from throughcare.casework.agencies import Team, Worker
from throughcare.casework.naming import names_of
from throughcare.casework.rows import Task, TaskStatus
from throughcare.casework.tasks import ERRANDS
from throughcare.casework.telling import NOT_TOLD, addressed, readable, theirs_to_do
from throughcare.casework.views import CaseHeading, headings
from throughcare.checkin import needs, when_said
from throughcare.checkin.needs import GRAVEST_FIRST, Need
from throughcare.kernel.work import Work

UNTOLD = len(GRAVEST_FIRST)  # the place of what a reader may not read about: nothing is told by where it stands
OnOneLine = Mapping[when_said.About, Sequence[Task]]


class Waiting(BaseModel):
    """One thing that needs a person: why, since when, by when, and who has it. `done` is the page that says it is done.

    Of a text, `since` is when it was received; with more of the same, `times` says how many and `last_at` when the last was.
    """

    model_config = ConfigDict(frozen=True, defer_build=True)
    words: str
    path: str
    need: Need | None = None
    since: datetime
    times: int = 1
    last_at: datetime | None = None
    due_at: datetime
    overdue: bool = False
    urgent: bool
    has_it: str = ""
    mine: bool = False
    others: str = ""  # who has it beside the reader
    taken_by: str = ""  # who has said that they are dealing with it
    answer_by: datetime | None = None  # when the next is asked, while nobody has
    done: str = ""
    heading: CaseHeading | None = None


@dataclass(frozen=True)
class _Names:
    workers: Mapping[UUID, str]
    teams: Mapping[UUID, str]

    def of(self, of_one: Sequence[Task]) -> list[str]:
        """Who has it, each once, and then the lists on which it waits for anybody."""
        people = [name for task in of_one if (name := self._worker(task))]
        return list(dict.fromkeys([*people, *(self._list(task) for task in of_one if not self._worker(task))]))

    def _worker(self, task: Task) -> str:
        return self.workers.get(task.worker_id, "") if task.worker_id else ""

    def _list(self, task: Task) -> str:
        role = task.role.label.lower() if task.role else ""
        whom = ", ".join(filter(None, (role, self.teams.get(task.team_id, "") if task.team_id else "")))
        return whom or "anyone in the agency"


def lines_of(work: Work, rows: Iterable[Any]) -> Iterator[Waiting]:
    """As this reader may have them: whose it is and by when, where what it says is not theirs to know."""
    found = [(task, need, due_at) for task, need, due_at in rows]
    told = headings(work, {task.case_id for task, _, _ in found if task.case_id})
    may, beside = readable(work, told), _beside(work, [task for task, _, _ in found])
    when = when_said.said(work, beside)
    every = [each for task, _, _ in found for each in beside.get(_about(task), (task,))]
    workers = names_of(work, Worker, {each for task in every for each in (task.worker_id, task.taken_by)})
    names = _Names(workers, names_of(work, Team, {task.team_id for task in every}))
    for task, need, due_at in found:
        known = need < UNTOLD and (addressed(work.actor, task) or may(task.case_id, ERRANDS[task.kind].tells))
        of_one = beside.get(_about(task), (task,)) if known else (task,)
        yield Waiting(
            due_at=due_at,
            overdue=due_at < work.now,
            urgent=any(each.urgent for each in of_one),
            heading=told.get(task.case_id),
            **_whose(work, of_one, names),
            **_when(task, when.get(_about(task)) if known else None),
            **(_said(work, task, GRAVEST_FIRST[need]) if known else {"words": NOT_TOLD, "path": ""}),
            **(_answered(of_one, names) if known else {}),
        )


def _about(task: Task) -> when_said.About:
    return task.subject_id, task.case_id


def _beside(work: Work, tasks: Sequence[Task]) -> OnOneLine:
    """All the open work here about the texts of these lines, by the text."""
    about = {_about(task) for task in tasks if task.kind in needs.of_one_text()}
    query = select(Task).where(
        Task.agency_id == work.actor.agency_id,
        Task.status == TaskStatus.OPEN,
        col(Task.kind).in_(needs.of_one_text()),
        col(Task.subject_id).in_({text_id for text_id, _ in about}),
    )
    found: dict[when_said.About, list[Task]] = defaultdict(list)
    for task in work.session.exec(query.order_by(col(Task.created_at), col(Task.key))) if about else ():
        found[_about(task)].append(task)
    return {key: of_one for key, of_one in found.items() if key in about}


def _whose(work: Work, of_one: Sequence[Task], names: _Names) -> dict[str, Any]:
    """All who have it, each once."""
    me = work.actor.id
    others = [task for task in of_one if task.worker_id != me]
    return {
        "mine": any(task.worker_id == me for task in of_one),
        "has_it": ("" if any(task.worker_id for task in of_one) else "Nobody yet: ") + "; ".join(names.of(of_one)),
        "others": "; ".join(names.of(others)),
    }


def _answered(of_one: Sequence[Task], names: _Names) -> dict[str, Any]:
    """Who has taken it on, or by when somebody must."""
    return {
        "taken_by": next((names.workers.get(task.taken_by, "") for task in of_one if task.taken_by), ""),
        "answer_by": min((task.answer_by for task in of_one if task.answer_by), default=None),
    }


def _when(task: Task, said: when_said.Said | None) -> dict[str, Any]:
    return {"since": said.since, "times": said.times, "last_at": said.last} if said else {"since": task.created_at}


def _said(work: Work, task: Task, need: Need) -> dict[str, Any]:
    errand = ERRANDS[task.kind]
    closes = errand.by_hand and theirs_to_do(work.actor, task)
    path = errand.path.format(case_id=task.case_id, subject_id=task.subject_id, task_id=task.id)
    return {"words": errand.words, "path": path, "need": need, "done": f"/tasks/{task.id}/done" if closes else ""}

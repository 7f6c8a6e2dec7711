"""The check-ins of a worker or a team: what needs a person first, then what nobody has placed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import and_, or_
from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.rows import Task, TaskStatus
from throughcare.casework.tasks import ERRANDS
from throughcare.casework.views import CaseHeading, headings
from throughcare.checkin import inbound, outages, steps, strangers
from throughcare.checkin.forms import InboxQuery
from throughcare.checkin.rows import FAILED, SHARED, UNKNOWN, InboundText
from throughcare.kernel.actors import acts_among
from throughcare.kernel.categories import Category
from throughcare.kernel.refusals import NotPermitted, refuse_if
from throughcare.kernel.work import Work

MOST = 100
PREFIX = "checkin_"
UNPLACED = "Unplaced"
TELLS = (Category.SMS, Category.CONTACT)  # what a text that nobody has placed tells


class Waiting(BaseModel):
    """One thing that needs a person."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    words: str
    path: str
    due_at: datetime
    urgent: bool
    heading: CaseHeading


class Unplaced(BaseModel):
    """A text of which nobody knows whose it is. `number` is where it came from."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    id: UUID
    number: str
    text: str
    received_at: datetime
    shared: bool
    concerning: bool


class Inbox(BaseModel):
    """The page: the most pressing first."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    whose: str
    waiting: tuple[Waiting, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    down_since: datetime | None = None


def inbox(work: Work, query: InboxQuery) -> Inbox:
    """What needs this worker, or their team."""
    refuse_if(not acts_among(work.actor, steps.STAFF), NotPermitted)
    tasks = _tasks(work, query.whose)
    told = headings(work, {task.case_id for task in tasks if task.case_id})
    loose = unplaced(work)
    access.note_unplaced(work, [text.id for text in loose], UNPLACED, TELLS)
    return Inbox(
        whose=query.whose,
        waiting=tuple(_line(task, told[task.case_id]) for task in tasks if task.case_id and task.case_id in told),
        unplaced=tuple(_shown(work, text) for text in loose),
        down_since=outages.down_now(work),
    )


def _tasks(work: Work, whose: str) -> list[Task]:
    actor = work.actor
    role_fits = or_(col(Task.role).is_(None), col(Task.role) == actor.role)
    unclaimed = and_(col(Task.worker_id).is_(None), role_fits)
    mine = or_(col(Task.worker_id) == actor.id, unclaimed)
    query = select(Task).where(
        Task.agency_id == actor.agency_id,
        Task.status == TaskStatus.OPEN,
        col(Task.kind).startswith(PREFIX),
        *((mine,) if whose == "mine" else ()),
    )
    found = work.session.exec(query.order_by(col(Task.urgent).desc(), col(Task.due_at), col(Task.id)).limit(MOST))
    return sorted(found, key=lambda task: not ERRANDS[task.kind].at_once)  # a life at stake first; the rest as they are


def _line(task: Task, heading: CaseHeading) -> Waiting:
    errand = ERRANDS[task.kind]
    path = errand.path.format(case_id=task.case_id, subject_id=task.subject_id)
    return Waiting(words=errand.words, path=path, due_at=task.due_at, urgent=task.urgent, heading=heading)


def unplaced(work: Work) -> list[InboundText]:
    """Texts this reader may place, the newest first: those of their agency's people, and what is on their list.

    What comes from a number that nobody has is every manager's to read.
    """
    fate = col(InboundText.fate)
    theirs = and_(fate == SHARED, strangers.from_ours(work))
    waiting = select(InboundText).where(fate.in_([UNKNOWN, FAILED, SHARED]), or_(theirs, strangers.may_be_placed(work)))
    newest = waiting.order_by(col(InboundText.received_at).desc(), col(InboundText.sid))
    return list(work.session.exec(newest.limit(MOST)).all())


def _shown(work: Work, text: InboundText) -> Unplaced:
    return Unplaced(
        id=text.id,
        number=text.from_number,
        text=text.body,
        received_at=text.received_at,
        shared=text.fate == SHARED,
        concerning=inbound.concerning(work, text.body),
    )

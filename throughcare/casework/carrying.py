"""How many open calls one worker carries, and when that is more than a service has settled on (checkins R47)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from throughcare.casework.rows import Task, TaskStatus
from throughcare.casework.tasks import ERRANDS, About, For, errand, give
from throughcare.kernel.actors import Role
from throughcare.kernel.audit import Event
from throughcare.kernel.categories import Category
from throughcare.kernel.forms import Ask, Word
from throughcare.kernel.refusals import Invalid
from throughcare.kernel.work import Work

OVERLOADED = errand(
    Category.RECORD,
    "worker_overloaded",
    "A worker has more open calls than one should have: share them out",
    "/?whose=team",
    by_hand=True,
)


class Despite(Word):
    """Why somebody is given more than a worker should carry: a code, since the journal holds no prose."""

    KNOWS = "knows_them", "The person knows and trusts them"
    NOBODY = "nobody_else", "Nobody else can take it now"
    AGREED = "agreed", "They have agreed to it"


Reason = Annotated[
    Despite | None,
    Ask(
        "Why them, if they have as many open calls as one worker should?", "Leave it empty otherwise.", widget="radios"
    ),
]


@dataclass(frozen=True)
class Carrying:
    """The most calls and crises that should be on one worker's list at once."""

    most: int

    def too_many(self, calls: int) -> bool:
        """Whether one who has so many should be given no more without a reason."""
        return calls >= self.most


def open_calls(work: Work, agency_id: UUID | None) -> Counter[UUID]:
    """The open calls on each worker's own list, by worker."""
    kinds = [kind for kind, errand in ERRANDS.items() if errand.call]
    query = (
        select(col(Task.worker_id), func.count())
        .where(
            Task.agency_id == agency_id,
            Task.status == TaskStatus.OPEN,
            col(Task.worker_id).is_not(None),
            col(Task.kind).in_(kinds),
        )
        .group_by(col(Task.worker_id))
    )
    return Counter(dict(work.session.execute(query).all()))


class GivenDespite(Event):
    """More was given to a worker who had as much as one should; `why` is a code."""

    name: ClassVar[str] = "worker.given_despite"
    why: Despite
    calls: int


class TooMany(Invalid):
    """They have as many open calls as one worker should."""

    code, beside = "too_many_calls", "despite"


@dataclass(frozen=True)
class Receiver:
    """Who is to be given something, and what they carry."""

    worker_id: UUID
    name: str
    calls: int


def refuse_too_many(
    work: Work, agency_id: UUID, to: Receiver, despite: Despite | None, instead: Sequence[str] = ()
) -> None:
    """More than a worker should carry is given only with a reason, and then their manager is told (R47)."""
    if not work.reference[Carrying].too_many(to.calls):
        return
    if despite is None:
        fewer = f" {', '.join(instead)} {'has' if len(instead) == 1 else 'have'} fewer." if instead else ""
        raise TooMany(f"{to.name} has {to.calls} open calls.{fewer} Select somebody else, or say why them")
    work.record(GivenDespite(subject_id=to.worker_id, why=despite, calls=to.calls))
    tell_of_load(work, agency_id, to.worker_id)


def tell_of_load(work: Work, agency_id: UUID, worker_id: UUID) -> None:
    """Their managers are told, once a day."""
    key = f"{worker_id}:{work.today}"
    give(work, OVERLOADED, For(agency_id, role=Role.MANAGER), About(None, worker_id, key), work.now, urgent=True)


def watch_loads(work: Work) -> int:
    """A round: whoever has come to carry more than one worker should, by whatever way; how many."""
    kinds = [kind for kind, each in ERRANDS.items() if each.call]
    held = (Task.status == TaskStatus.OPEN, col(Task.worker_id).is_not(None), col(Task.kind).in_(kinds))
    count = func.count()
    query = (
        select(col(Task.agency_id), col(Task.worker_id)).where(*held).group_by(col(Task.agency_id), col(Task.worker_id))
    )
    over = work.session.execute(query.having(count > work.reference[Carrying].most)).all()
    for agency_id, worker_id in over:
        tell_of_load(work, agency_id, worker_id)
    return len(over)

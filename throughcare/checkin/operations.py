"""How the texts are going, for whoever runs the service: counts, ages and states, and nothing of any client (R10, R14, R49, R50)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select, text
from sqlmodel import col

from throughcare.casework.paging import newest_first, place
from throughcare.casework.workers import administrators_only
from throughcare.checkin import outages, setting_aside
from throughcare.checkin.pulse import instants
from throughcare.checkin.rows import FAILED, InboundText, SenderPace
from throughcare.checkin.service import Pacing
from throughcare.kernel.audit import Event
from throughcare.kernel.delivery import Delivery, Purpose
from throughcare.kernel.forms import Ask, Form, OptionalLine, Word
from throughcare.kernel.heartbeat import WATCHER, Rounds, heartbeats
from throughcare.kernel.moves import OUTBOX
from throughcare.kernel.outbox import UNRESOLVED
from throughcare.kernel.refusals import NotFound, refuse_if
from throughcare.kernel.work import AlreadyDone, Work

PAGE = 50
WAITING = "state = 'planned'"  # written out, so that each partial index serves its part
PARTS = (WAITING, UNRESOLVED)


class OperationsQuery(Form):
    """Where the list of what is set aside goes on from."""

    before: Annotated[OptionalLine, Ask("Page", widget="hidden")] = ""


class WhyGivenUp(Word):
    """Why a text that could not be handled will not be sent."""

    TOO_LATE = "too_late", "It is too late to send it"
    TOLD_ANOTHER_WAY = "told_another_way", "The person is reached another way"
    CANNOT_BE_MENDED = "cannot_be_mended", "What is wrong cannot be mended"


class GiveUp(Form):
    """Why it will not be sent."""

    why: Annotated[WhyGivenUp, Ask("Why will it not be sent?", missing="Select why it will not be sent")]


class TryAgain(Form):
    """What was wrong is mended."""


class TextTriedAgain(Event):
    """A text that had been set aside was put back to be sent."""

    name: ClassVar[str] = "checkin.text_tried_again"


class TextGivenUp(Event):
    """A text that had been set aside will not be sent."""

    name: ClassVar[str] = "checkin.text_given_up"
    why: WhyGivenUp


class Queued(BaseModel):
    """How many texts are in one state, for each thing texts are for."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    state: str
    total: int
    by_purpose: dict[str, int]


class Spent(BaseModel):
    """Segments used of one budget; `most` is None where there is no limit."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    over: str
    used: int
    most: int | None


class Round(BaseModel):
    """One kind of round, when it was last done, and whether it is late; a new one has yet to be done for the first time."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    name: str
    at: datetime | None
    late: bool


class Aside(BaseModel):
    """One text that could not be handled, without anything it says."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    id: UUID
    purpose: str
    template: str
    since: datetime
    attempts: int


class Unworked(BaseModel):
    """One text to us that could not be worked, without anything it says."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    id: UUID
    received_at: datetime
    tries: int


class Operations(BaseModel):
    """The page. The spool is that of the machine that answers."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    at: datetime
    queue: tuple[Queued, ...] = ()
    purposes: tuple[str, ...] = tuple(purpose.label for purpose in Purpose)
    oldest: dict[str, datetime | None] = {}
    down_since: datetime | None = None
    budget: tuple[Spent, ...] = ()
    rounds: tuple[Round, ...] = ()
    watched: bool = False
    told_at: datetime | None = None
    aside: tuple[Aside, ...] = ()
    older: str = ""
    unworked: tuple[Unworked, ...] = ()
    spool_waiting: int = 0
    spool_aside: int = 0


def operations(work: Work, query: OperationsQuery) -> Operations:
    """For administrators, and nobody else."""
    administrators_only(work)
    last, rounds = heartbeats(work), work.reference[Rounds]
    late = set(rounds.late(last, work.now))
    aside, older = _aside(work, query.before)
    return Operations(
        at=work.now,
        queue=tuple(_queue(work)),
        oldest=instants(work),
        down_since=outages.down_now(work),
        budget=tuple(_budget(work)),
        rounds=tuple(
            Round(name=name, at=last.get(name), late=name in late and (name in last or not last))
            for name in sorted(rounds.every)
        ),
        watched=rounds.watched,
        told_at=last.get(WATCHER),
        aside=aside,
        older=older,
        unworked=tuple(_unworked(work)),
    )


def _queue(work: Work) -> Iterator[Queued]:
    found: dict[Delivery, dict[Purpose, int]] = {}
    for part in PARTS:
        counted = select(OUTBOX.c.state, OUTBOX.c.purpose, func.count()).where(text(part))
        for state, purpose, count in work.session.connection().execute(
            counted.group_by(OUTBOX.c.state, OUTBOX.c.purpose)
        ):
            found.setdefault(state, {})[purpose] = count
    for state in Delivery:
        if some := found.get(state):
            each = {purpose.label: some.get(purpose, 0) for purpose in Purpose}
            yield Queued(state=state.label, total=sum(some.values()), by_purpose=each)


def _budget(work: Work) -> Iterator[Spent]:
    """What is spent of today's and this month's texts; a bucket of another day has spent nothing of this one."""
    pacing = work.reference[Pacing]
    bucket = work.session.scalars(select(SenderPace).where(col(SenderPace.sender) == pacing.sender)).first()
    day = bucket.day if bucket else None
    month = day is not None and (day.year, day.month) == (work.today.year, work.today.month)
    yield Spent(over="Today", used=bucket.day_used if bucket and day == work.today else 0, most=pacing.daily_segments)
    yield Spent(over="This month", used=bucket.month_used if bucket and month else 0, most=pacing.monthly_segments)


def _aside(work: Work, before: str) -> tuple[tuple[Aside, ...], str]:
    columns = [OUTBOX.c[name] for name in ("id", "purpose", "template", "ended_at", "created_at", "attempts")]
    order = newest_first(OUTBOX.c.created_at, OUTBOX.c.id)
    held = select(*columns).where(OUTBOX.c.state == Delivery.QUARANTINED, order.after(before))
    rows = work.session.connection().execute(held.order_by(*order.columns).limit(PAGE + 1)).all()
    shown = tuple(
        Aside(
            id=row.id,
            purpose=Purpose(row.purpose).label,
            template=row.template.replace("_", " ").capitalize(),
            since=row.ended_at or row.created_at,
            attempts=row.attempts,
        )
        for row in rows[:PAGE]
    )
    return shown, place(rows[PAGE - 1].created_at, rows[PAGE - 1].id) if len(rows) > PAGE else ""


def _unworked(work: Work) -> Iterator[Unworked]:
    columns: list[Any] = [col(InboundText.id), col(InboundText.received_at), col(InboundText.tries)]
    held = select(*columns).where(col(InboundText.fate) == FAILED)
    newest = held.order_by(col(InboundText.received_at).desc(), col(InboundText.sid)).limit(PAGE)
    for row in work.session.execute(newest):
        yield Unworked(id=row.id, received_at=row.received_at, tries=row.tries)


def try_again(work: Work, message_id: UUID) -> None:
    """What was wrong is mended: the text goes back in the queue."""
    case_id = _set_aside(work, message_id)
    setting_aside.try_again(work, message_id)
    work.record(TextTriedAgain(subject_id=message_id, case_id=case_id))


def give_up(work: Work, message_id: UUID, form: GiveUp) -> None:
    """It will not be sent, and why."""
    case_id = _set_aside(work, message_id)
    setting_aside.give_up(work, message_id)
    work.record(TextGivenUp(subject_id=message_id, case_id=case_id, why=form.why))


def _set_aside(work: Work, message_id: UUID) -> UUID | None:
    """Whose text it is. NotFound where there is none; AlreadyDone where somebody has seen to it."""
    administrators_only(work)
    held = select(OUTBOX.c.state, OUTBOX.c.case_id).where(OUTBOX.c.id == message_id)
    row = work.session.connection().execute(held).first()
    if row is None:
        raise NotFound
    refuse_if(row.state is not Delivery.QUARANTINED, AlreadyDone)
    return row.case_id  # type: ignore[no-any-return] # a column of the table


def work_again(work: Work, text_id: UUID) -> None:
    """A text to us that could not be worked is looked at afresh by the next round."""
    administrators_only(work)
    row = work.session.get(InboundText, text_id, with_for_update=True)
    if row is None:
        raise NotFound
    refuse_if(row.fate != FAILED, AlreadyDone)
    row.fate, row.settled_at, row.tries, row.try_at = "", None, 0, None
    work.session.add(row)

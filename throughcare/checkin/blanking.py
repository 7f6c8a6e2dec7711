"""Words that have been kept long enough are blanked, a few at a time, and that they were is written down (R36)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import ColumnElement, String, Table, and_, cast, false, or_, select, text, update
from sqlmodel import col

from throughcare.casework.holds import on_hold
from throughcare.casework.people import Case, PhoneNumber
from throughcare.casework.rows import Task, TaskStatus
from throughcare.checkin import errands
from throughcare.checkin.retention import Retention, Words
from throughcare.checkin.rows import SHARED, InboundText, OptOut, TextReceived
from throughcare.checkin.strangers import tell_on_duty
from throughcare.checkin.unplaced import ABOUT_ONE
from throughcare.kernel.audit import Event
from throughcare.kernel.clock import MIDNIGHT, at
from throughcare.kernel.delivery import Purpose
from throughcare.kernel.moves import OUTBOX
from throughcare.kernel.outbox import AT_REST_WITH_WORDS
from throughcare.kernel.work import Work

AT_ONCE = 1_000  # of one kind in one table in one round
CRISIS_ANSWER = "crisis_reply"
RECEIVED: Table = TextReceived.__table__  # type: ignore[attr-defined]  # SQLModel's table classes have it
INBOUND: Table = InboundText.__table__  # type: ignore[attr-defined]  # SQLModel's table classes have it
STOPS: Table = OptOut.__table__  # type: ignore[attr-defined]  # SQLModel's table classes have it
NOBODYS = false()  # of what nobody needs to read
NUMBER = {OUTBOX: "to", RECEIVED: "from_number", INBOUND: "from_number", STOPS: "number"}  # whose words they may be


class WordsBlanked(Event):
    """The proof of deletion: what kind of words, how many, and up to when. Whose they were is nobody's to know from it."""

    name: ClassVar[str] = "retention.blanked"
    said: ClassVar[str] = "Words of texts no longer kept"
    kind: Words
    table: str
    count: int
    before: date


@dataclass(frozen=True)
class Sort:
    """One kind of words in one table: which rows, the words, and the instant their time is counted from."""

    kind: Words
    table: Table
    words: str
    since: str
    such: ColumnElement[bool]
    unread: ColumnElement[bool] = NOBODYS  # somebody is to read them still: they are kept until it is done


def sorts() -> Iterator[Sort]:
    """Every kind of words, wherever it stands. Of those in the outbox, only what will not be sent any more."""
    ours, nobodys = OUTBOX.c.case_id.is_not(None), OUTBOX.c.case_id.is_(None)
    crisis = OUTBOX.c.template == CRISIS_ANSWER
    written = OUTBOX.c.purpose.in_([Purpose.REPLY, Purpose.SAFETY])
    for kind, such in (
        (Words.ROUTINE, and_(ours, OUTBOX.c.purpose == Purpose.CHECKIN)),
        (Words.REMINDER, and_(ours, OUTBOX.c.purpose == Purpose.REMINDER)),
        (Words.PROOF, and_(ours, OUTBOX.c.purpose == Purpose.PROOF)),
        (Words.REPLY, and_(ours, written, ~crisis)),
        (Words.CRISIS, and_(ours, written, crisis)),
        (Words.UNKNOWN, nobodys),
    ):
        yield Sort(kind, OUTBOX, "text", "not_before", and_(text(AT_REST_WITH_WORDS), such))
    calm, unread = cast(RECEIVED.c.concerns, String) == "[]", and_(RECEIVED.c.to_read, RECEIVED.c.read_at.is_(None))
    yield Sort(Words.REPLY, RECEIVED, "text", "received_at", and_(text("text <> ''"), calm), unread)
    yield Sort(Words.CRISIS, RECEIVED, "text", "received_at", and_(text("text <> ''"), ~calm), unread)
    waiting, shared = text("body <> ''"), INBOUND.c.fate == SHARED
    settled = INBOUND.c.settled_at.is_not(None)
    for kind, such in ((Words.UNKNOWN, ~shared), (Words.QUARANTINED, shared)):
        yield Sort(kind, INBOUND, "body", "received_at", and_(waiting, settled, such), _on_a_list())
    yield Sort(Words.STOP, STOPS, "verbatim", "at", STOPS.c.verbatim != "")


def _on_a_list() -> ColumnElement[bool]:
    """It, or another from its number, is on somebody's list: not every text of a flood is given to somebody (R26)."""
    other = INBOUND.alias("other")
    still = and_(col(Task.kind).in_(ABOUT_ONE), col(Task.status) == TaskStatus.OPEN)
    about = select(col(Task.id)).join(other, other.c.id == col(Task.subject_id))
    return about.where(still, other.c.from_number == INBOUND.c.from_number).exists()


def blank_old(work: Work) -> int:
    """A round: blank what is due, so much of each kind; the next round goes on. How many.

    What is due and has not been read is told of once a week, until it has been.
    """
    every = list(sorts())
    count = sum(_blank(work, sort) for sort in every)
    if any(_kept_unread(work, sort) for sort in every):
        year, week, _ = work.today.isocalendar()
        tell_on_duty(work, errands.LONG_UNREAD, f"{year}-{week}", errands.today(work), urgent=True)
    return count


def deleted(work: Work, where: str, count: int, keep: timedelta) -> WordsBlanked:
    """That words of nobody knows whom, kept outside the database, are gone."""
    before = work.today - keep
    return WordsBlanked(subject_id=_kind_id(Words.UNKNOWN), kind=Words.UNKNOWN, table=where, count=count, before=before)


def _kept_unread(work: Work, sort: Sort) -> bool:
    retention = work.reference[Retention]
    if sort.unread is NOBODYS or retention.periods[sort.kind].after_closing:
        return False
    start = at(retention.before(sort.kind, work.today), MIDNIGHT)
    late = select(sort.table.c.id).where(sort.such, sort.unread, sort.table.c[sort.since] < start)
    return work.session.connection().scalar(late.limit(1)) is not None


def _blank(work: Work, sort: Sort) -> int:
    retention = work.reference[Retention]
    before = retention.before(sort.kind, work.today)
    work.session.flush()
    connection = work.session.connection()
    ids = connection.scalars(_due(sort, retention, before)).all()
    put = {sort.words: "", "blanked_at": work.now, "version": sort.table.c.version + 1}
    count = len(ids)
    if count:
        connection.execute(update(sort.table).where(sort.table.c.id.in_(ids)).values(put))
        work.session.expire_all()
        work.record(
            WordsBlanked(
                subject_id=_kind_id(sort.kind), kind=sort.kind, table=sort.table.name, count=count, before=before
            )
        )
    return count


def _due(sort: Sort, retention: Retention, before: date) -> Any:
    """The ids of some that are due, locked; somebody else's locked rows are left for the next round."""
    table, start = sort.table, at(before, MIDNIGHT)
    due = select(table.c.id).where(sort.such, table.c[sort.since] < start, ~sort.unread, ~_on_hold(table))
    if retention.periods[sort.kind].after_closing:
        due = due.where(table.c.case_id.in_(select(col(Case.id)).where(col(Case.closed_at) < start)))
    return due.order_by(table.c[sort.since]).limit(AT_ONCE).with_for_update(skip_locked=True, of=table)


def _on_hold(table: Table) -> ColumnElement[bool]:
    """Of words: that they are of a case on hold, or nobody's and from, or to, a number of somebody's whose case is."""
    case_id = table.c.case_id
    numbers = select(col(PhoneNumber.number)).where(col(PhoneNumber.case_id).in_(on_hold()))
    nobodys = and_(case_id.is_(None), table.c[NUMBER[table]].in_(numbers))
    return or_(nobodys, and_(case_id.is_not(None), case_id.in_(on_hold())))


def _kind_id(kind: Words) -> UUID:
    """What the event is about: a kind of words has no row."""
    return uuid5(NAMESPACE_OID, f"throughcare:retention:{kind}")

"""The copies of words that the provider keeps: blanked once a text has come to rest, and put before a person where that fails (R36)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import ColumnElement, Table, literal, select, text, update

from throughcare.checkin import errands
from throughcare.checkin.blanking import INBOUND
from throughcare.checkin.retention import Retention
from throughcare.checkin.rows import INBOUND_COPY
from throughcare.checkin.strangers import tell_on_duty
from throughcare.checkin.took import kind_of
from throughcare.kernel.audit import Event
from throughcare.kernel.forms import Word
from throughcare.kernel.moves import OUTBOX
from throughcare.kernel.outbox import WITH_A_COPY
from throughcare.kernel.work import Work

AT_ONCE = 50
SOONEST, LATEST = timedelta(hours=1), timedelta(hours=24)  # between two tries
MOST_NAMED = 100


class Outcome(Word):
    """What the provider said to being asked."""

    BLANKED = "blanked", "Its copy is blanked"
    GONE = "gone", "It has no such text"
    KEPT = "kept", "It blanks none, and still has it: it deletes its copies by itself when their time is over"
    NOT_YET = "not_yet", "Not now: the text is still on its way, or there was no answer"


DONE = frozenset({Outcome.BLANKED, Outcome.GONE})  # nothing else is proof that the words are there no longer


class CopiesBlanked(Event):
    """The proof: so many copies are blanked at the provider, or were not there."""

    name: ClassVar[str] = "retention.copies_blanked"
    said: ClassVar[str] = "The provider's copies of texts blanked"
    count: int
    gone: int


@dataclass(frozen=True)
class Source:
    """One table of texts the provider has copies of: which rows, and the instant their time is counted from."""

    table: Table
    since: str
    such: str
    provider: ColumnElement[str]


@dataclass(frozen=True)
class Copy:
    """One of them, by the provider's id."""

    table: str
    id: UUID
    sid: str
    since: datetime
    provider: str = ""  # who has it; blank: whoever texts to us come by


SOURCES = {
    "outbox": Source(OUTBOX, "not_before", WITH_A_COPY, OUTBOX.c.provider),
    "inbound_text": Source(INBOUND, "received_at", str(INBOUND_COPY), literal("")),
}


def take(work: Work) -> list[Copy]:
    """Those to be asked for now, held for a while so that no other process asks too: new ones, then those to be tried again."""
    return [copy for name, source in SOURCES.items() for copy in _take(work, name, source)]


def _take(work: Work, name: str, source: Source) -> Iterable[Copy]:
    retention, table = work.reference[Retention], source.table
    since = table.c[source.since]
    new = select(table.c.id).where(
        text(source.such), table.c.redact_at.is_(None), since <= work.now - retention.redact_after
    )
    again = select(table.c.id).where(
        text(source.such), table.c.redact_at <= work.now, since > work.now - retention.give_up
    )
    connection = work.session.connection()
    ids = [
        found
        for some in (new, again.order_by(table.c.redact_at))
        for found in connection.scalars(some.limit(AT_ONCE).with_for_update(skip_locked=True, of=table))
    ]
    held = update(table).where(table.c.id.in_(ids)).values(redact_at=work.now + SOONEST)
    told = held.returning(table.c.id, table.c.sid, since.label("since"), source.provider.label("provider"))
    rows = connection.execute(told).all() if ids else []
    return [Copy(name, row.id, row.sid, row.since, row.provider) for row in rows]


def note(work: Work, outcomes: Sequence[tuple[Copy, Outcome]]) -> None:
    """Write down what became of each; what was not blanked is tried again, less often the older it is."""
    for copy, outcome in outcomes:
        table = SOURCES[copy.table].table
        put: dict[str, Any] = (
            {"redacted_at": work.now} if outcome in DONE else {"redact_at": work.now + _wait(work, copy, outcome)}
        )
        work.session.connection().execute(update(table).where(table.c.id == copy.id).values(put))
    said = [outcome for _, outcome in outcomes]
    gone, count = said.count(Outcome.GONE), sum(outcome in DONE for outcome in said)
    if count:
        about = uuid5(NAMESPACE_OID, "throughcare:retention:copies")
        work.record(CopiesBlanked(subject_id=about, count=count, gone=gone))


def _wait(work: Work, copy: Copy, outcome: Outcome) -> timedelta:
    """Until it is asked for again. Where the provider deletes its copies by itself, not before it has done so."""
    wait = min(max((work.now - copy.since) / 4, SOONEST), LATEST)
    kept = work.reference[Retention].keeps.get(kind_of(copy.provider))
    return max(wait, copy.since + kept - work.now) if kept and outcome is Outcome.KEPT else wait


def left(work: Work) -> list[Copy]:
    """Those that could not be blanked in the time there is for it, the oldest first: for a person to see to, by their ids."""
    given_up = work.now - work.reference[Retention].give_up
    found: list[Copy] = []
    for name, source in SOURCES.items():
        table = source.table
        since = table.c[source.since]
        old = select(table.c.id, table.c.sid, since.label("since")).where(
            text(source.such), table.c.redact_at.is_not(None), since <= given_up
        )
        rows = work.session.connection().execute(old.order_by(since, table.c.sid).limit(MOST_NAMED)).all()
        found += [Copy(name, row.id, row.sid, row.since) for row in rows]
    return sorted(found, key=lambda copy: (copy.since, copy.sid))


def tell_of_left(work: Work) -> int:
    """A round: while any are left, those on duty have it on their list, once a day."""
    count = len(left(work))
    if count:
        tell_on_duty(work, errands.COPIES_LEFT, f"copies:{work.today}", errands.today(work))
    return count

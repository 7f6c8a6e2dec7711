"""One unit of work: one actor, one instant, one transaction."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Engine, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from throughcare.kernel.actors import Actor
from throughcare.kernel.among import put_new
from throughcare.kernel.audit import AuditRow, Event
from throughcare.kernel.clock import LONDON, Clock
from throughcare.kernel.marking import PURPOSE, audit_said, id_at
from throughcare.kernel.reference import Reference
from throughcare.kernel.refusals import Refusal, Stale
from throughcare.kernel.rows import Row
from throughcare.kernel.sealing import Safe, unlock
from throughcare.kernel.sitting import Kinds, Sitting

Reaction = Callable[["Work", Event], None]
R = TypeVar("R", bound=Row)
K = TypeVar("K")
V = TypeVar("V")
JOURNAL = AuditRow.__table__  # type: ignore[attr-defined] # SQLModel's table classes have it


class AlreadyDone(Refusal):
    """This has already been done; reload the page to see it."""

    code = "already_done"


@dataclass(frozen=True)
class Reactions:
    """What follows what: to one kind of event, and `always`."""

    to: Mapping[type[Event], Sequence[Reaction]] = field(default_factory=dict)
    always: Sequence[Reaction] = ()

    def of(self, event: Event) -> Iterator[Reaction]:
        yield from self.always
        yield from self.to.get(type(event), ())


@dataclass(frozen=True)
class Moment:
    """Who is acting, and when: all that a rule or a step may know of the world."""

    actor: Actor
    now: datetime

    @property
    def today(self) -> date:
        """The date in London."""
        return self.now.astimezone(LONDON).date()


@dataclass
class Work:
    """What an action holds while it works."""

    session: Sitting
    moment: Moment
    reactions: Reactions = field(default_factory=Reactions)
    reference: Reference = field(default_factory=Reference)
    seen: dict[Hashable, dict[Any, Any]] | None = None  # only while reading: what need not be asked for again
    written: list[dict[str, Any]] = field(default_factory=list)  # only while reading: goes in the journal at the end
    told: int = 0  # events so far
    kept: dict[Hashable, Any] = field(default_factory=dict)  # what the desk keeps from one unit of work to the next

    @property
    def actor(self) -> Actor:
        return self.moment.actor

    @property
    def now(self) -> datetime:
        return self.moment.now

    @property
    def today(self) -> date:
        return self.moment.today

    def add(self, row: R) -> R:
        """Put a new row in its table, created now."""
        row.created_at = row.created_at or self.now
        self.session.add(row)
        self.session.flush()
        return row

    def add_once(self, row: Row) -> bool:
        """Put a new row in its table, in one statement; False where one like it is there already, whoever put it."""
        values = {column.name: getattr(row, column.name) for column in type(row).__table__.columns}  # type: ignore[attr-defined] # as above
        return bool(self.add_all_once(type(row), [values]))

    def add_all_once(self, kind: type[Row], rows: Sequence[dict[str, Any]]) -> set[UUID]:
        """As add_once, of rows of one table, each as `rows.plain` gives it; the ids of those that were new."""
        table, connection = kind.__table__, self.session.connection()  # type: ignore[attr-defined] # as above
        insert_ = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        put = insert_(table).on_conflict_do_nothing()
        filled = [row | {"created_at": row["created_at"] or self.now} for row in rows]
        said = {name for row in filled for name, value in row.items() if value is not None}
        values = [{name: row[name] for name in row if name in said} for row in filled]
        if len(values) == 1:
            return set(connection.scalars(put.returning(table.c.id), values))
        return put_new(connection, table, values)

    def each(
        self, what: Hashable, keys: set[K], ask: Callable[[set[K]], Mapping[K, V]], rests_on: Kinds = ()
    ) -> dict[K, V]:
        """What `ask` finds for these keys. While reading, nothing is asked for twice.

        While writing, what `rests_on` some tables is asked for again once one of them was written, or a row was locked.
        """
        if self.seen is not None:
            seen = self.seen.setdefault(what, {})
        else:
            seen = self.session.answers(what, rests_on) if rests_on else {}
        unknown = keys - seen.keys()
        if unknown:
            seen |= ask(unknown)
        return {key: seen[key] for key in keys if key in seen}

    def record(self, event: Event) -> None:
        """Write the event down, then let the journey react to it in the same transaction.

        All events of one unit of work are of one instant; `created_at` keeps the order they came in.
        """
        line: dict[str, Any] = {
            "id": id_at(self.now),
            "name": event.name,
            "subject_id": event.subject_id,
            "case_id": event.case_id,
            "actor_id": self.actor.id,
            "actor_role": str(self.actor.role),
            "actor_agency_id": self.actor.agency_id,
            "at": self.now,
            "created_at": self.now + timedelta(microseconds=self.told),
            "body": event.model_dump(mode="json", exclude={"subject_id", "case_id"}, exclude_none=True),
        }
        safe: Safe | None = self.reference.held.get(Safe)
        line["mark"] = safe.mark(audit_said(line), PURPOSE) if safe else ""
        self.told += 1
        if self.seen is None:
            self.session.add(AuditRow(**line))
        else:
            self.written.append({"version": 1} | line)
        for react in self.reactions.of(event):
            react(self, event)


@dataclass(frozen=True)
class Desk:
    """The running service as its callers hold it: web handlers, scheduler ticks and tests."""

    engine: Engine
    clock: Clock
    reactions: Reactions = field(default_factory=Reactions)
    reference: Reference = field(default_factory=Reference)
    kept: dict[Hashable, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """What is sealed in the database is sealed and opened with the keys that this reference holds."""
        if Safe in self.reference.held:
            unlock(self.engine, self.reference[Safe])

    @contextmanager
    def work(self, actor: Actor, *, reading: bool = False) -> Iterator[Work]:
        """A transaction that commits when the block ends and leaves nothing behind when it raises.

        `reading`: nothing but the record of it is written, so what was found once holds to the end, and the record is
        written in one statement.
        Two people acting at once come out as refusals: a lost race is Stale, a broken uniqueness AlreadyDone.
        """
        try:
            with Sitting(self.engine, expire_on_commit=False) as session, session.begin():
                moment = Moment(actor, self.clock.now())
                held = Work(session, moment, self.reactions, self.reference, {} if reading else None, kept=self.kept)
                yield held
                if held.written:
                    session.connection().execute(insert(JOURNAL), held.written)
        except StaleDataError as lost:
            raise Stale from lost
        except IntegrityError as broken:
            raise AlreadyDone from broken

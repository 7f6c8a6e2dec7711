"""One unit of work: one actor, one instant, one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session

from throughcare.kernel.actors import Actor
from throughcare.kernel.audit import AuditRow, Event
from throughcare.kernel.clock import LONDON, Clock
from throughcare.kernel.reference import Reference
from throughcare.kernel.refusals import Refusal, Stale
from throughcare.kernel.rows import Row

Reaction = Callable[["Work", Event], None]
R = TypeVar("R", bound=Row)


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

    session: Session
    moment: Moment
    reactions: Reactions = field(default_factory=Reactions)
    reference: Reference = field(default_factory=Reference)

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

    def record(self, event: Event) -> None:
        """Write the event down, then let the journey react to it in the same transaction."""
        self.session.add(
            AuditRow(
                name=event.name,
                subject_id=event.subject_id,
                case_id=event.case_id,
                actor_id=self.actor.id,
                actor_role=self.actor.role,
                actor_agency_id=self.actor.agency_id,
                at=self.now,
                created_at=self.now,
                body=event.model_dump(mode="json", exclude={"subject_id", "case_id"}, exclude_none=True),
            )
        )
        for react in self.reactions.of(event):
            react(self, event)


@dataclass(frozen=True)
class Desk:
    """The running service as its callers hold it: web handlers, scheduler ticks and tests."""

    engine: Engine
    clock: Clock
    reactions: Reactions = field(default_factory=Reactions)
    reference: Reference = field(default_factory=Reference)

    @contextmanager
    def work(self, actor: Actor) -> Iterator[Work]:
        """A transaction that commits when the block ends and leaves nothing behind when it raises.

        Two people acting at once come out as refusals: a lost race is Stale, a broken uniqueness AlreadyDone.
        """
        try:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                yield Work(session, Moment(actor, self.clock.now()), self.reactions, self.reference)
        except StaleDataError as lost:
            raise Stale from lost
        except IntegrityError as broken:
            raise AlreadyDone from broken

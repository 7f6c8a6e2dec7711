"""A database session that remembers what was asked of it, for as long as the answer cannot have changed."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import Any, NamedTuple

from sqlalchemy import Select, event
from sqlalchemy.orm import ORMExecuteState, SessionTransaction, UOWTransaction
from sqlalchemy.orm import Session as AnySession
from sqlmodel import Session, SQLModel

Kinds = Collection[type[SQLModel]]


class Answers(NamedTuple):
    """What was found by key, and the tables it was found in."""

    rest_on: Kinds
    found: dict[Any, Any]


class Sitting(Session):
    """A session in which an answer may be remembered within one transaction.

    It is forgotten when a row of a table it rests on is written, when a row is locked (others may have written while
    the lock was waited for), when anything is written without naming its rows, and when something is taken back. What is
    said to the connection itself is not heard here: no table that an answer rests on is written so.
    """

    def answers(self, what: Hashable, rest_on: Kinds) -> dict[Any, Any]:
        """What is remembered of this, by key, to be added to."""
        self.flush()  # what is changed and not yet written is as good as written
        known: dict[Hashable, Answers] = self.info.setdefault("known", {})
        return known.setdefault(what, Answers(rest_on, {})).found

    def forget(self, written: Kinds | None = None) -> None:
        """Whatever rests on one of these; without any, everything."""
        known: dict[Hashable, Answers] = self.info.get("known", {})
        for what in [
            what for what, held in known.items() if written is None or not set(written).isdisjoint(held.rest_on)
        ]:
            del known[what]


@event.listens_for(Sitting, "after_flush")
def _written(session: Sitting, _: UOWTransaction) -> None:
    session.forget({type(row) for rows in (session.new, session.dirty, session.deleted) for row in rows})


@event.listens_for(Sitting, "do_orm_execute")
def _said(said: ORMExecuteState) -> None:
    statement: Any = said.statement
    locks = isinstance(statement, Select) and statement._for_update_arg is not None  # noqa: SLF001 - nothing public tells
    if (locks or not said.is_select) and isinstance(said.session, Sitting):
        said.session.forget()


@event.listens_for(Sitting, "after_soft_rollback")
def _taken_back(session: AnySession, _: SessionTransaction) -> None:
    if isinstance(session, Sitting):
        session.forget()

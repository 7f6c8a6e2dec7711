"""The one way a text changes state: by the table of moves, guarded by what it was, with a line written for each (R3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, CursorResult, Update, bindparam, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key
from sqlalchemy.types import TypeEngine

from throughcare.kernel.among import among, given, put, turned
from throughcare.kernel.delivery import Delivery, may_move
from throughcare.kernel.marking import PURPOSE, id_at, move_said
from throughcare.kernel.outbox import MessageEvent, OutboxRow
from throughcare.kernel.refusals import Stale
from throughcare.kernel.sealing import held_by

OUTBOX = OutboxRow.__table__  # type: ignore[attr-defined]  # SQLModel's table classes have it
EVENTS = MessageEvent.__table__  # type: ignore[attr-defined]  # SQLModel's table classes have it


@dataclass(frozen=True)
class Moved:
    """One text goes from `old` to `new`; `set` are the columns that change with it."""

    id: UUID
    old: Delivery
    new: Delivery
    why: str = ""
    set: Mapping[str, Any] = field(default_factory=dict)


def move(session: Session, moves: Sequence[Moved], now: datetime) -> None:
    """Make every move, in as few statements as there are kinds of them.

    ValueError for a move the table does not allow; Stale, and nothing changed, where one is no longer in its old state.
    """
    kinds: dict[tuple[Delivery, Delivery, str, tuple[str, ...]], list[Moved]] = defaultdict(list)
    for each in moves:
        if not may_move(each.old, each.new):
            raise ValueError(f"{each.old} to {each.new}")
        kinds[each.old, each.new, each.why, tuple(sorted(each.set))].append(each)
    session.flush()
    for alike in kinds.values():
        _update(session, alike)
    if moves:
        record(session, moves, now)


def record(session: Session, moves: Sequence[Moved], now: datetime) -> None:
    """The lines about these moves, for a statement that has made them already."""
    connection = session.connection()
    safe = held_by(connection.dialect)
    lines: list[dict[str, Any]] = [
        {"id": id_at(now), "version": 1, "created_at": now, "at": now, "message_id": each.id, "old": str(each.old),
         "new": str(each.new), "why": str(each.why), "mark": ""}
        for each in moves
    ]  # fmt: skip
    if safe:
        for line in lines:
            line["mark"] = safe.mark(move_said(line), PURPOSE)
    put(connection, EVENTS, lines)


def _update(session: Session, alike: list[Moved]) -> None:
    """Moves of one kind: all at once where what is set is the same for all, else each by itself."""
    first, columns, connection = alike[0], tuple(sorted(alike[0].set)), session.connection()
    if all(each.set == first.set for each in alike):
        done = connection.execute(_together(columns), _values(first) | {"ids": [each.id for each in alike]})
    else:
        done = _apart(connection, columns, [_values(each) | {"of": each.id} for each in alike])
    if done.rowcount != len(alike):
        raise Stale
    for each in alike:
        held = session.identity_map.get(identity_key(OutboxRow, each.id))
        if held is not None:
            session.expire(held)


def _values(each: Moved) -> dict[str, Any]:
    always = {"was": each.old, "to_state": each.new, "to_why": each.why}
    return always | {f"to_{name}": value for name, value in each.set.items()}


def _apart(connection: Connection, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> CursorResult[Any]:
    if connection.dialect.name == "postgresql":
        return connection.execute(_side_by_side(columns), turned(rows))
    return connection.execute(_one_by_one(columns), rows)


@cache
def _together(columns: tuple[str, ...]) -> Update:
    return _moving({name: bindparam(name, type_=of) for name, of in _types(columns).items()}).where(
        among(OUTBOX.c.id, "ids")
    )


@cache
def _one_by_one(columns: tuple[str, ...]) -> Update:
    return _moving({name: bindparam(name, type_=of) for name, of in _types(columns).items()}).where(
        OUTBOX.c.id == bindparam("of")
    )


@cache
def _side_by_side(columns: tuple[str, ...]) -> Update:
    lines = given(_types(columns) | {"of": OUTBOX.c.id.type})
    return _moving(dict(lines.c.items())).where(OUTBOX.c.id == lines.c.of)


def _types(columns: tuple[str, ...]) -> dict[str, TypeEngine[Any]]:
    return {"was": OUTBOX.c.state.type} | {f"to_{name}": OUTBOX.c[name].type for name in ("state", "why", *columns)}


def _moving(values: Mapping[str, Any]) -> Update:
    set_ = {name.removeprefix("to_"): value for name, value in values.items() if name.startswith("to_")}
    return update(OUTBOX).where(OUTBOX.c.state == values["was"]).values(version=OUTBOX.c.version + 1, **set_)

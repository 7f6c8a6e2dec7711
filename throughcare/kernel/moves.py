"""The one way a text changes state: by the table of moves, guarded by what it was, with a line written for each (R3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

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
    shapes: dict[tuple[str, ...], list[Moved]] = defaultdict(list)
    for each in moves:
        if not may_move(each.old, each.new):
            raise ValueError(f"{each.old} to {each.new}")
        shapes[tuple(sorted(each.set))].append(each)
    for columns, alike in shapes.items():
        _update(session, columns, alike)
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
    connection.execute(insert(EVENTS), lines)


def _update(session: Session, columns: tuple[str, ...], alike: list[Moved]) -> None:
    values = {name: bindparam(f"to_{name}", type_=OUTBOX.c[name].type) for name in ("state", "why", *columns)}
    statement = (
        update(OUTBOX)
        .where(OUTBOX.c.id == bindparam("of_id"), OUTBOX.c.state == bindparam("was", type_=OUTBOX.c.state.type))
        .values(version=OUTBOX.c.version + 1, **values)
    )
    rows = [
        {"of_id": each.id, "was": each.old, "to_state": each.new, "to_why": each.why}
        | {f"to_{name}": each.set[name] for name in columns}
        for each in alike
    ]
    session.flush()
    if session.connection().execute(statement, rows).rowcount != len(alike):
        raise Stale
    for each in alike:
        held = session.identity_map.get(identity_key(OutboxRow, each.id))
        if held is not None:
            session.expire(held)

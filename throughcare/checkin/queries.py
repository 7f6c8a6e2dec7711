"""What is asked of the outbox over and over while texts are sent: each statement is put together once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, Update, bindparam, select, text, update

from throughcare.kernel.among import among
from throughcare.kernel.delivery import Delivery
from throughcare.kernel.moves import OUTBOX

# Written out, and with the very words of the partial index, so that it serves both databases.
PLANNED_NOW = text("(state IN ('planned', 'claimed') AND state = 'planned')")
ASKED = (
    "id", "state", "case_id", "to", "purpose", "template", "subject_id", "text", "segments", "attempts", "not_before",
    "expires_at", "created_at",
)  # fmt: skip
TOLD = ("id", "state", "sid", "attempts", "case_id", "purpose", "segments")


def _of(names: Iterable[str]) -> list[Any]:
    return [OUTBOX.c[name] for name in names]


@cache
def due_now() -> Select[Any]:
    return select(OUTBOX.c.id).where(PLANNED_NOW, OUTBOX.c.not_before <= bindparam("now")).limit(1)


@cache
def leased() -> Update:
    """One statement: nobody else can have the same row (R4)."""
    due = select(OUTBOX.c.id).where(
        PLANNED_NOW, OUTBOX.c.not_before <= bindparam("now"), OUTBOX.c.priority <= bindparam("least")
    )
    first = due.order_by(OUTBOX.c.priority, OUTBOX.c.not_before).limit(bindparam("room", type_=Integer()))
    taken = first.with_for_update(skip_locked=True).cte("due").prefix_with("MATERIALIZED", dialect="postgresql")
    theirs = {"leased_by": bindparam("who"), "lease_until": bindparam("until", type_=OUTBOX.c.lease_until.type)}
    return (
        update(OUTBOX)
        .where(OUTBOX.c.id.in_(select(taken.c.id)), PLANNED_NOW)
        .values(state=Delivery.CLAIMED, version=OUTBOX.c.version + 1, **theirs)
        .returning(OUTBOX.c.id, OUTBOX.c.purpose, OUTBOX.c.segments)
    )


@cache
def held() -> Select[Any]:
    mine = among(OUTBOX.c.id, "ids"), OUTBOX.c.state == Delivery.CLAIMED, OUTBOX.c.leased_by == bindparam("who")
    return select(*_of(ASKED)).where(*mine).order_by(OUTBOX.c.id).with_for_update()


@cache
def answered() -> Select[Any]:
    return select(*_of(TOLD)).where(among(OUTBOX.c.id, "ids")).order_by(OUTBOX.c.id).with_for_update()

"""Texts the provider took and nothing was heard of since: asked after, and at last said to be unconfirmed (R18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from throughcare.checkin import receipts
from throughcare.checkin.rows import CheckinPrompt
from throughcare.kernel.delivery import Delivery
from throughcare.kernel.moves import OUTBOX, Moved, move
from throughcare.kernel.ports import Found
from throughcare.kernel.work import Work

ASK_AGAIN = timedelta(hours=6)
NO_RECEIPT = timedelta(hours=72)  # R18
AT_ONCE = 50
UNFINISHED = (Delivery.ACCEPTED, Delivery.SENT)


@dataclass(frozen=True)
class Unheard:
    """One such text, by the provider's id."""

    id: UUID
    sid: str
    provider: str = ""


def take(work: Work) -> list[Unheard]:
    """Those a day without a final receipt, held so that no other process asks after them too."""
    due = (
        select(OUTBOX.c.id)
        .where(OUTBOX.c.state.in_(UNFINISHED), OUTBOX.c.lease_until <= work.now, OUTBOX.c.sid.is_not(None))
        .order_by(OUTBOX.c.lease_until)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    ids = list(work.session.connection().scalars(due))
    held = update(OUTBOX).where(OUTBOX.c.id.in_(ids)).values(lease_until=work.now + ASK_AGAIN)
    rows = (
        work.session.connection().execute(held.returning(OUTBOX.c.id, OUTBOX.c.sid, OUTBOX.c.provider)).all()
        if ids
        else []
    )
    return [Unheard(row.id, row.sid, row.provider) for row in rows]


def told(work: Work, unheard: Unheard, found: Found) -> None:
    """What the provider says now counts as the receipt that did not come: upward only (R16)."""
    receipts.arrive(work, unheard.id, found.status, found.code, unheard.sid)


def confirm_old(work: Work) -> int:
    """Three days without a receipt: never confirmed, and said so; not the same as missed (R18)."""
    old = (
        select(OUTBOX.c.id, OUTBOX.c.state)
        .where(OUTBOX.c.state.in_(UNFINISHED), OUTBOX.c.accepted_at <= work.now - NO_RECEIPT)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    rows = work.session.connection().execute(old).all()
    moves = [Moved(row.id, row.state, Delivery.UNCONFIRMED, "no_receipt", {"ended_at": work.now}) for row in rows]
    move(work.session, moves, work.now)
    asked = select_rows(CheckinPrompt).where(col(CheckinPrompt.message_id).in_([row.id for row in rows]))
    for prompt in work.session.exec(asked):
        prompt.failed_at = prompt.look_at = work.now
        work.session.add(prompt)
    return len(moves)

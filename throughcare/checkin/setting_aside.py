"""A text that cannot be handled stops no other: tried a few times more, then set aside for a person (R10)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from throughcare.checkin import budget, errands, holding, receipts
from throughcare.kernel.delivery import Delivery
from throughcare.kernel.moves import EVENTS, OUTBOX, Moved, move
from throughcare.kernel.refusals import NotFound, refuse_if
from throughcare.kernel.work import AlreadyDone, Work

FAULT = "fault"
MOST_FAULTS = 3
WAIT = timedelta(minutes=1)  # doubled with each fault


def fault(work: Work, message_id: UUID, who: str) -> None:
    """What was asked of this text raised: it waits, and after three times it is set aside and people are told."""
    row = holding.text(work, message_id, OUTBOX.c.state == Delivery.CLAIMED, OUTBOX.c.leased_by == who)
    if row is None:
        return
    if (before := _faults(work, message_id)) + 1 < MOST_FAULTS:
        state, changed = Delivery.PLANNED, {"not_before": work.now + WAIT * 2**before}
    else:
        state, changed = Delivery.QUARANTINED, {"ended_at": work.now}
    move(work.session, [Moved(message_id, Delivery.CLAIMED, state, FAULT, changed)], work.now)
    budget.give_back(work, row.segments)
    if state is Delivery.QUARANTINED:
        receipts.never_known(work, message_id)
        if row.case_id:
            errands.alert(work, errands.OPERATIONS, row.case_id, message_id, errands.today(work), urgent=True)


def _faults(work: Work, message_id: UUID) -> int:
    so_far = select(func.count()).where(EVENTS.c.message_id == message_id, EVENTS.c.why == FAULT)
    return work.session.connection().scalar(so_far) or 0


def try_again(work: Work, message_id: UUID) -> None:
    """Whoever runs the service has mended what was wrong. One that is too late by now is given up by the sweep."""
    _leave(work, message_id, Delivery.PLANNED, "tried_again", not_before=work.now, ended_at=None)


def give_up(work: Work, message_id: UUID) -> None:
    """It will not be sent."""
    _leave(work, message_id, Delivery.CANCELLED, "given_up", ended_at=work.now)


def _leave(work: Work, message_id: UUID, state: Delivery, why: str, **changed: object) -> None:
    """NotFound, or AlreadyDone where it is not set aside any more."""
    mine = select(OUTBOX.c.state).where(OUTBOX.c.id == message_id)
    held = work.session.connection().scalar(mine.with_for_update())
    refuse_if(held is None, NotFound)
    refuse_if(held is not Delivery.QUARANTINED, AlreadyDone)
    move(work.session, [Moved(message_id, Delivery.QUARANTINED, state, why, changed)], work.now)

"""A text sealed with a key that this process does not have waits for one that has it: nothing is given up for that (R10, R36)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from throughcare.checkin import errands
from throughcare.checkin.grounds import Why
from throughcare.checkin.strangers import tell_on_duty
from throughcare.kernel.delivery import Delivery
from throughcare.kernel.moves import Moved
from throughcare.kernel.sealing import Keyless
from throughcare.kernel.work import Work

SOONEST, LATEST = timedelta(seconds=5), timedelta(minutes=5)


def waits(work: Work, row: Any) -> Moved | None:
    """The move of such a text, tried again after longer and longer until its time is over; those on duty are told."""
    if not isinstance(row.text, Keyless):
        return None
    tell_on_duty(work, errands.KEY_MISSING, f"{work.today}", work.now, urgent=True)
    wait = min(max((work.now - row.created_at) / 4, SOONEST), LATEST)
    return Moved(row.id, Delivery.CLAIMED, Delivery.PLANNED, Why.UNREADABLE, {"not_before": work.now + wait})

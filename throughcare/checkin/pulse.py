"""How far behind the texts are, for whoever watches over the service: ages and counts, and nobody's data (R50)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import col

from throughcare.checkin import alerting, outages
from throughcare.checkin.queries import PLANNED_NOW
from throughcare.checkin.rows import InboundText
from throughcare.kernel.delivery import Delivery
from throughcare.kernel.moves import OUTBOX
from throughcare.kernel.work import Work


def pulse(work: Work) -> Mapping[str, int | None]:
    """Seconds since the oldest of each kind that waits; None where none does."""
    ages = {**instants(work), "provider_down": outages.down_now(work)}
    return {name: round((work.now - at).total_seconds()) if at else None for name, at in ages.items()}


def instants(work: Work) -> dict[str, datetime | None]:
    """The oldest of each kind that waits."""
    taken = OUTBOX.c.state.in_([Delivery.ACCEPTED, Delivery.SENT])
    return {
        "oldest_due": _oldest(work, OUTBOX.c.not_before, and_(PLANNED_NOW, OUTBOX.c.not_before <= work.now)),
        "oldest_in_doubt": _oldest(work, OUTBOX.c.sending_at, OUTBOX.c.state == Delivery.AMBIGUOUS),
        "oldest_without_receipt": _oldest(work, OUTBOX.c.accepted_at, taken),
        "oldest_unread_by_us": _oldest(work, col(InboundText.received_at), col(InboundText.settled_at).is_(None)),
        "oldest_alert_to_staff": alerting.oldest_unsent(work),
    }


def _oldest(work: Work, instant: Any, where: ColumnElement[bool]) -> datetime | None:
    return work.session.connection().scalar(select(func.min(instant)).where(where))

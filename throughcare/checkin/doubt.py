"""Texts of which nobody can say whether they were sent: looked for at the provider, and never blindly sent again (R8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from throughcare.checkin import budget, holding, receipts
from throughcare.checkin.retention import Retention
from throughcare.checkin.service import Pacing
from throughcare.checkin.took import kind_of, same, taken
from throughcare.kernel.delivery import REINS, Delivery, Purpose
from throughcare.kernel.moves import EVENTS, OUTBOX, Moved, move
from throughcare.kernel.ports import Found
from throughcare.kernel.sealing import Unreadable
from throughcare.kernel.work import Work

SKEW = timedelta(minutes=2)  # the provider's clock is not ours; the same words never go to one number twice so soon
AT_ONCE = 50
GIVE_UP = timedelta(hours=24)  # of searches that do not answer
LONGEST_WAIT = timedelta(minutes=15)
MOST_ABSENCES = 5  # each is proof that nothing left; a text that vanishes more often is for a person to look at (R10)


@dataclass(frozen=True)
class Doubt:
    """One such text. `since` is from when to search; an answer is `believed` once the provider has had time to settle."""

    id: UUID
    to: str
    text: str
    since: datetime
    believed: bool
    provider: str = ""  # who may have it


def take(work: Work) -> list[Doubt]:
    """Those whose wait for a receipt is over, held for a lease so that no other process looks for them too."""
    pacing = work.reference[Pacing]
    due = (
        select(OUTBOX.c.id)
        .where(OUTBOX.c.state == Delivery.AMBIGUOUS, OUTBOX.c.lease_until <= work.now)
        .order_by(OUTBOX.c.priority, OUTBOX.c.lease_until)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    ids = list(work.session.connection().scalars(due))
    held = update(OUTBOX).where(OUTBOX.c.id.in_(ids)).values(lease_until=work.now + pacing.lease)
    returning = held.returning(
        OUTBOX.c.id, OUTBOX.c.to, OUTBOX.c.text, OUTBOX.c.sending_at, OUTBOX.c.created_at, OUTBOX.c.provider
    )
    rows = work.session.connection().execute(returning).all() if ids else []
    return [_doubt(row, work.now, pacing) for row in rows]


def _doubt(row: Any, now: datetime, pacing: Pacing) -> Doubt:
    since = row.sending_at or row.created_at
    return Doubt(row.id, row.to, row.text, since - SKEW, now >= since + pacing.settle, row.provider)


def resolve(work: Work, doubt: Doubt, found: Sequence[Found] | None) -> Delivery:
    """What the search settled: found, proven absent, or (None) no answer. Gives the state the text is in now."""
    row = holding.text(work, doubt.id)
    if row.state is not Delivery.AMBIGUOUS:
        return Delivery(row.state)  # a receipt came meanwhile
    if found is None or _proves_nothing(work, doubt, found):
        return _unanswered(work, doubt, row.purpose, row.sending_at)
    same = [text for text in found if _is_it(text, doubt) and not _known(work, text.sid, doubt.id)]
    if same:
        return _found(work, doubt, same[0])
    if not doubt.believed:
        return _again(work, doubt)
    budget.give_back(work, row.segments, row.sending_at)
    return _absent(work, doubt, row.expires_at)


def _proves_nothing(work: Work, doubt: Doubt, found: Sequence[Found]) -> bool:
    """Without its words nobody can say that it is not there; nor once the provider may have deleted it by itself."""
    kept = work.reference[Retention].keeps.get(kind_of(doubt.provider))
    return isinstance(doubt.text, Unreadable) or (not found and kept is not None and work.now >= doubt.since + kept)


def _is_it(text: Found, doubt: Doubt) -> bool:
    """By our own id where the provider keeps it, whatever it did to the words; else by the words."""
    return text.reference == str(doubt.id) if text.reference else text.text == doubt.text


def _known(work: Work, sid: str, message_id: UUID) -> bool:
    """Is this one another text of ours?"""
    other = select(OUTBOX.c.id).where(OUTBOX.c.sid == sid, OUTBOX.c.id != message_id)
    return work.session.connection().scalar(other) is not None


def _found(work: Work, doubt: Doubt, text: Found) -> Delivery:
    """The provider has it. What has become of it since is said as a receipt would say it."""
    changed = taken(work, text.sid, doubt.provider)
    move(work.session, [Moved(doubt.id, Delivery.AMBIGUOUS, Delivery.ACCEPTED, "found", changed)], work.now)
    receipts.arrive(work, doubt.id, text.status, text.code, text.sid)
    return Delivery.ACCEPTED


def _absent(work: Work, doubt: Doubt, expires_at: datetime) -> Delivery:
    """Proven not to have been taken: sent again while there is time."""
    if expires_at <= work.now:
        return _end(work, doubt, Delivery.EXPIRED, "absent_and_late")
    if _times_sent_again(work, doubt.id) >= MOST_ABSENCES:
        return _end(work, doubt, Delivery.UNCONFIRMED, "absent_too_often")
    return _send_again(work, doubt, "absent")


def _send_again(work: Work, doubt: Doubt, why: str) -> Delivery:
    again = Moved(doubt.id, Delivery.AMBIGUOUS, Delivery.PLANNED, why, {"not_before": work.now})
    move(work.session, [again], work.now)
    return Delivery.PLANNED


def _times_sent_again(work: Work, message_id: UUID) -> int:
    before = select(func.count()).where(
        EVENTS.c.message_id == message_id,
        EVENTS.c.old == str(Delivery.AMBIGUOUS),
        EVENTS.c.new == str(Delivery.PLANNED),
    )
    return work.session.connection().scalar(before) or 0


def _unanswered(work: Work, doubt: Doubt, purpose: Purpose, sending_at: datetime | None) -> Delivery:
    """The search is down. What must reach the person goes again once; everything else is not sent again, and is said so."""
    if REINS[purpose].at_least_once and _may_be_absent(work, doubt) and not _times_sent_again(work, doubt.id):
        return _send_again(work, doubt, "search_down")
    if sending_at is None or work.now - sending_at >= GIVE_UP:
        return _end(work, doubt, Delivery.UNCONFIRMED, "search_down")
    return _again(work, doubt)


def _may_be_absent(work: Work, doubt: Doubt) -> bool:
    """Never where another sends by now than whoever may have it: that would be a fail-over while nobody knows (R15)."""
    ours = not doubt.provider or same(doubt.provider, work.reference[Pacing].provider)
    return doubt.believed and ours and not isinstance(doubt.text, Unreadable)


def _again(work: Work, doubt: Doubt) -> Delivery:
    """Look again later, less often the longer it lasts."""
    pacing = work.reference[Pacing]
    waited = work.now - (doubt.since + SKEW)
    wait = max(min(waited / 4, LONGEST_WAIT), min(pacing.settle, pacing.callback_wait) / 4)
    later = update(OUTBOX).where(OUTBOX.c.id == doubt.id).values(lease_until=work.now + wait)
    work.session.connection().execute(later)
    return Delivery.AMBIGUOUS


def _end(work: Work, doubt: Doubt, state: Delivery, why: str) -> Delivery:
    move(work.session, [Moved(doubt.id, Delivery.AMBIGUOUS, state, why, {"ended_at": work.now})], work.now)
    receipts.never_known(work, doubt.id)
    return state

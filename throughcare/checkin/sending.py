"""The outbox as the dispatcher works it: claim, ask once more and commit SENDING, write down what became of each (R1-R6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update
from sqlmodel import col

from throughcare.checkin import budget, first_sent, keyless, outages, queries
from throughcare.checkin.eligibility import facts_about
from throughcare.checkin.grounds import Asking, Facts, Why, held_back, hours_of
from throughcare.checkin.ladders import Span
from throughcare.checkin.plans import CheckinPlans, Window
from throughcare.checkin.rows import SenderPace
from throughcare.checkin.schedule import ANY_HOURS, NoSafeTime, may_go, next_open, validity
from throughcare.checkin.service import Pacing
from throughcare.checkin.took import taken
from throughcare.kernel.delivery import REINS, Delivery, Purpose, rank
from throughcare.kernel.moves import OUTBOX, Moved, move, record
from throughcare.kernel.ports import Sms
from throughcare.kernel.sealing import Unreadable
from throughcare.kernel.work import Work

MOST = 500  # texts in one claim
LEAST = max(rein.priority for rein in REINS.values())  # urgent of all
LEASED = {Delivery.CLAIMED: (Delivery.PLANNED, "lease_lost"), Delivery.SENDING: (Delivery.AMBIGUOUS, "lease_lost")}
BACK_OFF = timedelta(seconds=60)  # at most, between tries of a text that was not taken


@dataclass(frozen=True)
class Going:
    """A text committed as SENDING: it leaves before `until`, or not at all."""

    id: UUID
    sms: Sms
    until: datetime


def claim(work: Work, who: str, most: int) -> list[UUID]:
    """Take what is due, most urgent first, for the length of a lease; no more than the sender's bucket holds (R4, R11).

    When the bucket is empty only answers to a text just received are taken: they are exempt from pacing. When the budget
    is, what a worker writes goes too.
    """
    if not _any_due(work):
        return []
    pacing = work.reference[Pacing]
    bucket = _bucket(work, pacing)
    left, room, least = budget.left(bucket, pacing), min(most, MOST, int(bucket.tokens)), LEAST
    paused = bucket.paused_until is not None and bucket.paused_until > work.now
    if paused or room < 1:
        least, room = REINS[Purpose.SAFETY].priority, min(most, MOST)
    elif left == 0:
        least = REINS[Purpose.REPLY].priority
    else:
        room = budget.texts_within(left, room)
    asked = {"least": least, "room": room, "now": work.now, "who": who, "until": work.now + pacing.lease}
    rows = work.session.connection().execute(queries.leased(), asked).all()
    bucket.tokens -= sum(row.segments for row in rows if not REINS[row.purpose].exempt)
    budget.spend(work, bucket, sum(row.segments for row in rows))
    if rows:
        record(work.session, [Moved(row.id, Delivery.PLANNED, Delivery.CLAIMED) for row in rows], work.now)
    return [row.id for row in rows]


def _any_due(work: Work) -> bool:
    """Nothing is written while nothing is due."""
    return work.session.connection().scalar(queries.due_now(), {"now": work.now}) is not None


def _bucket(work: Work, pacing: Pacing) -> SenderPace:
    """The sender's bucket, locked and filled up to now."""
    mine = select(SenderPace).where(col(SenderPace.sender) == pacing.sender).with_for_update()
    bucket = work.session.scalars(mine).first()
    if bucket is None:  # another process may be putting it there too
        full = max(pacing.per_second, 1.0)
        work.add_once(SenderPace(sender=pacing.sender, tokens=full, at=work.now, day=work.today))
        return work.session.scalars(mine).one()
    budget.turn(bucket, work.today)
    budget.fill(bucket, work.now, pacing.per_second)
    return bucket


def begin(work: Work, ids: Sequence[UUID], who: str) -> list[Going]:
    """Ask of each once more whether it may go, and commit the sending of those that may (R6).

    The rows stay locked while the question is asked: a STOP that is being written waits for us, or we for it.
    """
    pacing, plans = work.reference[Pacing], work.reference[CheckinPlans]
    rows = work.session.connection().execute(queries.held(), {"ids": ids, "who": who}).all()
    askings = [
        Asking(row.case_id, row.to, row.purpose, row.template, row.subject_id, not isinstance(row.text, Unreadable))
        for row in rows
    ]
    facts = facts_about(work, askings)
    late = {each.id: each for each in _given_up(work, rows)}
    moves = [
        late.get(row.id)
        or keyless.waits(work, row)
        or _ruled(row, asking, known, work.now, plans.window)
        or _sent_off(row, work.now, pacing)
        for row, asking, known in zip(rows, askings, facts, strict=True)
    ]
    move(work.session, moves, work.now)
    gone = {each.id for each in moves if each.new is Delivery.SENDING}
    budget.give_back(work, sum(row.segments for row in rows if row.id not in gone))
    until = work.now + pacing.lease - pacing.http_timeout
    return [Going(row.id, _sms(row, work.now, plans.window), until) for row in rows if row.id in gone]


def _given_up(work: Work, rows: Sequence[Row[Any]]) -> list[Moved]:
    """The moves of those past their time: for an outage, where one fell in it (R14), else because they were late."""
    late = [row for row in rows if row.expires_at <= work.now]
    downs = outages.spans(work, min(row.not_before for row in late)) if late else ()
    return [Moved(row.id, row.state, Delivery.EXPIRED, _why_late(row, downs), {"ended_at": work.now}) for row in late]


def _why_late(row: Row[Any], downs: Sequence[Span]) -> str:
    fell = any(down.start <= row.expires_at and (down.end is None or down.end >= row.not_before) for down in downs)
    return "outage" if fell else "late"


def _ruled(row: Row[tuple[object, ...]], asking: Asking, facts: Facts, now: datetime, window: Window) -> Moved | None:
    """The move of a text that does not go now: held back, or waiting for sending hours."""
    why = held_back(asking, facts)
    if why:
        return Moved(row.id, Delivery.CLAIMED, Delivery.SUPPRESSED, why, {"ended_at": now})
    return None if REINS[asking.purpose].exempt else _kept_waiting(row, facts, now, window)


def _kept_waiting(row: Row[tuple[object, ...]], facts: Facts, now: datetime, window: Window) -> Moved | None:
    hours = hours_of(facts.contact) or ANY_HOURS
    try:
        if may_go(now, window, hours) and validity(row.expires_at, now, window) > 0:
            return None
        opens = next_open(now, window, hours)
    except NoSafeTime:
        return Moved(row.id, Delivery.CLAIMED, Delivery.SUPPRESSED, Why.NO_SAFE_TIME, {"ended_at": now})
    if opens >= row.expires_at:
        return Moved(row.id, Delivery.CLAIMED, Delivery.EXPIRED, "quiet_hours", {"ended_at": now})
    return Moved(row.id, Delivery.CLAIMED, Delivery.PLANNED, "quiet_hours", {"not_before": opens})


def _sent_off(row: Row[tuple[object, ...]], now: datetime, pacing: Pacing) -> Moved:
    until = now + pacing.lease
    changed = {"attempts": row.attempts + 1, "sending_at": now, "lease_until": until, "provider": pacing.provider}
    return Moved(row.id, Delivery.CLAIMED, Delivery.SENDING, "", changed)


def _sms(row: Row[tuple[object, ...]], now: datetime, window: Window) -> Sms:
    exempt = REINS[row.purpose].exempt
    return Sms(row.to, row.text, str(row.id), validity(row.expires_at, now, window, exempt=exempt))


@dataclass(frozen=True)
class Answer:
    """What became of one call: a `sid`, or what went wrong. `code` is the provider's refusal; `not_taken` may be tried again."""

    id: UUID
    sid: str = ""
    code: int | None = None
    not_taken: bool = False
    why: str = ""


def complete(work: Work, answers: Iterable[Answer]) -> list[Answer]:
    """Write down what became of each; gives back the refusals, which are looked into one by one.

    A receipt may have come first: what it said stands (R17).
    """
    by_id = {answer.id: answer for answer in answers}
    moves, named = [], []
    rows = work.session.connection().execute(queries.answered(), {"ids": by_id}).all()
    for row in rows:
        answer = by_id[row.id]
        # taken is taken, whatever we thought of it meanwhile
        if answer.sid and rank(row.state) < rank(Delivery.ACCEPTED):
            moves.append(Moved(row.id, row.state, Delivery.ACCEPTED, "", taken(work, answer.sid)))
        elif answer.sid and row.sid is None:
            named.append((row.id, answer.sid))
        elif row.state is Delivery.SENDING and answer.code is None and not answer.sid:
            moves.append(_unsure(work, row.id, answer, row.attempts))
    move(work.session, moves, work.now)
    unsent = {each.id for each in moves if each.new is Delivery.PLANNED}
    budget.give_back(work, sum(row.segments for row in rows if row.id in unsent))
    _name(work, named)
    first_sent.note(work, [row.case_id for row in rows if by_id[row.id].sid and row.purpose is Purpose.CHECKIN])
    return [answer for answer in by_id.values() if answer.code is not None]


def _name(work: Work, named: Iterable[tuple[UUID, str]]) -> None:
    for message_id, sid in named:
        named_now = update(OUTBOX).where(OUTBOX.c.id == message_id)
        work.session.connection().execute(named_now.values(taken(work, sid)))


def _unsure(work: Work, message_id: UUID, answer: Answer, attempts: int) -> Moved:
    if answer.not_taken:
        wait = min(timedelta(seconds=2 ** min(attempts, 6)), BACK_OFF)
        return Moved(message_id, Delivery.SENDING, Delivery.PLANNED, answer.why, {"not_before": work.now + wait})
    wait_until = work.now + work.reference[Pacing].callback_wait
    return Moved(message_id, Delivery.SENDING, Delivery.AMBIGUOUS, answer.why, {"lease_until": wait_until})


def sweep(work: Work) -> int:
    """Leases lost: before SENDING the text goes back in the queue, in SENDING nobody can say (R4). Past its time: given up."""
    now = work.now
    columns = (OUTBOX.c.id, OUTBOX.c.state, OUTBOX.c.not_before, OUTBOX.c.expires_at)
    lost = select(*columns, OUTBOX.c.segments).where(OUTBOX.c.state.in_(LEASED), OUTBOX.c.lease_until <= now)
    stale = select(*columns).where(queries.PLANNED_NOW, OUTBOX.c.expires_at <= now)
    rows = work.session.connection().execute(lost.limit(MOST).with_for_update(skip_locked=True)).all()
    waits = {"lease_until": now + work.reference[Pacing].callback_wait}
    moves = [
        Moved(row.id, row.state, *LEASED[row.state], waits if row.state is Delivery.SENDING else {}) for row in rows
    ]
    late = work.session.connection().execute(stale.limit(MOST).with_for_update(skip_locked=True)).all()
    moves += _given_up(work, late)
    move(work.session, moves, now)
    budget.give_back(work, sum(row.segments for row in rows if row.state is Delivery.CLAIMED))
    return len(moves)

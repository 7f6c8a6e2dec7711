"""Texts, and rings, as they arrive: kept once, then settled in the order in which each number sent them (R20, R21, R23, R24)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any
from uuid import UUID

import structlog
from sqlmodel import col, or_, select

from throughcare.casework.people import PhoneNumber
from throughcare.casework.tasks import Errand
from throughcare.checkin import alarms, errands, holding, joining, neutral, optouts, replying, strangers
from throughcare.checkin.lexicon import Lexicon
from throughcare.checkin.replies import Kind, parse
from throughcare.checkin.rows import EARLY, FAILED, HELD, PLACED, SHARED, UNKNOWN, InboundText
from throughcare.checkin.strangers import concerning
from throughcare.kernel.ports import Said
from throughcare.kernel.rows import plain
from throughcare.kernel.sealing import Unopened, Unreadable
from throughcare.kernel.straight import straight
from throughcare.kernel.work import Desk, Work

log = structlog.get_logger()
TABLE = InboundText.__table__  # type: ignore[attr-defined] # SQLModel's table classes have it
NUMBER = re.compile("[0-9]{1,6}")
MOST_TRIES = 5
LEFT_BEHIND = timedelta(seconds=10)
SELDOM = timedelta(hours=1)  # at the longest, between tries of one that cannot even be told of
AT_ONCE = 100
LONGEST = 20_000  # characters kept of one text


def store(work: Work, fields: Mapping[str, str], came_at: datetime | None = None) -> bool:
    """Keep a text or a ring, once, as of when it came; False when it is here already (its provider called twice)."""
    return bool(sid_of(fields)) and bool(work.add_all_once(InboundText, [_row(fields, came_at or work.now)]))


def store_together(desk: Desk, calls: Sequence[Said]) -> set[str]:
    """Keep texts and rings that came together; what tells each apart of those that were not here already.

    They are put in one order by all, so that two processes that are called about the same do not wait for each other.
    """
    now = desk.clock.now()
    rows = sorted((_row(said.fields, said.at) | {"created_at": now} for said in calls), key=itemgetter("sid"))
    said_of = {name for row in rows for name, value in row.items() if value is not None}
    new = straight(desk).put_new(TABLE, [{name: row[name] for name in row if name in said_of} for row in rows])
    return {row["sid"] for row in rows if row["id"] in new}


def sid_of(fields: Mapping[str, str]) -> str:
    """What tells a text or a ring apart from the next."""
    return fields.get("MessageSid") or fields.get("CallSid", "")


def _row(fields: Mapping[str, str], came_at: datetime) -> dict[str, Any]:
    return plain(
        InboundText,
        sid=sid_of(fields),
        from_number=_plain(fields.get("From", "")),
        to_number=_plain(fields.get("To", "")),
        body=_plain(fields.get("Body", ""))[:LONGEST],
        media=counted(fields.get("NumMedia", "0")) or 0,
        rang="MessageSid" not in fields,
        received_at=came_at,
    )


def counted(said: str) -> int | None:
    """A number as the provider writes it; None for whatever else stands there, which costs nobody their text."""
    return int(said) if NUMBER.fullmatch(said) else None


def _plain(text: str) -> str:
    """What every database can keep: no NUL, no lone surrogate (R25)."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def settle_number(work: Work, number: str) -> int:
    """Settle what this number sent and nobody has looked at, oldest first; a second process waits for the first (R21)."""
    waiting = select(InboundText).where(InboundText.from_number == number, col(InboundText.settled_at).is_(None))
    count = 0
    for text in work.session.exec(
        waiting.order_by(col(InboundText.received_at), col(InboundText.id)).with_for_update()
    ):
        _settle(work, text)
        count += 1
    return count


def settle_waiting(work: Work) -> int:
    """A round: what was left behind by a fault or a restart. One text's fault stops no other (R10), and however many
    there are that cannot be worked or even told of, those that were tried less come first.
    """
    again = col(InboundText.try_at)
    late = select(InboundText).where(
        col(InboundText.settled_at).is_(None),
        InboundText.received_at <= work.now - LEFT_BEHIND,
        or_(again.is_(None), again <= work.now),
    )
    order = (col(InboundText.tries), col(InboundText.received_at), col(InboundText.id))
    found = work.session.exec(late.order_by(*order).limit(AT_ONCE).with_for_update(skip_locked=True))
    count = 0
    for text in found.all():
        text.tries += 1
        if _alone(work, text, _settle):
            count += 1
        elif text.tries >= MOST_TRIES and not _alone(work, text, _give_up):
            text.try_at = work.now + min(LEFT_BEHIND * 2 ** (text.tries - MOST_TRIES + 1), SELDOM)
        work.session.add(text)
    return count


def _alone(work: Work, text: InboundText, act: Callable[[Work, InboundText], None]) -> bool:
    """Whether this could be done; where it could not, nothing of it is left, and the next text is worked."""
    try:
        with work.session.begin_nested():
            act(work, text)
    except Exception:
        log.exception("a text could not be settled", inbound_id=str(text.id))
        return False
    return True


def _give_up(work: Work, text: InboundText) -> None:
    """We cannot work it: a person must. Whoever answers for its holders is told, or those on duty where it has none."""
    text.fate, text.settled_at = FAILED, work.now
    urgent = concerning(work, text.body)
    for holder in (holders := _holders(work, text)):
        _tell_holder(work, text, holder.case_id, errands.UNSETTLED, urgent=urgent)
    if not holders:
        _tell_of(work, text)


def _settle(work: Work, text: InboundText) -> None:
    if isinstance(text.body, Unreadable):
        raise Unopened("for all that anybody knows it says STOP")
    holders = _holders(work, text)
    if len(holders) == 1 and _early(holders[0], text):
        text.fate = EARLY
        _quarantine(work, text, holders, errands.EARLY)
    elif len(holders) == 1:
        text.case_id, text.fate = holders[0].case_id, PLACED
        replying.read(work, text, holders[0])
        text.body = ""  # the words are the case's now
    elif holders:
        text.fate = SHARED
        _quarantine(work, text, holders, errands.SHARED)
    else:
        text.fate = UNKNOWN
        _unknown(work, text)
    text.settled_at = work.now
    work.session.add(text)


def _holders(work: Work, text: InboundText) -> list[PhoneNumber]:
    """Whose number it was when the text came: the newest row of each person."""
    live = select(PhoneNumber).where(
        PhoneNumber.number == text.from_number,
        or_(col(PhoneNumber.until_at).is_(None), col(PhoneNumber.until_at) > work.now),
        PhoneNumber.from_at <= text.received_at,
    )
    return list(
        {number.case_id: number for number in work.session.exec(live.order_by(col(PhoneNumber.from_at)))}.values()
    )


def _early(holder: PhoneNumber, text: InboundText) -> bool:
    """It came before the number was proven to be theirs, and is only read after: another may have written it (R23)."""
    return holder.proven_at is not None and text.received_at < holder.proven_at


def _quarantine(work: Work, text: InboundText, holders: list[PhoneNumber], what: Errand) -> None:
    """Nobody guesses whose words these are. A STOP stops texts to everybody who has the number (R23)."""
    lexicon = work.reference[Lexicon]
    urgent = concerning(work, text.body)
    stop = parse(text.body, lexicon).kind is Kind.STOP
    for case_id in sorted(holder.case_id for holder in holders):
        holding.case_first(work, case_id)
    for holder in holders:
        if stop:
            optouts.opt_out(work, holder.case_id, text.from_number, "sms", text.body)
        _tell_holder(work, text, holder.case_id, what, urgent=urgent)


def _tell_holder(work: Work, text: InboundText, case_id: UUID, what: Errand, *, urgent: bool) -> None:
    """Put it before those who answer for one of the people whose words they may be."""
    if urgent and joining.joins(work, what, case_id, text):
        return
    due = errands.ring_by(work, case_id)
    errands.alert(work, what, case_id, text.id, due, key=f"{text.id}:{case_id}", urgent=urgent)
    if urgent:
        alarms.sound_unplaced(work, what, text.id, case_id)


def _unknown(work: Work, text: InboundText) -> None:
    """Nobody we know: kept apart from every case, put before those on duty, and answered once with nothing in particular.

    A STOP is kept all the same, should the number become somebody's; it needs nobody. A ring is not answered.
    """
    kind = parse(text.body, work.reference[Lexicon]).kind
    if kind is Kind.STOP:
        optouts.note(work, text.from_number, "sms", text.body, out=True)
        return
    if kind is Kind.START:
        optouts.note(work, text.from_number, "sms", text.body, out=False)
    _tell_of(work, text)
    if not text.rang:
        neutral.answer(work, text, concerning=concerning(work, text.body))


def _tell_of(work: Work, text: InboundText) -> None:
    urgent = concerning(work, text.body)
    if urgent and joining.joins(work, errands.UNKNOWN, None, text):
        return
    strangers.tell(work, text, urgent=urgent)
    if urgent:
        alarms.sound_unplaced(work, errands.UNKNOWN, text.id, None)


def unplaced(work: Work, text_id: UUID) -> InboundText | None:
    """One text that nobody has placed, locked."""
    text = work.session.get(InboundText, text_id, with_for_update=True)
    return text if text and text.fate in {UNKNOWN, FAILED, *HELD} else None

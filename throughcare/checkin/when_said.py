"""When the texts that work is about came, and how often it was said: one time for one text, on every page (R42)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select as sa_select
from sqlmodel import col, func, select

from throughcare.casework import access
from throughcare.checkin import strangers
from throughcare.checkin.on_call_rows import Alarm, TextAgain
from throughcare.checkin.rows import InboundText, TextReceived
from throughcare.checkin.thread import heard
from throughcare.checkin.unplaced import TELLS, UNPLACED
from throughcare.kernel.work import Work

About = tuple[UUID, UUID | None]  # the text that work is about, and the case


@dataclass(frozen=True)
class Said:
    """When the first was received, how many there are, and when the last was."""

    since: datetime
    times: int = 1
    last: datetime | None = None


def said(work: Work, about: Iterable[About]) -> Mapping[About, Said]:
    """Of work that is about texts; what is about anything else is not told of."""
    wanted = set(about)
    ids = {text_id for text_id, _ in wanted}
    came = _came(work, ids)
    text_id, case_id, at = col(TextAgain.subject_id), col(TextAgain.case_id), col(TextAgain.received_at)
    each: tuple[Any, ...] = (func.count(col(TextAgain.text_id).distinct()), func.min(at), func.max(at))
    query = sa_select(text_id, case_id, *each).where(text_id.in_(ids)).group_by(text_id, case_id)
    rows: Any = work.session.execute(query).all() if ids else ()
    more = {(subject_id, whose): (count, first, last) for subject_id, whose, count, first, last in rows}
    return {each: _said(came[each[0]], more.get(each)) for each in wanted if each[0] in came}


def _said(at: datetime, more: tuple[int, datetime, datetime] | None) -> Said:
    """A text that was kept elsewhere meanwhile may have come before the one that was read first."""
    if more is None:
        return Said(at)
    count, first, last = more
    return Said(min(at, first), count + 1, max(at, last))


def _came(work: Work, ids: set[UUID]) -> dict[UUID, datetime]:
    """When each was received, placed or not."""
    found: dict[UUID, datetime] = {}
    for table in (InboundText, TextReceived):
        rows = select(table.id, table.received_at).where(col(table.id).in_(ids))
        found |= dict(work.session.exec(rows).all()) if ids else {}
    return found


def last_words(work: Work, alarm: Alarm) -> str:
    """What was said last of what an alarm is about, as this reader may have it; blank where it is not theirs to know."""
    again = select(TextAgain.text_id).where(
        TextAgain.subject_id == alarm.subject_id,
        TextAgain.errand == alarm.errand,
        TextAgain.case_id == alarm.case_id,
    )
    among = [alarm.subject_id, *work.session.exec(again)]
    read = select(TextReceived).where(col(TextReceived.id).in_(among))
    newest = (col(TextReceived.received_at).desc(), col(TextReceived.id))
    text = work.session.exec(read.order_by(*newest)).first()
    if text is None:
        return _unplaced(work, among)
    (told,) = heard(work, text.case_id, [text])
    return told.text or ""


def _unplaced(work: Work, among: list[UUID]) -> str:
    mine = select(InboundText).where(col(InboundText.id).in_(among), strangers.theirs_to_place(work))
    text = work.session.exec(mine.order_by(col(InboundText.received_at).desc(), col(InboundText.id))).first()
    if text is None:
        return ""
    access.note_unplaced(work, [text.id], UNPLACED, TELLS)
    return text.body

"""Texts that nobody has placed: from a number we do not know, or from one that two people have (R23, R24)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import case, or_
from sqlmodel import col, select

from throughcare.casework import access, contact
from throughcare.casework.paging import Key, Order, instant, place, rank
from throughcare.casework.people import Case
from throughcare.casework.rows import Task, TaskStatus
from throughcare.checkin import errands, strangers
from throughcare.checkin.on_call_rows import TextAgain
from throughcare.checkin.rows import EARLY, SHARED, InboundText
from throughcare.kernel.categories import Category
from throughcare.kernel.refusals import NotFound
from throughcare.kernel.work import Work

PAGE = 25
MOST_PEOPLE = 50
UNPLACED = "Unplaced"
TELLS = (Category.SMS, Category.CONTACT)  # what such a text tells
ABOUT_ONE = (errands.UNKNOWN.kind, errands.SHARED.kind, errands.EARLY.kind, errands.UNSETTLED.kind)


class Unplaced(BaseModel):
    """A text of which nobody knows whose it is. `number` is where it came from."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    id: UUID
    number: str
    text: str
    received_at: datetime
    shared: bool
    concerning: bool
    early: bool = False
    rang: bool = False
    blanked_at: datetime | None = None  # from then on its words are no longer kept


def page(work: Work, before: str) -> tuple[tuple[Unplaced, ...], str]:
    """Texts this reader may place: those that may be a crisis, while somebody has to look at them, then the newest."""
    again = select(TextAgain.id).where(col(TextAgain.text_id) == col(InboundText.id), strangers.stands_with()).exists()
    pressing = select(Task.id).where(
        or_(col(Task.subject_id) == col(InboundText.id), again),
        col(Task.kind).in_(ABOUT_ONE),
        col(Task.urgent).is_(True),
        col(Task.status) == TaskStatus.OPEN,
    )
    first = case((pressing.exists(), 0), else_=1)
    at = Key(col(InboundText.received_at), instant, falling=True)
    order = Order((Key(first, rank), at, Key(col(InboundText.id), UUID)))
    wanted = select(InboundText, first.label("first")).where(strangers.theirs_to_place(work), order.after(before))
    rows = work.session.execute(wanted.order_by(*order.columns).limit(PAGE + 1)).all()
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    older = place(last.first, last.InboundText.received_at, last.InboundText.id) if last else ""
    texts = [row.InboundText for row in rows[:PAGE]]
    access.note_unplaced(work, [text.id for text in texts], UNPLACED, TELLS)
    return tuple(_shown(work, text) for text in texts), older


def find(work: Work, text_id: UUID) -> InboundText:
    """One text that this reader may place. NotFound where it is not theirs."""
    mine = select(InboundText).where(InboundText.id == text_id, strangers.theirs_to_place(work))
    text = work.session.exec(mine).first()
    if text is None:
        raise NotFound
    access.note_unplaced(work, [text.id], UNPLACED, TELLS)
    return text


def people(work: Work, text: InboundText) -> list[UUID]:
    """Whose it may be, of those this reader may know of: who has the number, or so many open cases, the reader's own first."""
    me, held = work.actor.id, [holder.case_id for holder in contact.holders_of(work, text.from_number)]
    among = col(Case.id).in_(held) if held else col(Case.closed_at).is_(None)
    mine = or_(col(Case.owner_worker_id) == me, col(Case.co_worker_id) == me, col(Case.officer_id) == me)
    order = (case((mine, 0), else_=1), col(Case.release_on).desc().nulls_last(), col(Case.reference))
    query = select(Case.id).where(col(Case.id).in_(access.cases_with_standing(work)), among)
    return list(work.session.exec(query.order_by(*order).limit(MOST_PEOPLE)))


def _shown(work: Work, text: InboundText) -> Unplaced:
    return Unplaced(
        id=text.id,
        number=text.from_number,
        text=text.body,
        received_at=text.received_at,
        shared=text.fate == SHARED,
        early=text.fate == EARLY,
        rang=text.rang,
        blanked_at=text.blanked_at,
        concerning=strangers.concerning(work, text.body),
    )

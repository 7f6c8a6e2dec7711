"""Writing that is not finished: kept on the server while it is typed, and each form's token, so that it counts once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import col, delete, select

from throughcare.casework.agencies import Membership
from throughcare.kernel.categories import Category
from throughcare.kernel.rows import Row, column, sealed_object
from throughcare.kernel.work import Work

MOST = 100  # drafts of one worker
KEPT = timedelta(days=14)  # since it was last written


class Draft(Row, table=True):
    """Long text saved while it is being written, keyed by writer and form, gone when the form is sent."""

    __tablename__ = "draft"
    __table_args__ = (Index("uq_draft_key", "worker_id", "key", unique=True),)
    worker_id: UUID = column(Category.RECORD, foreign_key="worker.id")
    key: str = column(Category.RECORD)
    boxes: dict[str, Any] = sealed_object(Category.CLINICAL, "draft.boxes")


class FormToken(Row, table=True):
    """A form that has been sent: the same form sent again does nothing."""

    __tablename__ = "form_token"
    token: str = column(Category.RECORD, unique=True)
    worker_id: UUID = column(Category.RECORD)


def draft_of(work: Work, key: str) -> dict[str, list[str]]:
    """What this worker was writing on this form: box -> typed text."""
    draft = _found(work, key)
    return {name: [str(text)] for name, text in draft.boxes.items()} if draft else {}


def keep_draft(work: Work, key: str, boxes: dict[str, str]) -> None:
    """Save what is being written; the last save wins."""
    draft = _found(work, key)
    if draft is None:
        _make_room(work)
        work.add(Draft(worker_id=work.actor.id, key=key, boxes=boxes))
        return
    draft.boxes, draft.created_at = boxes, work.now
    work.session.add(draft)


def _make_room(work: Work) -> None:
    """A worker has so many drafts: the one left alone longest makes room for a new one."""
    mine = select(Draft).where(Draft.worker_id == work.actor.id)
    for draft in work.session.exec(mine.order_by(col(Draft.created_at).desc()).offset(MOST - 1)):
        work.session.delete(draft)


def sweep(work: Work) -> None:
    """Drop what nobody has gone on writing, and the marks of forms that were sent long ago."""
    work.session.exec(delete(Draft).where(col(Draft.created_at) < work.now - KEPT))
    work.session.exec(delete(FormToken).where(col(FormToken.created_at) < work.now - KEPT))


def forget_about(work: Work, case_id: UUID, agency_id: UUID) -> None:
    """What an agency's workers were writing about a case that is no longer theirs."""
    theirs = select(Membership.worker_id).where(Membership.agency_id == agency_id)
    about = col(Draft.key).contains(str(case_id))
    work.session.exec(delete(Draft).where(about, col(Draft.worker_id).in_(theirs)))


def forget_row(work: Work, row_id: UUID, agency_id: UUID | None = None) -> None:
    """What was being written about one row that has moved on: by an agency's workers, or by everyone."""
    spent = delete(Draft).where(col(Draft.key).contains(str(row_id)))
    if agency_id:
        theirs = select(Membership.worker_id).where(Membership.agency_id == agency_id)
        spent = spent.where(col(Draft.worker_id).in_(theirs))
    work.session.exec(spent)


def forget_draft(work: Work, key: str) -> None:
    """The form was sent: its draft has done its work."""
    work.session.exec(delete(Draft).where(col(Draft.worker_id) == work.actor.id, col(Draft.key) == key))


def sent_before(work: Work, token: str) -> bool:
    """Whether a form with this token has been sent; from now on it has."""
    if work.session.exec(select(FormToken.id).where(FormToken.token == token)).first():
        return True
    work.add(FormToken(token=token, worker_id=work.actor.id))
    return False


def saved_at(work: Work, key: str) -> datetime | None:
    """When this worker saved what is kept under this key; None where they did not."""
    mine = select(col(FormToken.created_at)).where(FormToken.token == key, FormToken.worker_id == work.actor.id)
    return work.session.exec(mine).first()


def keep_saved(work: Work, key: str) -> None:
    """Keep that this worker saved this, so that the same pressed again is known for what it is."""
    if saved_at(work, key) is None:
        work.add(FormToken(token=key, worker_id=work.actor.id))


def _found(work: Work, key: str) -> Draft | None:
    return work.session.exec(select(Draft).where(Draft.worker_id == work.actor.id, Draft.key == key)).first()

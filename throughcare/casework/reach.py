"""The contact page of a case: what is safe, which numbers there are, and whether they agreed to texts."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel
from sqlmodel import col, select

from throughcare.casework import access, consents, contact
from throughcare.casework.contact import REACHERS, Number, Safe
from throughcare.casework.people import PhoneNumber
from throughcare.kernel.actors import acts_among
from throughcare.kernel.work import Work


class Reach(BaseModel):
    """`numbers` are all there ever were, those in use first; `may_text` says whether the person agreed to texts."""

    case_id: UUID
    safe: Safe | None
    numbers: tuple[Number, ...]
    may_text: bool
    may_record: bool


def show(work: Work, case_id: UUID) -> Reach:
    """The page. NotFound where there is no standing."""
    access.find_case(work, case_id)
    safe = contact.safe_contact_of(work, case_id)
    query = select(PhoneNumber).where(PhoneNumber.case_id == case_id)
    rows = list(work.session.exec(query.order_by(col(PhoneNumber.from_at).desc(), col(PhoneNumber.id))))
    rows.sort(key=lambda row: row.until_at is not None)
    return Reach(
        case_id=case_id,
        safe=access.show(work, safe, Safe) if safe else None,
        numbers=tuple(contact.shown(work, rows)),
        may_text=consents.texts_agreed(work, case_id),
        may_record=acts_among(work.actor, REACHERS),
    )

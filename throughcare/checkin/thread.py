"""What was said by text, both ways, a page at a time: how far each of ours got, and what was made of each of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from sqlmodel import col, func, select

from throughcare.casework import access
from throughcare.casework.paging import newest_first, place
from throughcare.casework.people import PhoneNumber
from throughcare.casework.views import Tells, View
from throughcare.checkin.forms import NOT_BY_HAND, why_said
from throughcare.checkin.grounds import Why
from throughcare.checkin.replies import Kind, same_word
from throughcare.checkin.rows import TextReceived
from throughcare.kernel.categories import Category
from throughcare.kernel.delivery import Delivery, ProviderCodes, Purpose
from throughcare.kernel.outbox import OutboxRow
from throughcare.kernel.work import Work

PAGE = 100
CODE_WORD = "[code word]"  # stands where the word agreed with this person would
BECAUSE = {  # why a text stands where it does, beside the reasons it may not go
    "late": "Its time was over before it could go",
    "outage": "Texts could not be sent until its time was over",
    "quiet_hours": "It waits for the hours in which texts may go",
    "paused": "The check-ins were paused",
    "no_receipt": "The phone company said nothing of it for three days",
    "absent": "It had not left: it is sent again",
    "absent_and_late": "It had not left when its time was over",
    "absent_too_often": "It was sent again and again and never left",
    "search_down": "The phone company could not be asked",
    "lease_lost": "The service stopped while it was going",
    "unreachable": "The phone company could not be reached: it is tried again",
    "busy": "The phone company was busy: it is tried again",
}


class SentShown(View):
    """A text of ours, and how far it got. `because` says why, where there is more to say than that."""

    id: UUID
    text: str | None = None
    state: Delivery
    purpose: Purpose
    language: str = "en"
    why: str = ""
    because: Annotated[str, Tells(Category.RECORD)] = ""
    not_before: datetime
    sending_at: datetime | None = None
    accepted_at: datetime | None = None
    delivered_at: datetime | None = None
    blanked_at: datetime | None = None

    @property
    def at(self) -> datetime:
        return self.sending_at or self.not_before

    @property
    def told(self) -> str:
        """Where it got to: what is not proven is never said to be missed (R18, R48)."""
        if self.state is not Delivery.UNCONFIRMED:
            return self.state.label
        return "Sent, delivery not proven" if self.accepted_at else "Not proven to have been sent"


class HeardShown(View):
    """A text of theirs, and what was made of it."""

    id: UUID
    text: str | None = None
    kind: Kind | None = None
    value: int | None = None
    received_at: datetime
    late: bool = False
    media: int = 0
    to_read: bool = False
    read_at: datetime | None = None
    reasons: list[Any] | None = None
    blanked_at: datetime | None = None

    @property
    def at(self) -> datetime:
        return self.received_at


def page(work: Work, case_id: UUID, before: str = "") -> dict[str, Any]:
    """So many texts of both sides, the newest; `older` is where those before them begin."""
    at: Any = func.coalesce(col(OutboxRow.sending_at), col(OutboxRow.not_before))
    ours = newest_first(at, col(OutboxRow.id))
    theirs = newest_first(col(TextReceived.received_at), col(TextReceived.id))
    sent = select(OutboxRow).where(OutboxRow.case_id == case_id, ours.after(before)).order_by(*ours.columns)
    came = select(TextReceived).where(TextReceived.case_id == case_id, theirs.after(before)).order_by(*theirs.columns)
    both: list[tuple[datetime, UUID, OutboxRow | TextReceived]] = [
        *((row.sending_at or row.not_before, row.id, row) for row in work.session.exec(sent.limit(PAGE + 1))),
        *((row.received_at, row.id, row) for row in work.session.exec(came.limit(PAGE + 1))),
    ]
    both.sort(key=lambda each: each[:2], reverse=True)
    rows = [row for _, _, row in both[:PAGE]]
    return {
        "sent": shown(work, [row for row in rows if isinstance(row, OutboxRow)]),
        "heard": heard(work, case_id, [row for row in rows if isinstance(row, TextReceived)]),
        "older": place(*both[PAGE - 1][:2]) if len(both) > PAGE else "",
    }


def shown(work: Work, rows: list[OutboxRow]) -> tuple[SentShown, ...]:
    more = {row.id: {"because": because(work, row)} for row in rows}
    return tuple(access.show_all(work, rows, SentShown, more))


def heard(work: Work, case_id: UUID, rows: Sequence[TextReceived]) -> tuple[HeardShown, ...]:
    """Texts of theirs as this reader has them, the code word never in clear: it will prove the number again (R35)."""
    told = access.show_all(work, rows, HeardShown)
    if not any(each.text for each in told):
        return tuple(told)
    agreed = select(PhoneNumber.code_word).where(PhoneNumber.case_id == case_id, PhoneNumber.code_word != "")
    words = work.session.exec(agreed.order_by(col(PhoneNumber.code_word))).all()
    return tuple(_masked(each, words) for each in told)


def _masked(text: HeardShown, agreed: Sequence[str]) -> HeardShown:
    proof = text.kind is Kind.CODE_WORD or any(same_word(text.text or "", word) for word in agreed)
    return text.model_copy(update={"text": CODE_WORD}) if text.text and proof else text


def because(work: Work, row: OutboxRow) -> str:
    """Why it got no further, in words; blank where the state says it all."""
    known = {str(each): each.label for each in Why} | BECAUSE
    if row.provider_code is not None and row.state is not Delivery.DELIVERED:
        return work.reference[ProviderCodes].means.get(
            row.provider_code, "The phone company gave a reason we do not know"
        )
    return known.get(row.why, why_said(row.why) if row.why in NOT_BY_HAND else "")


def unread(work: Work, case_id: UUID) -> tuple[HeardShown, ...]:
    """What a worker has yet to read."""
    mine = select(TextReceived).where(
        TextReceived.case_id == case_id, col(TextReceived.to_read).is_(True), col(TextReceived.read_at).is_(None)
    )
    rows = work.session.exec(mine.order_by(col(TextReceived.received_at), col(TextReceived.id)).limit(PAGE)).all()
    return heard(work, case_id, rows)

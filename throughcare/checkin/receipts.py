"""What the provider says of a text after it was handed over, or why it would not take it: upward only (R9, R16, R17)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from throughcare.casework.people import PhoneNumber
from throughcare.checkin import budget, errands, events, first_sent, holding, optouts
from throughcare.checkin.rows import CheckinPrompt, SenderPace
from throughcare.checkin.sending import Answer
from throughcare.checkin.service import Pacing
from throughcare.checkin.took import heard_of, taken_by_another
from throughcare.kernel.delivery import (
    ALERT_OPERATIONS,
    CONTACT_REPAIR,
    PAUSES_SENDER,
    Delivery,
    ProviderCodes,
    Purpose,
    Verdict,
    after_error,
    settle,
)
from throughcare.kernel.moves import Moved, move
from throughcare.kernel.work import Work

FOLLOWED = frozenset({Delivery.DELIVERED, Delivery.UNDELIVERED, Delivery.FAILED})  # these mean something for the person
TRY_AGAIN = timedelta(seconds=30)
SENDER_RESTS = timedelta(minutes=10)
NUMBER_IS_BAD = frozenset({Verdict.SUSPEND_NUMBER, Verdict.NUMBER_INVALID, Verdict.NOT_MOBILE})


def arrive(
    work: Work, message_id: UUID, status: str, code: int | None = None, sid: str = "", provider: str = ""
) -> bool:
    """A receipt for one text; False when there is no such text, or another provider took it. A duplicate or an older one
    changes nothing.

    The `provider` that is first heard of as having it, under a `sid` of its own, is the one that is asked from then on.
    """
    codes = work.reference[ProviderCodes]
    said = codes.receipt(status)
    row = holding.text(work, message_id, alone=said not in FOLLOWED)
    if row is None or taken_by_another(row, provider):
        return False
    state = settle(row.state, said) if said else row.state
    if state is row.state:
        return True
    changed = heard_of(work, row, sid, provider)
    if state is Delivery.DELIVERED:
        changed["delivered_at"] = work.now
    elif state in {Delivery.UNDELIVERED, Delivery.FAILED}:
        changed["provider_code"] = code
    move(work.session, [Moved(row.id, row.state, state, "receipt", changed)], work.now)
    _after(work, row, state, codes.judge(code) if code is not None else Verdict.PERMANENT)
    return True


def refuse(work: Work, answer: Answer) -> None:
    """The provider would not take a text: what its code means for the text, the number and the sender."""
    row = holding.text(work, answer.id)
    if row is None or row.state is not Delivery.SENDING or answer.code is None:
        return
    verdict = work.reference[ProviderCodes].judge(answer.code)
    state = after_error(verdict)
    changed: dict[str, Any] = {"provider_code": answer.code}
    if state is Delivery.PLANNED:
        changed["not_before"] = work.now + TRY_AGAIN
    elif state is Delivery.AMBIGUOUS:
        changed["lease_until"] = work.now + work.reference[Pacing].callback_wait
    else:
        changed["ended_at"] = work.now
    move(work.session, [Moved(row.id, row.state, state, verdict, changed)], work.now)
    if state is not Delivery.AMBIGUOUS:
        budget.give_back(work, row.segments, row.sending_at)
    if verdict in PAUSES_SENDER:
        _rest(work)
    _after(work, row, state, verdict)


def never_known(work: Work, message_id: UUID) -> None:
    """Nobody will ever know whether this text went: a worker is told, and silence is not counted."""
    row = holding.text(work, message_id)
    if row is None or row.case_id is None:
        return
    _look_again(work, row, Verdict.AMBIGUOUS, failed=True)
    errands.alert(work, errands.UNSENT, row.case_id, row.id, errands.today(work))


def _after(work: Work, row: Any, state: Delivery, verdict: Verdict) -> None:
    """What a delivery or a failure means beyond the text itself."""
    if row.case_id is None:
        _of_nobody(work, row, verdict)
        return
    about = {"subject_id": row.subject_id or row.id, "case_id": row.case_id, "message_id": row.id}
    if state is Delivery.DELIVERED:
        _look_again(work, row, None)
        work.record(events.CheckinDelivered(**about))
        if row.purpose is Purpose.CHECKIN:
            first_sent.note(work, [row.case_id])
    elif state in {Delivery.UNDELIVERED, Delivery.FAILED}:
        _look_again(work, row, verdict, failed=True)
        work.record(events.NotDelivered(**about, verdict=verdict))
        _mend(work, row, verdict)


def _of_nobody(work: Work, row: Any, verdict: Verdict) -> None:
    """A text to a number that nobody has: only a STOP that the provider knows of is kept."""
    if verdict is Verdict.OPTED_OUT:
        optouts.note(work, row.to, "provider", out=True)


def _mend(work: Work, row: Any, verdict: Verdict) -> None:
    """What a failure asks of people (R9, R44)."""
    if verdict is Verdict.OPTED_OUT:
        optouts.opt_out(work, row.case_id, row.to, "provider")
    if verdict in NUMBER_IS_BAD:
        suspend(work, row.case_id, row.to, verdict)
    if verdict in CONTACT_REPAIR:
        errands.alert(work, errands.REPAIR, row.case_id, row.subject_id or row.id, errands.today(work))
    if verdict in ALERT_OPERATIONS:
        errands.alert(work, errands.OPERATIONS, row.case_id, row.id, errands.today(work), urgent=True)


def _look_again(work: Work, row: Any, verdict: Verdict | None, *, failed: bool = False) -> None:
    """Let the ladders look at the check-in this text asked: silence starts at delivery, repair at failure (R43, R44)."""
    mine = select(CheckinPrompt).where(col(CheckinPrompt.message_id) == row.id)
    prompt = work.session.scalars(mine.with_for_update().execution_options(populate_existing=True)).first()
    if prompt is None:
        return
    prompt.failed_at = work.now if failed else None
    prompt.verdict = str(verdict or "")
    prompt.look_at = work.now
    work.session.add(prompt)


def suspend(work: Work, case_id: UUID, number: str, because: str) -> None:
    """Nothing more goes to this number until it is proven again."""
    mine = select(PhoneNumber).where(
        col(PhoneNumber.case_id) == case_id, col(PhoneNumber.number) == number, col(PhoneNumber.suspended_at).is_(None)
    )
    for held in work.session.scalars(mine.with_for_update()):
        held.suspended_at, held.suspended_because, held.proven_at = work.now, str(because), None
        work.session.add(held)
        work.record(events.NumberSuspended(subject_id=held.id, case_id=case_id, because=str(because)))


def _rest(work: Work) -> None:
    """The sender's queue is full at the provider's: nothing routine goes for a while."""
    mine = select(SenderPace).where(col(SenderPace.sender) == work.reference[Pacing].sender)
    for pace in work.session.scalars(mine.with_for_update()):
        pace.paused_until = work.now + SENDER_RESTS
        work.session.add(pace)

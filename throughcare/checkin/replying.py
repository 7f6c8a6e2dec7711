"""What follows from a text of a person we know: recorded, acted on, answered where an answer was agreed beforehand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework.people import PhoneNumber
from throughcare.checkin import (
    answering,
    chasing,
    choosing,
    errands,
    events,
    holding,
    matching_up,
    optouts,
    planning,
    raising,
    receipts,
)
from throughcare.checkin.heard import Heard
from throughcare.checkin.lexicon import Lexicon
from throughcare.checkin.plans import CheckinPlans
from throughcare.checkin.replies import RANG, Kind, Reply, parse
from throughcare.checkin.rows import CheckinPlan, CheckinPrompt, InboundText, PlanStatus, TextReceived
from throughcare.checkin.rules import for_a_person, reasons
from throughcare.kernel.work import Work

NOT_AN_ANSWER = frozenset({Kind.STOP, Kind.START, Kind.WRONG_NUMBER})
SOFT_STOP = "soft_stop"


def read(work: Work, inbound: InboundText, number: PhoneNumber, *, by_worker: bool = False) -> TextReceived:
    """Record the text and do what it calls for. `by_worker`: a worker has said whose it is, so nothing is answered."""
    holding.case_first(work, number.case_id)  # one text of a person at a time (R21)
    heard = _heard(work, inbound, number)
    if inbound.from_number == number.number and not inbound.rang:  # a caller's number can be forged: it proves nothing
        number.last_heard_at = inbound.received_at
        work.session.add(number)
    if by_worker or _surely_theirs(heard):  # a stranger has the phone, for all we know: silence is still silence
        _answer_prompt(work, heard)
    if not inbound.rang:
        work.record(
            events.Replied(
                subject_id=heard.text.id, case_id=heard.case_id, late=heard.text.late, prompt_id=heard.text.prompt_id
            )
        )
    ACTS.get(heard.reply.kind, _nothing)(work, heard)
    raising.tell(work, heard)
    if not by_worker:
        answering.answer(work, heard)
    return heard.text


def _heard(work: Work, inbound: InboundText, number: PhoneNumber) -> Heard:
    case_id = number.case_id
    theirs = inbound.from_number == number.number  # a worker may have placed a text from another number
    proving = theirs and number.proven_at is None and number.suspended_at is None
    plan = matching_up.plan_of(work, case_id)
    reply = _read_as(work, inbound, number, number.code_word if proving and _tries_left(work, plan) else "")
    prompt, late = matching_up.prompt_of(work, case_id, inbound.received_at)
    previous = matching_up.last_score(work, case_id)
    why = reasons(reply, previous)
    text = _kept(work, inbound, case_id, reply, prompt)
    text.late, text.reasons = late, [str(reason) for reason in why]
    text.to_read = not inbound.rang and (for_a_person(reply) or inbound.media > 0 or number.suspended_at is not None)
    out = optouts.opted_out(work, case_id, inbound.from_number)
    return Heard(inbound, text, reply, number, plan, prompt, previous, why, proving, out)


def _tries_left(work: Work, plan: CheckinPlan | None) -> bool:
    """After so many wrong words none is read as the word: whoever has the phone could try until one is right (R35)."""
    return plan is not None and plan.wrong_replies < work.reference[CheckinPlans].proof.tries


def _read_as(work: Work, inbound: InboundText, number: PhoneNumber, code_word: str) -> Reply:
    if inbound.rang:
        return RANG
    return choosing.settled(work, parse(inbound.body, work.reference[Lexicon], code_word=code_word), number)


def _surely_theirs(heard: Heard) -> bool:
    """It came from a number that is proven, or that this text proves."""
    number = heard.number
    return number.suspended_at is None and (number.proven_at is not None or heard.reply.kind is Kind.CODE_WORD)


def _kept(work: Work, inbound: InboundText, case_id: UUID, reply: Reply, prompt: CheckinPrompt | None) -> TextReceived:
    return work.add(
        TextReceived(
            case_id=case_id,
            inbound_id=inbound.id,
            prompt_id=prompt.id if prompt else None,
            from_number=inbound.from_number,
            text=inbound.body,
            received_at=inbound.received_at,
            kind=reply.kind,
            value=reply.value,
            confidence=reply.confidence,
            rule=reply.rule,
            media=inbound.media,
            concerns=list(reply.concerns),
        )
    )


def _answer_prompt(work: Work, heard: Heard) -> None:
    """The reply closes the ladder of the check-in it belongs to, and of every earlier one: they were heard from."""
    if heard.reply.kind in NOT_AN_ANSWER:
        return
    for earlier in optouts.open_prompts(work, heard.case_id):
        earlier.contact_at = earlier.contact_at or heard.inbound.received_at
        earlier.look_at = work.now
        work.session.add(earlier)
    chasing.call_off(work, heard.case_id, "answered")
    prompt = heard.prompt
    if prompt is None or (planning.is_proof(prompt) and heard.reply.kind is not Kind.CODE_WORD):
        return
    if heard.reply.kind is Kind.RANG and heard.text.late:
        return  # so long after the question a ring is no answer to it
    prompt.answered_at = prompt.answered_at or heard.inbound.received_at
    prompt.late = heard.text.late
    if heard.reply.kind in {Kind.SCORE, Kind.CALL} and heard.reply.value is not None:
        prompt.score = heard.reply.value
    work.session.add(prompt)


def _nothing(_: Work, __: Heard) -> None: ...


def _stop(work: Work, heard: Heard) -> None:
    optouts.opt_out(work, heard.case_id, heard.inbound.from_number, "sms", heard.inbound.body)


def _start(work: Work, heard: Heard) -> None:
    optouts.opt_in(work, heard.case_id, heard.inbound.from_number, "sms", heard.inbound.body)


def _soft_stop(work: Work, heard: Heard) -> None:
    """ "Please stop texting me": paused at once, and somebody asks what they meant (R28)."""
    choosing.stop_for(work, heard, SOFT_STOP, None)
    errands.ask_to_call(work, errands.SOFT_STOP, heard.case_id, heard.text.id, errands.today(work))


def _rang(work: Work, heard: Heard) -> None:
    """A ring is "I'm here": the answer to the check-in that waits for one. Any other, and somebody calls back."""
    prompt = heard.prompt
    answers = prompt is not None and not planning.is_proof(prompt) and prompt.answered_at == heard.inbound.received_at
    work.record(
        events.RangIn(subject_id=heard.text.id, case_id=heard.case_id, prompt_id=heard.text.prompt_id, answered=answers)
    )
    if not answers:
        day = f"{heard.case_id}:{work.today}"
        errands.alert(work, errands.RANG, heard.case_id, heard.text.id, errands.ring_by(work, heard.case_id), key=day)


def _proven(work: Work, heard: Heard) -> None:
    """The agreed word came back: the number is theirs, once, and has been since it was sent (R23, R35)."""
    prove(work, heard.number, "text", heard.inbound.received_at)


def prove(work: Work, number: PhoneNumber, how: str, at: datetime | None = None) -> None:
    """The number is theirs: texts may go to it from now on."""
    now = at or work.now
    number.proven_at, number.suspended_at, number.suspended_because = now, None, ""
    work.session.add(number)
    plan = matching_up.plan_of(work, number.case_id)
    if plan:
        plan.next_at = work.now if plan.status is PlanStatus.ACTIVE else None
        work.session.add(plan)
    work.record(events.NumberProven(subject_id=plan.id if plan else number.id, case_id=number.case_id, how=how))
    matching_up.drop_tasks(work, number.case_id, {errands.PROVE.kind, errands.REPAIR.kind}, "number_proven")


def _wrong_number(work: Work, heard: Heard) -> None:
    """Somebody else reads this phone: not a word more, and somebody finds the person (R35)."""
    receipts.suspend(work, heard.case_id, heard.inbound.from_number, "wrong_number")
    optouts.hold_back(work, heard.case_id, "suspended")
    errands.alert(work, errands.REPAIR, heard.case_id, heard.number.id, errands.today(work), key=str(heard.text.id))


def _unclear(work: Work, heard: Heard) -> None:
    """A wrong word; with the last of them a person is asked to prove the number, as the answer says (R35)."""
    if heard.proving and heard.plan:
        heard.plan.wrong_replies += 1
        work.session.add(heard.plan)
        if not _tries_left(work, heard.plan):
            planning.ask_to_prove(work, heard.plan, errands.ring_by(work, heard.case_id))


ACTS: Mapping[Kind, Callable[[Work, Heard], None]] = {
    Kind.STOP: _stop,
    Kind.START: _start,
    Kind.SOFT_STOP: _soft_stop,
    Kind.PAUSE: choosing.pause,
    Kind.HOUR: choosing.hour,
    Kind.LANGUAGE: choosing.language,
    Kind.RANG: _rang,
    Kind.CODE_WORD: _proven,
    Kind.WRONG_NUMBER: _wrong_number,
    Kind.UNCLEAR: _unclear,
}


def unread(work: Work, case_id: UUID) -> list[TextReceived]:
    """Texts of this person that wait for somebody to read them."""
    waiting = select(TextReceived).where(
        TextReceived.case_id == case_id, TextReceived.to_read, col(TextReceived.read_at).is_(None)
    )
    return list(work.session.exec(waiting.order_by(col(TextReceived.received_at))))

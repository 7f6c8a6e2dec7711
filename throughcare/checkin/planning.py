"""Writes the texts that fall due, shortly before their time; where a text cannot go, a call is asked for the same day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlmodel import col, select

from throughcare.casework.contact import current_number
from throughcare.casework.people import SafeContact
from throughcare.checkin import capacity, errands, events, holding, texting
from throughcare.checkin.eligibility import may_text
from throughcare.checkin.grounds import Why, hours_of
from throughcare.checkin.plans import CheckinPlans
from throughcare.checkin.rows import CheckinPlan, CheckinPrompt, PlanStatus
from throughcare.checkin.schedule import (
    PROOF_STEP,
    Hours,
    NoSafeTime,
    Slot,
    catch_up,
    collapse,
    proof_failed,
    proof_slots,
    proof_stale,
    slots,
)
from throughcare.checkin.service import OneWay
from throughcare.checkin.wording import CannotRender
from throughcare.kernel.delivery import Purpose
from throughcare.kernel.rounds import by_case, each_alone
from throughcare.kernel.work import Work

log = structlog.get_logger()
LEAD = timedelta(minutes=5)  # texts are written this long before their time
AT_ONCE = 200  # plans in one round
LOOK_AGAIN = timedelta(hours=6)  # at the latest
UNWORDED = "unworded"  # the text could not be made
LATE = "late"  # more than one was missed, and one stands for them all (R38)


@dataclass(frozen=True)
class Ahead:
    """The slots of one plan that have not been planned yet."""

    checkins: list[Slot]
    proofs: list[Slot]


def plan_texts(work: Work) -> int:
    """Plan what is due of every running plan; how many check-ins were planned. One plan's fault stops no other (R10)."""
    active = CheckinPlan.status == PlanStatus.ACTIVE, col(CheckinPlan.next_at) <= work.now
    due = select(CheckinPlan.id, CheckinPlan.case_id).where(*active).order_by(col(CheckinPlan.next_at)).limit(AT_ONCE)
    return each_alone(work, by_case(work.session.exec(due)), _plan_one)


def _plan_one(work: Work, plan_id: UUID) -> int:
    return plan_due(work, holding.plan(work, plan_id))


def plan_now(work: Work, plan: CheckinPlan) -> None:
    """Plan beside something greater: a fault here is left to the next round, and never undoes a recorded release."""
    try:
        with work.session.begin_nested():
            plan_due(work, plan)
            capacity.foresee(work, plan)
    except Exception:
        log.exception("a plan could not be planned", plan_id=str(plan.id))


def plan_due(work: Work, plan: CheckinPlan) -> int:
    """Plan what is due of one plan, and note when to look again."""
    if plan.status is not PlanStatus.ACTIVE:
        return 0
    ahead = upcoming(work, plan)
    planned = 0
    for waiting in (ahead.proofs, ahead.checkins):
        send, given_up = collapse(waiting, work.now + LEAD)
        send = send or _caught_up(work, plan, given_up, waiting)
        for slot in given_up:
            if send is None or (slot.step, slot.on) != (send.step, send.on):
                _prompt(work, plan, slot, instead=LATE)
        if send:
            _ask(work, plan, send)
            planned += 1
    plan.next_at = _next_look(work, [*ahead.checkins, *ahead.proofs])
    work.session.add(plan)
    return planned


def _caught_up(work: Work, plan: CheckinPlan, missed: list[Slot], waiting: list[Slot]) -> Slot | None:
    """One check-in for however many were missed, by our own downtime or because the release was recorded late (R38)."""
    if not missed:
        return None
    ahead = [slot for slot in waiting if slot not in missed]
    try:
        hours = plan_hours(work, plan) or Hours(plan.hour)
        slot = catch_up(missed, ahead, work.now, work.reference[CheckinPlans].window, hours)
    except NoSafeTime:
        return None
    made = _made(work, plan.id)
    return slot if slot and (slot.step, slot.on) not in made else None


def upcoming(work: Work, plan: CheckinPlan) -> Ahead:
    """What is still to be planned, in order; nothing before release is recorded."""
    if plan.released_on is None or plan.known_at is None:
        return Ahead([], [])
    plans = work.reference[CheckinPlans]
    made = _made(work, plan.id)
    hours = plan_hours(work, plan) or Hours(plan.hour)  # no safe time: the usual slots, each to become a call
    return Ahead(
        [slot for slot in _checkins(plan, plans, hours) if (slot.step, slot.on) not in made],
        [slot for slot in _proofs(work, plan, plans, hours) if (slot.step, slot.on) not in made],
    )


def _checkins(plan: CheckinPlan, plans: CheckinPlans, hours: Hours) -> list[Slot]:
    if plan.released_on is None:
        return []
    days, key = plans.plan_of(plan.code, plan.days), str(plan.case_id)
    try:
        return slots(plan.released_on, days, plans.window, key=key, hours=hours, known_at=plan.known_at)
    except NoSafeTime:
        return slots(plan.released_on, days, plans.window, key=key, known_at=plan.known_at)


def plan_hours(work: Work, plan: CheckinPlan) -> Hours | None:
    """The hour this person chose within the times that are safe for them."""
    live = select(SafeContact).where(SafeContact.case_id == plan.case_id, col(SafeContact.replaced_at).is_(None))
    return hours_of(work.session.exec(live).first(), plan.hour)


def _proofs(work: Work, plan: CheckinPlan, plans: CheckinPlans, hours: Hours) -> list[Slot]:
    number = current_number(work, plan.case_id)
    if plan.released_on is None or plan.proof_from is None or (number and number.proven_at):
        return []
    try:
        return proof_slots(plan.released_on, plans.proof, plans.window, known_at=plan.proof_from, hours=hours)
    except NoSafeTime:
        return proof_slots(plan.released_on, plans.proof, plans.window, known_at=plan.proof_from)


def _made(work: Work, plan_id: UUID) -> set[tuple[str, object]]:
    made = select(CheckinPrompt.step, col(CheckinPrompt.on)).where(CheckinPrompt.plan_id == plan_id)
    return {(step, on) for step, on in work.session.exec(made)}


def _ask(work: Work, plan: CheckinPlan, slot: Slot) -> None:
    """By text where that may be; otherwise by a call the same day, so that nobody goes unasked."""
    _reprove_if_stale(work, plan)
    to, why = may_text(work, plan.case_id, slot.purpose)
    if why is Why.ANSWERED:
        return
    if slot.purpose is Purpose.PROOF and why in {None, Why.ONE_WAY}:
        why = _not_provable(work, plan)
    prompt = _prompt(work, plan, slot, instead=str(why or ""))
    if why:
        call_instead(work, prompt, why)
        return
    try:
        prompt.message_id = _write(work, plan, slot, prompt, to)
    except (texting.Blocked, CannotRender):
        log.exception("a check-in could not be worded", prompt_id=str(prompt.id))
        errands.alert(work, errands.OPERATIONS, plan.case_id, prompt.id, errands.today(work))
        call_instead(work, prompt, UNWORDED)
        return
    prompt.look_at = slot.expires_at
    work.session.add(prompt)


def _write(work: Work, plan: CheckinPlan, slot: Slot, prompt: CheckinPrompt, to: str) -> UUID | None:
    code = "proof_request" if slot.purpose is Purpose.PROOF else "checkin_question"
    key = f"{plan.id}:{slot.step}:{slot.on}"
    wanted = texting.Wanted(code, key, plan.case_id, to, plan.language, prompt.id, slot.not_before, slot.expires_at)
    message = texting.write(work, wanted)
    return message.id if message else None


def call_instead(work: Work, prompt: CheckinPrompt, why: str) -> None:
    """Put the check-in on the worker's list as a call for today."""
    prompt.look_at = None
    work.session.add(prompt)
    work.record(events.CallInstead(subject_id=prompt.id, case_id=prompt.case_id, because=why))
    day = f"{prompt.plan_id}:{prompt.on}"  # a proof and a check-in of one day are one call
    errands.alert(work, errands.CALL, prompt.case_id, prompt.id, errands.today(work), key=day)


def _prompt(work: Work, plan: CheckinPlan, slot: Slot, *, instead: str = "") -> CheckinPrompt:
    return work.add(
        CheckinPrompt(
            case_id=plan.case_id,
            plan_id=plan.id,
            step=slot.step,
            day=slot.day,
            on=slot.on,
            not_before=slot.not_before,
            expires_at=slot.expires_at,
            instead=instead,
        )
    )


def _not_provable(work: Work, plan: CheckinPlan) -> Why | None:
    """Without a code word, or after too many tries, a person proves the number instead (R35)."""
    number = current_number(work, plan.case_id)
    proof = work.reference[CheckinPlans].proof
    first = plan.proof_from or work.now
    by_text = number and number.code_word and not work.reference[OneWay].on
    if by_text and not proof_failed(first, plan.wrong_replies, work.now, proof):
        return None
    ask_to_prove(work, plan, errands.today(work))
    return Why.NOT_PROVEN


def ask_to_prove(work: Work, plan: CheckinPlan, by: datetime) -> None:
    """Somebody speaks to them and proves the number: once for each time it is asked about."""
    asked = (plan.proof_from or work.now).date()
    errands.alert(work, errands.PROVE, plan.case_id, plan.id, by, key=f"{plan.id}:{asked}")


def _reprove_if_stale(work: Work, plan: CheckinPlan) -> None:
    """A number from which nothing has come for sixty days may be somebody else's by now (R35)."""
    number = current_number(work, plan.case_id)
    if number is None or number.proven_at is None:
        return
    heard = max(number.proven_at, number.last_heard_at or number.proven_at)
    if proof_stale(heard, work.now, work.reference[CheckinPlans].proof):
        number.proven_at = None
        plan.proof_from, plan.wrong_replies = work.now, 0
        work.session.add(number)
        work.session.add(plan)


def _next_look(work: Work, waiting: list[Slot]) -> datetime:
    """Shortly before the next slot; sooner when something may change meanwhile."""
    ahead = [slot.not_before - LEAD for slot in waiting if slot.not_before > work.now + LEAD]
    return min([*ahead, work.now + LOOK_AGAIN])


def is_proof(prompt: CheckinPrompt) -> bool:
    """Did this one ask for the code word?"""
    return prompt.step == PROOF_STEP

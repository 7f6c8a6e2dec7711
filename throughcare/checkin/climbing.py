"""Climbs the two ladders: what silence asks for, and what a text that did not arrive asks for (R43-R46)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlmodel import col, select

from throughcare.casework.contact import current_number
from throughcare.casework.people import SafeContact
from throughcare.checkin import chasing, errands, holding, outages, planning, texting
from throughcare.checkin.eligibility import may_text
from throughcare.checkin.grounds import Why, hours_of
from throughcare.checkin.ladders import Asked, Rung, closed_at, due, non_delivery, silence
from throughcare.checkin.plans import Act, CheckinPlans
from throughcare.checkin.rows import CheckinPlan, CheckinPrompt
from throughcare.checkin.schedule import ANY_HOURS
from throughcare.checkin.wording import CannotRender
from throughcare.kernel.delivery import OPEN, Delivery, Purpose, Verdict
from throughcare.kernel.outbox import OutboxRow
from throughcare.kernel.rounds import by_case, each_alone
from throughcare.kernel.work import Work

log = structlog.get_logger()
AT_ONCE = 200
LOOK_AGAIN = timedelta(hours=1)  # at the latest, while a check-in is open
READ_FIRST = timedelta(minutes=1)  # then a text of theirs that waits to be read has been
NUDGE_WORTH = timedelta(hours=6)
NEVER_LEFT = frozenset({Delivery.SUPPRESSED, Delivery.EXPIRED})


def climb_ladders(work: Work) -> int:
    """Look at every check-in that is due a look; how many. One fault stops no other (R10).

    What we were down for is written down first, so that a restart calls nobody silent who could not be heard (R45).
    """
    outages.note_ours(work)
    waiting = select(CheckinPrompt.id, CheckinPrompt.case_id).where(col(CheckinPrompt.look_at) <= work.now)
    order = (col(CheckinPrompt.look_at), col(CheckinPrompt.id))
    return each_alone(work, by_case(work.session.exec(waiting.order_by(*order).limit(AT_ONCE))), look)


def look(work: Work, prompt_id: UUID) -> int:
    """Act on the rungs that are due. The case and then the row are locked, as a reply locks them, and read again: what is
    answered now is not talked over, and what waits to be read is read first (R21).
    """
    prompt = _taken(work, prompt_id)
    if prompt is None or prompt.look_at is None or prompt.look_at > work.now:
        return 0
    if chasing.wrote_in(work, prompt.case_id):
        prompt.look_at = work.now + READ_FIRST
        work.session.add(prompt)
        return 0
    message = work.session.get(OutboxRow, prompt.message_id) if prompt.message_id else None
    if message is None or message.state in NEVER_LEFT:
        _never_asked(work, prompt, message.why if message else "")
        return 1
    asked = asked_of(work, prompt, message)
    plans = work.reference[CheckinPlans]
    hours = hours_of(_contact(work, prompt.case_id)) or ANY_HOURS
    rungs = [] if planning.is_proof(prompt) else silence(asked, plans, hours)
    rungs += non_delivery(asked, plans)
    for rung in due(rungs, work.now):
        _act(work, prompt, rung)
    prompt.look_at = _next_look(work, asked, rungs)
    work.session.add(prompt)
    return 1


def _taken(work: Work, prompt_id: UUID) -> CheckinPrompt | None:
    case_id = work.session.exec(select(CheckinPrompt.case_id).where(CheckinPrompt.id == prompt_id)).first()
    if case_id is None:
        return None
    holding.case_first(work, case_id)
    return work.session.get(CheckinPrompt, prompt_id, with_for_update=True, populate_existing=True)


def asked_of(work: Work, prompt: CheckinPrompt, message: OutboxRow | None) -> Asked:
    """One check-in as the rules see it."""
    contact = _contact(work, prompt.case_id)
    since = message.delivered_at or prompt.failed_at or prompt.not_before if message else prompt.not_before
    return Asked(
        day=prompt.day,
        state=message.state if message else Delivery.CANCELLED,
        accepted_at=message.accepted_at if message else None,
        delivered_at=message.delivered_at if message else None,
        answered_at=prompt.answered_at,
        contact_at=prompt.contact_at,
        held_at=prompt.held_at,
        stopped_at=prompt.stopped_at,
        failed_at=prompt.failed_at,
        verdict=Verdict(prompt.verdict) if prompt.verdict else None,
        repaired_at=prompt.repaired_at,
        outages=tuple(outages.spans(work, since)),
        second_contact=bool(contact and contact.second_contact and contact.second_contact_consent),
    )


def _contact(work: Work, case_id: UUID) -> SafeContact | None:
    live = select(SafeContact).where(SafeContact.case_id == case_id, col(SafeContact.replaced_at).is_(None))
    return work.session.exec(live).first()


def _never_asked(work: Work, prompt: CheckinPrompt, why: str) -> None:
    """The text was held back or came too late: somebody asks by telephone instead, unless nobody is to be asked."""
    nobody = {Why.PAUSED, Why.NO_PLAN, Why.IN_CUSTODY, Why.DECEASED, Why.ANSWERED}
    number = current_number(work, prompt.case_id)
    proven = planning.is_proof(prompt) and number is not None and number.proven_at is not None
    if proven or prompt.answered_at or prompt.contact_at or prompt.held_at or why in nobody:
        prompt.look_at = None
        work.session.add(prompt)
        return
    planning.call_instead(work, prompt, why or "not_sent")


def _next_look(work: Work, asked: Asked, rungs: list[Rung]) -> datetime | None:
    """When something may be due next; never again once it is closed or everything has been asked for."""
    ahead = [rung.due_at for rung in rungs if rung.due_at > work.now]
    if closed_at(asked) or asked.state is Delivery.CANCELLED:
        return None
    if ahead:
        return min([*ahead, work.now + LOOK_AGAIN])
    return work.now + LOOK_AGAIN if asked.state in OPEN or any(span.end is None for span in asked.outages) else None


def _act(work: Work, prompt: CheckinPrompt, rung: Rung) -> None:
    case_id, today = prompt.case_id, errands.today(work)
    if rung.act is Act.NUDGE:
        _nudge(work, prompt)
    elif rung.act is Act.CALL:
        errands.alert(work, errands.CALL, case_id, prompt.id, today)
    elif rung.act is Act.SECOND_CONTACT:
        errands.alert(work, errands.SECOND_CONTACT, case_id, prompt.id, today)
    elif rung.act is Act.MANAGER:
        errands.tell_manager(work, errands.MANAGER, case_id, prompt.id, today)
    else:
        errands.alert(work, errands.REPAIR, case_id, prompt.id, today)


def _nudge(work: Work, prompt: CheckinPrompt) -> None:
    """Ask once more, by text, if they may be texted."""
    to, why = may_text(work, prompt.case_id, Purpose.CHECKIN)
    plan = work.session.get(CheckinPlan, prompt.plan_id)
    if why or plan is None:
        return
    wanted = texting.Wanted(
        "nudge", f"nudge:{prompt.id}", prompt.case_id, to, plan.language, prompt.id, work.now, work.now + NUDGE_WORTH
    )
    try:
        texting.write(work, wanted)
    except (texting.Blocked, CannotRender):  # the rungs above go on without it
        log.exception("a nudge could not be worded", prompt_id=str(prompt.id))

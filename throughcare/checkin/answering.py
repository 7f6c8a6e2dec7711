"""The answers we give by ourselves: agreed beforehand, at most a few an hour, never to a number we cannot be sure of."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

import structlog
from sqlmodel import col, select

from throughcare.checkin import choosing, errands, planning, texting
from throughcare.checkin.heard import Heard
from throughcare.checkin.plans import CheckinPlans
from throughcare.checkin.replies import Kind
from throughcare.checkin.rows import InboundText, PlanStatus
from throughcare.checkin.rules import HOUR, HOUR_AGAIN, PROOF_BY_CALL, answer_to, lines_again, may_answer
from throughcare.checkin.saying import day_said, time_said
from throughcare.checkin.wording import CannotRender
from throughcare.kernel.clock import at, london_day
from throughcare.kernel.outbox import OutboxRow
from throughcare.kernel.work import Work

log = structlog.get_logger()
LANGUAGES = {"en": "english", "cy": "welsh"}
OWED = frozenset(
    {"crisis_reply", "stop_confirmation", "start_confirmation"}
)  # each goes however much else has come and been answered
AGAIN = frozenset({"ask_again", "proof_again"})
OF_THE_PLAN = frozenset({"hours_reply", "language_set", "pause_reply", "hour_set"})
IN_A_PAUSE = {"hours_reply": "hours_paused", "hour_set": "hour_paused"}


def answer(work: Work, heard: Heard) -> None:
    """Answer if there is something agreed to say; a worker is told where there is and it cannot go."""
    asked_again = bool(heard.prompt and heard.prompt.asked_again)
    over = heard.plan is not None and heard.plan.wrong_replies >= work.reference[CheckinPlans].proof.tries
    code = answer_to(heard.reply, heard.previous, asked_again=asked_again, proving=heard.proving, tries_over=over)
    code = _as_things_are(work, heard, code) if code else None
    if code is None or _said_before(heard) or not _may(work, heard, code):
        return
    try:
        _write(work, heard, code)
    except (texting.Blocked, CannotRender):
        log.exception("an answer could not be written", text_id=str(heard.text.id), template=code)
        errands.alert(work, errands.OPERATIONS, heard.case_id, heard.text.id, errands.today(work), urgent=True)
        return
    heard.inbound.answered_at = work.now
    if code in AGAIN and heard.prompt:
        heard.prompt.asked_again = True
        work.session.add(heard.prompt)


def _said_before(heard: Heard) -> bool:
    """STOP twice, or START without a STOP, is not answered: there is nothing new to say."""
    kind = heard.reply.kind
    return (kind is Kind.STOP and heard.was_out) or (kind is Kind.START and not heard.was_out)


def _may(work: Work, heard: Heard, code: str) -> bool:
    """Is it a person who wants an answer, or two machines talking to each other (R26)?"""
    if heard.was_out and heard.reply.kind is not Kind.START and not heard.why:
        return False  # they want no texts, and did not ask for anything
    if _again(work, heard.case_id, code) if code in OWED else by_a_person(work, heard.inbound.from_number):
        return True
    errands.alert(
        work, errands.FLOOD, heard.case_id, heard.text.id, errands.today(work), key=f"{heard.case_id}:{work.today}"
    )
    return False


def _again(work: Work, case_id: UUID, code: str) -> bool:
    """The first few of an hour always go; after them, not so soon again: it may be a machine, which we would answer for ever."""
    before = select(OutboxRow.created_at).where(
        OutboxRow.case_id == case_id, OutboxRow.template == code, col(OutboxRow.created_at) > work.now - HOUR
    )
    return lines_again(work.now, work.session.exec(before).all(), work.reference[CheckinPlans].replies)


def by_a_person(work: Work, number: str) -> bool:
    """Do texts from this number come, and our answers go, as rarely as between people?"""
    recent = select(InboundText.received_at, InboundText.answered_at).where(
        InboundText.from_number == number, col(InboundText.received_at) >= work.now - HOUR
    )
    rows = work.session.exec(recent).all()
    came, went = [came for came, _ in rows], [went for _, went in rows if went]
    return may_answer(work.now, came, went, work.reference[CheckinPlans].replies)


def _write(work: Work, heard: Heard, code: str) -> None:
    language = texting.language_of(work, heard.case_id)
    texting.write(
        work,
        texting.Wanted(
            code,
            f"answer:{heard.inbound.id}",
            heard.case_id,
            heard.number.number,
            language,
            heard.text.id,
            work.now,
            work.now + texting.ANSWER_WORTH,
            _values(work, heard, code, language),
        ),
    )


def _values(work: Work, heard: Heard, code: str, language: str) -> dict[str, str]:
    """The day and hours that a text names, where it names any."""
    hours = choosing.hours_to_choose(work, heard.case_id) or work.reference[CheckinPlans].window.hours
    said = {"first": str(hours[0]), "last": str(hours[-1])}
    until = heard.plan.paused_until if heard.plan else None
    if code == "pause_reply" and until:
        return {"day": day_said(until, work.today, language)}
    if code in {"hour_set", "hour_paused"} and heard.reply.value is not None:
        return {"time": time_said(at(work.today, time(heard.reply.value)))}
    first = _next(work, heard) if code in {"hours_reply", "hours_paused"} else None
    if first is None:
        return said
    day = until if code == "hours_paused" and until else london_day(first)
    return said | {"time": time_said(first), "day": day_said(day, work.today, language)}


def _next(work: Work, heard: Heard) -> datetime | None:
    """When the next check-in comes, where one is on its way; in a pause that ends, the first after it."""
    plan = heard.plan
    if plan is None or (plan.status is not PlanStatus.ACTIVE and not _pause_ends(heard)):
        return None
    since = plan.paused_until if plan.status is PlanStatus.PAUSED else None
    ahead = (slot.not_before for slot in planning.upcoming(work, plan).checkins)
    return min((first for first in ahead if since is None or london_day(first) >= since), default=None)


def _pause_ends(heard: Heard) -> bool:
    """Whether they are in a pause with a last day."""
    plan = heard.plan
    return plan is not None and plan.status is PlanStatus.PAUSED and plan.paused_until is not None


def _as_things_are(work: Work, heard: Heard, code: str) -> str | None:
    """The answer that is true now: no day is named where no text is planned, and what is said once is not said again."""
    if code in {HOUR_AGAIN, PROOF_BY_CALL}:
        return None if _said_already(work, heard, code) else code
    if code == "proof_again":
        return code if heard.plan else None  # no plan asks for the word, and none is read as it
    return _of_the_plan(work, heard, code) if code in OF_THE_PLAN else code


def _of_the_plan(work: Work, heard: Heard, code: str) -> str:
    """What they asked or chose is answered for what it is, in a pause too, which goes on (R52)."""
    plan = heard.plan
    known: object = _next(work, heard) if code == "hours_reply" else plan
    if code == "pause_reply":
        known = _pause_ends(heard)
    if plan is None or not known:
        return "nothing_planned"
    if code == "language_set":
        return f"chose_{LANGUAGES[heard.reply.language]}"
    return IN_A_PAUSE.get(code, code) if plan.status is PlanStatus.PAUSED else code


def _said_already(work: Work, heard: Heard, code: str) -> bool:
    """A second unclear hour in a day waits for whoever reads it (R52); after so many wrong words a call is said to come once (R35)."""
    asking = heard.plan.proof_from if heard.plan and code == PROOF_BY_CALL else None
    since = asking or work.now - timedelta(days=1)
    before = select(OutboxRow.id).where(
        OutboxRow.case_id == heard.case_id, OutboxRow.template == code, col(OutboxRow.created_at) > since
    )
    return work.session.exec(before).first() is not None

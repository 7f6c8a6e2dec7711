"""The answers we give by ourselves: agreed beforehand, at most a few an hour, never to a number we cannot be sure of."""

from __future__ import annotations

from datetime import timedelta

import structlog
from sqlmodel import col, select

from throughcare.checkin import errands, planning, texting
from throughcare.checkin.heard import Heard
from throughcare.checkin.plans import CheckinPlans
from throughcare.checkin.replies import Kind
from throughcare.checkin.rows import InboundText
from throughcare.checkin.rules import answer_to, may_answer
from throughcare.checkin.saying import day_said, time_said
from throughcare.checkin.wording import CannotRender
from throughcare.kernel.clock import london_day
from throughcare.kernel.work import Work

log = structlog.get_logger()
ALWAYS = frozenset({"crisis_reply", "stop_confirmation"})  # these are not held back by the guard against loops (R26)
AGAIN = frozenset({"ask_again", "proof_again"})
WORTH = timedelta(hours=12)


def answer(work: Work, heard: Heard) -> None:
    """Answer if there is something agreed to say; a worker is told where there is and it cannot go."""
    asked_again = bool(heard.prompt and heard.prompt.asked_again)
    code = answer_to(heard.reply, heard.previous, asked_again=asked_again, proving=heard.proving)
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
    if code in ALWAYS:
        return True
    if heard.was_out and heard.reply.kind is not Kind.START and not heard.why:
        return False  # they want no texts, and did not ask for anything
    recent = select(InboundText.received_at, InboundText.answered_at).where(
        InboundText.from_number == heard.inbound.from_number,
        col(InboundText.received_at) >= work.now - timedelta(hours=1),
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
            work.now + WORTH,
            _values(work, heard, code, language),
        ),
    )


def _values(work: Work, heard: Heard, code: str, language: str) -> dict[str, str]:
    """The day and hour that a text names, where it names any."""
    if code == "pause_reply":
        until = heard.plan.paused_until if heard.plan else None
        return {"day": day_said(until or work.today, work.today, language)}
    if code != "hours_reply" or heard.plan is None:
        return {}
    ahead = planning.upcoming(work, heard.plan).checkins
    if not ahead:
        return {}
    first = ahead[0].not_before
    return {"time": time_said(first), "day": day_said(london_day(first), work.today, language)}

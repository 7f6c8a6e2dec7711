"""The one thing we say by ourselves to a number that nobody has: rarely, and nothing about anybody (R24, R26, R42)."""

from __future__ import annotations

import structlog
from sqlmodel import col, select

from throughcare.checkin import answering, strangers, texting
from throughcare.checkin.eligibility import facts_about
from throughcare.checkin.grounds import Asking, held_back
from throughcare.checkin.plans import CheckinPlans
from throughcare.checkin.rows import InboundText
from throughcare.checkin.saying import CrisisLines
from throughcare.checkin.wording import ENGLISH, CannotRender, Wording
from throughcare.kernel.actors import Jurisdiction
from throughcare.kernel.outbox import OutboxRow
from throughcare.kernel.work import Work

log = structlog.get_logger()
PLAIN, CRISIS = "unknown_number_reply", "unknown_crisis_reply"


def answer(work: Work, text: InboundText, *, concerning: bool) -> None:
    """Say that we do not know the number and where help is, if that may be said now."""
    code = CRISIS if concerning else PLAIN
    if not _may(work, text, code):
        return
    wanted = texting.Wanted(
        code, f"answer:{text.id}", None, text.from_number, ENGLISH, text.id, work.now, work.now + texting.ANSWER_WORTH,
        {"lines": _lines(work)},
    )  # fmt: skip
    try:
        texting.write(work, wanted)
    except (texting.Blocked, CannotRender):
        log.exception("an answer to an unknown number could not be written", template=code)
        return
    text.answered_at = work.now


def _may(work: Work, text: InboundText, code: str) -> bool:
    """Only where texts may go at all, at most once in so many hours, and to a person: a crisis is always answered once."""
    purpose = work.reference[Wording].templates[code, ENGLISH].purpose
    asking = Asking(None, text.from_number, purpose, code)
    if held_back(asking, facts_about(work, [asking])[0]) or _said_lately(work, text.from_number, code):
        return False
    return code == CRISIS or answering.by_a_person(work, text.from_number)


def _said_lately(work: Work, number: str, code: str) -> bool:
    since = work.now - work.reference[CheckinPlans].replies.stranger_every
    before = select(OutboxRow.id).where(
        OutboxRow.to == number, OutboxRow.template == code, col(OutboxRow.created_at) > since
    )
    return work.session.exec(before).first() is not None


def _lines(work: Work) -> str:
    """Those of the nation of whoever is on duty: nobody knows where the text came from."""
    duty = strangers.on_duty(work)
    jurisdiction = duty[0].jurisdiction if duty else Jurisdiction.ENGLAND_WALES
    return work.reference[CrisisLines].said(texting.nation(jurisdiction, ENGLISH), ENGLISH)

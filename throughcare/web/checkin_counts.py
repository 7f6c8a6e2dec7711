"""The check-ins of one case as probation may have them: three counts, kept apart, and nothing that was said (R30, R48)."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import col, select

from throughcare.casework.contact import current_number
from throughcare.checkin import optouts
from throughcare.checkin.ladders import Asked
from throughcare.checkin.rows import CheckinPrompt
from throughcare.checkin.rules import reported
from throughcare.checkin.schedule import PROOF_STEP
from throughcare.kernel.outbox import OutboxRow
from throughcare.kernel.work import Work
from throughcare.requirement.page import CheckinFacts


def checkin_facts(work: Work, case_id: UUID) -> CheckinFacts | None:
    """None where nobody has been asked. To ask for the code word is no check-in. Choosing not to use texts is said as a choice."""
    query = (
        select(CheckinPrompt, OutboxRow)
        .join(OutboxRow, col(OutboxRow.id) == col(CheckinPrompt.message_id))
        .where(CheckinPrompt.case_id == case_id, CheckinPrompt.step != PROOF_STEP)
        .order_by(col(CheckinPrompt.not_before))
    )
    facts = [reported(_asked(prompt, message)) for prompt, message in work.session.exec(query)]
    number = current_number(work, case_id)
    stopped = number is not None and optouts.opted_out(work, case_id, number.number)
    if not facts and not stopped:
        return None
    return CheckinFacts(
        sent=sum(fact.sent for fact in facts),
        delivered=sum(fact.delivered for fact in facts),
        answered=sum(fact.answered for fact in facts),
        chose_not_to_use_texts=stopped,
    )


def _asked(prompt: CheckinPrompt, message: OutboxRow) -> Asked:
    return Asked(
        day=prompt.day,
        state=message.state,
        accepted_at=message.accepted_at,
        delivered_at=message.delivered_at,
        answered_at=prompt.answered_at,
        stopped_at=prompt.stopped_at,
    )

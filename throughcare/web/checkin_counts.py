"""The check-ins of one case as probation may have them: three counts, kept apart, and nothing that was said (R30, R48)."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import col, select

from throughcare.checkin.ladders import Asked
from throughcare.checkin.rows import CheckinPrompt
from throughcare.checkin.rules import reported
from throughcare.kernel.outbox import OutboxRow
from throughcare.kernel.work import Work
from throughcare.requirement.page import CheckinFacts


def checkin_facts(work: Work, case_id: UUID) -> CheckinFacts | None:
    """None where nobody has been asked. Choosing not to use texts is said as a choice."""
    query = (
        select(CheckinPrompt, OutboxRow)
        .join(OutboxRow, col(OutboxRow.id) == col(CheckinPrompt.message_id))
        .where(CheckinPrompt.case_id == case_id)
        .order_by(col(CheckinPrompt.not_before))
    )
    asked = [(prompt, _asked(prompt, message)) for prompt, message in work.session.exec(query)]
    if not asked:
        return None
    facts = [reported(one) for _, one in asked]
    return CheckinFacts(
        sent=sum(fact.sent for fact in facts),
        delivered=sum(fact.delivered for fact in facts),
        answered=sum(fact.answered for fact in facts),
        chose_not_to_use_texts=asked[-1][0].stopped_at is not None,
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

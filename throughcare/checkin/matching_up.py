"""What a reply is held against: the check-in it belongs to, the last score, the plan that runs (R22)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework import tasks
from throughcare.casework.rows import Task, TaskStatus
from throughcare.checkin.plans import CheckinPlans
from throughcare.checkin.replies import Kind
from throughcare.checkin.rows import CheckinPlan, CheckinPrompt, PlanStatus, TextReceived
from throughcare.checkin.rules import Prompt, belongs_to
from throughcare.kernel.outbox import OutboxRow
from throughcare.kernel.work import Work

RECENT = 5  # check-ins looked at


def prompt_of(work: Work, case_id: UUID, received_at: datetime) -> tuple[CheckinPrompt | None, bool]:
    """The check-in this reply belongs to, and whether it comes late."""
    sent = (
        select(CheckinPrompt, OutboxRow.sending_at)
        .join(OutboxRow, col(OutboxRow.id) == col(CheckinPrompt.message_id))
        .where(CheckinPrompt.case_id == case_id, col(OutboxRow.sending_at).is_not(None))
        .order_by(col(OutboxRow.sending_at).desc())
        .limit(RECENT)
    )
    found = {str(prompt.id): (prompt, at) for prompt, at in work.session.exec(sent) if at}
    asked = [Prompt(key, "", at) for key, (_, at) in found.items()]
    match = belongs_to(received_at, "", asked, work.reference[CheckinPlans].replies)
    if match is None:
        return None, False
    prompt = found[match.id][0]
    work.session.refresh(prompt, with_for_update=True)
    return prompt, match.late


def last_score(work: Work, case_id: UUID) -> int | None:
    """What this person last answered, if they have."""
    scored = select(TextReceived.value).where(
        TextReceived.case_id == case_id,
        col(TextReceived.kind).in_([Kind.SCORE, Kind.CALL]),
        col(TextReceived.value).is_not(None),
    )
    return work.session.exec(scored.order_by(col(TextReceived.received_at).desc())).first()


def plan_of(work: Work, case_id: UUID) -> CheckinPlan | None:
    """The open plan, locked."""
    live = select(CheckinPlan).where(CheckinPlan.case_id == case_id, CheckinPlan.status != PlanStatus.ENDED)
    return work.session.exec(live.with_for_update()).first()


def drop_tasks(work: Work, case_id: UUID, kinds: set[str], why: str) -> None:
    """Take tasks of these kinds about this person off every list."""
    still = select(Task).where(Task.case_id == case_id, col(Task.kind).in_(kinds), Task.status == TaskStatus.OPEN)
    for subject_id in {task.subject_id for task in work.session.exec(still)}:
        tasks.cancel(work, subject_id=subject_id, kinds=kinds, why=why)

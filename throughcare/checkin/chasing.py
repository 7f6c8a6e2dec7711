"""Calls about silence end when the person is heard from or met, or cannot answer, and the timeline says why (R22, R46)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from throughcare.casework import tasks
from throughcare.casework.people import PhoneNumber
from throughcare.casework.rows import Task, TaskStatus
from throughcare.checkin import errands, events
from throughcare.checkin.rows import CheckinPrompt, InboundText
from throughcare.kernel.outbox import OutboxRow
from throughcare.kernel.work import Work

SILENCE = frozenset({errands.CALL.kind, errands.SECOND_CONTACT.kind, errands.MANAGER.kind})


def wrote_in(work: Work, case_id: UUID) -> bool:
    """Whether a text of theirs has come and waits to be read."""
    theirs = (
        select(InboundText.id)
        .join(PhoneNumber, col(PhoneNumber.number) == col(InboundText.from_number))
        .where(col(InboundText.settled_at).is_(None), PhoneNumber.case_id == case_id)
    )
    return work.session.exec(theirs.limit(1)).first() is not None


def met(work: Work, case_id: UUID, at: datetime, why: str) -> None:
    """Somebody met or spoke to them at that instant: what waits for an answer is closed, and every call about one is made."""
    waiting = select(CheckinPrompt).where(CheckinPrompt.case_id == case_id, col(CheckinPrompt.look_at).is_not(None))
    for prompt in work.session.exec(waiting.order_by(col(CheckinPrompt.not_before)).with_for_update()):
        prompt.contact_at, prompt.look_at = max(prompt.contact_at or at, at), work.now
        work.session.add(prompt)
    _end(work, case_id, _about(case_id), why, lambda task: tasks.close(work, task, why))


def call_off(work: Work, case_id: UUID, why: str) -> None:
    """They were heard from: nobody need call about a check-in that was sent and not answered.

    A call that stands in for a text that could not be sent is still to be made.
    """
    sent = (
        select(CheckinPrompt.id)
        .join(OutboxRow, col(OutboxRow.id) == col(CheckinPrompt.message_id))
        .where(CheckinPrompt.case_id == case_id, col(OutboxRow.sending_at).is_not(None))
    )
    _end(work, case_id, _about(case_id).where(col(Task.subject_id).in_(sent)), why, _off(work, why))


def cannot_answer(work: Work, case_id: UUID, why: str) -> None:
    """Custody, hospital, death, or no more check-ins: nobody calls about any."""
    _end(work, case_id, _about(case_id), why, _off(work, why))


def _off(work: Work, why: str) -> Callable[[Task], None]:
    return lambda task: tasks.cancel(work, subject_id=task.subject_id, kinds={task.kind}, why=why)


def _about(case_id: UUID) -> SelectOfScalar[Task]:
    open_calls = (Task.case_id == case_id, col(Task.kind).in_(SILENCE), Task.status == TaskStatus.OPEN)
    return select(Task).where(*open_calls).order_by(col(Task.created_at), col(Task.key))


def _end(work: Work, case_id: UUID, about: SelectOfScalar[Task], why: str, end: Callable[[Task], None]) -> None:
    found: Iterable[Task] = work.session.exec(about).all()
    for task in found:
        end(task)
    for prompt_id in dict.fromkeys(task.subject_id for task in found):
        work.record(events.SilenceEnded(subject_id=prompt_id, case_id=case_id, because=why))

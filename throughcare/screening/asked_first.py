"""The reception safety questions come before any instrument: where they were not asked, that is urgent work at once."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import select

from throughcare.casework import tasks
from throughcare.casework.rows import Task, TaskStatus
from throughcare.casework.tasks import About, For, errand
from throughcare.kernel.categories import Category
from throughcare.kernel.clock import end_of
from throughcare.kernel.work import Work
from throughcare.screening.facts import in_custody, safety_of, since_reception

ASK_SAFETY = errand(
    Category.PLAN,
    "screening_ask_safety",
    "Ask the reception safety questions: screening began without them",
    "/cases/{case_id}/screening",
    closed_in="screening.asking.ask_safety",
)


def remind(work: Work, case_id: UUID) -> None:
    """Somebody in custody is being screened and nobody has asked about withdrawal: whoever screens them asks today."""
    if work.actor.agency_id is None or not in_custody(work, case_id):
        return
    if safety_of(work, case_id, since_reception(work, case_id)) is None:
        mine = For(work.actor.agency_id, worker_id=work.actor.id)
        about = About(case_id, case_id, f"{case_id}:{work.now.isoformat()}")
        if not _waiting(work, case_id):
            tasks.give(work, ASK_SAFETY, mine, about, end_of(work.today), urgent=True)


def answered(work: Work, case_id: UUID) -> None:
    """They have been asked."""
    for task in _waiting(work, case_id):
        tasks.close(work, task)


def _waiting(work: Work, case_id: UUID) -> list[Task]:
    waiting = select(Task).where(
        Task.subject_id == case_id, Task.kind == ASK_SAFETY.kind, Task.status == TaskStatus.OPEN
    )
    return list(work.session.exec(waiting))

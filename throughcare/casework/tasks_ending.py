"""Taking a whole case's work off every list: when the person has died, and when the case is closed."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import col, select

from throughcare.casework.rows import Appointment, AppointmentStatus, Task, TaskStatus
from throughcare.kernel.work import Work

CHILDREN = "child_"  # a child still needs what a child needs


def cancel_all(work: Work, case_id: UUID, why: str) -> int:
    """Cancel every open task of the case but those about children; how many."""
    still = select(Task).where(
        Task.case_id == case_id, Task.status == TaskStatus.OPEN, col(Task.kind).not_like(f"{CHILDREN}%")
    )
    rows = list(work.session.exec(still))
    for task in rows:
        task.status, task.done_at, task.done_by, task.outcome = TaskStatus.CANCELLED, work.now, work.actor.id, why
        work.session.add(task)
    return len(rows)


def release_appointments(work: Work, case_id: UUID) -> None:
    """Nobody is expected at what is still booked: it is not required, and so never missed."""
    booked = select(Appointment).where(Appointment.case_id == case_id, Appointment.status == AppointmentStatus.BOOKED)
    for row in work.session.exec(booked):
        row.status, row.recorded_at, row.recorded_by = AppointmentStatus.NOT_REQUIRED, work.now, work.actor.id
        work.session.add(row)

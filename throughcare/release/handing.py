"""The warning that a need in the community has no handover yet: on the plan's page and in My work (R15d)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import select

from throughcare.casework import tasks
from throughcare.casework.people import Case
from throughcare.casework.rows import Task, TaskStatus
from throughcare.casework.tasks import About, errand
from throughcare.casework.whose import owner_of
from throughcare.kernel.audit import Event
from throughcare.kernel.categories import Category
from throughcare.kernel.clock import end_of
from throughcare.kernel.work import Work
from throughcare.release.facts import current, handover_wanted
from throughcare.release.rows import Need, ReleasePlan

WEEK = timedelta(days=7)
LEAD = timedelta(days=28)  # as the clock "referral_sent": at the latest 28 days before release
WANTED = errand(
    Category.PLAN,
    "release_handover_wanted",
    "Send a handover, or record that none is needed",
    "/cases/{case_id}/handovers",
    closed_in="release.handing.answered",
)


def warn(work: Work, case: Case, plan: ReleasePlan, need: Need) -> None:
    """Put it on the owner's list while it is wanted, once; take it off when it is not."""
    if not handover_wanted(work, plan):
        _settle(work, plan)
    elif not waiting(work, plan):
        about = About(case.id, plan.id, f"{need.id}:{need.version}")
        tasks.give(work, WANTED, owner_of(case), about, due_by(work, case, LEAD))


def due_by(work: Work, case: Case, lead: timedelta) -> datetime:
    """So long before release, but within the week that My work shows, and never before today."""
    latest = work.today + WEEK
    if case.release_on is None:
        return end_of(latest)
    return end_of(max(work.today, min(case.release_on - lead, latest)))


def answered(work: Work, event: Event) -> None:
    """A reaction to a handover sent, or said not to be needed: the warning is over."""
    plan = current(work, event.case_id) if event.case_id else None
    if plan:
        _settle(work, plan)


def _settle(work: Work, plan: ReleasePlan) -> None:
    for task in waiting(work, plan):
        tasks.close(work, task)


def waiting(work: Work, plan: ReleasePlan, kind: str = WANTED.kind) -> list[Task]:
    """What is open of this kind about the plan."""
    mine = select(Task).where(Task.subject_id == plan.id, Task.kind == kind, Task.status == TaskStatus.OPEN)
    return list(work.session.exec(mine))

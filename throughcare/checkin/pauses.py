"""Pauses end by themselves on their day; one without a day is asked about, so that nobody is forgotten (R52)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from throughcare.casework.rows import Task
from throughcare.checkin import errands, holding, steps
from throughcare.checkin.replies import MOST_DAYS_PAUSED
from throughcare.checkin.rows import CheckinPlan, PlanStatus
from throughcare.kernel.rounds import by_case, each_alone
from throughcare.kernel.work import Work

LONGEST = timedelta(days=MOST_DAYS_PAUSED)


def resume_paused(work: Work) -> int:
    """Pauses whose last day has come."""
    over = select(CheckinPlan.id, CheckinPlan.case_id).where(
        CheckinPlan.status == PlanStatus.PAUSED, col(CheckinPlan.paused_until) <= work.today
    )
    return each_alone(work, by_case(work.session.exec(over)), _resume)


def _resume(work: Work, plan_id: UUID) -> int:
    plan = holding.plan(work, plan_id)
    if plan.status is not PlanStatus.PAUSED or plan.paused_until is None or plan.paused_until > work.today:
        return 0
    steps.resume(plan, work)
    return 1


def ask_about_pauses(work: Work) -> int:
    """Pauses of no stated length that are longer than a person may ask for by text are somebody's work, once each."""
    long = select(CheckinPlan.id, CheckinPlan.case_id).where(
        CheckinPlan.status == PlanStatus.PAUSED,
        col(CheckinPlan.paused_until).is_(None),
        col(CheckinPlan.paused_at) <= work.now - LONGEST,
        ~_asked(),
    )
    return each_alone(work, by_case(work.session.exec(long)), _ask)


def _ask(work: Work, plan_id: UUID) -> int:
    plan = work.session.get_one(CheckinPlan, plan_id)
    key = f"{plan.id}:{plan.paused_at}"
    errands.alert(work, errands.PAUSED, plan.case_id, plan.id, errands.today(work), key=key)
    return 1


def _asked() -> ColumnElement[bool]:
    """About this pause, not an earlier one."""
    since = col(Task.created_at) >= col(CheckinPlan.paused_at)
    about = (Task.kind == errands.PAUSED.kind, Task.subject_id == CheckinPlan.id, since)
    return select(Task.id).where(*about).correlate(CheckinPlan).exists()

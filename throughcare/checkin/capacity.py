"""Whether all the check-ins of a day can be sent in their time: asked when a plan is made, while something can still be done (R12)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import col

from throughcare.checkin import errands
from throughcare.checkin.plans import CheckinPlans, Window
from throughcare.checkin.rows import CheckinPlan, PlanStatus
from throughcare.checkin.service import Pacing
from throughcare.checkin.strangers import tell_on_duty
from throughcare.kernel.clock import at
from throughcare.kernel.work import Work

AHEAD = timedelta(days=28)  # the weeks that matter most


def most_in_a_day(pacing: Pacing, window: Window) -> int:
    """Check-ins, of one segment each, that one sender gets out before they are worth nothing or quiet hours begin."""
    first, last = (datetime.combine(date.min, clock) for clock in (window.usual_from, window.usual_to))
    shuts = datetime.combine(date.min, window.shuts)
    by_pace = int((min(last + window.worth_sending, shuts) - first).total_seconds() * pacing.per_second)
    return by_pace if pacing.daily_segments is None else min(by_pace, pacing.daily_segments)


def foresee(work: Work, plan: CheckinPlan) -> None:
    """Tell those on duty of every day of this plan on which more is planned than can be sent; each day once."""
    most = most_in_a_day(work.reference[Pacing], work.reference[CheckinPlans].window)
    for day in crowded(work, plan, most):
        due = max(at(day, work.reference[CheckinPlans].window.opens), work.now)
        tell_on_duty(work, errands.CAPACITY, f"{day}", due, urgent=True)


def crowded(work: Work, plan: CheckinPlan, most: int) -> list[date]:
    """The coming days of this plan on which more than `most` people are to be asked."""
    if plan.released_on is None:
        return []
    days = (plan.released_on + timedelta(days=after) for after in _days(work, plan.code, plan.days))
    ahead = [day for day in days if work.today <= day <= work.today + AHEAD]
    load = _load(work, ahead)
    return [day for day in ahead if load[day] > most]


def _load(work: Work, days: list[date]) -> dict[date, int]:
    """How many check-ins are planned for each day, by all running plans together."""
    alike = (col(CheckinPlan.code), col(CheckinPlan.days), col(CheckinPlan.released_on))
    running = select(*alike, func.count()).where(col(CheckinPlan.status) == PlanStatus.ACTIVE)
    load = dict.fromkeys(days, 0)
    for code, own, released, count in work.session.execute(running.group_by(*alike)):
        asked = _days(work, code, own)
        for day in days:
            if released and (day - released).days in asked:
                load[day] += count
    return load


def _days(work: Work, code: str, own: str) -> tuple[int, ...]:
    return work.reference[CheckinPlans].plan_of(code, own).days

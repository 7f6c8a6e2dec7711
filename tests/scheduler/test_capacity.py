"""More check-ins than can be sent is known when the plan is made, not when they are late (R12, T6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlmodel import col, select

from tests.support.texting import proven, reachable, release
from throughcare.casework.rows import Task
from throughcare.checkin.capacity import most_in_a_day
from throughcare.checkin.plans import CheckinPlans
from throughcare.checkin.rows import CheckinPlan, PlanStatus
from throughcare.checkin.service import Pacing
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.clock import at
from throughcare.kernel.reference import Reference

TODAY = date(2026, 11, 20)


def limited(desk, **limits):
    pacing = replace(desk.reference[Pacing], **limits)
    return replace(desk, reference=Reference({**desk.reference.held, Pacing: pacing}))


def others(desk, world, count, released_on=TODAY, code="standard"):
    """People whose check-ins run already."""
    cases = [world.case(prison_number=f"A{number:04d}AA") for number in range(count)]
    with desk.work(SYSTEM) as work:
        for case in cases:
            work.add(CheckinPlan(case_id=case, code=code, status=PlanStatus.ACTIVE, released_on=released_on))


def alerts(desk):
    with desk.work(SYSTEM) as work:
        found = select(Task.due_at).where(Task.kind == "texts_capacity").order_by(col(Task.due_at)).distinct()
        return list(work.session.exec(found))


def released(desk, world):
    case = world.case(prison_number="B0001BB")
    reachable(desk, case)
    release(desk, case)
    proven(desk, case)
    return case


@pytest.mark.parametrize(
    ("limits", "most"),
    [
        ({"per_second": 1}, 28_800),  # 9:30am to six hours after 11:30am
        ({"per_second": 10}, 288_000),
        ({"per_second": 0.001}, 28),
        ({"per_second": 10, "daily_segments": 500}, 500),
        ({"per_second": 0.001, "daily_segments": 500}, 28),
    ],
)
def test_what_a_sender_gets_out_in_a_day(reference, limits, most):
    assert most_in_a_day(Pacing(**limits), reference[CheckinPlans].window) == most


def test_nothing_is_sent_into_quiet_hours_to_catch_up(reference):
    window = replace(reference[CheckinPlans].window, worth_sending=timedelta(hours=20))
    assert most_in_a_day(Pacing(per_second=1), window) == 37_800  # 9:30am to 8pm


def test_a_plan_that_makes_a_day_too_full_is_told_of_when_it_is_made_t6(desk, world):
    desk = limited(desk, daily_segments=3)
    others(desk, world, 3)
    assert alerts(desk) == []
    released(desk, world)
    days = [TODAY + timedelta(days=after) for after in (1, 2, 3, 5, 7, 10, 14, 17, 21, 24, 28)]
    assert alerts(desk) == [at(day, time(9)) for day in days]


def test_only_the_days_on_which_they_meet_are_full_and_each_is_told_once(desk, world):
    desk = limited(desk, daily_segments=3)
    others(desk, world, 3, released_on=TODAY - timedelta(days=2))  # asked on the 21st, 23rd, 25th, 28th ...
    released(desk, world)  # asked on the 21st, 22nd, 23rd, 25th, 27th, 30th ...
    told = alerts(desk)
    assert told == [at(date(2026, 11, day), time(9)) for day in (21, 23, 25)]
    with desk.work(SYSTEM) as work:
        assert len(work.session.exec(select(Task.key).where(Task.kind == "texts_capacity")).all()) % len(told) == 0


@pytest.mark.parametrize("count", [0, 2])
def test_a_day_that_is_just_full_is_not_told_of(desk, world, count):
    desk = limited(desk, daily_segments=3)
    others(desk, world, count)
    released(desk, world)
    assert alerts(desk) == []


def test_plans_that_have_ended_or_wait_do_not_count(desk, world):
    desk = limited(desk, daily_segments=1)
    others(desk, world, 2)
    with desk.work(SYSTEM) as work:
        first, second = work.session.exec(select(CheckinPlan)).all()
        first.status, second.status = PlanStatus.ENDED, PlanStatus.PAUSED
        work.session.add_all([first, second])
    released(desk, world)
    assert alerts(desk) == []

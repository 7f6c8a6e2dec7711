"""Nobody is forgotten in a pause without an end (R52)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import col, select

from tests.support.texting import forward, reachable, release
from throughcare.casework.rows import Task, TaskStatus
from throughcare.checkin import steps
from throughcare.checkin.pauses import ask_about_pauses
from throughcare.checkin.rows import CheckinPlan
from throughcare.kernel.actors import SYSTEM


@pytest.fixture
def case(desk, world):
    made = world.case()
    reachable(desk, made)
    release(desk, made)
    return made


def act(desk, step, *more):
    with desk.work(SYSTEM) as work:
        step(work.session.exec(select(CheckinPlan)).one(), work, *more)


def asked(desk):
    with desk.work(SYSTEM) as work:
        count = ask_about_pauses(work)
    with desk.work(SYSTEM) as work:
        kind = select(Task).where(Task.kind == "checkin_paused").order_by(col(Task.created_at))
        return count, [task.status for task in work.session.exec(kind)]


def test_after_two_weeks_a_pause_without_an_end_is_work_once(desk, case, clock):
    act(desk, steps.pause, "their_request", None)
    forward(clock, days=13, hours=23)
    assert asked(desk) == (0, [])
    forward(clock, hours=1)
    assert asked(desk) == (1, [TaskStatus.OPEN])
    forward(clock, days=1)
    assert asked(desk) == (0, [TaskStatus.OPEN])


@pytest.mark.parametrize(("step", "more"), [(steps.resume, ()), (steps.end, ("moved_away",))])
def test_it_is_done_when_the_check_ins_go_on_or_end(desk, case, clock, step, more):
    act(desk, steps.pause, "their_request", None)
    forward(clock, days=15)
    asked(desk)
    act(desk, step, *more)
    assert asked(desk) == (0, [TaskStatus.DONE])


def test_a_later_pause_is_asked_about_anew_and_one_with_a_last_day_is_not(desk, case, clock):
    act(desk, steps.pause, "their_request", None)
    forward(clock, days=15)
    asked(desk)
    act(desk, steps.pause, "their_request", clock.now().date() + timedelta(days=30))
    forward(clock, days=20)
    assert asked(desk) == (0, [TaskStatus.DONE])
    act(desk, steps.pause, "their_request", None)
    forward(clock, days=15)
    assert asked(desk) == (1, [TaskStatus.DONE, TaskStatus.OPEN])

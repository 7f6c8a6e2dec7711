"""When a call is promised for, and what stands for the check-ins of the days before a release was recorded."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import select

from tests.support.texting import proven, reachable
from throughcare.casework import custody
from throughcare.casework.forms_custody import Release
from throughcare.casework.people import Case
from throughcare.casework.rows import Task
from throughcare.checkin import choosing, errands, steps
from throughcare.checkin.planning import plan_texts
from throughcare.checkin.rows import CheckinPlan, CheckinPrompt
from throughcare.kernel.actors import SYSTEM


@pytest.fixture
def case(desk, world):
    made = world.case()
    reachable(desk, made)
    return made


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "by"),
    [
        ("2026-11-20T14:59", "2026-11-20T16:59"),
        ("2026-11-20T15:00", "2026-11-20T17:00"),
        ("2026-11-20T15:01", "2026-11-23T09:01"),
        ("2026-11-20T16:59", "2026-11-23T10:59"),
        ("2026-11-20T17:00", "2026-11-23T11:00"),
        ("2026-11-21T12:00", "2026-11-23T11:00"),  # a Saturday
        ("2026-11-23T06:00", "2026-11-23T11:00"),
        ("2026-12-24T16:50", "2026-12-29T10:50"),  # Friday and Monday are bank holidays
    ],
)
def test_a_call_is_promised_in_staffed_time_carried_to_the_next_opening(desk, case, clock, now, by):
    """R42; config/data/answering.toml: 120 minutes of staffed time, 9 to 5."""
    clock.at = utc(now)
    with desk.work(SYSTEM) as work:
        assert errands.ring_by(work, case) == utc(by)


def test_staffed_time_is_that_of_whoever_owns_the_case(desk, world, clock):
    """St Andrew's Day, Monday 30 November, is a day off in Scotland and not in England."""
    clock.at = utc("2026-11-28T12:00")
    case = world.case(where="scottish_prison", officer="scottish_officer")
    with desk.work(SYSTEM) as work:
        assert errands.ring_by(work, case) == utc("2026-12-01T11:00")
        row = work.session.get_one(Case, case)
        row.owner_agency_id = world.agencies["provider"]
        work.session.add(row)
        work.session.flush()
        assert errands.ring_by(work, case) == utc("2026-11-30T11:00")


def release_late(desk, world, case, clock, at):
    clock.at = utc(at)
    with desk.work(world.officer) as work:
        custody.release(work, case, Release(released_on=date(2026, 11, 20), released_at=time(9)))


def prompts(desk, *where):
    with desk.work(SYSTEM) as work:
        return list(work.session.exec(select(CheckinPrompt).where(CheckinPrompt.step != "proof", *where)))


def test_a_release_recorded_days_late_is_made_up_for_by_one_call_the_same_day(desk, world, case, clock):
    """R38, R39: released on Friday, recorded on Monday evening; the next check-in would be on Wednesday."""
    release_late(desk, world, case, clock, "2026-11-23T19:00")
    with desk.work(SYSTEM) as work:
        plan_texts(work)
        calls = work.session.exec(select(Task).where(Task.kind == errands.CALL.kind)).all()
    assert [call.due_at for call in calls] == [datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC)]
    assert sorted(prompt.day for prompt in prompts(desk)) == [1, 2, 3]
    clock.forward(timedelta(hours=12))
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    assert len(prompts(desk)) == 3


def test_what_fell_due_while_check_ins_were_paused_is_not_made_up_for(desk, world, case, clock):
    release_late(desk, world, case, clock, "2026-11-20T10:00")
    proven(desk, case)
    with desk.work(SYSTEM) as work:
        plan = work.session.exec(select(CheckinPlan)).one()
        steps.pause(plan, work, "their_request", None)
    clock.at = utc("2026-11-23T19:00")
    with desk.work(SYSTEM) as work:
        steps.resume(work.session.exec(select(CheckinPlan)).one(), work)
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    assert prompts(desk) == []


def test_a_pause_ends_on_londons_day(desk, world, case, clock):
    """At 00:30 in British Summer Time it is still the day before in UTC."""
    clock.at = utc("2027-06-01T23:30")
    with desk.work(SYSTEM) as work:
        plan = work.add(CheckinPlan(case_id=case, status="active"))
        heard = type("Heard", (), {"plan": plan, "case_id": case})()
        choosing.stop_for(work, heard, "their_request", work.now + timedelta(days=7))
        assert plan.paused_until == date(2027, 6, 9)

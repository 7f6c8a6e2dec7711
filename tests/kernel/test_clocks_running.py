"""Service clocks start, stop, pause, move and keep their history as events are written down."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import ClassVar
from uuid import uuid4

import pytest
from sqlmodel import select

from throughcare.casework.people import Case
from throughcare.casework.rows import ClockState, ServiceClock
from throughcare.kernel.audit import Event


def event(name, case_id, **more):
    kind = type("Told", (Event,), {"name": name, "__annotations__": {"name": ClassVar[str]}})
    return kind(subject_id=more.pop("subject_id", case_id), case_id=case_id, **more)


@pytest.fixture
def tell(desk, world):
    def told(name, case_id, **more):
        with desk.work(world.officer) as work:
            release_on = more.pop("release_on", None)
            if release_on:
                case = work.session.get_one(Case, case_id)
                case.release_on = release_on
                work.session.add(case)
            work.record(event(name, case_id, **more))

    return told


@pytest.fixture
def clocks(desk, world):
    def of(case_id, code):
        with desk.work(world.officer) as work:
            found = select(ServiceClock).where(ServiceClock.case_id == case_id, ServiceClock.code == code)
            return list(work.session.exec(found.order_by(ServiceClock.created_at, ServiceClock.due_at)))

    return of


def test_a_reception_starts_the_screening_clock_and_a_screening_meets_it(tell, clocks, world):
    case = world.case(received_on=date(2026, 11, 20))
    tell("custody.received", case, on=date(2026, 11, 20))
    (clock,) = clocks(case, "substance_screen")
    assert (clock.state, clock.due_at) == (ClockState.RUNNING, datetime(2026, 11, 27, 23, 59, 59, tzinfo=UTC))
    tell("screening.completed", case)
    assert clocks(case, "substance_screen")[0].state is ClockState.STOPPED


def test_a_clock_met_after_its_time_says_so(tell, clocks, world, clock):
    case = world.case(received_on=date(2026, 11, 20))
    tell("custody.received", case, on=date(2026, 11, 20))
    clock.forward(timedelta(days=9))
    tell("screening.completed", case)
    assert clocks(case, "substance_screen")[0].state is ClockState.STOPPED_LATE


def test_a_clock_before_release_waits_for_the_date_and_moves_with_it_keeping_the_old(tell, clocks, world):
    case = world.case(received_on=date(2026, 11, 20))
    tell("custody.received", case, on=date(2026, 11, 20))
    assert clocks(case, "release_plan_start") == []
    tell("custody.release_date_confirmed", case, release_on=date(2027, 3, 31))
    (first,) = clocks(case, "release_plan_start")
    assert first.due_at.date() == date(2027, 1, 6)  # T-84, DOMAIN H
    tell("custody.release_date_confirmed", case, release_on=date(2027, 4, 7))
    states = {clock.due_at.date(): clock.state for clock in clocks(case, "release_plan_start")}
    assert states == {date(2027, 1, 6): ClockState.REISSUED, date(2027, 1, 13): ClockState.RUNNING}


def test_a_plan_already_started_is_not_asked_for_again_when_the_date_moves(tell, clocks, world):
    case = world.case(received_on=date(2026, 11, 20))
    tell("custody.release_date_confirmed", case, release_on=date(2027, 1, 20))
    tell("plan.started", case)
    tell("custody.release_date_confirmed", case, release_on=date(2027, 1, 27))
    assert [clock.state for clock in clocks(case, "release_plan_start")] == [ClockState.STOPPED]


def test_asking_for_information_stops_the_handover_clock_and_gives_the_time_back(tell, clocks, world, clock):
    case, handover = world.case(), uuid4()
    turn = {"subject_id": handover, "for_agency_id": world.agencies["provider"]}
    tell("handover.sent", case, **turn)
    (sent,) = clocks(case, "handover_accepted_or_refused")
    assert sent.agency_id == world.agencies["provider"]
    tell("handover.information_requested", case, **turn)
    assert clocks(case, "handover_accepted_or_refused")[0].state is ClockState.PAUSED
    clock.forward(timedelta(days=7))
    tell("handover.information_given", case, **turn)
    (again,) = clocks(case, "handover_accepted_or_refused")
    assert again.state is ClockState.RUNNING
    assert again.due_at - sent.due_at >= timedelta(days=7)
    assert len(again.pauses) == 1


def test_a_scottish_case_counts_scottish_working_days(tell, clocks, world, clock):
    clock.at = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
    case = world.case(where="scottish_prison", officer="scottish_officer")
    tell("safeguarding.pregnancy_known", case)
    (booking,) = clocks(case, "pregnant_fast_track")
    assert booking.due_at.date() == date(2026, 12, 1)  # St Andrew's Day is Monday 30 November (DOMAIN H)

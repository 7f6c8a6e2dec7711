"""A deadline stands on the list of whoever meets it, and of those the clock file says are told too."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import select

from tests.support.handovers import Handing
from throughcare.casework.loads import loads
from throughcare.casework.people import Case
from throughcare.casework.rows import ClockState, ServiceClock
from throughcare.casework.telling import NOT_TOLD
from throughcare.casework.worklist import WorkQuery, my_work
from throughcare.kernel.actors import SYSTEM, Role
from throughcare.kernel.audit import Event

ANSWER, RECORD = "Accept or decline the handover", "Record the release"


def listed(desk, actor, kind="clock"):
    with desk.work(actor) as work:
        told = my_work(work, WorkQuery())
        return [item.words for item in (*told.overdue, *told.today, *told.soon) if item.kind == kind]


def tell(desk, actor, name, case, **more):
    made = type("Told", (Event,), {"name": name, "__annotations__": {}})
    with desk.work(actor) as work:
        work.record(made(subject_id=case, case_id=case, **more))


@pytest.fixture
def handing(world):
    return Handing(world)


def test_a_handover_waiting_for_its_answer_is_on_the_teams_list_and_on_the_owners(desk, world, handing):
    handing.received()
    assert ANSWER in listed(desk, world.provider)
    assert ANSWER in listed(desk, world.officer)
    assert ANSWER not in listed(desk, world.other_officer)
    assert ANSWER not in listed(desk, world.treatment)


def test_what_somebody_else_must_do_says_who_by_calling_and_ones_own_work_says_nobody(desk, world, handing):
    handing.received()
    said = {}
    for who in (world.provider, world.officer):
        with desk.work(who) as work:
            told = my_work(work, WorkQuery())
            lines = [item for item in (*told.overdue, *told.today, *told.soon) if item.words == ANSWER]
            said[who.role] = {item.doer for item in lines}
    assert said == {Role.PROVIDER: {""}, Role.OFFICER: {"Provider worker, Harbour Recovery"}}


def test_the_officer_is_told_of_a_release_not_recorded_beside_the_owner_each_once(desk, world):
    case = world.case()
    with desk.work(SYSTEM) as work:
        row = work.session.get_one(Case, case)
        row.officer_id, row.release_on = world.other_officer.id, work.today
        work.session.add(row)
    tell(desk, world.officer, "custody.release_date_confirmed", case)
    for who in (world.officer, world.other_officer):
        assert listed(desk, who).count(RECORD) == 1


def test_the_co_responsible_worker_sees_the_owners_clocks_until_first_contact(desk, world, handing):
    handing.accepted()
    with desk.work(SYSTEM) as work:
        row = work.session.get_one(Case, handing.case_id)
        row.release_on = work.today
        work.session.add(row)
    tell(desk, world.officer, "custody.release_date_confirmed", handing.case_id)
    assert RECORD in listed(desk, world.provider)
    with desk.work(SYSTEM) as work:
        row = work.session.get_one(Case, handing.case_id)
        row.co_agency_id = row.co_worker_id = None
        work.session.add(row)
    assert RECORD not in listed(desk, world.provider)


def test_a_manager_is_told_that_something_cannot_wait_and_not_more_than_they_may_know(desk, world):
    tell(desk, world.officer, "safeguarding.concern_level4", world.case())
    refer = "Refer the child to children's services without delay"
    assert refer in listed(desk, world.officer)
    assert listed(desk, world.prison_manager) == [NOT_TOLD]
    assert listed(desk, world.provider_manager) == []


def test_what_falls_due_this_week_counts_deadlines_too(desk, world):
    case = world.case(received_on=date(2026, 11, 20))
    for name in ("custody.received", "screening.safety_asked"):
        tell(desk, world.officer, name, case, on=date(2026, 11, 20))
    with desk.work(world.prison_manager) as work:
        due = {load.worker_id: load.due_this_week for load in loads(work)}
        mine = select(ServiceClock).where(
            ServiceClock.worker_id == world.officer.id,
            ServiceClock.state == ClockState.RUNNING,
            ServiceClock.due_at <= work.now + timedelta(days=7, hours=14),
        )
        assert len(work.session.exec(mine).all()) == 1
    assert due[world.officer.id] == 0  # seven days from now, to the hour
    desk.clock.forward(timedelta(days=1))
    with desk.work(world.prison_manager) as work:
        assert {load.worker_id: load.due_this_week for load in loads(work)}[world.officer.id] == 1

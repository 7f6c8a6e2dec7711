"""Nobody is given more calls than they should have without a reason, and never in silence (R47)."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlmodel import select

from tests.support.on_call import CRISIS, alarms, hear
from tests.support.texting import texted
from throughcare.casework import allocation, carrying, worklist
from throughcare.casework.carrying import Carrying, Despite, TooMany
from throughcare.casework.forms import Allocation
from throughcare.casework.rows import Task, TaskStatus
from throughcare.casework.worklist import Whose, WorkQuery
from throughcare.checkin import errands, taking
from throughcare.checkin.forms_on_call import HandOn
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import AuditRow


@pytest.fixture
def case_id(desk, world):
    return texted(desk, world)


@pytest.fixture
def most(reference):
    return reference[Carrying].most


def load(desk, world, actor, count, kind=errands.CALL.kind, **more):
    with desk.work(SYSTEM) as work:
        for _ in range(count):
            whose = {"agency_id": actor.agency_id, "worker_id": actor.id, "subject_id": uuid4(), "due_at": work.now}
            work.add(Task(key=uuid4().hex, kind=kind, **whose, **more))


def told(desk):
    with desk.work(SYSTEM) as work:
        found = work.session.exec(select(Task).where(Task.kind == carrying.OVERLOADED.kind)).all()
        return [(task.subject_id, task.role) for task in found]


def give(desk, world, case_id, to, **more):
    with desk.work(world.prison_manager) as work:
        allocation.allocate(work, case_id, Allocation(worker_id=to.id, **more))


def test_a_case_goes_to_somebody_with_too_many_calls_only_with_a_reason_and_the_manager_is_told(
    desk, world, case_id, most
):
    load(desk, world, world.other_officer, most)
    with pytest.raises(TooMany, match=rf"Other Officer has {most} open calls. .*Officer.* fewer. Select somebody else"):
        give(desk, world, case_id, world.other_officer)
    assert told(desk) == []
    give(desk, world, case_id, world.other_officer, despite=Despite.KNOWS)
    assert told(desk) == [(world.other_officer.id, world.prison_manager.role)]
    with desk.work(SYSTEM) as work:
        (event,) = work.session.exec(select(AuditRow).where(AuditRow.name == "worker.given_despite")).all()
    assert event.body == {"why": "knows_them", "calls": most}


def test_one_call_fewer_needs_none_and_neither_do_done_calls_nor_other_work(desk, world, case_id, most):
    load(desk, world, world.other_officer, most - 1)
    load(desk, world, world.other_officer, 3, status=TaskStatus.DONE)
    load(desk, world, world.other_officer, 3, kind=errands.READ.kind)
    give(desk, world, case_id, world.other_officer)
    assert told(desk) == []


def test_what_cannot_wait_is_handed_on_by_the_same_rule(desk, world, case_id, most):
    load(desk, world, world.other_officer, most)
    hear(desk, CRISIS)
    text_id = alarms(desk)[0].subject_id
    with pytest.raises(TooMany), desk.work(world.officer) as work:
        taking.hand_on(work, text_id, HandOn(worker_id=world.other_officer.id))
    with desk.work(world.officer) as work:
        taking.hand_on(work, text_id, HandOn(worker_id=world.other_officer.id, despite=Despite.NOBODY))
    assert alarms(desk)[0].worker_id == world.other_officer.id


def test_a_load_that_grows_by_itself_is_told_of_once_a_day(desk, world, most):
    load(desk, world, world.officer, most)
    for extra, count in ((0, 0), (1, 1), (1, 1)):
        load(desk, world, world.officer, extra)
        with desk.work(SYSTEM) as work:
            carrying.watch_loads(work)
        assert len(told(desk)) == count


def test_each_ones_open_calls_stand_on_the_teams_page(desk, world, most):
    load(desk, world, world.officer, most)
    with desk.work(world.prison_manager) as work:
        team = worklist.my_work(work, WorkQuery(whose=Whose.TEAM)).team
    shown = {each.worker_id: (each.calls, each.too_many) for each in team}
    assert shown[world.officer.id] == (most, True)
    assert shown[world.other_officer.id] == (0, False)

"""What comes between two texts of one storm: somebody takes it on, places one, ends it, or joins those on duty (R23, R26, R42)."""

from __future__ import annotations

from threading import Thread

import pytest
from sqlalchemy.exc import OperationalError

from tests.support.asked import rows
from tests.support.on_call import CRISIS, alarms, asked, hear, on_call
from tests.support.texting import NUMBER, forward, reachable, texted
from throughcare.casework import done
from throughcare.casework.done import DoneForm, How
from throughcare.casework.people import Case
from throughcare.casework.rows import Task, TaskStatus
from throughcare.checkin import actions, errands, joining, taking
from throughcare.checkin.forms import Place
from throughcare.checkin.on_call_rows import Alarm, AlarmStatus
from throughcare.checkin.rows import CheckinPlan, InboundText
from throughcare.kernel.actors import SYSTEM, Role

STRANGE = "+447700900777"
ONE = pytest.mark.on_database(0)  # the same statements on both


@pytest.fixture
def case_id(desk, world):
    return texted(desk, world)


def storm(desk, times, number=STRANGE):
    for _ in range(times):
        hear(desk, CRISIS, number)
        forward(desk.clock, seconds=1)


def take(desk, actor, text_id):
    with desk.work(actor) as work:
        return taking.take(work, text_id)


def place(desk, actor, text_id, case_id):
    with desk.work(actor) as work:
        actions.place(work, text_id, Place(case_id=case_id, new_number=True))


def in_order(desk):
    return [each.id for each in sorted(rows(desk, InboundText), key=lambda each: each.received_at)]


def counted(desk, kind):
    return {task.times for task in rows(desk, Task, status=TaskStatus.OPEN, kind=kind)}


@pytest.mark.parametrize("first", ["I want to end it, please call me", "1 call me"])
def test_who_asks_for_a_call_again_after_a_graver_text_was_taken_on_and_not_rung_is_asked_of_the_next(
    desk, world, case_id, first
):
    forward(desk.clock, hours=9)  # 19:00
    on_call(desk, world.other_officer, world.prison_manager)
    hear(desk, first)
    (alarm,) = alarms(desk)
    take(desk, world.other_officer, alarm.subject_id)
    forward(desk.clock, hours=3)
    hear(desk, "CALL")
    assert asked(desk)[-1] == ("on_call", world.prison_manager.id)


@ONE
def test_a_later_text_that_is_placed_before_the_first_is_counted_no_more(desk, world, case_id):
    storm(desk, 4)
    first, second, third, fourth = in_order(desk)
    for text_id, left in ((fourth, 3), (second, 2)):
        place(desk, world.officer, text_id, case_id)
        assert counted(desk, errands.UNKNOWN.kind) == {left}
    place(desk, world.officer, first, case_id)
    assert counted(desk, errands.UNKNOWN.kind) == {1}
    (alarm,) = [each for each in alarms(desk) if each.case_id is None]
    assert alarm.subject_id == third
    with desk.work(world.officer) as work:
        assert taking.shown(work, work.session.merge(alarm)).times == 1
    place(desk, world.officer, third, case_id)
    assert counted(desk, errands.UNKNOWN.kind) == set()


@ONE
def test_one_more_text_after_one_was_placed_is_counted_as_one_more(desk, world, case_id):
    storm(desk, 3)
    _, second, _ = in_order(desk)
    with desk.work(world.officer) as work:
        actions.place(work, second, Place(case_id=case_id))
    storm(desk, 1)
    assert counted(desk, errands.UNKNOWN.kind) == {3}


@ONE
def test_of_a_phone_that_two_of_one_team_share_each_alarm_can_be_taken_on(desk, world, case_id):
    other = world.case(given="Sorrel", family="Marsh")
    reachable(desk, other)
    storm(desk, 2, NUMBER)
    first, second = in_order(desk)
    for key, alarm in zip(("a", "b"), alarms(desk), strict=True):
        with desk.work(SYSTEM) as work:
            work.session.get_one(type(alarm), alarm.id).key = key
    one = alarms(desk)[0]
    take(desk, world.officer, first)
    with desk.work(world.officer) as work:
        actions.place(work, first, Place(case_id=one.case_id))
    shared = [each for each in alarms(desk) if each.errand == errands.SHARED.kind]
    assert [alarm.subject_id for alarm in shared] == [second, second]
    take(desk, world.other_officer, second)
    assert {alarm.status for alarm in rows(desk, Alarm, errand=errands.SHARED.kind)} == {AlarmStatus.TAKEN}


@ONE
def test_an_agency_that_has_come_on_duty_has_a_storm_on_every_list_that_reads_texts(desk, world, case_id):
    storm(desk, 1)
    before = {task.agency_id for task in rows(desk, Task, kind=errands.UNKNOWN.kind)}
    reachable(desk, other := world.case(given="Sorrel", family="Marsh"), "+447700900124")
    with desk.work(SYSTEM) as work:
        case = work.session.get_one(Case, other)
        case.owner_agency_id, case.owner_team_id = world.agencies["provider"], world.teams["provider"]
        case.owner_worker_id = None
        work.session.add(case)
        work.add(CheckinPlan(case_id=other))
    storm(desk, 1)
    theirs = rows(desk, Task, kind=errands.UNKNOWN.kind, agency_id=world.agencies["provider"])
    assert world.agencies["provider"] not in before
    assert {task.role for task in theirs} == {Role.MANAGER, Role.PROVIDER}


def test_a_text_that_comes_while_the_work_is_being_ended_is_work_of_its_own(desk, world, case_id):
    storm(desk, 1)
    (task,) = [each for each in rows(desk, Task, kind=errands.UNKNOWN.kind) if each.role == world.officer.role]
    comes = Thread(target=storm, args=(desk, 1))
    with desk.work(world.officer) as work:
        done.finish(work, task.id, DoneForm(how=How.DONE))
        work.session.flush()
        comes.start()
        comes.join(0.3)
        assert comes.is_alive()
    comes.join()
    assert counted(desk, errands.UNKNOWN.kind) == {1}
    assert [alarm.status for alarm in alarms(desk)][-1] is AlarmStatus.WAITING
    _, second = in_order(desk)
    assert {each.subject_id for each in rows(desk, Task, kind=errands.UNKNOWN.kind, status=TaskStatus.OPEN)} == {second}


def test_a_text_that_comes_while_an_earlier_one_is_placed_waits_for_that_and_both_go_on(
    desk, world, case_id, monkeypatch
):
    """Placing locks the alarm and then the work, as a text that joins it does: neither is undone for the other's sake."""
    storm(desk, 2)
    first, second = in_order(desk)
    failed, left, comes = [], joining._left, []

    def come():
        try:
            storm(desk, 1)
        except OperationalError as fault:
            failed.append(fault)

    def meanwhile(*of):
        if not comes:
            comes.append(Thread(target=come))
            comes[0].start()
            comes[0].join(0.3)
        return left(*of)

    monkeypatch.setattr(joining, "_left", meanwhile)
    place(desk, world.officer, first, case_id)
    comes[0].join()
    assert not failed
    assert {alarm.status for alarm in alarms(desk)} == {AlarmStatus.WAITING}
    still = rows(desk, Task, kind=errands.UNKNOWN.kind, status=TaskStatus.OPEN)
    assert second in {task.subject_id for task in still}

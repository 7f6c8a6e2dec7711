"""Forty texts in a row from one number are one alarm that says forty, and nothing of it is later, quieter or lost (R26, R42)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from tests.support.asked import rows
from tests.support.on_call import CRISIS, alarms, asked, hear, on_call, tick
from tests.support.texting import NUMBER, forward, reachable, texted, texts
from throughcare.casework import worklist
from throughcare.casework.people import Case
from throughcare.casework.rows import Task, TaskStatus
from throughcare.casework.worklist import WorkQuery
from throughcare.checkin import actions, errands, joining, taking, unplaced
from throughcare.checkin.forms import Call, Place
from throughcare.checkin.on_call_rows import AlarmStatus, TextAgain
from throughcare.checkin.rows import InboundText, TextReceived
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import AuditRow

STRANGE = "+447700900777"
ONE = pytest.mark.on_database(0)  # the same statements; what differs by database is in the two that have it not
SOON = timedelta(minutes=15)  # in which a crisis must be acknowledged, as configured


@pytest.fixture
def case_id(desk, world):
    return texted(desk, world)


def storm(desk, times, body=CRISIS, number=NUMBER):
    for _ in range(times):
        hear(desk, body, number)
        forward(desk.clock, seconds=1)


def open_work(desk, *kinds):
    """What is on lists: the kind, and how many texts it counts."""
    found = rows(desk, Task, status=TaskStatus.OPEN)
    return sorted((task.kind, task.times) for task in found if not kinds or task.kind in kinds)


def take(desk, actor, alarm):
    with desk.work(actor) as work:
        return taking.take(work, alarm.subject_id)


def events(desk, name):
    return len(rows(desk, AuditRow, name=name))


@ONE
def test_a_storm_of_crises_is_one_alarm_and_one_piece_of_work_a_list_that_counts_them(desk, world, case_id):
    on_call(desk, world.other_officer)
    began = desk.clock.at
    storm(desk, 11)
    hear(desk, "I have taken pills and want to die")
    (alarm,) = alarms(desk)
    assert open_work(desk) == [("checkin_crisis", 12), ("checkin_crisis", 12), ("checkin_flood", 1)]
    assert asked(desk) == [("on_call", world.other_officer.id)]
    with desk.work(world.other_officer) as work:
        (told,) = taking.open_of(work, case_id)
        mine = worklist.my_work(work, WorkQuery())
    assert (told.times, told.text_at, told.last_at) == (12, began, began + timedelta(seconds=11))
    assert told.last == "I have taken pills and want to die"
    assert f"{errands.CRISIS.words} (12 texts)" in {item.words for item in (*mine.today, *mine.overdue)}
    assert (events(desk, "checkin.crisis_seen"), events(desk, "checkin.said_again")) == (12, 11)
    assert len(rows(desk, TextReceived)) == 12  # every one is there to be read
    assert [text.template for text in texts(desk, case_id)].count("crisis_reply") == 3  # by the loop guard, as ever
    assert alarm.acknowledge_by == began + SOON


@ONE
def test_nobody_is_asked_later_because_more_came(desk, world, case_id):
    """The twin that begins the wait anew at each text is never passed on: here the next is asked to the second."""
    on_call(desk, world.other_officer, world.officer)
    hear(desk, CRISIS)
    (first,) = alarms(desk)
    for _ in range(14):
        forward(desk.clock, minutes=1)
        storm(desk, 1)
    assert alarms(desk)[0].acknowledge_by == first.acknowledge_by
    desk.clock.at = first.acknowledge_by
    assert tick(desk) == 1
    assert asked(desk) == [("on_call", world.other_officer.id), ("on_call", world.officer.id)]


@ONE
def test_once_everybody_was_told_a_new_text_brings_the_next_asking_forward(desk, world, case_id):
    hear(desk, CRISIS)
    for _ in range(3):
        forward(desk.clock, minutes=30)
        tick(desk)
    (alarm,) = alarms(desk)
    assert (alarm.stage, alarm.acknowledge_by - desk.clock.at) == ("duty", timedelta(minutes=30))
    forward(desk.clock, minutes=2)
    hear(desk, CRISIS)
    assert alarms(desk)[0].look_at == desk.clock.at + timedelta(minutes=13)
    forward(desk.clock, minutes=20)
    hear(desk, CRISIS)
    assert alarms(desk)[0].look_at <= desk.clock.at
    assert tick(desk) == 1


def test_who_writes_again_after_somebody_took_it_on_is_not_swallowed(desk, world, case_id):
    on_call(desk, world.other_officer)
    hear(desk, CRISIS)
    take(desk, world.officer, alarms(desk)[0])
    forward(desk.clock, minutes=2)
    storm(desk, 5)
    taken, new = alarms(desk)
    assert (taken.status, new.status) == (AlarmStatus.TAKEN, AlarmStatus.WAITING)
    assert new.acknowledge_by == new.raised_at + SOON
    assert asked(desk)[-1] == ("on_call", world.other_officer.id)
    assert ("checkin_crisis", 5) in open_work(desk)
    with desk.work(world.officer) as work:
        found = worklist.my_work(work, WorkQuery())
    assert len([item for item in (*found.today, *found.overdue) if item.answers]) == 1  # it is before them again
    take(desk, world.officer, new)
    storm(desk, 2)
    assert [alarm.status.value for alarm in alarms(desk)] == ["taken", "taken", "waiting"]


@ONE
def test_whoever_said_that_they_have_it_is_told_though_they_are_neither_on_call_nor_named(desk, world, case_id):
    on_call(desk, world.other_officer)
    hear(desk, CRISIS)
    forward(desk.clock, seconds=1)
    take(desk, world.prison_manager, alarms(desk)[0])
    hear(desk, CRISIS)
    new = alarms(desk)[-1]
    mine = [task for task in rows(desk, Task, subject_id=new.subject_id) if task.worker_id == world.prison_manager.id]
    assert [(task.status, task.answer_by) for task in mine] == [(TaskStatus.OPEN, new.acknowledge_by)]
    take(desk, world.other_officer, new)
    assert rows(desk, Task, id=mine[0].id)[0].status is TaskStatus.DONE  # another has it, and is named on the page


@ONE
def test_what_was_spoken_of_is_over_and_the_next_crisis_is_an_alarm(desk, world, case_id):
    storm(desk, 3)
    with desk.work(world.officer) as work:
        actions.spoke(work, case_id, Call(reached=True))
    hear(desk, CRISIS)  # before any round has looked
    assert len(alarms(desk)) == 2
    assert open_work(desk, "checkin_crisis") == [("checkin_crisis", 1)]


@ONE
def test_a_case_that_has_passed_is_not_left_with_those_who_had_it(desk, world, case_id):
    hear(desk, CRISIS)
    with desk.work(SYSTEM) as work:
        case = work.session.get_one(Case, case_id)
        case.owner_agency_id, case.owner_team_id = world.agencies["provider"], world.teams["provider"]
        case.owner_worker_id = world.provider.id
        work.session.add(case)
    forward(desk.clock, seconds=1)
    hear(desk, CRISIS)
    assert alarms(desk)[-1].agency_id == world.agencies["provider"]
    assert [task.times for task in rows(desk, Task, worker_id=world.provider.id)] == [1]


@ONE
def test_whoever_has_the_case_by_now_has_the_storm_on_their_list(desk, world, case_id):
    on_call(desk, world.prison_manager)
    hear(desk, CRISIS)
    with desk.work(SYSTEM) as work:
        case = work.session.get_one(Case, case_id)
        case.owner_worker_id = world.other_officer.id
        work.session.add(case)
    hear(desk, CRISIS)
    assert len(alarms(desk)) == 1
    assert [task.times for task in rows(desk, Task, worker_id=world.other_officer.id)] == [2]


@ONE
def test_calls_asked_for_are_one_call_back_that_counts_them_and_is_due_no_later(desk, world, case_id):
    hear(desk, "CALL")
    (first,) = rows(desk, Task, kind=errands.CALL_ASKED.kind)
    forward(desk.clock, minutes=5)
    storm(desk, 9, "CALL")
    (after,) = rows(desk, Task, kind=errands.CALL_ASKED.kind)
    assert (after.id, after.times, after.due_at, after.subject_id) == (first.id, 10, first.due_at, first.subject_id)
    assert events(desk, "checkin.call_asked") == 10
    storm(desk, 2, "1")
    assert open_work(desk, "checkin_low_score") == [("checkin_low_score", 2)]
    with desk.work(world.officer) as work:
        actions.spoke(work, case_id, Call(reached=True))
    hear(desk, "CALL")
    assert open_work(desk, "checkin_call_asked") == [("checkin_call_asked", 1)]


@ONE
def test_a_crisis_never_stands_with_a_call_and_is_an_alarm_at_once(desk, world, case_id):
    hear(desk, "CALL")
    hear(desk, CRISIS)
    assert [alarm.kind for alarm in alarms(desk)] == ["crisis"]
    assert open_work(desk, "checkin_crisis") == [("checkin_crisis", 1)]


@ONE
def test_a_call_asked_for_by_day_and_again_at_night_is_asked_of_whoever_is_on_call(desk, world, case_id):
    """And where they took it on and have not rung in the time in which one rings, of the next."""
    hear(desk, "CALL")
    assert alarms(desk) == []
    forward(desk.clock, hours=8)  # 18:00
    on_call(desk, world.other_officer, world.prison_manager)
    storm(desk, 3, "CALL")
    (alarm,) = alarms(desk)
    assert (open_work(desk, "checkin_call_asked"), len(asked(desk))) == ([("checkin_call_asked", 4)] * 2, 1)
    take(desk, world.other_officer, alarm)
    hear(desk, "CALL")
    assert len(asked(desk)) == 1
    forward(desk.clock, hours=2)
    hear(desk, "CALL")
    assert asked(desk)[-1] == ("on_call", world.prison_manager.id)
    assert [(each.id, each.status) for each in alarms(desk)] == [(alarm.id, AlarmStatus.WAITING)]


def test_a_storm_from_a_number_nobody_has_is_one_alarm_whose_texts_are_all_read_and_placed(desk, world, case_id):
    storm(desk, 4, number=STRANGE)
    (alarm,) = alarms(desk)
    lists = open_work(desk, "checkin_unknown_number")
    assert set(lists) == {("checkin_unknown_number", 4)}
    for reader in (world.officer, world.prison_manager):
        with desk.work(reader) as work:
            shown, _ = unplaced.page(work, "")
            assert len(shown) == 4
    seen = take(desk, world.officer, alarm)
    assert (seen.times, seen.last) == (4, CRISIS)
    texts_ = sorted(rows(desk, InboundText), key=lambda text: text.received_at)
    for left, text in zip((3, 2, 1, 0), texts_, strict=True):
        with desk.work(world.officer) as work:
            actions.place(work, text.id, Place(case_id=case_id, new_number=True))
        (now,) = [each for each in alarms(desk) if each.id == alarm.id]
        assert now.status is AlarmStatus.TAKEN  # whoever took it on has it until the last of them is placed
        assert {times for _, times in open_work(desk, "checkin_unknown_number")} == ({left} if left else set())
    assert [text.fate for text in rows(desk, InboundText)] == ["placed"] * 4


@ONE
def test_two_numbers_that_nobody_has_are_two_alarms(desk, world, case_id):
    storm(desk, 2, number=STRANGE)
    storm(desk, 2, number="+447700900778")
    assert len(alarms(desk)) == 2


@ONE
def test_of_a_phone_that_two_people_share_the_one_who_was_taken_on_is_asked_of_again(desk, world, case_id):
    other = world.case(given="Sorrel", family="Marsh")
    reachable(desk, other)
    with desk.work(SYSTEM) as work:
        case = work.session.get_one(Case, other)
        case.owner_agency_id, case.owner_team_id = world.agencies["provider"], world.teams["provider"]
        case.owner_worker_id = None
        work.session.add(case)
    storm(desk, 2)
    assert sorted(alarm.case_id for alarm in alarms(desk)) == sorted([case_id, other])
    take(desk, world.officer, next(alarm for alarm in alarms(desk) if alarm.case_id == case_id))
    hear(desk, CRISIS)
    assert [alarm.case_id for alarm in alarms(desk)].count(case_id) == 2
    assert [alarm.case_id for alarm in alarms(desk)].count(other) == 1
    assert len(rows(desk, TextAgain, case_id=other)) == 2


@ONE
def test_the_twin_that_asks_no_more_whether_somebody_took_it_on_swallows_the_next(desk, world, case_id, monkeypatch):
    """What keeps the test above honest: without the question under the lock, a text after "I have it" is counted and unheard."""
    hear(desk, CRISIS)
    (alarm,) = alarms(desk)
    monkeypatch.setattr(joining, "_waiting", lambda *_: alarm)
    take(desk, world.officer, alarm)
    hear(desk, CRISIS)
    assert [each.status for each in alarms(desk)] == [AlarmStatus.TAKEN]  # and nobody is asked
    with desk.work(SYSTEM) as work:
        assert work.session.exec(select(TextAgain)).one()

"""What cannot wait is with somebody until they say so: on call, the next, the managers, everybody (R42, R45, T22)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from tests.support.on_call import CRISIS, alarms, asked, hear, on_call, tick
from tests.support.texting import forward, reachable, texted
from throughcare.casework import access, custody, worklist
from throughcare.casework.agencies import Membership
from throughcare.casework.forms_custody import Death
from throughcare.casework.people import Case
from throughcare.casework.rows import Task, TaskStatus
from throughcare.casework.worklist import WorkQuery
from throughcare.checkin import actions, errands, strangers, taking
from throughcare.checkin.forms import Call
from throughcare.checkin.forms_on_call import HandOn
from throughcare.checkin.on_call_rows import AlarmStatus
from throughcare.disclosure.policy import Basis
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.refusals import NotFound, NotPermitted, WrongState

MINUTES = timedelta(minutes=15)  # in which a crisis must be acknowledged, as configured
NIGHT = datetime(2026, 11, 20, 21, 30, tzinfo=UTC)


@pytest.fixture
def case_id(desk, world):
    return texted(desk, world)


def my_items(desk, actor):
    with desk.work(actor) as work:
        mine = worklist.my_work(work, WorkQuery())
    return [item for item in (*mine.overdue, *mine.today, *mine.soon) if item.words == errands.CRISIS.words]


def gone(desk, *actors):
    with desk.work(SYSTEM) as work:
        for actor in actors:
            for held in work.session.exec(select(Membership).where(Membership.worker_id == actor.id)).all():
                held.to_on = work.today
                work.session.add(held)


def take(desk, actor, text_id=None):
    with desk.work(actor) as work:
        return taking.take(work, text_id or alarms(desk)[0].subject_id)


def passed_to_the_provider(desk, world, case_id):
    with desk.work(SYSTEM) as work:
        case = work.session.get_one(Case, case_id)
        case.owner_agency_id, case.owner_team_id = world.agencies["provider"], world.teams["provider"]
        case.owner_worker_id = None
        work.session.add(case)


def timeline(desk, case_id):
    with desk.work(SYSTEM) as work:
        return set(work.session.exec(select(AuditRow.name).where(AuditRow.case_id == case_id)))


def test_a_crisis_is_with_whoever_is_on_call_at_once(desk, world, case_id):
    on_call(desk, world.other_officer)
    hear(desk, CRISIS)
    assert asked(desk) == [("on_call", world.other_officer.id)]
    (item,) = my_items(desk, world.other_officer)
    assert (item.answer_by, item.at_once, item.urgent) == (desk.clock.at + MINUTES, True, True)
    assert item.answers
    assert len(my_items(desk, world.officer)) == 1  # the named worker has it too, as ever


def test_unacknowledged_it_is_with_the_next_on_the_rota_exactly_at_the_deadline_t22(desk, world, case_id):
    on_call(desk, world.other_officer, world.officer)
    hear(desk, CRISIS)
    forward(desk.clock, seconds=MINUTES.total_seconds() - 1)
    assert tick(desk) == 0
    forward(desk.clock, seconds=1)
    assert [tick(desk), tick(desk)] == [1, 0]
    assert asked(desk) == [("on_call", world.other_officer.id), ("on_call", world.officer.id)]
    assert "checkin.alarm_passed_on" in timeline(desk, case_id)


def test_after_the_rota_come_the_next_turn_the_managers_and_everybody_again_and_again(desk, world, case_id):
    on_call(desk, world.other_officer)
    on_call(desk, world.officer, start=timedelta(hours=2), end=timedelta(hours=4))
    hear(desk, CRISIS)
    for _ in range(5):
        forward(desk.clock, minutes=30)
        tick(desk)
    told = [stage for stage, _ in asked(desk)]
    assert told == ["on_call", "on_call", "manager", "duty", "duty", "duty"]
    assert my_items(desk, world.prison_manager)
    assert [task.status for task in tasks(desk, "#")] == [TaskStatus.OPEN] * 3  # nobody is given it twice


def test_where_only_one_is_left_they_have_it_once_however_often_it_is_asked(desk, world, case_id):
    gone(desk, world.officer, world.other_officer, world.treatment, world.healthcare)
    hear(desk, CRISIS)
    for _ in range(4):
        forward(desk.clock, minutes=30)
        tick(desk)
    assert [stage for stage, _ in asked(desk)] == ["manager", "duty", "duty", "duty", "duty"]
    assert my_items(desk, world.prison_manager)
    assert len(tasks(desk, "#")) == 1


def tasks(desk, mark=""):
    with desk.work(SYSTEM) as work:
        found = work.session.exec(select(Task).where(Task.kind == errands.CRISIS.kind)).all()
        return [task for task in found if mark in task.key]


def test_with_nobody_on_call_it_is_with_the_named_worker_in_their_hours(desk, world, case_id):
    hear(desk, CRISIS)
    assert asked(desk) == [("worker", world.officer.id)]


def test_and_at_night_with_the_managers(desk, world, case_id):
    desk.clock.at = NIGHT
    hear(desk, CRISIS)
    assert asked(desk) == [("manager", None)]
    assert my_items(desk, world.prison_manager)


def test_whoever_has_left_is_not_asked_and_where_nobody_is_left_somebody_elsewhere_is_told(desk, world, case_id):
    on_call(desk, world.other_officer)
    gone(desk, world.officer, world.other_officer, world.treatment, world.healthcare, world.prison_manager)
    hear(desk, CRISIS)
    assert [stage for stage, _ in asked(desk)] == ["duty"]
    with desk.work(SYSTEM) as work:
        told = work.session.exec(select(Task).where(Task.kind == errands.ABANDONED.kind)).all()
        assert {task.agency_id for task in told} >= {world.agencies["provider"]}
        assert {task.case_id for task in told} == {None}


def test_saying_i_am_dealing_with_this_stops_the_asking_and_clears_the_other_lists(desk, world, case_id):
    on_call(desk, world.other_officer)
    hear(desk, CRISIS)
    forward(desk.clock, minutes=16)
    tick(desk)
    assert my_items(desk, world.prison_manager)
    take(desk, world.other_officer)
    assert my_items(desk, world.prison_manager) == []
    (item,) = my_items(desk, world.other_officer)
    assert (item.taken_by, item.answers) == (world.other_officer.name, "")
    (named,) = my_items(desk, world.officer)
    assert named.taken_by == world.other_officer.name
    forward(desk.clock, hours=1)
    assert tick(desk) == 0
    assert len(asked(desk)) == 2


def test_said_twice_it_is_said_once_and_by_another_it_is_refused_with_the_name(desk, world, case_id):
    hear(desk, CRISIS)
    assert take(desk, world.officer) == take(desk, world.officer)
    with pytest.raises(WrongState, match="Officer is dealing with this already"):
        take(desk, world.other_officer)
    with desk.work(SYSTEM) as work:
        said = work.session.exec(select(AuditRow).where(AuditRow.name == "checkin.alarm_taken")).all()
    assert len(said) == 1


def test_whoever_has_no_standing_finds_nothing(desk, world, case_id):
    hear(desk, CRISIS)
    for stranger in (world.other_provider, world.scottish_officer):
        with pytest.raises(NotFound):
            take(desk, stranger)
    for other in (world.probation, world.healthcare):
        with pytest.raises((NotFound, NotPermitted)):
            take(desk, other)


def test_it_is_handed_on_by_name_and_goes_further_when_they_do_not_answer(desk, world, case_id):
    hear(desk, CRISIS)
    take(desk, world.officer)
    text_id = alarms(desk)[0].subject_id
    with desk.work(world.officer) as work:
        taking.hand_on(work, text_id, HandOn(worker_id=world.other_officer.id))
    assert asked(desk)[-1] == ("colleague", world.other_officer.id)
    assert my_items(desk, world.other_officer)[0].answers
    assert my_items(desk, world.officer)
    forward(desk.clock, minutes=15)
    tick(desk)
    assert asked(desk)[-1] == ("manager", None)


def test_only_whoever_has_it_or_a_manager_hands_it_on(desk, world, case_id):
    hear(desk, CRISIS)
    text_id = alarms(desk)[0].subject_id
    with pytest.raises(NotPermitted), desk.work(world.other_officer) as work:
        taking.hand_on(work, text_id, HandOn(worker_id=world.officer.id))
    with desk.work(world.prison_manager) as work:
        taking.hand_on(work, text_id, HandOn(worker_id=world.other_officer.id))
    assert asked(desk)[-1] == ("colleague", world.other_officer.id)


def test_what_somebody_took_on_and_left_is_asked_of_the_next(desk, world, case_id):
    hear(desk, CRISIS)
    take(desk, world.officer)
    gone(desk, world.officer)
    forward(desk.clock, minutes=5)
    tick(desk)
    assert [stage for stage, _ in asked(desk)] == ["worker", "manager"]
    assert alarms(desk)[0].status is AlarmStatus.WAITING


def test_having_spoken_ends_it(desk, world, case_id):
    hear(desk, CRISIS)
    with desk.work(world.other_officer) as work:
        actions.spoke(work, case_id, Call(reached=True))
    forward(desk.clock, minutes=15)
    tick(desk)
    assert alarms(desk)[0].status is AlarmStatus.OVER
    with pytest.raises(WrongState):
        take(desk, world.officer)


def test_nobody_is_asked_about_somebody_who_has_died(desk, world, case_id):
    hear(desk, CRISIS)
    with desk.work(world.officer) as work:
        custody.record_death(work, case_id, Death(died_on=work.today))
    forward(desk.clock, minutes=15)
    tick(desk)
    assert alarms(desk)[0].status is AlarmStatus.OVER


@pytest.mark.parametrize("said", ["CALL", "1"])
@pytest.mark.parametrize(
    "when",
    [
        (datetime(2026, 11, 20, 11, tzinfo=UTC), True, []),  # a Friday morning: the named worker's
        (datetime(2026, 11, 20, 17, 30, tzinfo=UTC), True, ["on_call"]),
        (datetime(2026, 11, 21, 11, tzinfo=UTC), True, ["on_call"]),  # a Saturday
        (datetime(2026, 11, 21, 11, tzinfo=UTC), False, ["manager"]),  # promised, and nobody is there
        (datetime(2026, 11, 21, 23, tzinfo=UTC), False, []),  # promised to nobody: the named worker's on Monday
    ],
)
def test_a_call_or_a_low_score_goes_to_whoever_is_on_call_outside_the_named_workers_hours(
    desk, world, case_id, said, when
):
    desk.clock.at, rota, stages = when
    if rota:
        on_call(desk, world.other_officer)
    hear(desk, said)
    assert [stage for stage, _ in asked(desk)] == stages


def test_a_crisis_that_has_passed_to_another_agency_is_asked_of_those_there(desk, world, case_id):
    hear(desk, CRISIS)
    passed_to_the_provider(desk, world, case_id)
    on_call(desk, world.provider)
    forward(desk.clock, minutes=15)
    tick(desk)
    assert asked(desk)[-1] == ("on_call", world.provider.id)


def test_and_is_on_their_list_though_the_same_list_of_the_agency_before_has_it(desk, world, case_id):
    desk.clock.at = NIGHT
    hear(desk, CRISIS)
    assert asked(desk) == [("manager", None)]
    passed_to_the_provider(desk, world, case_id)
    forward(desk.clock, minutes=15)
    tick(desk)
    assert asked(desk) == [("manager", None), ("manager", None)]
    assert [item.answer_by for item in my_items(desk, world.provider_manager)] == [desk.clock.at + MINUTES]


def test_whoever_shares_responsibility_may_take_it_on_and_nobody_else_is_asked(desk, world, case_id):
    with desk.work(SYSTEM) as work:
        access.involve(work, case_id, world.agencies["provider"], Basis.CARE, "handover")
        case = work.session.get_one(Case, case_id)
        case.co_agency_id, case.co_worker_id = world.agencies["provider"], world.provider.id
        work.session.add(case)
    hear(desk, CRISIS)
    take(desk, world.provider)
    forward(desk.clock, minutes=15)
    tick(desk)
    assert alarms(desk)[0].status is AlarmStatus.TAKEN
    assert (len(asked(desk)), my_items(desk, world.prison_manager)) == (1, [])
    gone(desk, world.provider)
    forward(desk.clock, minutes=5)
    tick(desk)
    assert alarms(desk)[0].status is AlarmStatus.WAITING


def test_of_a_phone_two_people_share_each_agency_is_asked_though_the_other_has_taken_it(desk, world, case_id):
    other = world.case(given="Sorrel", family="Marsh")
    reachable(desk, other)
    passed_to_the_provider(desk, world, other)
    on_call(desk, world.other_officer)
    on_call(desk, world.provider)
    hear(desk, CRISIS)
    (text_id,) = {alarm.subject_id for alarm in alarms(desk)}
    take(desk, world.other_officer, text_id)
    with desk.work(SYSTEM) as work:
        theirs = select(Task).where(Task.worker_id == world.provider.id, Task.kind == errands.SHARED.kind)
        (task,) = work.session.exec(theirs).all()
    assert (task.status, task.taken_by, task.answer_by) == (TaskStatus.OPEN, None, desk.clock.at + MINUTES)


def test_days_without_a_scheduler_ask_one_after_another_and_not_all_at_once_r45(desk, world, case_id):
    on_call(desk, world.other_officer, end=timedelta(days=3))
    hear(desk, CRISIS)
    forward(desk.clock, days=2)
    assert [tick(desk) for _ in range(3)] == [1, 0, 0]
    assert [stage for stage, _ in asked(desk)] == ["on_call", "manager"]
    assert alarms(desk)[0].acknowledge_by == desk.clock.at + MINUTES


def test_a_crisis_from_a_number_nobody_has_is_with_whoever_is_on_call_of_those_on_duty(desk, world, case_id):
    with desk.work(SYSTEM) as work:
        (agency, *_) = strangers.on_duty(work)
    on_call(desk, world.other_officer, agency=agency.id)
    hear(desk, CRISIS, "+447700900777")
    assert asked(desk) == [("on_call", world.other_officer.id)]
    take(desk, world.other_officer)
    assert alarms(desk)[0].case_id is None
    with pytest.raises(NotFound):
        take(desk, world.provider_manager)

"""An answer and a deadline at one instant, and two schedulers at once: one asking, never an answer talked over (R21, R45, T10)."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlmodel import col, select
from structlog.testing import capture_logs

from tests.support.at_once import at_once
from tests.support.on_call import CRISIS, alarms, asked, hear, on_call, tick
from tests.support.texting import NUMBER, dispatch, forward, gateway_of, texted, texts
from throughcare.casework import tasks
from throughcare.casework.people import Case
from throughcare.casework.rows import Task
from throughcare.checkin import alarms as asking
from throughcare.checkin import errands, overdue, receipts, taking
from throughcare.checkin.alarms import keep_asking
from throughcare.checkin.on_call_rows import Alarm, AlarmStatus, AlarmTurn
from throughcare.checkin.planning import plan_texts
from throughcare.checkin.rows import CheckinPrompt
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.refusals import Stale
from throughcare.kernel.rounds import each_alone

DEADLINE = timedelta(minutes=15)


@pytest.fixture
def case_id(desk, world):
    return texted(desk, world)


@pytest.fixture
def rota(desk, world):
    on_call(desk, world.other_officer, world.officer, end=timedelta(days=9))


def take(desk, actor, text_id):
    with desk.work(actor) as work:
        return taking.take(work, text_id)


def passed_on(desk, alarm):
    """How often the next was asked, as the journal and the turns have it."""
    with desk.work(SYSTEM) as work:
        said = select(AuditRow.id).where(
            AuditRow.name == "checkin.alarm_passed_on", AuditRow.subject_id == alarm.subject_id
        )
        turns = select(AlarmTurn.id).where(AlarmTurn.alarm_id == alarm.id, AlarmTurn.because == "unanswered")
        return len(work.session.exec(said).all()), len(work.session.exec(turns).all())


def test_an_answer_and_the_deadline_at_one_instant_leave_it_with_whoever_answered_t10(desk, world, case_id, rota):
    for turn in range(10):
        hear(desk, CRISIS)
        alarm = alarms(desk)[-1]
        desk.clock.forward(DEADLINE)
        sides = [partial(take, desk, world.other_officer, alarm.subject_id), partial(tick, desk)]
        at_once(*sides[:: (1, -1)[turn % 2]])
        (now,) = [each for each in alarms(desk) if each.id == alarm.id]
        assert (now.status, now.worker_id) == (AlarmStatus.TAKEN, world.other_officer.id)
        said, turns = passed_on(desk, alarm)
        assert said == turns <= 1  # asked of the next before they answered, or not at all
        before = asked(desk)
        forward(desk.clock, hours=1)
        tick(desk)
        assert asked(desk) == before  # and never after


@pytest.mark.on_database(-1)
def test_a_further_crisis_waits_for_an_answer_that_is_being_given_and_is_then_an_alarm_of_its_own_r42(
    desk, world, case_id
):
    """Nobody's number has no case to wait for: the row of the alarm alone is asked again under its lock."""
    strange = "+447700900777"
    hear(desk, CRISIS, strange)
    (alarm,) = alarms(desk)
    with desk.work(world.officer) as work:
        taking.take(work, alarm.subject_id)
        work.session.flush()
        waiting = at_once(partial(hear, desk, CRISIS, strange), wait=0.3)
    for thread in waiting:
        thread.join()
    assert sorted(each.status for each in alarms(desk)) == [AlarmStatus.TAKEN, AlarmStatus.WAITING]


def test_two_schedulers_at_once_ask_the_next_once(desk, world, case_id, rota):
    for _ in range(6):
        hear(desk, CRISIS)
        alarm = alarms(desk)[-1]
        desk.clock.forward(DEADLINE)
        at_once(partial(tick, desk), partial(tick, desk))
        assert passed_on(desk, alarm) == (1, 1)
        take(desk, world.officer, alarm.subject_id)


def test_one_that_reads_and_then_writes_is_caught_t10(desk, world, case_id, rota):
    """The twin looks in one transaction and asks the next in another: it asks after somebody has answered."""
    hear(desk, CRISIS)
    desk.clock.forward(DEADLINE)
    with desk.work(SYSTEM) as work:
        due = work.session.exec(select(Alarm).where(col(Alarm.look_at) <= work.now)).one()
        seen = due.version
    take(desk, world.other_officer, due.subject_id)
    with desk.work(SYSTEM) as work:
        row = work.session.get_one(Alarm, due.id)
        assert row.version > seen  # what the real one reads again under its lock, and this one does not
        row.status, row.turn = AlarmStatus.WAITING, row.turn + 1
        work.session.add(row)
    assert alarms(desk)[0].status is AlarmStatus.WAITING  # talked over


def test_one_alarm_that_cannot_be_passed_on_holds_up_no_other_r10(desk, world, case_id, rota, monkeypatch):
    for number in (NUMBER, "+447700900777"):
        hear(desk, CRISIS, number)
        forward(desk.clock, seconds=1)
    desk.clock.forward(DEADLINE)
    broken, real = alarms(desk)[0].id, asking.still_to_do

    def still_to_do(work, alarm):
        if alarm.id == broken:
            raise Stale
        return real(work, alarm)

    monkeypatch.setattr(asking, "still_to_do", still_to_do)
    with desk.work(SYSTEM) as work:
        assert keep_asking(work) == 1
    monkeypatch.undo()
    assert tick(desk) == 1  # at least once: the next round tries again


def test_the_second_of_two_schedulers_at_once_tells_nobody_again_and_logs_no_error(desk, world, case_id, monkeypatch):
    """Both have looked and found that nobody was told; each writes it down, and the table keeps one (R45)."""
    hear(desk, CRISIS)
    forward(desk.clock, hours=3)
    with desk.work(SYSTEM) as work:
        late = work.session.exec(select(Task).where(Task.kind == errands.CRISIS.kind)).first()
    monkeypatch.setattr(tasks, "_given", lambda _, __: False)

    def tell(work, _):
        return overdue._tell(work, errands.UNANSWERED, late)

    with capture_logs() as logged:
        done = []
        for _ in range(2):
            with desk.work(SYSTEM) as work:
                done.append(each_alone(work, [late.id], tell))
    with desk.work(SYSTEM) as work:
        told = work.session.exec(select(Task).where(Task.kind == errands.UNANSWERED.kind)).all()
        made = work.session.exec(select(AuditRow).where(AuditRow.subject_id == told[0].id)).all()
    assert (done, len(told), len(made), logged) == ([1, 0], 1, 1, [])


def test_a_receipt_and_a_reply_lock_in_one_order(desk, world, case_id):
    """A reply holds the case and then the check-in; a receipt that held the check-in and wanted the case would wait for ever."""
    forward(desk.clock, hours=26)
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    dispatch(desk, gateway_of(desk))
    (text,) = [each for each in texts(desk, case_id) if each.template == "checkin_question"]

    def failed():
        with desk.work(SYSTEM) as work:
            receipts.arrive(work, text.id, "undelivered", 30005)

    with desk.work(SYSTEM) as work:
        work.session.get(Case, case_id, with_for_update=True)
        waiting = at_once(failed, wait=0.3)
        mine = select(CheckinPrompt).where(CheckinPrompt.message_id == text.id).with_for_update()
        assert work.session.exec(mine).one().failed_at is None
    for thread in waiting:
        thread.join()
    with desk.work(SYSTEM) as work:
        assert work.session.exec(select(CheckinPrompt).where(CheckinPrompt.message_id == text.id)).one().failed_at

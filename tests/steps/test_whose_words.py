"""Whose words a text holds, and what an answer ends: late ones, early ones, shared phones, machines, strangers (R22-R26, R35, T18, T19)."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.support.asked import OURS, asked_on_day_one, came, climb, hear, open_tasks, rows, said
from tests.support.texting import NUMBER, WORD, dispatch, forward, gateway_of, proven, reachable, release, texted, texts
from throughcare.casework.people import PhoneNumber
from throughcare.casework.rows import Task, TaskStatus
from throughcare.checkin import actions, inbound, optouts, receipts, views
from throughcare.checkin.forms import Place
from throughcare.checkin.on_call_rows import Alarm, TextAgain
from throughcare.checkin.planning import plan_texts
from throughcare.checkin.rows import CheckinPlan, CheckinPrompt, InboundText, PlanStatus, TextReceived
from throughcare.checkin.unplaced import page
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.delivery import Delivery


@pytest.fixture
def case(desk, world):
    return texted(desk, world)


@pytest.fixture
def asked(desk, case):
    return asked_on_day_one(desk, case)


def some_time_ago(desk, body, ago):
    """A text that came some time ago and is read only now."""
    came(desk, {"MessageSid": uuid4().hex, "Body": body}, at=desk.clock.now() - ago)


def test_a_late_answer_counts_is_marked_and_calls_off_whoever_was_to_ring_r22(desk, asked):
    climb(desk, 30)
    climb(desk, 10)
    climb(desk, 40)
    assert {"checkin_call", "checkin_manager"} <= set(open_tasks(desk))
    hear(desk, "4")
    (prompt,) = rows(desk, CheckinPrompt, step="day_1")
    assert (prompt.score, prompt.late) == (4, True)
    assert not {"checkin_call", "checkin_manager"} & set(open_tasks(desk))
    assert [row.case_id for row in rows(desk, AuditRow, name="checkin.silence_ended")] == [asked]


def test_a_call_that_stands_for_a_text_which_never_left_is_still_to_be_made_r22(desk, world, clock):
    case = world.case()
    reachable(desk, case, consent=False)
    release(desk, case)
    proven(desk, case)
    forward(clock, hours=26)
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    assert "checkin_call" in open_tasks(desk)
    hear(desk, "hello")
    assert "checkin_call" in open_tasks(desk)


@pytest.mark.parametrize("body", ["STOP", "START", "wrong number"])
def test_what_is_no_answer_calls_nobody_off_r22(desk, asked, body):
    climb(desk, 30)
    hear(desk, body)
    assert "checkin_call" in open_tasks(desk)


def test_words_from_a_number_not_yet_proven_close_no_silence_r23(desk, asked):
    climb(desk, 30)
    with desk.work(SYSTEM) as work:
        number = work.session.get_one(PhoneNumber, rows(desk, PhoneNumber)[0].id)
        number.proven_at = None
        work.session.add(number)
    hear(desk, "hello who is there")
    assert "checkin_call" in open_tasks(desk)
    assert rows(desk, CheckinPrompt, step="day_1")[0].answered_at is None


@pytest.fixture
def proven_late(desk, world):
    """Released an hour ago, and proven by a worker only now."""
    case = world.case()
    reachable(desk, case)
    release(desk, case)
    forward(desk.clock, hours=1)
    proven(desk, case)
    return case


def test_a_text_older_than_the_proof_is_put_before_a_worker_and_attached_to_nobody_r23(desk, proven_late, world):
    case = proven_late
    some_time_ago(desk, "3", timedelta(minutes=5))
    assert rows(desk, TextReceived) == []
    assert open_tasks(desk) == ["checkin_early_text"]
    with desk.work(world.officer) as work:
        ((loose,), _) = page(work, "")
        assert (loose.early, loose.text) == (True, "3")
        actions.place(work, loose.id, Place(case_id=case))
    assert [text.text for text in rows(desk, TextReceived)] == ["3"]
    assert open_tasks(desk) == []


def test_a_crisis_and_a_stop_older_than_the_proof_wait_for_nobody_r23_r27(desk, proven_late):
    some_time_ago(desk, "i want to end it", timedelta(minutes=5))
    some_time_ago(desk, "STOP", timedelta(minutes=4))
    with desk.work(SYSTEM) as work:
        assert optouts.opted_out(work, proven_late, NUMBER)
    assert open_tasks(desk).count("checkin_early_text") == 2


def test_a_word_and_what_followed_it_read_late_and_together_are_theirs_r23_r35(desk, world):
    case = world.case()
    reachable(desk, case)
    release(desk, case)
    dispatch(desk, gateway_of(desk))
    forward(desk.clock, hours=1)
    some_time_ago(desk, WORD, timedelta(minutes=10))
    some_time_ago(desk, "call", timedelta(minutes=9))
    read = sorted(rows(desk, TextReceived), key=lambda text: text.received_at)
    assert [text.kind for text in read] == ["code_word", "call"]
    assert rows(desk, PhoneNumber)[0].proven_at == desk.clock.now() - timedelta(minutes=10)


def test_two_people_with_one_phone_are_neither_read_nor_told_of_each_other_and_a_stop_stops_both_t18(
    desk, asked, world
):
    other = world.case()
    reachable(desk, other)
    hear(desk, "1 please ring me")
    assert rows(desk, TextReceived) == []
    assert rows(desk, CheckinPrompt, step="day_1")[0].score is None
    assert "call_reply" not in said(desk, asked)
    hear(desk, "STOP")
    with desk.work(SYSTEM) as work:
        assert optouts.opted_out(work, asked, NUMBER)
        assert optouts.opted_out(work, other, NUMBER)
    for case in (asked, other):
        with desk.work(world.officer) as work:
            assert views.checkins(work, case).heard == ()


@pytest.mark.parametrize("body", ["who is this", "he's back inside mate"])
def test_a_stranger_with_their_old_number_is_suspended_before_the_next_text_t19(desk, asked, clock, body):
    forward(clock, hours=23, minutes=30)
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    hear(desk, body)
    dispatch(desk, gateway_of(desk), rounds=3)
    (number,) = rows(desk, PhoneNumber)
    assert (number.suspended_because, number.proven_at) == ("wrong_number", None)
    assert said(desk, asked).count("wrong_number_reply") == 1
    later = [text for text in texts(desk, asked) if text.template == "checkin_question"][1:]
    assert all(text.state is Delivery.SUPPRESSED for text in later)
    forward(clock, days=3)
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    dispatch(desk, gateway_of(desk), rounds=2)
    went = [text.template for text in texts(desk, asked) if text.sending_at]
    assert went.count("checkin_question") == 1
    assert "checkin_contact_repair" in open_tasks(desk)


def test_a_number_not_in_use_is_suspended_and_proven_again_before_it_is_used_r35(desk, asked, world):
    with desk.work(SYSTEM) as work:
        text = next(text for text in texts(desk, asked) if text.template == "checkin_question")
        receipts.suspend(work, asked, NUMBER, "suspend_number")
        assert receipts.arrive(work, text.id, "delivered")
    (number,) = rows(desk, PhoneNumber)
    assert (number.suspended_because, number.proven_at) == ("suspend_number", None)


def test_every_number_of_theirs_is_to_be_proven_again_on_release_r35(desk, world):
    case = world.case()
    reachable(desk, case)
    reachable(desk, case, "+447700900777", consent=False, contact=False)
    proven(desk, case)
    release(desk, case)
    assert [number.proven_at for number in rows(desk, PhoneNumber)] == [None, None]


def test_pictures_are_counted_never_fetched_and_read_by_a_person_r25(desk, asked, world):
    with desk.work(SYSTEM) as work:
        fields = {"MessageSid": "MM1", "From": NUMBER, "To": OURS, "Body": "4", "NumMedia": "2"}
        inbound.store(work, fields)
        inbound.settle_number(work, NUMBER)
    (text,) = rows(desk, TextReceived)
    assert (text.media, text.to_read, text.value) == (2, True, 4)


def test_a_machine_is_answered_three_times_at_most_and_somebody_is_told_once_a_day_r26(desk, asked):
    for each in range(14):
        hear(desk, f"AUTO REPLY number {each} I am away")
    assert len([text for text in said(desk, asked) if text not in {"proof_request", "checkin_question"}]) <= 3
    assert len(rows(desk, InboundText)) == 14
    for _ in range(4):
        hear(desk, "CALL")
    assert open_tasks(desk).count("checkin_flood") == 1


def test_a_machine_that_echoes_the_lines_of_help_is_not_sent_them_for_ever_and_a_person_hears_every_one_r26_r42(
    desk, asked
):
    for _ in range(4):
        hear(desk, "AUTO REPLY you wrote: i want to end it all")
    assert said(desk, asked).count("crisis_reply") == 3
    (alarm,) = rows(desk, Alarm)
    on_lists = rows(desk, Task, kind="checkin_crisis", status=TaskStatus.OPEN)
    assert {(task.subject_id, task.times) for task in on_lists} == {(alarm.subject_id, 4)}
    assert {alarm.subject_id, *(each.text_id for each in rows(desk, TextAgain))} == {
        text.id for text in rows(desk, TextReceived)
    }
    assert open_tasks(desk).count("checkin_flood") == 1
    forward(desk.clock, minutes=19)
    hear(desk, "i want to end it all")
    assert said(desk, asked).count("crisis_reply") == 3
    forward(desk.clock, minutes=1)
    hear(desk, "i want to end it all")
    assert said(desk, asked).count("crisis_reply") == 4
    forward(desk.clock, hours=-2)
    hear(desk, "i want to end it all")
    assert said(desk, asked).count("crisis_reply") == 5  # a clock put back keeps the lines from nobody
    assert (len(rows(desk, Alarm)), rows(desk, Task, id=on_lists[0].id)[0].times) == (1, 7)
    assert rows(desk, Alarm)[0].look_at == desk.clock.now() + timedelta(
        minutes=15
    )  # nor is anybody asked the later for it


def test_a_pause_by_text_is_no_answer_to_a_crisis(desk, asked):
    hear(desk, "i want to end it all")
    hear(desk, "PAUSE 14")
    assert rows(desk, CheckinPlan)[0].status is PlanStatus.PAUSED
    assert "checkin_crisis" in open_tasks(desk)

"""A ring to our number says "I'm here": for whoever has no credit, at no cost, and it proves nothing (R19, R20, R23, R24)."""

from __future__ import annotations

import pytest

from tests.support.asked import OURS, asked_on_day_one, climb, open_tasks, ring, rows
from tests.support.texting import NUMBER, dispatch, gateway_of, reachable, release, texted, texts
from throughcare.casework.people import PhoneNumber
from throughcare.casework.rows import Task
from throughcare.checkin import actions, doorstep, errands, optouts, views
from throughcare.checkin.forms import InboxQuery, Place
from throughcare.checkin.inbox import inbox
from throughcare.checkin.replies import Kind
from throughcare.checkin.ringing import withheld
from throughcare.checkin.rows import CheckinPrompt, InboundText, TextReceived
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.ports import Said


@pytest.fixture
def case(desk, world):
    return texted(desk, world)


@pytest.fixture
def asked(desk, case):
    return asked_on_day_one(desk, case)


def test_a_ring_answers_the_open_check_in_and_is_no_score(desk, asked, clock):
    ring(desk)
    (prompt,) = rows(desk, CheckinPrompt, step="day_1")
    assert (prompt.answered_at is not None, prompt.score) == (True, None)
    climb(desk, 48)
    assert open_tasks(desk) == []
    assert [text.template for text in texts(desk, asked)] == ["proof_request", "checkin_question"]


def test_it_closes_the_silence_it_comes_into(desk, asked, clock):
    climb(desk, 30)
    assert open_tasks(desk) == ["checkin_call"]
    ring(desk)
    assert open_tasks(desk) == []
    assert [row.name for row in rows(desk, AuditRow) if row.name == "checkin.silence_ended"]


def test_thread_and_timeline_say_rang_in(desk, asked, world):
    ring(desk)
    (heard,) = rows(desk, TextReceived)
    assert (heard.kind, heard.kind.label, heard.text, heard.value, heard.to_read) == (
        Kind.RANG,
        "Rang in",
        "",
        None,
        False,
    )
    assert [row.body["answered"] for row in rows(desk, AuditRow, name="checkin.rang_in")] == [True]
    assert rows(desk, AuditRow, name="checkin.replied") == []
    with desk.work(world.officer) as work:
        assert [each.kind for each in views.checkins(work, asked).heard] == [Kind.RANG]


def test_a_second_ring_has_no_check_in_to_answer_and_somebody_calls_back_once_a_day(desk, asked):
    for _ in range(3):
        ring(desk)
    assert open_tasks(desk) == ["checkin_rang"]


def test_a_ring_with_no_check_in_open_is_a_call_back(desk, case):
    ring(desk)
    assert open_tasks(desk) == ["checkin_rang"]


def test_a_ring_days_after_the_question_is_contact_and_no_answer_to_it(desk, asked, clock):
    climb(desk, 80)
    ring(desk)
    (prompt,) = rows(desk, CheckinPrompt, step="day_1")
    assert prompt.answered_at is None
    assert open_tasks(desk) == ["checkin_rang"]


def test_the_same_call_told_twice_has_one_effect(desk, case):
    assert ring(desk, sid="CA1")
    assert not ring(desk, sid="CA1")
    assert len(rows(desk, TextReceived)) == 1


def test_a_ring_does_not_un_stop_or_prove_a_number(desk, world, clock):
    case = world.case()
    reachable(desk, case)
    release(desk, case)
    dispatch(desk, gateway_of(desk))
    with desk.work(SYSTEM) as work:
        optouts.opt_out(work, case, NUMBER, "sms", "STOP")
    ring(desk)
    (number,) = rows(desk, PhoneNumber)
    assert (number.proven_at, number.last_heard_at) == (None, None)
    assert rows(desk, CheckinPrompt, step="proof")[0].answered_at is None
    with desk.work(SYSTEM) as work:
        assert optouts.opted_out(work, case, NUMBER)


def test_a_ring_from_a_shared_number_waits_for_a_worker(desk, asked, world):
    other = world.case()
    reachable(desk, other)
    ring(desk)
    assert rows(desk, TextReceived) == []
    assert rows(desk, CheckinPrompt, step="day_1")[0].answered_at is None
    assert set(open_tasks(desk)) == {"checkin_shared_number"}
    with desk.work(world.officer) as work:
        (loose,) = inbox(work, InboxQuery()).unplaced
        assert (loose.rang, loose.shared) == (True, True)
        actions.place(work, loose.id, Place(case_id=asked))
    assert rows(desk, CheckinPrompt, step="day_1")[0].answered_at


def test_a_ring_from_nobody_we_know_is_in_the_inbox_and_is_not_answered(desk, case, world):
    before = len(texts(desk))
    for _ in range(3):
        ring(desk, "+447700900998")
    assert len(texts(desk)) == before
    with desk.work(world.prison_manager) as work:
        assert [each.rang for each in inbox(work, InboxQuery()).unplaced] == [True] * 3
    assert len([task for task in rows(desk, Task) if task.kind == errands.UNKNOWN.kind]) == 1


@pytest.mark.parametrize(
    "number", ["", "anonymous", "Restricted", "+266696687", "+7378742833", "+86282452253", "+2562533", "07700900123"]
)
def test_a_withheld_number_is_counted_and_nothing_is_kept_of_it(desk, case, number):
    fields = {"CallSid": "CA1", "From": number, "To": OURS}
    assert doorstep.receive(desk, None, Said(desk.clock.now(), fields)) == doorstep.WITHHELD
    assert rows(desk, InboundText) == []


def test_whoever_shows_their_number_is_somebody():
    assert not any(map(withheld, [NUMBER, "+447700900998", "+14155550100", "+441632960001"]))

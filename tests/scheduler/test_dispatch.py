"""From plan to receipt: every text is written first, asked about again, sent at most once, and never lost (R1-R17)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from scheduler.breaker import Breaker
from tests.support.texting import (
    NUMBER,
    dispatch,
    forward,
    gateway_of,
    reachable,
    reconcile,
    release,
    texted,
    texts,
)
from throughcare.casework.people import PhoneNumber
from throughcare.casework.rows import ClockState, ServiceClock, Task
from throughcare.checkin import events, first_sent, optouts, receipts, sending
from throughcare.checkin.doubt import MOST_ABSENCES
from throughcare.checkin.planning import plan_texts
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.delivery import Delivery, Purpose
from throughcare.kernel.outbox import Message, MessageEvent, send

CASE_TEXT = "How are things today?"


@pytest.fixture
def case(desk, world):
    return texted(desk, world)


def queue(desk, case_id, *, key="one", purpose=Purpose.REPLY, text=CASE_TEXT, to=NUMBER, **more):
    with desk.work(SYSTEM) as work:
        window = {"not_before": work.now, "expires_at": work.now + timedelta(hours=6)} | more
        return send(work, Message(key, case_id, to, purpose, "staff_message", "en", text, **window)).id


def state(desk, message_id):
    return next(text for text in texts(desk) if text.id == message_id)


def tasks(desk, kind):
    with desk.work(SYSTEM) as work:
        return list(work.session.exec(select(Task).where(Task.kind == kind)))


def test_a_release_asks_for_the_code_word_the_same_day(desk, world):
    case = world.case()
    reachable(desk, case)
    release(desk, case)
    gateway = gateway_of(desk)
    dispatch(desk, gateway)
    assert [sms.to for sms in gateway.texts] == [NUMBER]
    assert "word we agreed" in gateway.texts[0].text
    assert [text.state for text in texts(desk)] == [Delivery.ACCEPTED]


def test_a_release_in_the_night_waits_for_the_morning(desk, world, clock):
    case = world.case()
    reachable(desk, case)
    forward(clock, hours=12)  # 22:00
    release(desk, case)
    gateway = gateway_of(desk)
    dispatch(desk, gateway)
    assert gateway.texts == []
    forward(clock, hours=10, minutes=59)
    dispatch(desk, gateway)
    assert gateway.texts == []
    forward(clock, minutes=2)
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    dispatch(desk, gateway)
    assert len(gateway.texts) == 1


@pytest.mark.parametrize("missing", ["consent", "contact", "number"])
def test_without_consent_safe_contact_or_number_somebody_calls_the_same_day(desk, world, missing):
    case = world.case()
    reachable(desk, case, **({"number": ""} if missing == "number" else {missing: False}))
    release(desk, case)
    assert texts(desk) == []
    assert len(tasks(desk, "checkin_call")) == 1


def test_until_the_number_is_proven_each_check_in_is_a_call(desk, world, clock):
    case = world.case()
    reachable(desk, case)
    release(desk, case)
    forward(clock, hours=26)
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    assert [text.purpose for text in texts(desk)] == [Purpose.PROOF, Purpose.PROOF]
    assert len(tasks(desk, "checkin_call")) == 1


def test_a_proven_number_is_asked_once_on_day_one_however_often_we_plan_r2(desk, case, clock):
    gateway = gateway_of(desk)
    forward(clock, hours=24)
    for _ in range(6):
        with desk.work(SYSTEM) as work:
            plan_texts(work)
        dispatch(desk, gateway)
        forward(clock, minutes=20)
    asked = [sms for sms in gateway.texts if "from 1 (bad) to 5 (good)" in sms.text]
    assert len(asked) == 1


def test_a_text_to_be_sent_is_committed_before_the_call(desk, case):
    seen = []
    gateway = gateway_of(desk)
    message_id = queue(desk, case)
    taking = gateway.send

    async def looking(sms):
        seen.append(next(text.state for text in texts(desk) if str(text.id) == sms.reference))
        return await taking(sms)

    gateway.send = looking
    dispatch(desk, gateway)
    assert Delivery.SENDING in seen
    assert state(desk, message_id).sid


def test_two_dispatchers_send_a_text_once(desk, case):
    for each in range(20):
        queue(desk, case, key=str(each), text=f"{CASE_TEXT} {each}")
    gateway = gateway_of(desk)
    for _ in range(6):
        dispatch(desk, gateway)
        desk.clock.forward(timedelta(seconds=1))
    assert len({sms.reference for sms in gateway.texts}) == len(gateway.texts)


def test_a_batch_is_no_larger_than_one_second_of_the_bucket(desk, case):
    for each in range(30):
        queue(desk, case, key=str(each))
    gateway = gateway_of(desk)
    dispatch(desk, gateway, rounds=3)
    assert len(gateway.texts) == 10
    desk.clock.forward(timedelta(seconds=1))
    dispatch(desk, gateway, rounds=3)
    assert len(gateway.texts) == 20


def test_an_answer_to_a_text_just_received_waits_for_no_bucket(desk, case):
    for each in range(12):
        queue(desk, case, key=str(each))
    gateway = gateway_of(desk)
    dispatch(desk, gateway, rounds=2)
    queue(desk, case, key="safety", purpose=Purpose.SAFETY, text="Ring 999")
    dispatch(desk, gateway)
    assert gateway.texts[-1].text == "Ring 999"


@pytest.mark.parametrize(
    ("purpose", "left"), [(Purpose.REPLY, ClockState.RUNNING), (Purpose.CHECKIN, ClockState.STOPPED)]
)
def test_the_first_check_in_is_waited_for_until_one_has_left(desk, case, purpose, left):
    with desk.work(SYSTEM) as work:
        work.record(events.NumberProven(subject_id=case, case_id=case, how="text"))
    queue(desk, case, purpose=purpose)
    dispatch(desk, gateway_of(desk))
    with desk.work(SYSTEM) as work:
        waiting = select(ServiceClock).where(ServiceClock.case_id == case, ServiceClock.code == first_sent.CODE)
        assert work.session.exec(waiting).one().state is left


def test_a_stop_stops_what_is_queued_and_claimed(desk, case):
    message_id = queue(desk, case)
    with desk.work(SYSTEM) as work:
        ids = sending.claim(work, "me", 10)
    with desk.work(SYSTEM) as work:
        optouts.opt_out(work, case, NUMBER, "sms", "STOP")
    with desk.work(SYSTEM) as work:
        assert [going.id for going in sending.begin(work, ids, "me")] == []
    assert state(desk, message_id).state is Delivery.SUPPRESSED
    assert state(desk, message_id).why == "opted_out"


@pytest.mark.parametrize(
    ("answer", "left"),
    [("drop_after", 1), ("error_after", 1), ("garbled", 1)],
)
def test_a_lost_answer_is_found_at_the_provider_and_not_sent_again(desk, case, clock, answer, left):
    message_id = queue(desk, case)
    gateway = gateway_of(desk, script=[answer])
    dispatch(desk, gateway)
    assert state(desk, message_id).state is Delivery.AMBIGUOUS
    forward(clock, minutes=6)
    reconcile(desk, gateway)
    dispatch(desk, gateway)
    assert state(desk, message_id).state is Delivery.ACCEPTED
    assert state(desk, message_id).sid
    assert len([sms for sms in gateway.texts if sms.text == CASE_TEXT]) == left


def test_a_text_proven_absent_is_sent_again_r8(desk, case, clock):
    message_id = queue(desk, case)
    gateway = gateway_of(desk, script=["drop_before", "drop_before"])
    for _ in range(3):
        dispatch(desk, gateway)
        forward(clock, minutes=6)
        reconcile(desk, gateway)
    assert state(desk, message_id).state is Delivery.ACCEPTED
    assert len(gateway.texts) == 1
    assert tasks(desk, "checkin_unsent") == []


def test_a_text_that_vanishes_again_and_again_is_left_to_a_person_r10(desk, case, clock):
    message_id = queue(desk, case)
    gateway = gateway_of(desk, script=["drop_before"] * 20)
    for _ in range(10):
        dispatch(desk, gateway)
        forward(clock, minutes=6)
        reconcile(desk, gateway)
    assert state(desk, message_id).state is Delivery.UNCONFIRMED
    assert state(desk, message_id).attempts == MOST_ABSENCES + 1
    assert len(tasks(desk, "checkin_unsent")) == 1


def test_with_the_search_down_a_text_is_not_sent_again_and_a_worker_is_told(desk, case, clock):
    message_id = queue(desk, case, expires_at=desk.clock.now() + timedelta(days=3))
    gateway = gateway_of(desk, script=["drop_after"], search_down=True)
    dispatch(desk, gateway)
    for _ in range(60):
        forward(clock, minutes=30)
        reconcile(desk, gateway)
    assert len(gateway.texts) == 1
    assert state(desk, message_id).state is Delivery.UNCONFIRMED
    assert len(tasks(desk, "checkin_unsent")) == 1


def test_with_the_search_down_an_answer_in_a_crisis_goes_again(desk, case, clock):
    queue(desk, case, purpose=Purpose.SAFETY, text="Ring 999")
    gateway = gateway_of(desk, script=["drop_before"], search_down=True)
    dispatch(desk, gateway)
    forward(clock, minutes=6)
    reconcile(desk, gateway)
    dispatch(desk, gateway)
    assert [sms.text for sms in gateway.texts] == ["Ring 999"]


def test_a_lease_lost_while_sending_is_in_doubt_and_before_it_goes_back(desk, case, clock):
    first, second = queue(desk, case, key="a"), queue(desk, case, key="b")
    with desk.work(SYSTEM) as work:
        ids = sending.claim(work, "dead", 10)
    with desk.work(SYSTEM) as work:
        sending.begin(work, [first], "dead")
    assert {first, second} <= set(ids)
    forward(clock, minutes=1)
    with desk.work(SYSTEM) as work:
        sending.sweep(work)
    assert state(desk, first).state is Delivery.AMBIGUOUS
    assert state(desk, second).state is Delivery.PLANNED


def test_a_receipt_before_our_own_record_stands(desk, case):
    message_id = queue(desk, case)
    gateway = gateway_of(desk)
    with desk.work(SYSTEM) as work:
        ids = sending.claim(work, "me", 10)
    with desk.work(SYSTEM) as work:
        sending.begin(work, ids, "me")
    with desk.work(SYSTEM) as work:
        assert receipts.arrive(work, message_id, "delivered", sid="SM1")
    with desk.work(SYSTEM) as work:
        sending.complete(work, [sending.Answer(message_id, sid="SM1")])
        assert not receipts.arrive(work, case, "delivered")
    for status in ("sent", "queued", "delivered", "failed"):
        with desk.work(SYSTEM) as work:
            receipts.arrive(work, message_id, status)
    assert state(desk, message_id).state is Delivery.DELIVERED
    assert gateway.texts == []


def test_a_busy_provider_is_tried_again(desk, case, clock):
    message_id = queue(desk, case)
    gateway = gateway_of(desk, script=["busy"])
    dispatch(desk, gateway)
    assert state(desk, message_id).state is Delivery.PLANNED
    forward(clock, seconds=30)
    dispatch(desk, gateway)
    assert state(desk, message_id).state is Delivery.ACCEPTED


@pytest.mark.parametrize(
    ("code", "task", "suspended"),
    [
        (21610, "checkin_opted_out", False),
        (21211, "checkin_contact_repair", True),
        (99999, "checkin_operations", False),
    ],
)
def test_each_code_of_the_provider_does_what_it_means(desk, case, code, task, suspended):
    message_id = queue(desk, case)
    dispatch(desk, gateway_of(desk, refused={NUMBER: code}))
    assert state(desk, message_id).state is Delivery.FAILED
    assert len(tasks(desk, task)) == 1
    with desk.work(SYSTEM) as work:
        number = work.session.exec(select(PhoneNumber).where(PhoneNumber.case_id == case)).one()
        assert bool(number.suspended_at) is suspended
        assert optouts.opted_out(work, case, NUMBER) is (code == 21610)


def test_a_poisoned_text_stops_no_other(desk, case):
    gateway = gateway_of(desk)
    taking = gateway.send

    async def choking(sms):
        if "poison" in sms.text:
            raise RuntimeError("unforeseen")
        return await taking(sms)

    gateway.send = choking
    queue(desk, case, key="bad", text="poison")
    queue(desk, case, key="good", text="good")
    dispatch(desk, gateway)
    assert [sms.text for sms in gateway.texts if sms.text == "good"] == ["good"]


def test_quiet_hours_hold_a_reply_and_not_an_answer_in_a_crisis(desk, case, clock):
    forward(clock, hours=11)  # 21:00
    queue(desk, case, key="routine", expires_at=clock.now() + timedelta(days=1))
    queue(desk, case, key="urgent", purpose=Purpose.SAFETY, text="Ring 999")
    gateway = gateway_of(desk)
    dispatch(desk, gateway)
    assert [sms.text for sms in gateway.texts] == ["Ring 999"]
    forward(clock, hours=12)
    dispatch(desk, gateway)
    assert [sms.text for sms in gateway.texts] == ["Ring 999", CASE_TEXT]


def test_a_text_past_its_time_is_given_up(desk, case, clock):
    message_id = queue(desk, case)
    forward(clock, hours=7)
    gateway = gateway_of(desk)
    dispatch(desk, gateway)
    assert state(desk, message_id).state is Delivery.EXPIRED
    assert all(sms.text != CASE_TEXT for sms in gateway.texts)


@pytest.mark.parametrize("purpose", [Purpose.SAFETY, Purpose.REPLY])
def test_nothing_goes_to_a_number_that_two_people_have(desk, case, world, purpose):
    other = world.case(given="Sorrel", family="Marsh")
    reachable(desk, other)
    message_id = queue(desk, case, purpose=purpose)
    dispatch(desk, gateway_of(desk))
    assert state(desk, message_id).why == "shared"


def test_every_move_is_written_down(desk, case):
    message_id = queue(desk, case)
    dispatch(desk, gateway_of(desk))
    with desk.work(SYSTEM) as work:
        moves = [(m.old, m.new) for m in work.session.exec(select(MessageEvent)) if m.message_id == message_id]
    assert sorted(moves) == [("claimed", "sending"), ("planned", "claimed"), ("sending", "accepted")]


def test_after_many_failures_in_a_row_we_stop_and_probe(desk, case, clock):
    for each in range(30):
        queue(desk, case, key=str(each), text=f"{each}")
    gateway = gateway_of(desk, down=True)
    dispatcher = dispatch(desk, gateway, rounds=1)
    assert dispatcher.breaker.down_since
    assert dispatcher.breaker.allows(clock.now(), 50) == 0
    forward(clock, seconds=20)
    assert dispatcher.breaker.allows(clock.now(), 50) == 1


def test_a_few_failures_over_a_minute_are_an_outage_from_the_first_on_r14(clock):
    breaker, first = Breaker(), clock.now()
    for _ in range(3):
        breaker.ill(clock.now())
        assert breaker.down_since is None
        forward(clock, seconds=25)
    breaker.ill(clock.now())
    assert breaker.down_since == first
    assert breaker.allows(clock.now(), 50) == 0
    breaker.well()
    assert breaker.allows(clock.now(), 50) == 50

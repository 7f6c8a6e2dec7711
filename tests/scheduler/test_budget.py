"""What a day and a month of texts may cost: warned of, then stopped, and never for an answer to a text just received (R49, T24)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from tests.support.texting import NUMBER, dispatch, forward, gateway_of, reconcile, texted
from throughcare.casework.rows import Task
from throughcare.checkin import budget, optouts, sending, setting_aside
from throughcare.checkin.rows import SenderPace
from throughcare.checkin.service import Pacing
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.delivery import Purpose
from throughcare.kernel.outbox import Message, OutboxRow, send
from throughcare.kernel.reference import Reference

PACING = Pacing(daily_segments=10, monthly_segments=100)


@pytest.fixture
def case(desk, world):
    return texted(desk, world)


def limited(desk, **limits):
    """The same desk, with limits, and texts that wait for no bucket."""
    pacing = replace(desk.reference[Pacing], per_second=1_000, **limits)
    return replace(desk, reference=Reference({**desk.reference.held, Pacing: pacing}))


def queue(desk, case_id, count, purpose=Purpose.REMINDER, text="Hello", start=0):
    with desk.work(SYSTEM) as work:
        window = {"not_before": work.now, "expires_at": work.now + timedelta(hours=6)}
        for number in range(start, start + count):
            key = f"{purpose}:{number}"
            send(work, Message(key, case_id, NUMBER, purpose, "staff_message", "en", f"{text} {number}", **window))


def told(desk):
    with desk.work(SYSTEM) as work:
        kinds = select(Task.kind).where(Task.kind.like("texts_budget%")).order_by(Task.kind)
        return list(work.session.exec(kinds.distinct()))


def used(desk):
    with desk.work(SYSTEM) as work:
        pace = work.session.exec(select(SenderPace)).one()
        return pace.day_used, pace.month_used


def sent(gateway, words="Hello"):
    return len([sms for sms in gateway.texts if sms.text.startswith(words)])


def test_at_the_limit_of_the_day_routine_texts_stop_and_answers_go_r49(desk, case, clock):
    desk = limited(desk, daily_segments=10)
    gateway = gateway_of(desk)
    queue(desk, case, 15)
    dispatch(desk, gateway, rounds=12)
    assert sent(gateway) == 10
    queue(desk, case, 2, Purpose.SAFETY, "Ring 999")
    dispatch(desk, gateway, rounds=2)
    assert sent(gateway, "Ring 999") == 2
    assert sent(gateway) == 10
    assert used(desk) == (12, 12)


def test_what_a_worker_writes_goes_even_when_the_budget_is_spent(desk, case):
    """Nobody may be left without an answer because check-ins used the month up."""
    desk = limited(desk, daily_segments=2)
    gateway = gateway_of(desk)
    queue(desk, case, 4)
    dispatch(desk, gateway, rounds=6)
    assert sent(gateway) == 2
    queue(desk, case, 1, Purpose.REPLY, "I will ring you at two")
    dispatch(desk, gateway)
    assert sent(gateway, "I will ring") == 1
    assert sent(gateway) == 2


def test_the_next_day_begins_at_nought_and_the_next_month_too(desk, case, clock):
    desk = limited(desk, daily_segments=4, monthly_segments=6)
    gateway = gateway_of(desk)
    queue(desk, case, 12)
    dispatch(desk, gateway, rounds=8)
    assert sent(gateway) == 4
    forward(clock, days=1)
    queue(desk, case, 12, start=20)
    dispatch(desk, gateway, rounds=30)
    assert sent(gateway) == 6
    forward(clock, days=12)  # 3 December
    queue(desk, case, 12, start=40)
    dispatch(desk, gateway, rounds=30)
    assert sent(gateway) == 10


def test_managers_are_told_once_at_four_fifths_and_once_at_the_end(desk, case, clock):
    desk = limited(desk, daily_segments=10)
    gateway = gateway_of(desk)
    queue(desk, case, 6)
    dispatch(desk, gateway, rounds=9)
    assert told(desk) == []
    queue(desk, case, 2, start=20)
    dispatch(desk, gateway, rounds=2)
    assert told(desk) == ["texts_budget_nearly"]
    queue(desk, case, 2, start=30)
    dispatch(desk, gateway, rounds=2)
    assert told(desk) == ["texts_budget_nearly"]
    for _ in range(3):
        queue(desk, case, 1, start=40)
        dispatch(desk, gateway)
    assert told(desk) == ["texts_budget_nearly", "texts_budget_spent"]
    with desk.work(SYSTEM) as work:
        count = len(work.session.exec(select(Task).where(Task.kind == "texts_budget_nearly")).all())
        assert count == len(
            {task.key for task in work.session.exec(select(Task)) if task.kind == "texts_budget_nearly"}
        )


def test_what_was_not_sent_after_all_is_not_counted(desk, case, clock):
    desk = limited(desk, daily_segments=10)
    gateway = gateway_of(desk, script=["busy", "busy", "take"])
    queue(desk, case, 1)
    for _ in range(3):
        dispatch(desk, gateway)
        forward(clock, minutes=2)
    assert sent(gateway) == 1
    assert used(desk) == (1, 1)
    forward(clock, hours=11)  # quiet hours hold it
    queue(desk, case, 1, start=5)
    dispatch(desk, gateway)
    assert used(desk) == (1, 1)


def claimed(desk):
    """Its id: counted, and not yet begun."""
    with desk.work(SYSTEM) as work:
        (text,) = sending.claim(work, "who", 5)
        return text


def refused(desk):
    gateway = gateway_of(desk, refused={NUMBER: 21614})
    dispatch(desk, gateway)


def never_taken(desk):
    gateway = gateway_of(desk, script=["drop_before"])
    dispatch(desk, gateway)
    assert used(desk) == (1, 1)  # for all that is known
    forward(desk.clock, minutes=10)
    reconcile(desk, gateway)


def lost(desk):
    claimed(desk)
    forward(desk.clock, minutes=2)
    in_turn(desk, sending.sweep)


def set_aside(desk):
    text = claimed(desk)
    in_turn(desk, lambda work: setting_aside.fault(work, text, "who"))


def stopped(desk):
    text = claimed(desk)
    in_turn(desk, lambda work: optouts.opt_out(work, work.session.get_one(OutboxRow, text).case_id, NUMBER, "sms"))


def in_turn(desk, do):
    """Twice, as two processes would."""
    for _ in range(2):
        with desk.work(SYSTEM) as work:
            do(work)


def test_what_became_of_it_cost_nothing_and_it_is_given_back_once_r49(desk, case):
    desk, left = limited(desk, daily_segments=10), {}
    for number, becomes in enumerate([never_taken, lost, set_aside, refused, stopped]):
        with desk.work(SYSTEM) as work:
            optouts.hold_back(work, case, "paused")  # so that there is no other text
        queue(desk, case, 1, start=number)
        becomes(desk)
        left[becomes.__name__] = used(desk)
    assert left == dict.fromkeys(left, (0, 0))


def test_what_may_have_been_sent_stays_counted_and_is_given_back_to_its_own_day_alone(desk, case, clock):
    desk = limited(desk, daily_segments=10)
    gateway = gateway_of(desk, script=["drop_before"], search_down=True)
    queue(desk, case, 1)
    dispatch(desk, gateway)
    forward(clock, minutes=10)
    reconcile(desk, gateway)
    assert used(desk) == (1, 1)
    forward(clock, hours=15)  # the next day
    queue(desk, case, 2, Purpose.SAFETY, "Ring 999")
    dispatch(desk, gateway)
    assert used(desk) == (2, 3)
    gateway.search_down = False
    reconcile(desk, gateway)
    assert used(desk) == (2, 2)


@pytest.mark.parametrize("left", [1, 3])
def test_many_at_once_never_go_over_t24(desk, case, left):
    desk = limited(desk, daily_segments=50)
    queue(desk, case, 100)
    queue(desk, case, 3, Purpose.SAFETY, "Ring 999")
    with desk.work(SYSTEM) as work:
        bucket = sending._bucket(work, work.reference[Pacing])
        bucket.day_used = bucket.month_used = 50 - left - 3
        work.session.add(bucket)

    def claim(who):
        with desk.work(SYSTEM) as work:
            return len(sending.claim(work, str(who), 20))

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(claim, range(24)))
    assert sum(taken) == left + 3
    assert used(desk)[0] == 50


@pytest.mark.parametrize(
    ("left", "room", "texts"),
    [(None, 20, 20), (0, 20, 0), (1, 20, 1), (3, 20, 1), (4, 20, 1), (40, 20, 10), (400, 20, 20)],
)
def test_near_the_end_texts_go_one_at_a_time(left, room, texts):
    assert budget.texts_within(left, room) == texts


def test_without_limits_nothing_is_held(desk):
    bucket = SenderPace(
        sender="x", tokens=1, at=datetime(2026, 11, 20, tzinfo=UTC), day=date(2026, 11, 20), day_used=10**9
    )
    assert budget.left(bucket, Pacing()) is None
    assert budget.left(bucket, PACING) == 0

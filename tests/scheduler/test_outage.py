"""The provider is away for two hours from 09:55: we stop knocking, silence is not counted, and what is left goes in order (R14, R45, T7)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from scheduler.breaker import Breaker
from scheduler.dispatch import Dispatcher
from tests.support.texting import NUMBER, gateway_of, texted, texts
from throughcare.casework.rows import Task
from throughcare.checkin import outages
from throughcare.checkin.climbing import climb_ladders
from throughcare.checkin.rows import CheckinPlan, CheckinPrompt, Outage
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.clock import SetClock
from throughcare.kernel.delivery import Delivery, Purpose
from throughcare.kernel.outbox import Message, OutboxRow, send

DAWN = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
DOWN, UP = DAWN.replace(minute=55), DAWN.replace(hour=11, minute=55)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SOON_OVER = DAWN.replace(hour=11, minute=30)


@pytest.fixture
def clock():
    return SetClock(DAWN)


def queue(desk, case_id, key, purpose, not_before, expires_at):
    with desk.work(SYSTEM) as work:
        window = {"not_before": not_before, "expires_at": expires_at}
        return send(work, Message(key, case_id, NUMBER, purpose, "staff_message", "en", key, **window)).id


def delivered_check_in(desk, case_id):
    """A check-in that was delivered just before, and is not answered."""
    message_id = queue(desk, case_id, "asked", Purpose.CHECKIN, DAWN, DAWN + 6 * HOUR)
    with desk.work(SYSTEM) as work:
        row = work.session.get_one(OutboxRow, message_id)
        row.state, row.accepted_at, row.delivered_at = Delivery.DELIVERED, work.now, work.now
        work.session.add(row)
        plan = work.session.exec(select(CheckinPlan)).one()
        about = {"plan_id": plan.id, "step": "day_1", "day": 1, "on": work.today, "message_id": message_id}
        work.add(CheckinPrompt(case_id=case_id, not_before=DAWN, expires_at=DAWN + 6 * HOUR, look_at=DAWN, **about))


@pytest.fixture
def played(desk, world, clock):
    """The morning, minute by minute until 14:00; what was tried meanwhile, and what became of each text."""
    case = texted(desk, world)
    delivered_check_in(desk, case)
    for each in range(20):
        over = SOON_OVER if each % 2 else DAWN + 8 * HOUR
        queue(desk, case, f"{each:02}", Purpose.REMINDER, DAWN + each * 5 * MINUTE, over)
    queue(desk, case, "reply", Purpose.REPLY, DAWN + HOUR, DAWN + 8 * HOUR)
    gateway, tried = gateway_of(desk), []
    taking = gateway.send

    async def counted(sms):
        tried.append(clock.now())
        return await taking(sms)

    gateway.send = counted
    asyncio.run(morning(desk, clock, gateway))
    return tried, [(found.text, found.created_at) for found in gateway.taken.values()]


async def morning(desk, clock, gateway):
    dispatcher = Dispatcher(desk, gateway)
    while clock.now() < DAWN + 4 * HOUR + 30 * MINUTE:
        gateway.down = DOWN <= clock.now() < UP
        await dispatcher.send_due()
        await dispatcher.drain()
        await dispatcher._sweep()
        climbed(desk)
        clock.forward(MINUTE)


def climbed(desk):
    with desk.work(SYSTEM) as work:
        climb_ladders(work)


def test_we_stop_knocking_count_no_silence_and_drain_in_order_when_it_is_back_t7(desk, played, clock):
    assert clock.now() == DAWN + 4 * HOUR + 30 * MINUTE
    knocked_little_and_drained_in_order(desk, *played)
    silence_was_not_counted(desk, clock)


def knocked_little_and_drained_in_order(desk, tried, taken):
    in_vain = [at for at in tried if DOWN <= at < UP]
    assert 8 <= len(in_vain) <= 8 + 10 + 120  # until the breaker opens, and then one a minute at most
    assert all(in_vain.count(at) == 1 for at in in_vain if at > DOWN + HOUR)
    drained = [words for words, at in taken if at >= UP]
    assert set(drained) == {"reply", *(f"{each:02}" for each in range(6, 20, 2))}
    assert drained.index("reply") <= 1  # after the one that was tried, before all that is routine
    over = {text.key: text for text in texts(desk) if text.expires_at == SOON_OVER}
    assert {key: text.why for key, text in over.items() if text.state is Delivery.EXPIRED} == {
        f"{each:02}": "outage" for each in range(5, 20, 2)
    }


def silence_was_not_counted(desk, clock):
    """Four hours of silence call for one more text; two of them were the provider's."""
    assert [text.key for text in texts(desk) if text.key.startswith("nudge")] == []
    with desk.work(SYSTEM) as work:
        [outage] = work.session.exec(select(Outage)).all()
        assert DOWN <= outage.started_at <= DOWN + HOUR
        assert UP <= outage.ended_at <= UP + 2 * MINUTE
        assert work.session.exec(select(Task).where(Task.kind.in_(["checkin_call", "checkin_manager"]))).all() == []
    clock.forward(2 * HOUR)
    climbed(desk)
    assert len([text.key for text in texts(desk) if text.key.startswith("nudge")]) == 1


def test_a_provider_that_nothing_has_tried_for_long_keeps_no_clock_of_silence_stopped_r43(desk, clock):
    """It failed last thing in the evening: nothing is due until the morning, and calls are due before."""
    dispatcher = Dispatcher(desk, gateway_of(desk))
    for _ in range(dispatcher.breaker.most):
        dispatcher.breaker.ill(clock.now())

    def swept_after(wait):
        clock.forward(wait)
        asyncio.run(dispatcher.send_due())
        asyncio.run(dispatcher._sweep())
        with desk.work(SYSTEM) as work:
            return outages.down_now(work)

    assert [swept_after(wait) for wait in (MINUTE, HOUR)] == [DAWN, None]
    dispatcher.breaker.ill(clock.now())  # the morning's first text finds it down still
    assert swept_after(MINUTE) == DAWN


def test_a_clock_put_back_does_not_keep_us_from_trying_again(clock):
    breaker = Breaker()
    for _ in range(breaker.most):
        breaker.ill(clock.now())
    assert breaker.allows(clock.now() + breaker.probe_every / 2, 5) == 0
    assert breaker.allows(clock.now() - 2 * HOUR, 5) == 1

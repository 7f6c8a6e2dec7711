"""The provider took a text and its answer was lost, or never comes: found, not sent again, and nobody waits for it (R5, R8, T2, T3)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select

from tests.fake_twilio.faults import Faults
from tests.support.texting import NUMBER, forward, texted, texts
from tests.support.wired import wired
from throughcare.casework.rows import Task
from throughcare.checkin.rows import InboundText
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.delivery import Delivery, Purpose
from throughcare.kernel.outbox import Message, send


@pytest.fixture
def case(desk, world):
    return texted(desk, world)


def queue(desk, case_id, *, key="one", purpose=Purpose.REPLY, words="How are things today?"):
    with desk.work(SYSTEM) as work:
        window = {"not_before": work.now, "expires_at": work.now + timedelta(days=3)}
        return send(work, Message(key, case_id, NUMBER, purpose, "staff_message", "en", words, **window)).id


def queued(desk, case_id, many):
    return [str(queue(desk, case_id, key=str(each), words=f"How are things? {each}")) for each in range(many)]


def state(desk, message_id):
    return next(text.state for text in texts(desk) if text.id == message_id)


def told(desk, kind):
    with desk.work(SYSTEM) as work:
        return len(work.session.exec(select(Task).where(Task.kind == kind)).all())


@pytest.mark.parametrize("lost", ["drop_after", "error_after", "garbled"])
def test_a_receipt_settles_a_text_whose_answer_was_lost_without_a_search_t2(desk, case, clock, tmp_path, lost):
    message_id = queue(desk, case)

    async def go():
        async with wired(
            desk, tmp_path, Faults(script=[lost], receipts=["sent", "delivered"], receipt_delay=0.2)
        ) as wire:
            await wire.sends()
            await wire.until(lambda: state(desk, message_id) is Delivery.DELIVERED)
            forward(clock, minutes=6)
            await wire.dispatcher._reconcile()
            await wire.sends()
            assert wire.taken.count(str(message_id)) == 1
            assert wire.provider.calls["GET"] == 0

    asyncio.run(go())


def test_without_a_receipt_a_search_settles_it_t2(desk, case, clock, tmp_path):
    message_id = queue(desk, case)

    async def go():
        async with wired(desk, tmp_path, Faults(script=["drop_after"], receipts=[])) as wire:
            await wire.sends()
            assert state(desk, message_id) is Delivery.AMBIGUOUS
            forward(clock, minutes=6)
            await wire.dispatcher._reconcile()
            await wire.sends()
            assert state(desk, message_id) is Delivery.ACCEPTED
            assert wire.taken.count(str(message_id)) == 1
            assert wire.provider.calls["GET"] == 1

    asyncio.run(go())


@pytest.mark.parametrize(("purpose", "times"), [(Purpose.REPLY, 1), (Purpose.SAFETY, 2)])
def test_with_the_search_down_only_what_answers_a_crisis_goes_again_t2(desk, case, clock, tmp_path, purpose, times):
    """At most once, and flagged; or at least once: nobody in a crisis may be left without an answer."""
    message_id = queue(desk, case, purpose=purpose)

    async def go():
        async with wired(desk, tmp_path, Faults(script=["drop_after"], receipts=[], search_down=True)) as wire:
            await wire.sends()
            for minutes in [6, *[60] * 26]:
                forward(clock, minutes=minutes)
                await wire.dispatcher._reconcile()
                await wire.sends()
            assert wire.taken.count(str(message_id)) == times

    asyncio.run(go())
    assert state(desk, message_id) is (Delivery.ACCEPTED if times == 2 else Delivery.UNCONFIRMED)
    assert told(desk, "checkin_unsent") == (times == 1)


def test_a_call_that_is_never_answered_frees_its_place_in_the_time_out_t3(desk, case, tmp_path):
    """All the places are taken by calls that hang for an hour; what waits behind them goes all the same."""
    stuck = 4

    async def go():
        faults = Faults(script=["hang"] * stuck, receipts=[])
        async with wired(desk, tmp_path, faults, http_timeout=0.5, in_flight=stuck, per_second=100) as wire:
            behind = queued(desk, case, 12)
            running = asyncio.create_task(wire.dispatcher.run(stop := asyncio.Event()))
            await wire.until(lambda: set(behind) <= set(wire.taken))
            await wire.until(lambda: states(desk, behind) == [*[Delivery.ACCEPTED] * 8, *[Delivery.AMBIGUOUS] * stuck])
            stop.set()
            await running
            assert len(wire.taken) == len(set(wire.taken))

    asyncio.run(go())


def states(desk, ids):
    return sorted(text.state for text in texts(desk) if str(text.id) in ids)


def test_while_every_call_hangs_no_connection_is_held_and_texts_to_us_are_taken_t3(desk, case, tmp_path):
    stuck, hanging = 8, Faults(odds={"hang": 1}, receipts=[])
    patient = {"http_timeout": 300, "lease": 400}  # however busy the machine, none is given up meanwhile

    async def go():
        async with wired(desk, tmp_path, hanging, in_flight=stuck, per_second=100, **patient) as wire:
            queued(desk, case, stuck)
            running = asyncio.create_task(wire.dispatcher.run(asyncio.Event()))
            await wire.until(lambda: len(wire.taken) == stuck)
            await wire.until(lambda: desk.engine.pool.checkedout() == 0)
            calls = [wire.provider.callbacks.call(*said(wire, f"SM{each}")) for each in range(30)]
            assert await asyncio.gather(*calls) == [200] * 30
            assert len(wire.dispatcher.flying) == stuck, "they were answered: this proved nothing"
            running.cancel()
            for task in [running, *wire.dispatcher.flying]:
                task.cancel()
            await asyncio.gather(running, *wire.dispatcher.flying, return_exceptions=True)

    asyncio.run(go())
    with desk.work(SYSTEM) as work:
        assert len(work.session.exec(select(InboundText)).all()) == 30


def said(wire, sid):
    ours = wire.provider.settings
    fields = {"MessageSid": sid, "AccountSid": ours.account_sid, "From": NUMBER, "To": ours.number, "Body": "4"}
    return ours.inbound_url, fields

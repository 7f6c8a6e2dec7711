"""Many texts due at once leave at the sender's pace, the most urgent first, and are found by an index (R11, R12, T5)."""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, insert, text

from scheduler.dispatch import Dispatcher
from tests.faults.killing import complete
from tests.support.texting import NUMBER, dispatch, forward, gateway_of, texted
from throughcare.checkin import budget, sending
from throughcare.checkin.rows import SenderPace
from throughcare.checkin.service import Pacing
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.delivery import Delivery, Purpose
from throughcare.kernel.moves import OUTBOX
from throughcare.kernel.outbox import Message, OutboxRow, send
from throughcare.kernel.reference import Reference

LIMIT, DUE = 10, 120
STEP, INJECTED = timedelta(milliseconds=250), timedelta(seconds=6, milliseconds=500)
BEGAN = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@pytest.fixture
def case(desk, world):
    return texted(desk, world)


def queue(desk, case_id, purpose, keys):
    with desk.work(SYSTEM) as work:
        window = {"not_before": work.now, "expires_at": work.now + timedelta(hours=6)}
        for key in keys:
            said = f"How are things? {key}"
            send(work, Message(f"k{key}", case_id, NUMBER, purpose, "staff_message", "en", said, **window))


def paced(desk):
    pacing = replace(desk.reference[Pacing], per_second=LIMIT)
    return replace(desk, reference=Reference({**desk.reference.held, Pacing: pacing}))


def test_what_is_due_at_once_leaves_at_the_pace_and_the_urgent_before_the_rest_t5(desk, case, clock):
    """One sender a process is what the service has; two dispatchers share its bucket."""
    desk, began = paced(desk), clock.now()
    queue(desk, case, Purpose.REMINDER, range(DUE))
    gateway = gateway_of(desk)

    async def go():
        both = [Dispatcher(desk, gateway), Dispatcher(desk, gateway)]
        while len(gateway.texts) < DUE + 2:
            assert clock.now() - began < timedelta(seconds=DUE / LIMIT + 10), "too slow"
            if clock.now() - began == INJECTED:
                queue(desk, case, Purpose.REPLY, ["reply"])
                queue(desk, case, Purpose.SAFETY, ["safety"])
            for dispatcher in both:
                await dispatcher.send_due()
                await dispatcher.drain()
            forward(clock, seconds=STEP.total_seconds())

    asyncio.run(go())
    left = {found.text.removeprefix("How are things? "): found.created_at - began for found in gateway.taken.values()}
    assert len(left) == len(gateway.texts) == DUE + 2
    assert left["safety"] == INJECTED
    assert left["reply"] <= INJECTED + timedelta(seconds=1)
    seconds = Counter(int(after.total_seconds()) for words, after in left.items() if words != "safety")
    assert max(seconds.values()) <= LIMIT, seconds
    assert max(left.values()) <= timedelta(seconds=DUE / LIMIT + 1)


@pytest.mark.parametrize(("pace", "most", "sent"), [(10, 10, 300), (2.5, 3, 75), (0.5, 1, 15), (100, 100, 3_000)])
def test_a_pace_is_kept_in_every_second_and_on_the_whole(pace, most, sent):
    """Asked for again and again, at no particular moments: the first second's worth, and then as much each second."""
    bucket = SenderPace(sender="x", tokens=max(pace, 1), at=BEGAN)
    taken, dice = Counter(), random.Random(5)
    after = 0.0
    while after < 30:
        budget.fill(bucket, BEGAN + timedelta(seconds=after), pace)
        taken[int(after)] += int(bucket.tokens)
        bucket.tokens -= int(bucket.tokens)
        after += dice.uniform(0.01, 0.4)
    assert max(taken.values()) <= most
    assert abs(taken.total() - sent) <= max(pace / 2, 1)


def test_a_clock_put_back_two_hours_does_not_stop_the_sending_t13(desk, case, clock):
    desk = paced(desk)
    queue(desk, case, Purpose.REMINDER, range(30))
    gateway = gateway_of(desk)
    dispatch(desk, gateway)
    first = len(gateway.texts)
    assert first >= LIMIT - 1  # the code word is not asked for any more
    forward(clock, hours=-1)
    for _ in range(4):
        with desk.work(SYSTEM) as work:
            sending.sweep(work)
        dispatch(desk, gateway, rounds=2)
        forward(clock, seconds=1)
    assert len(gateway.texts) == first, "what was due at ten is not due at nine"
    queue(desk, case, Purpose.REMINDER, range(30, 45))
    for _ in range(4):
        dispatch(desk, gateway, rounds=2)
        forward(clock, seconds=1)
    assert len(gateway.texts) == first + 15
    forward(clock, hours=2)
    for _ in range(4):
        dispatch(desk, gateway, rounds=2)
        forward(clock, seconds=1)
    assert sorted({sms.reference for sms in gateway.texts}) == sorted(sms.reference for sms in gateway.texts)
    assert len(gateway.texts) == 45


def test_a_claim_reads_what_is_due_by_its_index_however_much_lies_behind_t5(engine, desk, case):
    history = [
        complete(OutboxRow, {
            "case_id": case, "key": f"h{each}", "to": NUMBER, "purpose": Purpose.CHECKIN, "priority": each % 4,
            "template": "checkin_question", "text": "x", "not_before": desk.clock.now(), "expires_at": desk.clock.now(),
            "state": Delivery.DELIVERED, "version": 1, "created_at": desk.clock.now(),
        })
        for each in range(4_000)
    ]  # fmt: skip
    queue(desk, case, Purpose.REMINDER, range(20))
    with engine.begin() as connection:
        connection.execute(insert(OUTBOX), history)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE outbox"))
    plans = explained(engine, lambda: claimed(desk))
    assert plans, "no claim was seen"
    assert all(
        "ix_outbox_due" in plan and not re.search("Seq Scan on outbox|SCAN outbox(?! USING)", plan) for plan in plans
    ), plans


def claimed(desk):
    with desk.work(SYSTEM) as work:
        assert sending.claim(work, "me", 10)


def explained(engine, act):
    """The plans of the statements that look for texts to claim, asked for as they are said."""
    plans = []

    def look(connection, cursor, statement, parameters, *_):
        if "LIMIT" in statement and "FROM outbox" in statement:
            how = "EXPLAIN" if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
            found = connection.connection.driver_connection.cursor().execute(f"{how} {statement}", parameters)
            plans.append("\n".join(str(row[-1]) for row in found))

    event.listen(engine, "before_cursor_execute", look)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", look)
    return plans

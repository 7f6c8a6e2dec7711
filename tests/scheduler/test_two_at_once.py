"""Two schedulers and two senders at once, for ten days: nothing goes twice, and nothing is lost (T4). 200 people in `make soak ONLY=pair`."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from sqlalchemy import update

from scheduler.dispatch import Dispatcher
from scheduler.ticks import TICKS, run
from tests.fakes import FakeGateway
from tests.support.at_once import at_once
from tests.support.texting import proven, reachable, release, texts
from throughcare.casework.people import SafeContact
from throughcare.checkin import queries, sending
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.delivery import Delivery, Purpose
from throughcare.kernel.moves import OUTBOX

PATIENCE = 120  # seconds, for the other one; a busy machine is not a fault
PEOPLE, DAYS = 2, 10
ROUNDS = [
    each for each in TICKS if each.name in {"plan_texts", "climb_ladders", "escalate_unanswered", "confirm_old_texts"}
]
ASKED_ON = (1, 2, 3, 5, 7, 10)  # days after release
FAULTS = {2: "drop_after", 4: "late", 7: "drop_before", 9: "drop_after", 11: "busy"}  # of the calls in their order
LATER = timedelta(minutes=10)  # what was in doubt is looked for by then


@dataclass
class Provider(FakeGateway):
    """One for both, which takes one text at a time. Some of its answers are lost."""

    alone: threading.Lock = field(default_factory=threading.Lock)
    told: threading.Event = field(default_factory=threading.Event)  # that the first is gone
    calls: Iterator[int] = field(default_factory=lambda: iter(range(1, 1_000)))

    async def send(self, sms):
        with self.alone:
            self.script = [FAULTS.get(next(self.calls), "take")]
            return await super().send(sms)

    def _take(self, sms):
        sid = super()._take(sms)
        self.settle(sid, "delivered")
        self.told.set()
        return sid


def process(desk, provider, meet, looks):
    """One that shares nothing with the other but the database: the rounds of the morning, and all that may leave."""
    sender = Dispatcher(replace(desk), provider)
    try:
        with asyncio.Runner() as runner:
            for is_morning in looks:
                meet.wait(PATIENCE)
                for tick in ROUNDS if is_morning else ():
                    run(sender.desk, tick)
                runner.run(send(sender))
    except BaseException:
        meet.abort()  # the other need not wait; not at the end, where it may not yet have gone on from the last meeting
        raise


async def send(sender):
    """What is due; then what is in doubt is looked for, and goes if it was not there."""
    for follows in (sender._reconcile, sender.drain):
        while await sender.send_due():
            await sender.drain()
        await follows()


def played(desk, clock, world, days=DAYS, **more):
    """How often the provider took each text, by its id. Both look each morning, and again after each that asks."""
    for each in range(PEOPLE):
        case_id = world.case()
        reachable(desk, case_id, f"+44770090010{each}", contact=False)
        with desk.work(SYSTEM) as work:
            work.add(SafeContact(case_id=case_id, safe_from="10:00", safe_until="12:00"))
        release(desk, case_id)
        proven(desk, case_id)
    provider = Provider(clock.now, **more)
    mornings = [clock.at + timedelta(days=day, minutes=90) for day in range(days + 1)]
    looks = [*mornings, *[mornings[day] + LATER for day in ASKED_ON if day <= days]]
    left = iter(sorted(looks))

    def moves_on():
        provider.arrive()
        clock.at = next(left)

    meet = threading.Barrier(2, action=moves_on)
    at_once(*[partial(process, desk, provider, meet, [at in mornings for at in sorted(looks)])] * 2)
    assert list(left) == []
    return Counter(sms.reference for sms in provider.texts)


def test_ten_days_of_two_schedulers_and_two_senders_at_once_send_each_text_once_t4(desk, clock, world):
    """Two people on each database. Answers are lost, and one text is taken late; the books are the provider's own."""
    taken = played(desk, clock, world)
    asked = [each for each in texts(desk) if each.purpose is Purpose.CHECKIN]
    assert len(asked) == PEOPLE * len(ASKED_ON)
    assert {each.state for each in asked} <= {Delivery.ACCEPTED, Delivery.DELIVERED}
    assert taken == dict.fromkeys([str(each.id) for each in asked], 1)


def test_two_that_read_what_is_due_and_then_write_send_it_twice_t4(desk, clock, world, monkeypatch):
    """The broken twin of the claim: both have looked before either writes, and the second writes once the first has sent."""
    looked, gone = threading.Barrier(2), threading.Event()

    def reads_then_writes(work, who, _):
        with desk.engine.connect() as aside:
            due = queries.due_now().where(OUTBOX.c.purpose == Purpose.CHECKIN).limit(PEOPLE)
            ids = list(aside.scalars(due, {"now": work.now}))
        if ids and looked.wait(PATIENCE):
            gone.wait(PATIENCE)
        taken = update(OUTBOX).where(OUTBOX.c.id.in_(ids)).values(state=Delivery.CLAIMED, leased_by=who)
        work.session.connection().execute(taken.values(lease_until=work.now + LATER))
        return ids

    monkeypatch.setattr(sending, "claim", reads_then_writes)
    assert max(played(desk, clock, world, days=1, told=gone).values()) == 2

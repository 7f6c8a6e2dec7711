"""What keeps a text from going twice, each beside a twin without it that sends it twice: the lease, the claim, the rank (R4, R16)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from sqlalchemy import select, update
from sqlmodel import col
from sqlmodel import select as rows

from scheduler.dispatch import Dispatcher
from tests.support.texting import NUMBER, forward, gateway_of, texted, texts
from throughcare.casework.people import PhoneNumber
from throughcare.checkin import receipts, sending
from throughcare.checkin.rows import CheckinPlan, CheckinPrompt
from throughcare.checkin.service import Pacing
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.delivery import RECEIPTS, Delivery, ProviderCodes, Purpose, settle
from throughcare.kernel.moves import OUTBOX
from throughcare.kernel.outbox import Message, MessageEvent, OutboxRow, send
from throughcare.kernel.reference import Reference

SECOND = timedelta(seconds=1)


@pytest.fixture
def case(desk, world):
    return texted(desk, world)


def queue(desk, case_id, many=1, **more):
    with desk.work(SYSTEM) as work:
        window = {"not_before": work.now, "expires_at": work.now + timedelta(hours=6)} | more
        made = (
            Message(
                f"k{each}", case_id, NUMBER, Purpose.REPLY, "staff_message", "en", f"How are things? {each}", **window
            )
            for each in range(many)
        )
        return [send(work, message).id for message in made]


def paced(desk, **pacing):
    held = replace(desk.reference[Pacing], **pacing)
    return replace(desk, reference=Reference({**desk.reference.held, Pacing: held}))


def references(gateway):
    return sorted(sms.reference for sms in gateway.texts)


@pytest.mark.parametrize(("lease", "times"), [(20 * SECOND, 1), (SECOND, 2)], ids=["the lease", "its short twin"])
def test_a_lease_shorter_than_the_call_sends_twice(desk, case, clock, lease, times):
    """The call takes five seconds. Meanwhile another dispatcher looks for whatever nobody holds any more."""
    [message_id] = queue(desk, case)
    desk = paced(desk, lease=lease, http_timeout=SECOND / 2, callback_wait=SECOND, settle=SECOND)
    gateway, answered = gateway_of(desk), asyncio.Event()
    taking = gateway.send

    async def slow(sms):
        await answered.wait()
        return await taking(sms)

    async def go():
        first, second = Dispatcher(desk, gateway), Dispatcher(desk, gateway)
        gateway.send = slow
        await first.send_due()
        await asyncio.sleep(0)
        gateway.send = taking
        for _ in range(5):
            forward(clock, seconds=1)
            await second._sweep()
            await second._reconcile()
            await second.send_due()
            await second.drain()
        answered.set()
        await first.drain()

    asyncio.run(go())
    assert references(gateway) == [str(message_id)] * times


def test_two_dispatchers_that_claim_in_one_statement_never_have_the_same_text(desk, case):
    ids = queue(desk, case, 60)
    desk = paced(desk, per_second=1_000)
    gateway = gateway_of(desk)
    with desk.work(SYSTEM) as work:
        assert sending.claim(work, "nobody", 0) == []  # the sender's bucket is there

    async def go():
        both = [Dispatcher(desk, gateway), Dispatcher(desk, gateway)]
        for _ in range(3):
            await asyncio.gather(*(each.send_due() for each in both))
            await asyncio.gather(*(each.drain() for each in both))

    asyncio.run(go())
    assert [each for each in references(gateway) if each in map(str, ids)] == sorted(map(str, ids))


def test_two_that_read_first_and_write_afterwards_both_have_it(desk, case):
    """The broken twin of the test above: both read, then both write, then both send."""
    ids = queue(desk, case, 5)
    read = [looked(desk), looked(desk)]
    sent = [text for who, found in enumerate(read) for text in taken_and_begun(desk, found, f"{who}")]
    assert sorted(text for text in sent if text in ids) == sorted([*ids, *ids])


def looked(desk):
    with desk.work(SYSTEM) as work:
        return list(work.session.connection().scalars(select(OUTBOX.c.id).where(OUTBOX.c.state == Delivery.PLANNED)))


def taken_and_begun(desk, ids, who):
    with desk.work(SYSTEM) as work:
        mine = update(OUTBOX).where(OUTBOX.c.id.in_(ids))
        work.session.connection().execute(mine.values(state=Delivery.CLAIMED, leased_by=who))
    with desk.work(SYSTEM) as work:
        return [going.id for going in sending.begin(work, ids, who)]


STORY = ("queued", "sending", "sent", "undelivered", "delivered", "delivered")  # the last is a duplicate
ORDERS = sorted(permutations(STORY))  # 720


@pytest.fixture
def waiting(desk, case):
    """One text in SENDING with the check-in it asks, to be put back after each order."""
    [message_id] = queue(desk, case)
    with desk.work(SYSTEM) as work:
        sending.begin(work, sending.claim(work, "me", 10), "me")
        plan = work.session.exec(rows(CheckinPlan)).one()
        about = {"plan_id": plan.id, "step": "day_1", "day": 1, "on": work.today, "not_before": work.now}
        work.add(CheckinPrompt(case_id=case, message_id=message_id, expires_at=work.now, **about))
    return message_id


def test_all_720_orders_of_the_receipts_end_alike_t9(desk, waiting, reference):
    """By the rule, each of them; in the database, one for each way there, whichever receipts changed nothing in between."""
    ways = {}
    for order in ORDERS:
        ways.setdefault(moved(reference[ProviderCodes], order), order)
    assert len(ORDERS) == 720
    assert {way[-1] for way in ways} == {Delivery.DELIVERED}
    assert len(ways) > 5
    ends = {told(desk, waiting, order) for order in ways.values()}
    assert ends == {(Delivery.DELIVERED, True, "SM1", None, "")}


def moved(codes, order):
    """The states that a text in SENDING goes through as these receipts come."""
    state, way = Delivery.SENDING, []
    for status in order:
        said = codes.receipt(status)
        after = settle(state, said) if said else state
        way += [after] if after is not state else []
        state = after
    return tuple(way)


def test_without_a_rank_they_end_as_chance_has_it(desk, waiting, monkeypatch):
    """The broken twin: the last word counts, whatever it is. The table of moves would still stop it, so that goes too."""
    monkeypatch.setattr(receipts, "settle", lambda _, said: said if said in RECEIPTS else _)
    monkeypatch.setattr("throughcare.kernel.moves.may_move", lambda *_: True)
    ends = {told(desk, waiting, order)[0] for order in ORDERS[::60]}
    assert len(ends) > 1


def told(desk, message_id, order):
    """What is left of the text when these receipts have come, in a transaction that is then taken back."""
    with desk.work(SYSTEM) as work:
        for status in order:
            assert receipts.arrive(work, message_id, status, 30003 if status == "undelivered" else None, "SM1")
        row = work.session.get_one(OutboxRow, message_id, populate_existing=True)
        prompt = work.session.exec(rows(CheckinPrompt).where(CheckinPrompt.message_id == message_id)).one()
        found = (row.state, row.delivered_at is not None, row.sid, prompt.failed_at, prompt.verdict)
        work.session.rollback()
    return found


def test_a_receipt_before_our_own_record_is_not_undone_by_it_and_one_for_nothing_is_no_fault_t9(desk, waiting, case):
    with desk.work(SYSTEM) as work:
        assert receipts.arrive(work, waiting, "delivered", None, "SM1")
    with desk.work(SYSTEM) as work:
        assert sending.complete(work, [sending.Answer(waiting, sid="SM1")]) == []
        assert not receipts.arrive(work, case, "delivered", None, "SM2")
    [text] = [text for text in texts(desk) if text.id == waiting]
    assert (text.state, text.sid) == (Delivery.DELIVERED, "SM1")
    with desk.work(SYSTEM) as work:
        moves = rows(MessageEvent.new).where(MessageEvent.message_id == waiting, col(MessageEvent.old) == "sending")
        assert list(work.session.exec(moves)) == ["delivered"]
        assert work.session.exec(rows(PhoneNumber).where(PhoneNumber.case_id == case)).one().suspended_at is None

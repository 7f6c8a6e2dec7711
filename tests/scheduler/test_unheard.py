"""Texts the provider took, and no receipt came: asked after, then said to be unconfirmed, and never "missed" (R16, R18)."""

from __future__ import annotations

import asyncio

import pytest
from sqlmodel import select

from scheduler.dispatch import Dispatcher
from tests.support.texting import dispatch, forward, gateway_of, proven, reachable, reconcile, release, texts
from throughcare.casework.rows import Task
from throughcare.checkin import receipts
from throughcare.checkin.planning import plan_texts
from throughcare.checkin.rows import CheckinPrompt
from throughcare.checkin.unheard import confirm_old, take
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.delivery import Delivery


@pytest.fixture
def gateway(desk):
    return gateway_of(desk)


@pytest.fixture
def asked(desk, world, clock, gateway):
    """The check-in of day 1 was taken by the provider, and that is all that is known."""
    case = world.case()
    reachable(desk, case)
    release(desk, case)
    proven(desk, case)
    forward(clock, hours=26)
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    dispatch(desk, gateway)
    (text,) = [text for text in texts(desk, case) if text.state is Delivery.ACCEPTED]
    return text


def state(desk, text):
    return next(it.state for it in texts(desk) if it.id == text.id)


def kinds(desk):
    with desk.work(SYSTEM) as work:
        return {task.kind for task in work.session.exec(select(Task))}


@pytest.mark.parametrize(
    ("said", "known"),
    [
        (("delivered", None), Delivery.DELIVERED),
        (("undelivered", 30005), Delivery.UNDELIVERED),
        (("sent", None), Delivery.SENT),
        (("queued", None), Delivery.ACCEPTED),
        (("a word of next year's", None), Delivery.ACCEPTED),
    ],
)
def test_a_day_without_a_receipt_the_provider_is_asked_and_believed_r18(desk, asked, gateway, clock, said, known):
    gateway.settle(asked.sid, *said)
    forward(clock, hours=23, minutes=59)
    reconcile(desk, gateway)
    assert state(desk, asked) is Delivery.ACCEPTED
    forward(clock, minutes=1)
    reconcile(desk, gateway)
    assert state(desk, asked) is known
    assert ("checkin_contact_repair" in kinds(desk)) is (known is Delivery.UNDELIVERED)


def test_it_is_asked_again_every_six_hours_and_never_by_two_at_once(desk, asked, gateway, clock):
    forward(clock, hours=24)
    with desk.work(SYSTEM) as work:
        assert [each.id for each in take(work)] == [asked.id]
    with desk.work(SYSTEM) as work:
        assert take(work) == []
    forward(clock, hours=6)
    gateway.settle(asked.sid, "delivered")
    reconcile(desk, gateway)
    assert state(desk, asked) is Delivery.DELIVERED
    forward(clock, hours=48)
    with desk.work(SYSTEM) as work:
        assert take(work) == []


def test_a_receipt_that_came_first_counts_from_then_and_is_not_asked_after_at_once(desk, asked, clock):
    with desk.work(SYSTEM) as work:
        assert receipts.arrive(work, asked.id, "sent", None, asked.sid)
    forward(clock, hours=1)
    with desk.work(SYSTEM) as work:
        assert take(work) == []


@pytest.mark.parametrize("trouble", ["down", "gone"])
def test_no_answer_from_the_provider_changes_nothing_until_three_days_are_over(desk, asked, gateway, clock, trouble):
    gateway.search_down = trouble == "down"
    if trouble == "gone":
        gateway.taken.clear()
    for _ in range(11):
        forward(clock, hours=6)
        reconcile(desk, gateway)
    assert state(desk, asked) is Delivery.ACCEPTED
    with desk.work(SYSTEM) as work:
        assert confirm_old(work) == 0
    forward(clock, hours=6)
    with desk.work(SYSTEM) as work:
        assert confirm_old(work) == 1
        prompt = work.session.exec(select(CheckinPrompt).where(CheckinPrompt.message_id == asked.id)).one()
        assert prompt.failed_at == work.now
    assert state(desk, asked) is Delivery.UNCONFIRMED


def test_an_answer_that_cannot_be_written_down_stops_no_other(desk, asked, gateway, clock, monkeypatch):
    forward(clock, hours=24)
    gateway.settle(asked.sid, "delivered")
    monkeypatch.setattr("throughcare.checkin.unheard.told", lambda *_: 1 / 0)
    asyncio.run(Dispatcher(desk, gateway)._guarded(Dispatcher(desk, gateway)._reconcile))
    monkeypatch.undo()
    assert state(desk, asked) is Delivery.ACCEPTED
    forward(clock, hours=6)
    reconcile(desk, gateway)
    assert state(desk, asked) is Delivery.DELIVERED

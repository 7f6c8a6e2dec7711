"""A text that cannot be handled is tried a few times, set aside, told of, and stops no other (R10, T20)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from tests.support.texting import NUMBER, dispatch, forward, gateway_of, texted, texts
from throughcare.casework.rows import Task
from throughcare.checkin import sending, setting_aside
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.delivery import Delivery, Purpose
from throughcare.kernel.outbox import Message, send
from throughcare.kernel.work import AlreadyDone


@pytest.fixture
def queued(desk, world):
    """Five texts, one of which nobody can handle; gives the bad one's id."""
    case = texted(desk, world)
    with desk.work(SYSTEM) as work:
        window = {"not_before": work.now, "expires_at": work.now + timedelta(hours=6)}
        rows = [
            send(work, Message(f"k{n}", case, NUMBER, Purpose.REPLY, "staff_message", "en", f"Text {n}", **window))
            for n in range(5)
        ]
        return rows[2].id


@pytest.fixture
def choking(monkeypatch):
    """Whatever is asked of the third text raises, until it is mended."""
    made, broken = sending._sms, [True]

    def chokes(row, *more):
        if broken and row.text == "Text 2":
            raise RuntimeError("unforeseen")
        return made(row, *more)

    monkeypatch.setattr(sending, "_sms", chokes)
    return broken


def state(desk, message_id):
    return next(text.state for text in texts(desk) if text.id == message_id)


def sent(gateway):
    return {sms.text for sms in gateway.texts if sms.text.startswith("Text")}


OTHERS = {"Text 0", "Text 1", "Text 3", "Text 4"}


def worn_out(desk, clock, gateway):
    for _ in range(setting_aside.MOST_FAULTS):
        dispatch(desk, gateway)
        forward(clock, minutes=5)


def test_all_others_go_at_once_and_the_one_waits_to_be_tried_again(desk, queued, choking):
    gateway = gateway_of(desk)
    dispatch(desk, gateway)
    assert sent(gateway) == OTHERS
    assert state(desk, queued) is Delivery.PLANNED


def test_after_three_times_it_is_set_aside_and_the_worker_and_operations_are_told(desk, clock, queued, choking):
    gateway = gateway_of(desk)
    worn_out(desk, clock, gateway)
    assert state(desk, queued) is Delivery.QUARANTINED
    with desk.work(SYSTEM) as work:
        told = {task.kind for task in work.session.exec(select(Task).where(Task.subject_id == queued))}
    assert told == {"checkin_unsent", "checkin_operations"}
    dispatch(desk, gateway)
    assert sent(gateway) == OTHERS


def test_what_was_mended_is_tried_again_and_goes_once(desk, clock, queued, choking):
    gateway = gateway_of(desk)
    worn_out(desk, clock, gateway)
    choking.clear()
    with desk.work(SYSTEM) as work:
        setting_aside.try_again(work, queued)
    dispatch(desk, gateway, rounds=2)
    assert sent(gateway) == OTHERS | {"Text 2"}
    with pytest.raises(AlreadyDone), desk.work(SYSTEM) as work:
        setting_aside.try_again(work, queued)


def test_what_is_given_up_is_never_sent(desk, clock, queued, choking):
    gateway = gateway_of(desk)
    worn_out(desk, clock, gateway)
    choking.clear()
    with desk.work(SYSTEM) as work:
        setting_aside.give_up(work, queued)
    dispatch(desk, gateway, rounds=2)
    assert (sent(gateway), state(desk, queued)) == (OTHERS, Delivery.CANCELLED)


def test_a_database_that_is_away_sets_nothing_aside(desk, clock, queued, monkeypatch):
    def away(*_):
        raise OperationalError("", {}, Exception())

    with monkeypatch.context() as broken:
        broken.setattr(sending, "begin", away)
        with pytest.raises(OperationalError):
            dispatch(desk, gateway_of(desk))
    assert {text.state for text in texts(desk)} == {Delivery.CLAIMED}

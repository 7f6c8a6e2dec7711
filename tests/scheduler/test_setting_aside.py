"""A text that cannot be handled is tried a few times, set aside, told of, and stops no other (R10, T20)."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from tests.support.texting import NUMBER, dispatch, forward, gateway_of, texted, texts
from throughcare.casework.people import Case
from throughcare.casework.rows import Task
from throughcare.checkin import matching_up, optouts, planning, receipts, sending, setting_aside
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
    return next(row.state for row in texts(desk) if row.id == message_id)


def sent(gateway):
    return {sms.text for sms in gateway.texts if sms.text.startswith("Text")}


OTHERS = {"Text 0", "Text 1", "Text 3", "Text 4"}


def worn_out(desk, clock, gateway):
    for _ in range(setting_aside.MOST_FAULTS):
        dispatch(desk, gateway)
        forward(clock, minutes=5)


def claimed(desk, message_id):
    """The dispatcher "who" is about to send it."""
    with desk.work(SYSTEM) as work:
        assert message_id in sending.claim(work, "who", 50)


def waiting(engine, thread):
    """Until the other connection waits for a lock (SQLite: its turn), or is done."""
    stuck = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    while engine.dialect.name == "postgresql" and thread.is_alive():
        with engine.connect() as connection:
            if connection.scalar(stuck):
                return
        thread.join(0.01)


ACTS = {
    "set aside": lambda work, message_id: setting_aside.fault(work, message_id, "who"),
    "not delivered": lambda work, message_id: receipts.arrive(work, message_id, "undelivered", 30005),
    "planned": lambda work, _: planning.plan_texts(work),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_stop_and_whoever_looks_after_their_texts_do_not_wait_for_each_other_for_ever_r21(
    desk, engine, queued, act, clock, monkeypatch
):
    """Two connections: a STOP holds the case and comes to its texts and its plan while the other is at one of those."""
    monkeypatch.setattr(setting_aside, "MOST_FAULTS", 1)
    claimed(desk, queued)
    forward(clock, hours=26)  # a check-in is to be planned
    done, case_id = [], texts(desk)[0].case_id

    def other():
        with desk.work(SYSTEM) as work:
            done.append(ACTS[act](work, queued))

    with desk.work(SYSTEM) as work:
        work.session.get(Case, case_id, with_for_update=True)
        thread = threading.Thread(target=other, daemon=True)
        thread.start()
        waiting(engine, thread)
        matching_up.plan_of(work, case_id)
        optouts.opt_out(work, case_id, NUMBER, "sms")
    thread.join(20)
    assert done in ([None], [True], [1])


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

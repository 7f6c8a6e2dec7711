"""A text that is nobody's yet is on somebody's list, and a text that cannot be worked is on its holder's (R10, R24, R26, R42)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import col, select

from tests.support.texting import NUMBER, forward, reachable, texted
from throughcare.casework import done, worklist
from throughcare.casework.done import DoneForm, Gone, How
from throughcare.casework.rows import Task, TaskStatus
from throughcare.casework.worklist import WorkQuery
from throughcare.checkin import actions, errands, inbound, optouts, replying
from throughcare.checkin.forms import InboxQuery, Place
from throughcare.checkin.inbox import inbox
from throughcare.checkin.rows import FAILED, InboundText
from throughcare.checkin.service import Answering
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.reference import Reference
from throughcare.kernel.refusals import NotPermitted
from throughcare.kernel.sealing import Safe, unlock

STRANGE = "+447700900998"
CRISIS = "I want to end it"


@pytest.fixture
def case(desk, world):
    return texted(desk, world)


def hear(desk, body, number=STRANGE):
    forward(desk.clock, seconds=1)
    with desk.work(SYSTEM) as work:
        inbound.store(work, {"MessageSid": uuid4().hex, "From": number, "To": "+441632960000", "Body": body})
        inbound.settle_number(work, number)
        return work.session.exec(select(InboundText.id).order_by(InboundText.received_at.desc())).first()


def on_the_list_of(desk, actor, what=errands.UNKNOWN):
    with desk.work(actor) as work:
        listed = worklist.my_work(work, WorkQuery())
    return [item for item in (*listed.overdue, *listed.today, *listed.soon) if item.words == what.words]


def read_by(desk, actor):
    with desk.work(actor) as work:
        return [text.text for text in inbox(work, InboxQuery()).unplaced]


def test_a_crisis_from_an_unknown_number_is_urgent_work_for_managers_and_workers(desk, case, world):
    hear(desk, CRISIS)
    for who in (world.prison_manager, world.officer):
        (item,) = on_the_list_of(desk, who)
        assert (item.urgent, item.heading, item.path) == (True, None, "/check-ins")
        assert read_by(desk, who) == [CRISIS]
    assert on_the_list_of(desk, world.probation) == on_the_list_of(desk, world.healthcare) == []


def test_an_ordinary_text_from_an_unknown_number_is_work_for_its_managers_alone(desk, case, world):
    hear(desk, "it is me, new phone")
    (item,) = on_the_list_of(desk, world.prison_manager)
    assert not item.urgent
    assert on_the_list_of(desk, world.officer) == []
    assert read_by(desk, world.officer) == []


def test_a_stop_from_an_unknown_number_needs_nobody(desk, case, world):
    hear(desk, "STOP")
    assert on_the_list_of(desk, world.prison_manager) == []


def test_nobody_texted_yet_still_reaches_somebody(desk, world):
    hear(desk, CRISIS)
    assert on_the_list_of(desk, world.officer)
    assert on_the_list_of(desk, world.provider)


def test_the_configuration_names_who_is_on_duty(desk, case, world):
    named = replace(desk.reference[Answering], duty=("Harbour Recovery",))
    told = replace(desk, reference=Reference({**desk.reference.held, Answering: named}))
    hear(told, CRISIS)
    assert on_the_list_of(desk, world.provider)
    assert on_the_list_of(desk, world.officer) == []


def test_whoever_has_it_may_say_whose_it_is_and_it_leaves_every_list(desk, case, world):
    text_id = hear(desk, CRISIS)
    with desk.work(world.officer) as work:
        actions.place(work, text_id, Place(case_id=case))
    assert on_the_list_of(desk, world.officer) == on_the_list_of(desk, world.prison_manager) == []
    with desk.work(SYSTEM) as work:
        assert work.session.exec(select(Task).where(Task.kind == errands.CRISIS.kind)).all()


def close(desk, actor, text_id):
    with desk.work(actor) as work:
        mine = select(Task).where(Task.subject_id == text_id, Task.role == actor.role)
        return done.finish(work, work.session.exec(mine).one().id, DoneForm(how=How.NOT_NEEDED))


def test_closed_by_hand_it_leaves_the_list_of_everyone_who_got_it_and_the_next_is_told_so(desk, case, world):
    text_id = hear(desk, CRISIS)
    close(desk, world.officer, text_id)
    assert on_the_list_of(desk, world.officer) == on_the_list_of(desk, world.prison_manager) == []
    with desk.work(SYSTEM) as work:
        tasks = work.session.exec(select(Task).where(Task.subject_id == text_id)).all()
        assert {(task.status, task.done_by, task.outcome) for task in tasks} == {
            (TaskStatus.DONE, world.officer.id, "not_needed")
        }
        assert len(tasks) == 2
    with pytest.raises(Gone):
        close(desk, world.prison_manager, text_id)


def test_closing_one_text_leaves_the_next_from_the_same_number(desk, case, world):
    text_id = hear(desk, CRISIS)
    hear(desk, "please")
    close(desk, world.prison_manager, text_id)
    assert len(on_the_list_of(desk, world.prison_manager)) == 1


def test_whoever_has_it_not_may_not(desk, case, world):
    text_id = hear(desk, "it is me, new phone")
    with pytest.raises(NotPermitted), desk.work(world.officer) as work:
        actions.place(work, text_id, Place(case_id=case))


def test_a_flood_from_one_number_is_held_back_but_never_a_crisis(desk, case, world):
    for each in range(15):
        hear(desk, f"auto reply {each}")
    assert len(on_the_list_of(desk, world.prison_manager)) == 10
    hear(desk, CRISIS)
    assert len(on_the_list_of(desk, world.prison_manager)) == 11


@pytest.mark.parametrize(("body", "urgent"), [("hello", False), (CRISIS, True)])
def test_a_text_of_theirs_that_cannot_be_worked_alerts_whoever_answers_for_them(
    desk, case, world, monkeypatch, body, urgent
):
    def breaks(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(replying, "read", breaks)
    with desk.work(SYSTEM) as work:
        inbound.store(work, {"MessageSid": uuid4().hex, "From": NUMBER, "To": "+441632960000", "Body": body})
    for _ in range(inbound.MOST_TRIES):
        desk.clock.forward(timedelta(seconds=11))
        with desk.work(SYSTEM) as work:
            inbound.settle_waiting(work)
    (item,) = on_the_list_of(desk, world.officer, errands.UNSETTLED)
    assert item.urgent is urgent
    assert item.heading.case_id == case
    assert read_by(desk, world.officer) == [body]
    with desk.work(SYSTEM) as work:
        (task,) = work.session.exec(select(Task).where(Task.kind == errands.UNSETTLED.kind)).all()
        assert task.status is TaskStatus.OPEN


def test_where_even_telling_of_it_fails_the_texts_behind_it_are_worked_all_the_same_r10(desk, case, world, monkeypatch):
    def breaks(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(replying, "read", breaks)
    monkeypatch.setattr(inbound.errands, "alert", breaks)
    with desk.work(SYSTEM) as work:
        for number, body in ((NUMBER, "hello"), (STRANGE, CRISIS)):
            came = desk.clock.now() + timedelta(seconds=number == STRANGE)
            inbound.store(work, {"MessageSid": uuid4().hex, "From": number, "To": "+441632960000", "Body": body}, came)
        first = work.session.exec(select(InboundText).where(InboundText.from_number == NUMBER)).one()
        first.tries = inbound.MOST_TRIES - 1
        work.session.add(first)
    desk.clock.forward(timedelta(seconds=12))
    with desk.work(SYSTEM) as work:
        assert inbound.settle_waiting(work) == 1
    assert len(on_the_list_of(desk, world.prison_manager)) == 1
    with desk.work(SYSTEM) as work:
        first = work.session.exec(select(InboundText).where(InboundText.from_number == NUMBER)).one()
        assert (first.settled_at, first.tries) == (None, inbound.MOST_TRIES)


def test_however_many_cannot_be_worked_or_told_of_the_next_is_and_they_are_tried_less_and_less_often_r10(
    desk, case, world, monkeypatch
):
    monkeypatch.setattr(inbound, "AT_ONCE", 2)
    whole = inbound._holders
    monkeypatch.setattr(inbound, "_holders", lambda work, text: 1 / 0 if text.body == "poison" else whole(work, text))
    for body in ("poison", "poison", "poison", "hello"):
        hear_later(desk, body)
        desk.clock.forward(timedelta(seconds=1))
    for _ in range(3):
        settle_later(desk)
    assert len(on_the_list_of(desk, world.prison_manager)) == 1
    for _ in range(20):
        desk.clock.forward(timedelta(minutes=1))
        settle_later(desk)
    with desk.work(SYSTEM) as work:
        poison = work.session.exec(select(InboundText).where(col(InboundText.settled_at).is_(None))).all()
    assert len(poison) == 3
    assert all(inbound.MOST_TRIES < text.tries < 13 for text in poison)


@pytest.mark.parametrize("holders", [0, 1, 2])
def test_a_text_whose_words_cannot_be_read_is_urgent_work_and_never_taken_for_read(desk, engine, world, holders):
    """Its key is lost, or not yet in this process: for all that anybody knows it says STOP, or that they want to die."""
    for _ in range(holders):
        reachable(desk, world.case(), STRANGE)
    hear_later(desk, "STOP")
    unlock(engine, Safe(["a key that did not seal it " + "n" * 40]))
    try:
        for _ in range(inbound.MOST_TRIES - 1):
            settle_later(desk)
        assert kept(desk).settled_at is None  # it may yet be read, by a process that has the key
        settle_later(desk)
    finally:
        unlock(engine, desk.reference[Safe])
    assert kept(desk).fate == FAILED
    items = on_the_list_of(desk, world.officer, errands.UNSETTLED if holders else errands.UNKNOWN)
    assert [item.urgent for item in items] == [True] * max(holders, 1)


def test_a_text_that_cannot_be_read_for_a_while_is_read_once_its_key_is_there(desk, engine, case):
    hear_later(desk, "STOP", NUMBER)
    unlock(engine, Safe(["a key that did not seal it " + "n" * 40]))
    try:
        settle_later(desk)
    finally:
        unlock(engine, desk.reference[Safe])
    settle_later(desk)
    with desk.work(SYSTEM) as work:
        assert optouts.opted_out(work, case, NUMBER)


def hear_later(desk, body, number=STRANGE):
    with desk.work(SYSTEM) as work:
        inbound.store(work, {"MessageSid": uuid4().hex, "From": number, "To": "+441632960000", "Body": body})


def settle_later(desk):
    desk.clock.forward(timedelta(seconds=11))
    with desk.work(SYSTEM) as work:
        inbound.settle_waiting(work)


def kept(desk):
    with desk.work(SYSTEM) as work:
        return work.session.exec(select(InboundText)).one()

"""A number that nobody has is answered once, neutrally, and only where texts may go at all (R24, R26, R42, R49)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import col, select

from tests.steps.test_texts_from_strangers import CRISIS, STRANGE, hear
from tests.support.texting import dispatch, forward, gateway_of, reachable, texted, texts
from throughcare.casework.contact import numbers_of
from throughcare.checkin import actions, optouts, receipts
from throughcare.checkin.forms import Place
from throughcare.checkin.rows import InboundText, OptOut, SenderPace
from throughcare.checkin.service import Pacing
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.delivery import Delivery
from throughcare.kernel.reference import Reference


@pytest.fixture
def case(desk, world):
    return texted(desk, world)


def said(desk, number=STRANGE):
    return [text for text in texts(desk) if text.case_id is None and text.to == number]


def went(desk):
    return [text.to for text in sent(desk)]


def sent(desk, desk_of=None):
    gateway = gateway_of(desk)
    dispatch(desk_of or desk, gateway, rounds=2)
    return [text for text in gateway.texts if text.to == STRANGE]


def test_it_is_answered_once_a_day_with_nothing_about_anybody(desk, case, clock):
    for _ in range(3):
        hear(desk, "hello its me")
    (text,) = said(desk)
    assert (text.template, text.purpose, text.case_id) == ("unknown_number_reply", "neutral", None)
    assert "999" in text.text
    assert went(desk) == [STRANGE]
    forward(clock, hours=25)
    hear(desk, "hello?")
    assert len(said(desk)) == 2


def test_words_that_may_mean_a_crisis_are_answered_at_once_with_the_lines_of_help_r42(desk, case):
    hear(desk, "hello")
    hear(desk, CRISIS)
    hear(desk, CRISIS)
    assert [text.template for text in said(desk)] == ["unknown_number_reply", "unknown_crisis_reply"]
    assert "116 123" in said(desk)[1].text


@pytest.mark.parametrize("number", ["+14155550100", "+441632960001", "60003", "+447911123456789", "HMRC", "+4470"])
def test_nothing_goes_abroad_nor_to_landlines_short_codes_and_names_r49(desk, case, number):
    hear(desk, CRISIS, number)
    assert said(desk, number) == []


def test_whoever_stopped_is_not_answered_until_they_start(desk, case):
    hear(desk, "STOP")
    hear(desk, "hello")
    assert said(desk) == []
    hear(desk, "START")
    assert len(said(desk)) == 1
    with desk.work(SYSTEM) as work:
        lines = work.session.exec(select(OptOut.out).order_by(col(OptOut.at))).all()
    assert list(lines) == [True, False]


def test_a_stop_between_the_writing_and_the_sending_holds_it_back(desk, case):
    hear(desk, "hello")
    hear(desk, "STOP")
    assert sent(desk) == []
    assert [(text.state, text.why) for text in said(desk)] == [(Delivery.SUPPRESSED, "opted_out")]


def test_a_number_that_has_become_somebodys_is_not_answered_as_nobodys(desk, case, world):
    hear(desk, "hello")
    reachable(desk, world.case(), STRANGE)
    assert sent(desk) == []
    assert [text.why for text in said(desk)] == ["somebodys"]


def test_a_machine_is_not_answered_for_ever_r26(desk, case, clock):
    for _ in range(12):
        hear(desk, "out of office")
    assert len(said(desk)) == 1
    with desk.work(SYSTEM) as work:
        answered = work.session.exec(select(InboundText.id).where(col(InboundText.answered_at).is_not(None))).all()
    assert len(answered) == 1


def test_the_budget_holds_it_back_and_not_the_lines_of_help_r49(desk, case):
    spent = replace(desk.reference[Pacing], daily_segments=1)
    poor = replace(desk, reference=Reference({**desk.reference.held, Pacing: spent}))
    with desk.work(SYSTEM) as work:
        work.add(SenderPace(sender=spent.sender, tokens=10, at=work.now, day=work.today, day_used=9, month_used=9))
    hear(desk, "hello")
    assert sent(desk, poor) == []
    hear(desk, CRISIS)
    assert len(sent(desk, poor)) == 1


def test_it_waits_for_sending_hours_as_any_text_does(desk, case, clock):
    forward(clock, hours=12)
    hear(desk, "hello")
    assert sent(desk) == []
    forward(clock, hours=11, minutes=30)
    assert len(sent(desk)) == 1


@pytest.mark.parametrize("status", ["delivered", "undelivered", "failed"])
def test_a_receipt_for_it_moves_it_and_touches_nobody(desk, case, status):
    hear(desk, "hello")
    sent(desk)
    (text,) = said(desk)
    with desk.work(SYSTEM) as work:
        assert receipts.arrive(work, text.id, status, 30003 if status != "delivered" else None)
    assert said(desk)[0].state == status


def test_a_stop_the_provider_knows_of_is_kept(desk, case):
    hear(desk, "hello")
    gateway = gateway_of(desk)
    gateway.refused[STRANGE] = 21610
    dispatch(desk, gateway, rounds=2)
    assert said(desk)[0].state is Delivery.FAILED
    with desk.work(SYSTEM) as work:
        assert [(line.source, line.out) for line in work.session.exec(select(OptOut))] == [("provider", True)]


def test_one_that_may_not_have_been_sent_is_looked_for_and_given_up_without_a_case(desk, case):
    hear(desk, "hello")
    with desk.work(SYSTEM) as work:
        receipts.never_known(work, said(desk)[0].id)


def test_a_worker_says_that_it_is_their_new_number_and_it_is_still_to_be_proven(desk, case, world):
    text_id = hear(desk, CRISIS)
    with desk.work(world.officer) as work:
        actions.place(work, text_id, Place(case_id=case, new_number=True))
    with desk.work(SYSTEM) as work:
        (new,) = [each for each in numbers_of(work, case) if each.number == STRANGE]
        assert new.proven_at is None
        assert not optouts.opted_out(work, case, STRANGE)


def test_a_text_of_somebody_without_a_number_may_be_placed_with_the_number(desk, case, world):
    other = world.case()
    text_id = hear(desk, CRISIS)
    with desk.work(world.officer) as work:
        actions.place(work, text_id, Place(case_id=other, new_number=True))
        assert [each.number for each in numbers_of(work, other)] == [STRANGE]

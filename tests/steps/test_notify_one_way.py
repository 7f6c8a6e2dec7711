"""Where nobody can answer the texts, none asks for an answer: check-ins are calls, and reminders say whom to ring (R15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest
from sqlmodel import select

from config.bootstrap import toml
from config.check import advice, faults
from config.checkins import one_way_of
from config.settings import Settings
from tests.support.texting import dispatch, forward, gateway_of, reachable, release, texted, texts
from tests.support.wired_notify import NOTIFY
from throughcare.casework.rows import Appointment, Task
from throughcare.checkin import actions, looks
from throughcare.checkin.forms import AgreePlan
from throughcare.checkin.grounds import Why
from throughcare.checkin.planning import plan_texts
from throughcare.checkin.reminding import remind
from throughcare.checkin.rows import CheckinPrompt
from throughcare.checkin.service import OneWay
from throughcare.checkin.wording import Wording
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.clock import at
from throughcare.kernel.delivery import Delivery, Purpose
from throughcare.kernel.reference import Reference

NEXT = date(2026, 11, 23)
ONE_WAY = one_way_of(toml("sms/one_way.toml"), Settings(_env_file=None, sms={"one_way": True}))


def one_way(desk, how=ONE_WAY):
    return replace(desk, reference=Reference({**desk.reference.held, OneWay: how}))


def prompts(desk):
    with desk.work(SYSTEM) as work:
        return list(work.session.exec(select(CheckinPrompt).order_by(CheckinPrompt.on, CheckinPrompt.step)))


def questions(desk):
    return [text for text in texts(desk) if text.purpose is Purpose.CHECKIN]


def kinds(desk):
    with desk.work(SYSTEM) as work:
        return set(work.session.exec(select(Task.kind)))


def asking(reference, how):
    """The texts that would ask, of those that go unasked for."""
    said = reference[Wording].templates
    meant = {(code, language): said[how.code(code), language] for code, language in said}
    return {
        code
        for (code, _), template in meant.items()
        if how.asks(template.purpose, template.text) and not how.never(template.purpose, template.code)
    }


def test_no_text_that_goes_one_way_asks_for_an_answer_in_either_language(reference):
    assert asking(reference, ONE_WAY) == set()
    assert asking(reference, replace(ONE_WAY, instead={})) == {"appointment_reminder"}, "a twin without its notices"


def test_a_check_in_of_a_service_nobody_can_answer_is_a_call_and_its_plan_cannot_be_agreed(desk, world, clock):
    case = texted(desk, world)
    alone = one_way(desk)
    forward(clock, hours=26)
    with alone.work(SYSTEM) as work:
        plan_texts(work)
    assert questions(desk) == []
    assert [each.instead for each in prompts(desk) if each.day == 1] == [Why.ONE_WAY]
    assert "checkin_call" in kinds(desk)
    with pytest.raises(actions.NoAnswers), alone.work(world.officer) as work:
        actions.propose(work, case, AgreePlan(code="standard"))


def test_a_number_is_proven_by_a_person_where_no_code_word_can_come_back(desk, world, clock):
    case = world.case()
    reachable(desk, case)
    release(one_way(desk), case)
    forward(clock, hours=2)
    with one_way(desk).work(SYSTEM) as work:
        plan_texts(work)
    assert texts(desk) == []
    assert "checkin_prove_number" in kinds(desk)


def test_a_question_written_before_nobody_could_answer_is_held_back_when_it_is_to_go(desk, world, clock):
    texted(desk, world)
    forward(clock, hours=26)
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    forward(clock, minutes=10)
    gateway = gateway_of(desk)
    dispatch(one_way(desk), gateway)
    assert gateway.texts == []
    assert [(text.state, text.why) for text in questions(desk)] == [(Delivery.SUPPRESSED, Why.ONE_WAY)]


def test_a_reminder_goes_once_says_whom_to_ring_and_asks_for_no_answer(desk, world, clock):
    case = texted(desk, world)
    with desk.work(SYSTEM) as work:
        work.add(
            Appointment(
                case_id=case,
                agency_id=world.agencies["provider"],
                kind="first_treatment",
                at=at(NEXT, time(10, 30)),
                place="x",
            )
        )
    clock.forward(at(date(2026, 11, 22), time(12)) - clock.now())
    for _ in range(2):
        with one_way(desk).work(SYSTEM) as work:
            remind(work)
    gateway = gateway_of(desk)
    dispatch(one_way(desk), gateway)
    [sent] = gateway.texts
    assert "ring the number you have" in sent.text
    assert "eply" not in sent.text


def test_a_worker_who_asks_for_a_reply_is_told_that_none_can_come(desk, world):
    case = texted(desk, world)
    with one_way(desk).work(world.officer) as work:
        assert "Nobody reads answers" in looks.look_at(work, case, "The office is shut today.").text
        with pytest.raises(looks.GivesAway, match="Nobody can answer"):
            looks.look_at(work, case, "Please reply when you can.")
    with desk.work(world.officer) as work:
        assert looks.look_at(work, case, "Please reply when you can.").text


def test_who_has_just_texted_is_answered_as_always():
    assert not ONE_WAY.never(Purpose.SAFETY, "ask_again")
    assert not ONE_WAY.asks(Purpose.SAFETY, "please reply with one number")


def notify(**more):
    sms = {"gateway": "notify"} | more.pop("sms", {})
    safe = {"public_base_url": "https://x.example.org", "secret_key": "s" * 40, "sealing": {"keys": "k" * 40}}
    return Settings(environment="production", _env_file=None, **safe, sms=sms, notify=NOTIFY | more)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "SMS__ONE_WAY"),
        ({"api_key": "key"}, "NOTIFY__API_KEY"),
        ({"template_id": ""}, "NOTIFY__TEMPLATE_ID"),
        ({"callback_token": "short"}, "NOTIFY__CALLBACK_TOKEN"),
    ],
)
def test_notify_is_not_started_with_until_all_it_needs_is_said(given, words):
    ready = {} if words == "SMS__ONE_WAY" else {"sms": {"one_way": True}}
    found = [fault for fault in faults(notify(**ready, **given)) if not fault.startswith("SPOOL")]
    assert len(found) == 1
    assert words in found[0]


def test_what_is_right_for_notify_is_started_with_and_told_what_it_cannot_do(reference):
    right = notify(sms={"one_way": True})
    assert [fault for fault in faults(right) if not fault.startswith("SPOOL")] == []
    said = advice(right, reference, date(2026, 11, 20))
    assert any("deletes no text when asked" in sentence for sentence in said)
    assert any("/webhooks/notify/receipts" in sentence for sentence in said)

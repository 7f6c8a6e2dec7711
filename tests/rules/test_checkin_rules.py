from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from throughcare.checkin.lexicon import lexicon_from
from throughcare.checkin.plans import plans_from
from throughcare.checkin.replies import Kind, Reply, parse
from throughcare.checkin.rules import (
    Match,
    Prompt,
    Reason,
    answer_to,
    belongs_to,
    for_a_person,
    may_answer,
    reasons,
)
from throughcare.checkin.wording import wording_from


def toml(path):
    return tomllib.loads(Path(f"config/data/{path}.toml").read_text("utf-8"))


LEXICON = lexicon_from(
    [toml("lexicon/replies_en"), toml("lexicon/replies_cy")], [toml("lexicon/crisis_en"), toml("lexicon/crisis_cy")]
)
LIMITS = plans_from(toml("checkin_plans")).replies
WORDING = wording_from([toml("sms/en"), toml("sms/cy")])
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def score(value):
    return Reply(Kind.SCORE, value, 1.0, "score_alone")


@pytest.mark.parametrize(
    ("value", "previous", "why"),
    [
        (1, None, (Reason.SCORE_ONE,)),
        (1, 1, (Reason.SCORE_ONE,)),
        (1, 3, (Reason.SCORE_ONE, Reason.FALL)),
        (3, 5, (Reason.FALL,)),
        (2, 4, (Reason.FALL,)),
        (2, 3, ()),
        (4, 5, ()),
        (2, None, ()),
        (5, 1, ()),
    ],
)
def test_one_and_a_fall_of_two_reach_the_worker_now_r41(value, previous, why):
    assert reasons(score(value), previous) == why
    assert answer_to(score(value), previous, asked_again=False) == ("low_score_reply" if why else None)


def test_a_call_with_a_score_gives_both_reasons():
    assert reasons(Reply(Kind.CALL, 1, 0.9, "score_and_call"), 4) == (Reason.CALL, Reason.SCORE_ONE, Reason.FALL)


def test_the_days_of_a_pause_are_not_a_score():
    assert reasons(Reply(Kind.PAUSE, 1, 1.0, "pause_days"), 5) == ()


@pytest.mark.parametrize(
    ("text", "template"),
    [
        ("STOP", "stop_confirmation"),
        ("please stop texting me", "soft_stop_reply"),
        ("please stop texting me i want to die", "crisis_reply"),
        ("START", "start_confirmation"),
        ("DECHRAU", "start_confirmation"),
        ("HANES", "hours_reply"),
        ("PAUSE 3", "pause_reply"),
        ("who is this?", "wrong_number_reply"),
        ("CALL", "call_reply"),
        ("help i want to end it need to talk", "crisis_reply"),
        ("I want to end it", "crisis_reply"),
        ("not ok", "ask_again"),
        ("3 or 4", "ask_again"),
        ("missed your call", "ask_again"),
        ("3", None),
        ("1", "low_score_reply"),
    ],
)
def test_what_is_answered_at_once_r42(text, template):
    assert answer_to(parse(text, LEXICON), None, asked_again=False) == template
    assert template is None or (template, "cy") in WORDING.templates


def test_there_is_one_gentle_second_asking_and_then_a_person_r40():
    assert answer_to(parse("hmm", LEXICON), None, asked_again=True) is None
    assert answer_to(parse("I want to end it", LEXICON), None, asked_again=True) == "crisis_reply"


@pytest.mark.parametrize(
    ("text", "template"),
    [
        ("bluebird", "proof_thanks"),
        ("redbird", "proof_again"),
        ("3", "proof_again"),
        ("STOP", "stop_confirmation"),
        ("wrong number", "wrong_number_reply"),
        ("CALL", "call_reply"),
        ("i want to die", "crisis_reply"),
    ],
)
def test_while_a_number_is_unproven_only_the_code_word_proves_it_r35(text, template):
    reply = parse(text, LEXICON, code_word="bluebird")
    assert answer_to(reply, None, asked_again=False, proving=True) == template
    over = answer_to(reply, None, asked_again=True, proving=True, tries_over=True)
    assert over == ("proof_by_call" if template == "proof_again" else template), "nobody is asked to try in vain"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("3", False),
        ("STOP", False),
        ("3 thanks", True),
        ("hmm", True),
        ("CALL", True),
        ("end it", True),
        ("PAUSE 3", False),
    ],
)
def test_every_free_text_is_read_by_a_person_r41(text, read):
    assert for_a_person(parse(text, LEXICON)) is read


def test_a_reply_belongs_to_the_latest_text_from_the_same_sender_before_it_r22():
    prompts = [
        Prompt("monday", "+441632960001", NOON),
        Prompt("tuesday", "+441632960001", NOON + timedelta(days=1)),
        Prompt("other", "+441632960002", NOON + timedelta(days=1, hours=1)),
    ]

    def match(hours, sender="+441632960001"):
        return belongs_to(NOON + timedelta(hours=hours), sender, prompts, LIMITS)

    assert match(1) == Match("monday", late=False)
    assert match(25) == Match("tuesday", late=False)
    assert match(24 + 73) == Match("tuesday", late=True)
    assert match(-1) is None
    assert match(26, "+441632960003") is None


def test_two_machines_do_not_answer_each_other_for_ever_r26():
    def ago(minutes):
        return [NOON - timedelta(minutes=minute) for minute in minutes]

    assert may_answer(NOON, ago([0, 1]), ago([5, 10]), LIMITS)
    assert not may_answer(NOON, ago(range(4)) + ago(range(4)) + ago(range(4)), [], LIMITS)
    assert not may_answer(NOON, ago([0]), ago([1, 20, 59]), LIMITS)
    assert may_answer(NOON, ago([0]), ago([1, 20, 61]), LIMITS)

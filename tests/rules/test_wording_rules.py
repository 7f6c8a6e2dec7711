"""What a service's own words for a text must say and may not, with any values in them (R31-R34, R40, R42)."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from throughcare.checkin.forbidden import forbidden_from
from throughcare.checkin.saying import crisis_lines_from
from throughcare.checkin.service import OneWay
from throughcare.checkin.wording import wording_from
from throughcare.checkin.wording_rules import Against, faults, made_plain, own_faults, wording_rules_from
from throughcare.kernel.delivery import Purpose


def toml(path):
    return tomllib.loads(Path(f"config/data/{path}.toml").read_text("utf-8"))


WORDING = wording_from([toml("sms/en"), toml("sms/cy")])
FORBIDDEN = forbidden_from(toml("lexicon/forbidden_en"), toml("lexicon/forbidden_cy"))
AGAINST = Against(
    wording_rules_from(toml("sms/rules")),
    FORBIDDEN,
    crisis_lines_from(toml("sms/crisis_lines")),
    {"en": "Monday to Friday, 9am to 5pm", "cy": "dydd Llun i ddydd Gwener, 9am i 5pm"},
    OneWay(words=tuple(toml("sms/one_way")["asks"]), instead=toml("sms/one_way")["instead"]),
)
EVERY = sorted(WORDING.templates)


def against_it(code, words, language="en"):
    return " ".join(faults(words, WORDING.templates[code, language], AGAINST))


def test_the_words_that_come_with_the_software_keep_every_rule_of_a_new_wording():
    every = [WORDING.templates[key] for key in EVERY]
    assert {t.code: found for t in every if (found := faults(made_plain(t.text), t, AGAINST))} == {}


def test_no_text_loses_a_value_that_it_must_say_so_a_crisis_reply_keeps_its_numbers_r42():
    assert WORDING.templates["crisis_reply", "en"].fields >= {"emergency", "lines"}
    for code, language in EVERY:
        template = WORDING.templates[code, language]
        for field in sorted(template.fields):
            without = template.text.replace(f"{{{field}}}", "")
            assert f"Put in {{{field}}}" in against_it(code, without, language)


def test_no_text_loses_the_scales_ends_the_word_for_a_call_or_the_word_that_stops_texts_r40_r42():
    assert WORDING.templates["nudge", "en"].keeps == ("1 (bad)", "5 (good)", "CALL")
    assert "STOPIO" in WORDING.templates["proof_thanks", "cy"].keeps
    for code, language in EVERY:
        template = WORDING.templates[code, language]
        for said in template.keeps:
            assert f"Keep “{said}”" in against_it(code, template.text.replace(said, f"{said[:-1]}x"), language)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("Your probation officer asks: 1 (bad) to 5 (good), or CALL. {sender}", "probation"),
        ("How are things? 1 (bad) to 5 (good), or CALL. {name} {sender}", "Take out {name}"),
        ("How are things? 1 (bad) to 5 (good), or CALL. {sender", "curly brackets"),
        ("How are things? 1 (bad) to 5 (good), or CALL. {} {sender}", "curly brackets"),
        ("How are things? YES or NO, 1 (bad) to 5 (good), or CALL. {sender}", "Do not ask for YES"),
        ("Please reply yes, or 1 (bad) to 5 (good), or CALL. {sender}", "Do not ask for YES"),
        ("Please reply with the word quit, 1 (bad) to 5 (good), or CALL. {sender}", "Do not ask for QUIT"),
        ("1 (bad) to 5 (good), or CALL. See www.example.org {sender}", "web address"),
        ("How are things? 1 (bad) to 5 (good), or RECALL. {sender}", "Keep “CALL”"),
        ("A long one. " * 14 + "1 (bad) to 5 (good), or CALL. {sender}", "2 segments"),
        ("Ŵ" * 40 + " 1 (bad) to 5 (good), or CALL. {sender}", "segments"),
        ("A" * 800 + " 1 (bad) to 5 (good), or CALL. {sender}", "at most 700 letters"),
    ],
)
def test_words_that_may_not_go_are_refused_with_what_to_do_r31_r32_r34(words, says):
    assert says in against_it("checkin_question", words)


def test_a_text_that_goes_where_nobody_can_answer_asks_for_no_answer_r15():
    words = "You have an appointment {day} at {time}. Reply CALL if you cannot make it. {sender}"
    assert "Ask for no answer" in against_it("appointment_notice", words)
    assert "Ask for no answer" not in against_it("appointment_reminder", words)


def test_asking_to_call_for_help_is_not_asking_for_help():
    assert not against_it(
        "checkin_question", "Things? 1 (bad) to 5 (good). Reply CALL and we help in the end. {sender}"
    )


@pytest.mark.parametrize("number", ["116123", "0800 83 85 87", "01632 960 001", "9-9-9"])
def test_a_crisis_reply_gives_no_number_but_those_of_the_list_r42(number):
    template = WORDING.templates["crisis_reply", "en"]
    assert "come from their own list" in against_it("crisis_reply", f"{template.text} Or ring {number}.")


def test_what_fits_with_short_values_and_not_with_long_ones_is_refused_r34():
    words = "Things? One number please, from 1 (bad) up to 5 (good), or reply CALL and someone will ring. Nobody reads these round the clock, no hurry at all. {sender}"
    assert "{sender}" in words
    assert len(words.replace("{sender}", "Jo")) <= 160
    assert "2 segments with the longest values" in against_it("checkin_question", words)


def test_words_are_kept_in_the_letters_in_which_they_go_r34():
    assert made_plain(" It’s  “fine”\u00a0\r\n\u200b – ok ") == 'It\'s "fine"\n- ok'


def test_what_a_newer_list_forbids_is_found_in_words_that_stood_before_r32():
    template = replace(WORDING.templates["nudge", "en"], text="See you at the harbour. {sender}")
    assert template.purpose is Purpose.CHECKIN
    assert own_faults(template, FORBIDDEN) == ()
    assert "harbour" in own_faults(template, replace(FORBIDDEN, start=FORBIDDEN.start | {"harbour"}))[0]

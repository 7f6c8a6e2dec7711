"""What the service says by text, in both languages, with the longest values (R31-R35, R40, R42, T16)."""

from __future__ import annotations

import re
import tomllib
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from throughcare.checkin.forbidden import forbidden_from
from throughcare.checkin.privacy import lint
from throughcare.checkin.saying import crisis_lines_from, day_said, time_said, when_said
from throughcare.checkin.segments import Encoding, segments
from throughcare.checkin.wording import LONGEST, CannotRender, fits, render, value_fault, wording_from
from throughcare.kernel.delivery import Purpose


def toml(path):
    return tomllib.loads(Path(f"config/data/{path}.toml").read_text("utf-8"))


TABLES = [toml("sms/en"), toml("sms/cy")]
WORDING = wording_from(TABLES)
LINES = crisis_lines_from(toml("sms/crisis_lines"))
FORBIDDEN = forbidden_from(toml("lexicon/forbidden_en"), toml("lexicon/forbidden_cy"))
NATIONS = ("england", "wales", "scotland")
EVERY = sorted(WORDING.templates)
NEEDED = {
    "proof_request", "proof_thanks", "checkin_question", "nudge", "appointment_reminder", "crisis_reply", "call_reply",
    "low_score_reply", "ask_again", "stop_confirmation", "start_confirmation", "hours_reply", "pause_reply",
    "wrong_number_reply", "unknown_number_reply", "unknown_crisis_reply", "staff_message", "hour_set", "hour_again",
    "chose_english", "chose_welsh", "nothing_planned", "hours_paused", "hour_paused", "proof_again", "proof_by_call",
}  # fmt: skip


def longest_day(language):
    days = (date(2027, 1, 1) + timedelta(number) for number in range(366))
    return max((day_said(day, day - timedelta(days=1), language) for day in days), key=len)


def longest(language, nation="england"):
    day = longest_day(language)
    by = {"en": "by", "cy": "erbyn"}[language]
    return {
        "sender": "Christopher at Oak",
        "name": "Wilhelmina-Rosemarie",
        "day": day,
        "time": "12:30pm",
        "first": "19",
        "last": "19",
        "when": f"{day} {by} 12:30pm",
        "hours": {"en": "Monday to Friday, 9am to 5pm", "cy": "dydd Llun i ddydd Gwener, 9am i 5pm"}[language],
        "lines": LINES.said(nation, language),
        "emergency": LINES.emergency,
        "message": "w" * LONGEST["message"],
    }


def filled(template, values):
    return render(template, {field: values[field] for field in template.fields})


def test_every_text_needed_is_there_in_both_languages():
    assert set(WORDING.codes) >= NEEDED
    assert WORDING.languages == ("cy", "en")
    assert {t.code for t in WORDING.templates.values() if t.approved} == {
        "crisis_reply",
        "call_reply",
        "low_score_reply",
    }


@pytest.mark.parametrize("key", EVERY, ids="-".join)
@pytest.mark.parametrize("nation", NATIONS)
def test_every_text_fits_its_segments_with_the_longest_values_r34_r40(key, nation):
    template = WORDING.templates[key]
    text = filled(template, longest(template.language, nation))
    assert fits(text, template.purpose), (segments(text), text)
    assert segments(text).encoding is Encoding.GSM7


def test_a_check_in_a_proof_and_a_reminder_are_one_segment():
    single = {Purpose.CHECKIN, Purpose.PROOF, Purpose.REMINDER}
    for template in WORDING.templates.values():
        if template.purpose in single:
            assert segments(filled(template, longest(template.language))).count == 1


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(EVERY),
    st.sampled_from(NATIONS),
    st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    st.sampled_from(["Alex", "The Bridge team", "Sam at Oak House"]),
    st.integers(0, 3000),
)
def test_no_text_we_can_send_holds_a_forbidden_stem_t16(key, nation, day, sender, minutes):
    template = WORDING.templates[key]
    now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    by = datetime.fromtimestamp(now.timestamp() + minutes * 60, UTC)
    values = longest(template.language, nation) | {
        "sender": sender,
        "day": day_said(day, now.date(), template.language),
        "time": time_said(by),
        "when": when_said(by, now, template.language),
        "message": "See you at ten",
    }
    text = filled(template, values)
    assert lint(text, FORBIDDEN, family_name="Bowen", birth_date=date(1990, 6, 4), approved=template.text) == []


@pytest.mark.parametrize("key", EVERY, ids="-".join)
def test_a_forbidden_word_let_into_any_text_is_found_t16(key):
    text = filled(WORDING.templates[key], longest(WORDING.templates[key].language))
    assert lint(f"{text} Your probation officer", FORBIDDEN)


@pytest.mark.parametrize("key", EVERY, ids="-".join)
def test_nobody_is_asked_to_answer_with_a_word_the_network_acts_on_r31(key):
    asked = re.findall(r"\b[A-Z]{2,}\b", WORDING.templates[key].text)
    assert not set(asked) & {"YES", "HELP", "INFO", "END", "CANCEL", "QUIT", "UNSUBSCRIBE", "REVOKE", "OPTOUT"}


@pytest.mark.parametrize("language", WORDING.languages)
def test_the_scales_ends_are_said_each_time_r40(language):
    bad, good = {"en": ("1 (bad)", "5 (good)"), "cy": ("1 (drwg)", "5 (da)")}[language]
    for code in ("checkin_question", "nudge", "ask_again"):
        text = WORDING.templates[code, language].text
        assert bad in text
        assert good in text
        assert {"en": "CALL", "cy": "FFONIO"}[language] in text


@pytest.mark.parametrize("language", WORDING.languages)
def test_replies_say_that_texts_are_not_read_round_the_clock_r42(language):
    said = {"en": "Texts are not read round the clock", "cy": "Ni chaiff tecstiau eu darllen ddydd a nos"}[language]
    silent = {
        code for code, spoken in EVERY if spoken == language and said not in WORDING.templates[code, language].text
    }
    nobody_answers = {"appointment_notice", "staff_notice"}
    questions = {"proof_request", "nudge", "appointment_reminder"}
    assert silent == questions | nobody_answers | {"stop_confirmation", "wrong_number_reply"}


@pytest.mark.parametrize("language", WORDING.languages)
@pytest.mark.parametrize("nation", NATIONS)
def test_a_crisis_reply_gives_the_numbers_of_the_nation_r42(nation, language):
    text = filled(WORDING.templates["crisis_reply", language], longest(language, nation))
    numbers = {"999", "111", "116 123", "85258"} | ({"0800 83 85 87"} if nation == "scotland" else set())
    assert all(number in text for number in numbers)
    assert ("opsiwn 2" in text or "option 2" in text) is (nation != "scotland")


def test_a_line_nobody_has_checked_is_never_shown():
    assert "0808 164 0123" not in LINES.said("wales", "cy")
    assert {line.certainty for line in LINES.lines} <= {"required", "reported", "unverified"}
    assert all(line.source and line.authority for line in LINES.lines)
    with pytest.raises(KeyError):
        LINES.said("elsewhere", "en")


def test_the_first_text_gives_nothing_away_and_asks_for_the_word_r35():
    text = filled(WORDING.templates["proof_request", "en"], longest("en"))
    assert "word we agreed" in text
    assert not WORDING.templates["proof_request", "en"].fields - {"sender"}


def test_production_sends_english_for_welsh_that_nobody_reviewed_r40():
    chosen = WORDING.choose("nudge", "cy", reviewed_only=True)
    assert (chosen.template.language, chosen.unreviewed) == ("en", True)
    assert WORDING.choose("nudge", "cy", reviewed_only=False).template.language == "cy"
    tables = deepcopy(TABLES)
    for row in tables[1]["templates"]:
        row["reviewed_by"] = "A. Reviewer"
    reviewed = wording_from(tables).choose("nudge", "cy", reviewed_only=True)
    assert (reviewed.template.language, reviewed.unreviewed) == ("cy", False)


def test_only_the_values_a_template_asks_for_go_in_r33():
    template = WORDING.templates["nudge", "en"]
    assert render(template, {"sender": "Alex"}).endswith("Alex")
    for values in (
        {},
        {"sender": "Alex", "name": "Sam"},
        {"sender": ""},
        {"sender": "x" * 40},
        {"sender": "Siân"},
        {"sender": "{day}"},
    ):
        with pytest.raises(CannotRender):
            render(template, values)


def test_a_value_is_made_plain_before_it_is_counted_r34():
    assert render(WORDING.templates["nudge", "en"], {"sender": "Alex\u200b’s\u00a0team"}).endswith("Alex's team")


def test_a_name_keeps_its_letters_and_an_unknown_field_is_a_fault():
    assert value_fault("name", "Siân") is None
    assert value_fault("surname", "Bowen")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda t: t[1]["templates"].pop(), "every language"),
        (lambda t: t[1]["templates"][0].update(text="Helo"), "differs"),
        (lambda t: t[0]["templates"][0].update(text="{surname}"), "surname"),
        (lambda t: t[0]["templates"].append(t[0]["templates"][0]), "twice"),
    ],
)
def test_wording_that_does_not_hold_together_is_refused_when_it_is_read(spoil, says):
    tables = deepcopy(TABLES)
    spoil(tables)
    with pytest.raises(ValueError, match=says):
        wording_from(tables)


@pytest.mark.parametrize(
    ("by", "now", "english", "welsh"),
    [
        ("2027-04-12T16:00", "2027-04-12T08:00", "today by 5pm", "heddiw erbyn 5pm"),
        (
            "2027-04-12T10:00",
            "2027-04-11T20:00",
            "tomorrow, Monday 12 April by 11am",
            "yfory, dydd Llun 12 Ebrill erbyn 11am",
        ),
        (
            "2026-12-02T09:30",
            "2026-11-27T20:00",
            "Wednesday 2 December by 9:30am",
            "dydd Mercher 2 Rhagfyr erbyn 9:30am",
        ),
        ("2026-10-24T23:30", "2026-10-25T00:30", "today by 12:30am", "heddiw erbyn 12:30am"),
    ],
)
def test_when_somebody_will_ring_is_said_in_london_time(by, now, english, welsh):
    instants = (datetime.fromisoformat(by).replace(tzinfo=UTC), datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert when_said(*instants, "en") == english
    assert when_said(*instants, "cy") == welsh

"""What is posted comes back as a Form, or as sentences with every typed word kept."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, time
from typing import Annotated, Self
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field, model_validator

from throughcare.kernel.forms import Ask, Choice, Form, Line, Note, OptionalNote, Word, beside
from throughcare.web.forms import Unreadable, fields_of, parse_body, read, render_fields, values_of


class Wish(Word):
    YES = "yes", "Yes, they want help"
    NO = "no", "No"
    UNSURE = "unsure", "They are not sure"


class Harm(Word):
    ALCOHOL = "alcohol"
    OPIOIDS = "opioids"


class Visit(Form):
    who: Annotated[Line, Ask("Name of the worker", missing="Enter the worker's name")]
    on: Annotated[date, Ask("Date of the visit")]
    at: Annotated[time | None, Ask("Time")] = None
    wish: Annotated[Wish, Ask("Do they want help?")]
    harms: Annotated[tuple[Harm, ...], Ask("Substances")] = ()
    safe: Annotated[bool, Ask("Is it safe to ring?")]
    told: Annotated[bool, Ask("I have told them", widget="checkboxes")] = False
    minutes: Annotated[int, Field(ge=1, le=480), Ask("Minutes", width="3")] = 5
    reason: Annotated[OptionalNote, Ask("Why not", missing="Say why not", when=("wish", "no"))] = ""
    note: Annotated[Note, Ask("What was said")]
    team: Annotated[str | None, Ask("Team", choices="teams")] = None

    @model_validator(mode="after")
    def told_when_they_want_help(self) -> Self:
        if self.wish is Wish.YES and not self.told:
            raise beside("told", "Tell them before you record this")
        return self


TEAMS = {"teams": (Choice("north", "North team"), Choice("south", "South team"))}
GOOD = {
    "who": ["Amal O'Brien"],
    "on-day": ["4"],
    "on-month": ["June"],
    "on-year": ["2026"],
    "at": ["9.30 am"],
    "wish": ["unsure"],
    "harms": ["alcohol", "opioids"],
    "safe": ["yes"],
    "minutes": ["1,5"],
    "note": ["line one\r\nline two 🙂 select * from"],
}


def test_a_full_answer_becomes_the_form():
    form, problems = read(Visit, GOOD)
    assert problems == {}
    assert form == Visit(
        who="Amal O'Brien",
        on=date(2026, 6, 4),
        at=time(9, 30),
        wish=Wish.UNSURE,
        harms=(Harm.ALCOHOL, Harm.OPIOIDS),
        safe=True,
        minutes=15,
        note="line one\nline two 🙂 select * from",
    )


def test_what_a_form_holds_reads_back_as_the_same_form():
    form, _ = read(Visit, GOOD)
    assert read(Visit, values_of(Visit, form)) == (form, {})


def test_nothing_posted_is_one_sentence_for_each_question_that_needs_an_answer():
    _, problems = read(Visit, {})
    assert problems == {
        "who": "Enter the worker's name",
        "on": "Enter date of the visit",
        "wish": "Select an answer to “Do they want help?”",
        "safe": "Select an answer to “Is it safe to ring?”",
        "note": "Enter what was said",
    }


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (("", "6", "2026"), "Date of the visit must include a day"),
        (("", "", "2026"), "Date of the visit must include a day and month"),
        (("31", "6", "2026"), "Date of the visit must be a real date"),
        (("4", "Smarch", "2026"), "Date of the visit must be a real date"),
        (("4", "6", "26"), "Year must include 4 numbers"),
        (("٤", "6", "2026"), "Date of the visit must be a real date"),
        (("4", "6", "0000"), "Date of the visit must be a real date"),
    ],
)
def test_a_date_that_will_not_do_says_why(parts, said):
    boxes = {f"on-{part}": [typed] for part, typed in zip(("day", "month", "year"), parts, strict=True)}
    assert read(Visit, GOOD | boxes)[1] == {"on": said}


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("who", "a" * 201, "Name of the worker must be 200 characters or fewer"),
        ("who", "two\nlines", "Name of the worker must be on one line"),
        ("who", "bell\x07", "Name of the worker must not contain control characters"),
        ("note", "lone \ud800 half", "What was said must not contain control characters"),
        ("note", "n" * 12_001, "What was said must be 12,000 characters or fewer"),
        ("minutes", "soon", "Minutes must be a whole number, like 15"),
        ("minutes", "0", "Minutes must be 1 or more"),
        ("minutes", "", "Enter minutes"),
        ("wish", "maybe", "Select one of the choices given"),
        ("harms", "sugar", "Select one of the choices given"),
        ("safe", "perhaps", "Select one of the choices given"),
        ("at", "25:00", "Time must be a real time, like 9:30am or 14:30"),
        ("wish", "yes", ""),
        ("team", "east", "Select one of the choices given"),
    ],
)
def test_each_fault_has_its_own_sentence(field, typed, said):
    told = {"told": "Tell them before you record this"} if (field, typed) == ("wish", "yes") else {field: said}
    assert read(Visit, GOOD | {field: [typed]}, TEAMS)[1] == told


def test_a_note_of_twelve_thousand_characters_with_posted_line_breaks_is_accepted():
    note = "\r\n".join(["x" * 999] * 12)
    form, problems = read(Visit, GOOD | {"note": [note]})
    assert problems == {}
    assert form is not None


def test_a_question_beside_another_is_due_only_when_that_is_answered_so():
    assert read(Visit, GOOD | {"wish": ["no"]})[1] == {"reason": "Say why not"}
    assert read(Visit, GOOD | {"wish": ["no"], "reason": ["They are in court"]})[1] == {}


@pytest.mark.parametrize(
    ("typed", "told"), [("2pm", (14, 0)), ("12am", (0, 0)), ("12:05pm", (12, 5)), ("1430", (14, 30)), ("9", (9, 0))]
)
def test_times_are_read_as_people_write_them(typed, told):
    form, _ = read(Visit, GOOD | {"at": [typed]})
    assert form is not None
    assert form.at == time(*told)


def test_every_field_is_asked_in_the_way_its_type_calls_for():
    widgets = {field.name: field.widget for field in fields_of(Visit)}
    assert widgets == {
        "who": "text",
        "on": "date",
        "at": "text",
        "wish": "radios",
        "harms": "checkboxes",
        "safe": "radios",
        "told": "checkboxes",
        "minutes": "number",
        "reason": "textarea",
        "note": "textarea",
        "team": "select",
    }


def test_bodies_keep_every_value_of_a_repeated_key():
    body = urlencode([("a", "1 & 2"), ("a", "é🙂"), ("b", "")]).encode()
    assert parse_body(body) == {"a": ["1 & 2", "é🙂"], "b": [""]}


@pytest.mark.parametrize("raw", [b"a=%ff", b"%c3=1", b"a=\xff", b"&".join([b"a=1"] * 2_001)])
def test_a_body_that_is_not_text_or_has_too_much_in_it_is_refused(raw):
    with pytest.raises(Unreadable):
        parse_body(raw)


@given(st.binary(max_size=200))
def test_any_body_at_all_is_read_or_refused(raw):
    with suppress(Unreadable):
        read(Visit, parse_body(raw))


NAMES = [*GOOD, "on", "told", "reason", "team", "unknown"]
TYPED = st.text(st.characters(), max_size=30) | st.sampled_from(
    ["yes", "no", "4", "2026", "\x00", "\ud800", "-1", "1e9"]
)
POSTED = st.dictionaries(st.sampled_from(NAMES), st.lists(TYPED, max_size=3))


@settings(deadline=None)
@given(POSTED)
def test_anything_posted_is_read_and_asked_again_without_a_fault(posted):
    form, problems = read(Visit, posted, TEAMS)
    assert (form is None) == bool(problems)
    render_fields(Visit, posted, problems, TEAMS).encode()

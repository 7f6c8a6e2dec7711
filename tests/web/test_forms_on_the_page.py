"""How a form's fields stand on the page, and that every typed word is still in its box."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser
from typing import Annotated, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from throughcare.kernel.forms import Ask, Choice, Form, Line, Note, Word
from throughcare.web import fields
from throughcare.web.fields import render_fields
from throughcare.web.forms import fields_of, values_of


class Mood(Word):
    BAD = "bad"
    GOOD = "good"


class Sheet(Form):
    line: Annotated[Line, Ask("Line")]
    note: Annotated[Note, Ask("Note", section="What happened")]
    on: Annotated[date, Ask("Day")]
    secret: Annotated[str, Ask("Password", widget="password")]
    mood: Annotated[Mood | None, Ask("Mood")] = Mood.GOOD
    way: Annotated[Literal["by_phone", "in_person"], Ask("How", hint="However it was")] = "by_phone"
    token: Annotated[str, Ask("", widget="hidden")] = ""
    agency: Annotated[str, Ask("Agency", choices="agencies")] = ""


AGENCIES = {"agencies": [Choice(str(number), f"Agency {number}") for number in range(12)]}


class Boxes(HTMLParser):
    """What a browser would find in each box."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.held: dict[str, str] = {}
        self.checked: list[tuple[str, str]] = []
        self.area = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "textarea":
            self.area = given["name"]
            self.held[self.area] = ""
        if tag == "input" and given.get("type") in {"radio", "checkbox"} and "checked" in given:
            self.checked.append((given["name"], given["value"]))
        elif tag == "input":
            self.held[given["name"]] = given.get("value", "")

    def handle_data(self, data):
        if self.area:
            self.held[self.area] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.held[self.area] = self.held[self.area].removeprefix("\n")  # as a browser does, once
            self.area = ""


BOXES = ["line", "note", "on-day", "on-month", "on-year", "token"]
ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
AWKWARD = st.sampled_from(["\n\nx\n  y", "</textarea><script>", "a\u2028b\x85c", "'\"&amp;", "\ue000day\ue001", "  4 "])


@settings(deadline=None, max_examples=60)
@given(st.fixed_dictionaries({name: st.lists(AWKWARD | ANYTHING, min_size=1, max_size=1) for name in BOXES}))
def test_every_typed_word_comes_back_exactly_in_its_box(posted):
    boxes = Boxes(render_fields(Sheet, posted, {"line": "Enter line"}, AGENCIES))
    assert {name: boxes.held[name] for name in BOXES} == {name: posted[name][0] for name in BOXES}


def test_half_a_surrogate_pair_is_shown_as_a_mark_and_breaks_nothing():
    html = render_fields(Sheet, {"note": ["a\ud800b"], "on-day": ["\udfff"]}, {"note": "No"}, AGENCIES)
    boxes = Boxes(html.encode().decode())
    assert [boxes.held["note"], boxes.held["on-day"]] == ["a\ufffdb", "\ufffd"]


def test_a_password_never_comes_back():
    assert "hunter2" not in render_fields(Sheet, {"secret": ["hunter2"]}, {"secret": "No"}, AGENCIES)


def test_a_first_asking_holds_the_forms_defaults_beneath_what_it_is_given():
    boxes = Boxes(render_fields(Sheet, {"note": ["half a thought"]}, {}, AGENCIES))
    assert boxes.held["note"] == "half a thought"
    assert ("mood", "good") in boxes.checked
    assert ("way", "by_phone") in boxes.checked


def test_a_row_that_holds_nothing_is_not_filled_with_the_default():
    boxes = Boxes(render_fields(Sheet, values_of(Sheet, {"mood": None}), {}, AGENCIES))
    assert "mood" not in dict(boxes.checked)


def test_asking_again_holds_only_what_was_posted():
    boxes = Boxes(render_fields(Sheet, {}, {"line": "Enter line"}, AGENCIES))
    assert boxes.checked == []


def test_a_field_kept_from_last_time_is_the_field_as_it_would_be_drawn():
    first = render_fields(Sheet, {}, {}, AGENCIES)
    fields.untouched.cache_clear()
    assert render_fields(Sheet, {}, {}, AGENCIES) == first == render_fields(Sheet, values_of(Sheet), {}, AGENCIES)


def test_nothing_that_a_person_typed_is_kept():
    fields.untouched.cache_clear()
    render_fields(Sheet, {"line": ["hush-hush"], "on-day": ["4"], "note": [""]}, {}, AGENCIES)
    kept = fields.untouched.cache_info().currsize
    render_fields(Sheet, {"line": ["another"], "on-day": ["5"], "note": [""]}, {}, AGENCIES)
    assert fields.untouched.cache_info().currsize == kept
    assert "hush-hush" not in render_fields(Sheet, {}, {}, AGENCIES)


def test_a_section_and_a_hint_are_shown_and_the_fault_is_tied_to_its_box():
    html = render_fields(Sheet, {}, {"note": "Enter <note>"}, AGENCIES)
    assert '<h2 class="govuk-heading-m">What happened</h2>' in html
    assert "However it was" in html
    assert "Enter &lt;note&gt;" in html
    assert 'id="note-error"' in html


def test_many_choices_are_a_list_and_few_are_radios():
    widgets = {field.name: field.widget for field in fields_of(Sheet)}
    assert [widgets["agency"], widgets["way"], widgets["mood"]] == ["select", "radios", "radios"]


def test_an_act_that_does_not_give_the_choices_it_named_is_a_fault_of_ours():
    with pytest.raises(KeyError):
        render_fields(Sheet, {}, {}, {})

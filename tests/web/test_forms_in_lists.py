"""Filters in the address, and two versions of a form side by side."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from throughcare.kernel.forms import Ask, Choice, Form, OptionalLine, Word
from throughcare.web.filters import address, filter_fields, filters_on
from throughcare.web.forms import read, values_of
from throughcare.web.spoken import changes


class Stage(Word):
    RELEASED = "released"
    HANDED = "handed_over"


class Wanted(Form):
    name: Annotated[OptionalLine, Ask("Name")] = ""
    stages: Annotated[tuple[Stage, ...], Ask("Stage")] = ()
    since: Annotated[date | None, Ask("Released since")] = None
    mine: Annotated[bool, Ask("Only mine", widget="checkboxes")] = False
    team: Annotated[str, Ask("Team", choices="teams")] = ""
    order: Annotated[str, Ask("", widget="hidden")] = "release"


WANTED = Wanted(
    name="O'Brien & co", stages=(Stage.RELEASED, Stage.HANDED), since=date(2026, 6, 4), team="n", order="name"
)
TEAMS = {"teams": [Choice("n", "North"), Choice("s", "South")]}


def test_a_lists_address_reads_back_as_the_same_filters():
    assert read(Wanted, parse_qs(urlsplit(address("/cases", WANTED)).query)) == (WANTED, {})
    assert address("/cases", Wanted()) == "/cases"


def test_an_address_can_take_a_filter_off_change_one_and_carry_a_page():
    assert address("/cases", Wanted(name="a", mine=True), name=None, before="9") == "/cases?mine=yes&before=9"
    assert address("/cases", Wanted(), order="name") == "/cases?order=name"


def test_the_filters_on_are_named_in_words_each_with_the_way_to_take_it_off():
    on = filters_on(WANTED, "/cases", TEAMS)
    assert [filtered.label for filtered in on] == [
        "Name: O'Brien & co",
        "Stage: Released, Handed over",
        "Released since: 4 June 2026",
        "Team: North",
    ]
    assert "since" not in on[2].without
    assert "order=name" in on[2].without


def test_a_filters_boxes_hold_what_is_on_and_none_says_it_is_optional():
    html = filter_fields(WANTED, TEAMS)
    assert "O&#39;Brien &amp; co" in html
    assert html.count(" checked") == 2
    assert "(optional)" not in html


def test_two_versions_of_a_form_differ_in_words():
    typed = values_of(Wanted, WANTED) | {"since-month": ["July"], "mine": ["yes"]}
    assert changes(Wanted, values_of(Wanted, Wanted(name="O'Brien & co", order="name")), typed, TEAMS) == [
        ("Stage", "", "Released, Handed over"),
        ("Released since", "", "4 July 2026"),
        ("Only mine", "No", "Yes"),
        ("Team", "", "North"),
    ]

"""Release-day rules: the worked examples of DOMAIN C.3, the exclusions, and what is always true of a suggestion."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.reference import EW, SCT
from throughcare.casework.release_dates import ReleaseFacts, suggest

DAYS = st.dates(date(2025, 2, 1), date(2028, 12, 30))
ENGLAND = ReleaseFacts(
    "england_wales", date(2026, 11, 20), sentence_type="determinate", release_type="automatic", days_served=90
)
SCOTLAND = ReleaseFacts("scotland", date(2026, 11, 20))


def england(due, **changes):
    return suggest(replace(ENGLAND, due=due, **changes), EW)


def scotland(due, **changes):
    return suggest(replace(SCOTLAND, due=due, **changes), SCT)


@pytest.mark.parametrize(
    ("due", "suggested"),
    [
        (date(2026, 11, 20), date(2026, 11, 19)),  # a Friday
        (date(2026, 11, 21), date(2026, 11, 19)),  # a Saturday: to Friday, then the Friday rule
        (date(2026, 11, 22), date(2026, 11, 19)),  # a Sunday
        (date(2026, 12, 24), date(2026, 12, 23)),  # the day before a bank holiday
        (date(2026, 12, 28), date(2026, 12, 23)),  # a bank holiday after a weekend after a bank holiday
        (date(2027, 1, 1), date(2026, 12, 30)),
        (date(2027, 3, 26), date(2027, 3, 24)),  # Good Friday
        (date(2026, 1, 2), date(2025, 12, 30)),  # a Friday alone between a holiday and a weekend
    ],
)
def test_in_england_and_wales_release_leaves_days_off_and_the_day_before_them(due, suggested):
    suggestion = england(due)
    assert suggestion.day == suggested
    assert suggestion.moves(due)


def test_in_england_and_wales_a_friday_may_become_the_wednesday_if_the_governor_agrees():
    assert england(date(2026, 11, 20)).second_day == date(2026, 11, 18)
    assert "the governor may choose Wednesday 18 November 2026" in england(date(2026, 11, 20)).reasons[1]


def test_a_day_that_needs_no_move_is_suggested_as_it_stands_and_says_so():
    for suggestion, due in (
        (england(date(2026, 11, 19)), date(2026, 11, 19)),
        (scotland(date(2026, 11, 18)), date(2026, 11, 18)),
    ):
        assert (suggestion.day, suggestion.second_day) == (due, None)
        assert not suggestion.moves(due)
        assert suggestion.reasons[0].startswith("No move is needed")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"sentence_type": "indeterminate"}, "the sentence is indeterminate"),
        ({"release_type": "parole"}, "Parole Board's discretion"),
        ({"release_type": "hdc"}, "home detention curfew"),
        ({"days_served": 27}, "fewer than 28 days"),
        ({"days_served": 0}, "fewer than 28 days"),
        ({"release_type": "court"}, "by a court"),
        ({"custody_status": "remand"}, "on remand"),
        ({"sentence_type": "none"}, "not serving one"),
        ({"sentence_type": "not_known"}, "kind of sentence has not been recorded"),
        ({"release_type": "not_known"}, "how the release comes about has not been recorded"),
        ({"days_served": None}, "number of days served has not been recorded"),
        ({"due": None}, "sentence release date has not been recorded"),
    ],
)
def test_an_exclusion_or_a_missing_fact_suggests_nothing_and_says_why(changes, why):
    suggestion = suggest(replace(ENGLAND, **changes), EW)
    assert (suggestion.day, suggestion.second_day) == (None, None)
    assert any(why in reason for reason in suggestion.reasons)
    assert all(reason.endswith(".") for reason in suggestion.reasons)
    assert not suggestion.moves(ENGLAND.due)


def test_every_reason_against_is_given_not_only_the_first():
    suggestion = suggest(replace(ENGLAND, sentence_type="indeterminate", release_type="parole", days_served=None), EW)
    assert len(suggestion.reasons) == 3


def test_twenty_eight_days_served_is_enough():
    assert england(date(2026, 11, 20), days_served=28).day == date(2026, 11, 19)


@pytest.mark.parametrize(
    ("due", "suggested"),
    [
        (date(2026, 11, 20), date(2026, 11, 19)),  # Friday, to Thursday
        (date(2026, 11, 21), date(2026, 11, 19)),  # Saturday
        (date(2026, 11, 22), date(2026, 11, 19)),  # Sunday
        (date(2026, 5, 4), date(2026, 4, 30)),  # a Monday public holiday
        (date(2026, 11, 19), date(2026, 11, 18)),  # a Thursday, to Wednesday
        (date(2026, 11, 30), date(2026, 11, 26)),  # St Andrew's Day
        (date(2027, 1, 4), date(2026, 12, 30)),
        (date(2028, 11, 30), date(2028, 11, 28)),  # a Thursday holiday: Wednesday is the day before one
        (date(2027, 11, 29), date(2027, 11, 25)),  # the Monday before a Tuesday holiday
        (date(2027, 3, 26), date(2027, 3, 24)),  # Good Friday: Thursday is the day before one
        (date(2027, 3, 29), date(2027, 3, 29)),  # Easter Monday is a working day there
    ],
)
def test_in_scotland_release_goes_back_to_the_last_suitable_day(due, suggested):
    assert scotland(due).day == suggested


def test_scotland_says_that_its_first_day_in_force_is_not_confirmed():
    assert "has not been confirmed" in scotland(date(2026, 11, 20)).reasons[-1]


def test_scotland_asks_for_the_date_alone():
    assert scotland(date(2026, 11, 20), sentence_type="not_known").day == date(2026, 11, 19)
    assert scotland(None).day is None


@pytest.mark.parametrize(
    ("due", "why"),
    [
        (date(2026, 11, 30), "Monday 30 November 2026 is a public holiday"),
        (date(2026, 12, 24), "is the day before a public holiday"),
        (date(2026, 11, 19), "Thursday 19 November 2026 is a Thursday"),
    ],
)
def test_scotland_says_why_the_day_does_not_suit(due, why):
    assert why in scotland(due).reasons[0]


def test_a_day_that_has_passed_is_not_suggested():
    due = date(2026, 11, 20)
    assert england(due, today=date(2026, 11, 19)).day == date(2026, 11, 19)
    late = england(due, today=due)
    assert late.day is None
    assert late.reasons == ("The rule gives Thursday 19 November 2026, which has already passed.",)
    assert england(date(2026, 11, 19), today=date(2026, 12, 1)).day == date(2026, 11, 19)


def test_past_the_reviewed_holidays_nothing_is_suggested():
    assert england(date(2028, 12, 31)).day is None
    assert "Sunday 31 December 2028" in england(date(2028, 12, 31)).reasons[0]


@settings(deadline=None)
@given(DAYS)
def test_a_suggestion_in_england_and_wales_is_an_eligible_day_and_never_later(due):
    suggestion = england(due)
    for day in filter(None, (suggestion.day, suggestion.second_day)):
        assert day <= due
        assert EW.is_working(day)
        assert EW.is_working(day + timedelta(days=1))


@settings(deadline=None)
@given(DAYS)
def test_a_suggestion_in_scotland_is_never_before_a_weekend_unless_a_move_led_to_thursday(due):
    suggested = scotland(due).day
    assert suggested is not None
    assert suggested <= due
    assert suggested.weekday() < 4
    assert not {suggested, suggested + timedelta(days=1)} & SCT.non_working
    if suggested.weekday() == 3:
        assert due.weekday() != 3

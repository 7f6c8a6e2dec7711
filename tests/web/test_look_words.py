"""Dates, times and numbers in GOV.UK style, on London's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from throughcare.web import words

TODAY = date(2026, 6, 4)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 6, 4, 8, 32, tzinfo=UTC), "4 June 2026 at 9:32am"),
        (datetime(2026, 6, 4, 8, 32), "4 June 2026 at 9:32am"),  # noqa: DTZ001 - as a database gives it
        (datetime(2026, 12, 4, 14, 0, tzinfo=UTC), "4 December 2026 at 2pm"),
        (datetime(2026, 6, 4, 23, 5, tzinfo=UTC), "5 June 2026 at 12:05am"),
        (datetime(2026, 6, 4, 11, 0, tzinfo=UTC), "4 June 2026 at midday"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "25 October 2026 at 1:30am"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "25 October 2026 at 1:30am"),
        (None, ""),
    ],
)
def test_an_instant_is_londons(at, said):
    assert words.instant(at) == said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 6, 4, 22, 59, 59, tzinfo=UTC), "4 June 2026"),
        (datetime(2026, 12, 4, 23, 59, tzinfo=UTC), "4 December 2026"),
        (datetime(2026, 12, 4, 14, 0, tzinfo=UTC), "4 December 2026 at 2pm"),
        (None, ""),
    ],
)
def test_what_is_due_by_the_end_of_a_day_is_due_that_day(at, said):
    assert words.by(at) == said


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 6, 4), date(2026, 6, 4), "4 June 2026"),
        (date(2026, 6, 4), date(2026, 6, 9), "4 to 9 June 2026"),
        (date(2026, 6, 28), date(2026, 7, 28), "28 June to 28 July 2026"),
        (date(2026, 12, 30), date(2027, 1, 2), "30 December 2026 to 2 January 2027"),
    ],
)
def test_of_two_days_what_they_share_is_said_once(first, last, said):
    assert words.days(first, last) == said


def test_days_in_their_several_lengths():
    late = datetime(2026, 6, 4, 23, 30, tzinfo=UTC)
    assert words.day(TODAY) == "4 June 2026"
    assert words.day(None, "Not known") == "Not known"
    assert words.weekday(late) == "Friday 5 June 2026"
    assert words.short_day(late) == "5 Jun"
    assert words.clock(time(9, 5)) == "9:05am"
    assert words.machine(late) == "2026-06-04T23:30:00+00:00"
    assert words.machine(TODAY) == "2026-06-04"


@pytest.mark.parametrize(
    ("day", "relative", "due"),
    [
        (1, "3 days ago", "3 days overdue"),
        (3, "yesterday", "1 day overdue"),
        (4, "today", "due today"),
        (5, "tomorrow", "due tomorrow"),
        (9, "in 5 days", "due in 5 days"),
    ],
)
def test_how_far_off_a_day_is(day, relative, due):
    assert words.relative(date(2026, 6, day), TODAY) == relative
    assert words.due(date(2026, 6, day), TODAY) == due


@pytest.mark.parametrize(
    ("birth", "years"),
    [(date(1990, 6, 4), 36), (date(1990, 6, 5), 35), (date(2008, 2, 29), 18), (date(2026, 6, 4), 0)],
)
def test_age_in_whole_years(birth, years):
    assert words.age(birth, TODAY) == years


def test_a_leap_day_birthday_falls_on_the_first_of_march():
    assert words.age(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert words.age(date(2008, 2, 29), date(2026, 3, 1)) == 18


def test_numbers_and_lists_read_as_sentences():
    assert words.born(date(1990, 6, 4), TODAY) == "4 June 1990 (36 years old)"
    assert [words.plural(1204, "person", "people"), words.plural(1, "day")] == ["1,204 people", "1 day"]
    assert [words.spelt(0), words.spelt(9), words.spelt(10)] == ["no", "nine", "10"]
    assert [words.percent(5, 8), words.percent(1, 0)] == ["63%", "not applicable"]
    assert [words.listed([]), words.listed(["a"]), words.listed(["a", "b", "c"])] == ["", "a", "a, b and c"]
    assert [words.name("Rhys", "Sample"), words.name("", "Sample")] == ["Rhys Sample", "Sample"]
    assert [words.yes_no(value) for value in (True, False, None)] == ["Yes", "No", "Not known"]
    assert words.sentence_case("no cases in HMP Fictional") == "No cases in HMP Fictional"
    assert [words.lower_first("Date of birth"), words.lower_first("NHS number")] == ["date of birth", "NHS number"]

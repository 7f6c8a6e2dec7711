"""The holiday files: reviewed, whole, and loud before they run out (DOMAIN section I)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.rules.reference import CALENDARS, EW, HOLIDAYS, SCT, read
from throughcare.casework.calendars import calendars_of, ending_soon, parse_holidays


def test_each_file_says_where_it_is_from_when_it_was_reviewed_and_where_it_ends():
    assert {file.code for file in HOLIDAYS} == {"england_wales", "scotland"}
    for file in HOLIDAYS:
        assert file.source.startswith("https://www.gov.uk/")
        assert (file.starts_on, file.ends_on) == (date(2025, 1, 1), date(2028, 12, 31))
        assert file.reviewed_on >= date(2026, 11, 21)


def test_england_and_wales_has_eight_holidays_a_year():
    for year in (2025, 2026, 2027, 2028):
        assert sum(day.year == year for day in EW.non_working) == 8


def test_scotland_has_nine_holidays_a_year_and_a_tenth_in_2026():
    counts = {year: sum(day.year == year for day in SCT.non_working) for year in (2025, 2026, 2027, 2028)}
    assert counts == {2025: 9, 2026: 10, 2027: 9, 2028: 9}


@pytest.mark.parametrize(
    ("day", "england", "scotland"),
    [
        (date(2026, 1, 2), True, False),  # 2 January
        (date(2026, 4, 3), False, False),  # Good Friday
        (date(2026, 4, 6), False, True),  # Easter Monday
        (date(2026, 6, 15), True, False),  # the royal proclamation of 3 February 2026
        (date(2026, 8, 3), True, False),  # Scotland's summer bank holiday
        (date(2026, 8, 31), False, True),  # England's
        (date(2025, 12, 1), True, False),  # St Andrew's Day fell on a Sunday
        (date(2026, 11, 30), True, False),  # St Andrew's Day
        (date(2027, 1, 4), True, False),  # 2 January fell on a Saturday
        (date(2026, 12, 28), False, False),  # Boxing Day fell on a Saturday
        (date(2027, 12, 27), False, False),  # Christmas Day fell on a Saturday
        (date(2027, 12, 28), False, False),  # Boxing Day fell on a Sunday
        (date(2028, 1, 3), False, False),  # New Year's Day fell on a Saturday
        (date(2028, 1, 4), True, False),  # 2 January fell on a Sunday
    ],
)
def test_the_days_on_which_the_jurisdictions_differ_or_substitute(day, england, scotland):
    assert (EW.is_working(day), SCT.is_working(day)) == (england, scotland)


def test_a_file_that_ends_within_twelve_months_is_warned_about():
    assert ending_soon(CALENDARS, date(2027, 12, 30)) == ()
    assert len(ending_soon(CALENDARS, date(2027, 12, 31))) == 2
    assert "for Scotland ends on 31 December 2028." in ending_soon(CALENDARS, date(2028, 2, 29))[1]
    assert "for England and Wales ended on 31 December 2028." in ending_soon(CALENDARS, date(2029, 1, 1))[0]


def test_the_warning_is_not_late_in_a_leap_year():
    leap = parse_holidays(read("holidays/scotland.toml") | {"ends_on": date(2029, 2, 28), "days": {}})
    assert ending_soon(calendars_of([leap]), date(2028, 2, 29))
    assert not ending_soon(calendars_of([leap]), date(2028, 2, 27))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"days": {date(2026, 12, 26): "Boxing Day"}}, "list the substitute day"),
        ({"days": {date(2029, 1, 1): "New Year's Day"}}, "outside the reviewed years"),
        ({"days": {date(2026, 12, 25): ""}}, "has no name"),
        ({"reviewed_on": "soon"}, "reviewed_on"),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_a_faulty_file_is_refused(change, fault):
    with pytest.raises(ValueError, match=fault):
        parse_holidays(read("holidays/scotland.toml") | change)


def test_a_calendar_that_was_not_loaded_is_our_fault():
    with pytest.raises(KeyError):
        CALENDARS["northern_ireland"]


def test_past_its_end_a_calendar_knows_weekends_only_so_a_deadline_is_early_and_never_late():
    assert not EW.covers(EW.ends_on + timedelta(days=1))
    assert EW.working_days_after(date(2028, 12, 29), 1) == date(2029, 1, 1)

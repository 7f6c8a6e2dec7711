"""Time: given, never taken; wall-clock in London, durations in UTC; one rule for the two odd nights."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from throughcare.kernel.clock import LONDON, Calendar, SetClock, SystemClock, at, end_of, london_day

PLAIN = Calendar("plain", frozenset({date(2026, 12, 25), date(2026, 12, 28)}), date(2026, 12, 31))
DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))


def test_the_machine_clock_speaks_utc():
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_a_set_clock_stands_still_until_it_is_moved():
    clock = SetClock(datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
    assert clock.now() == clock.now()
    clock.forward(timedelta(hours=3))
    assert clock.now() == datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def test_a_time_that_comes_twice_is_the_first_of_the_two():
    assert at(date(2026, 10, 25), time(1, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert at(date(2026, 10, 25), time(1, 30, fold=1)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_time_that_never_comes_falls_as_long_after_the_change():
    instant = at(date(2027, 3, 28), time(1, 30))
    assert instant == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert instant.astimezone(LONDON).time() == time(2, 30)


@pytest.mark.parametrize(
    ("day", "wall", "utc"),
    [
        (date(2026, 10, 24), time(20, 0), datetime(2026, 10, 24, 19, 0, tzinfo=UTC)),
        (date(2026, 10, 25), time(0, 59), datetime(2026, 10, 24, 23, 59, tzinfo=UTC)),
        (date(2026, 10, 25), time(2, 0), datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
        (date(2026, 10, 25), time(20, 0), datetime(2026, 10, 25, 20, 0, tzinfo=UTC)),
        (date(2027, 3, 28), time(0, 59), datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        (date(2027, 3, 28), time(2, 0), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        (date(2027, 3, 28), time(9, 0), datetime(2027, 3, 28, 8, 0, tzinfo=UTC)),
    ],
)
def test_london_times_around_both_changes(day, wall, utc):
    assert at(day, wall) == utc == PLAIN.at(day, wall)


def test_a_day_ends_at_the_last_second_in_london_summer_and_winter():
    assert end_of(date(2026, 7, 1)) == datetime(2026, 7, 1, 22, 59, 59, tzinfo=UTC)
    assert end_of(date(2026, 12, 1)) == datetime(2026, 12, 1, 23, 59, 59, tzinfo=UTC)
    assert PLAIN.end_of(date(2026, 12, 1)) == end_of(date(2026, 12, 1))


def test_the_two_odd_days_are_25_and_23_hours_long():
    for day, hours in ((date(2026, 10, 25), 25), (date(2027, 3, 28), 23)):
        assert end_of(day) - end_of(day - timedelta(days=1)) == timedelta(hours=hours)


def test_the_day_in_london_is_not_always_the_day_in_utc():
    assert london_day(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == date(2026, 7, 2)
    assert london_day(datetime(2026, 12, 1, 23, 30, tzinfo=UTC)) == date(2026, 12, 1)
    with pytest.raises(ValueError, match="time zone"):
        london_day(datetime(2026, 7, 1))  # noqa: DTZ001 - the point of the test


@settings(deadline=None)
@given(DAYS, st.times(timezones=st.none()))
def test_every_wall_time_stays_on_its_day_and_every_instant_is_utc(day, wall):
    instant = at(day, wall)
    assert instant.utcoffset() == timedelta(0)
    assert london_day(instant) == day


def test_working_days_skip_weekends_and_holidays():
    assert PLAIN.working_days_after(date(2026, 12, 23), 1) == date(2026, 12, 24)
    assert PLAIN.working_days_after(date(2026, 12, 24), 1) == date(2026, 12, 29)
    assert PLAIN.working_day_before(date(2026, 12, 29)) == date(2026, 12, 24)
    assert PLAIN.on_or_after(date(2026, 12, 25)) == date(2026, 12, 29)
    assert PLAIN.on_or_after(date(2026, 12, 24)) == date(2026, 12, 24)


def test_no_working_days_after_a_day_is_that_day():
    assert PLAIN.working_days_after(date(2026, 12, 25), 0) == date(2026, 12, 25)
    with pytest.raises(ValueError, match="forwards"):
        PLAIN.working_days_after(date(2026, 12, 25), -1)


def test_a_calendar_knows_how_far_it_was_reviewed():
    assert PLAIN.covers(date(2026, 12, 31))
    assert not PLAIN.covers(date(2027, 1, 1))


@settings(deadline=None)
@given(DAYS, st.integers(1, 60))
def test_exactly_n_working_days_lie_after_the_trigger_day(day, n):
    due = PLAIN.working_days_after(day, n)
    between = [day + timedelta(days=i) for i in range(1, (due - day).days + 1)]
    assert sum(PLAIN.is_working(each) for each in between) == n
    assert PLAIN.is_working(due)

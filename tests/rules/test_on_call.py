"""The order of a rota, the hours that are promised, and where nobody is, by London clocks (R42, T12)."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.checkin.ladders import Span
from throughcare.checkin.on_call import (
    Answerer,
    Hours,
    Stage,
    Stretch,
    Turn,
    gaps,
    in_order,
    is_promised,
    on_call_from,
    promised,
    stretches,
    untried,
)

TABLE = tomllib.loads(Path("config/data/on_call.toml").read_text("utf-8"))
A, B, C = (UUID(int=number) for number in (1, 2, 3))
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def turn(who, start, end, place=1):
    return Turn(who, NOON + start * HOUR, NOON + end * HOUR, place)


def test_the_first_place_comes_before_the_second_and_then_whoever_is_next():
    turns = [turn(C, 5, 9), turn(B, -1, 2, 2), turn(A, -2, 2), turn(A, 5, 6), turn(B, 30, 40)]
    assert in_order(turns, NOON, 12 * HOUR) == ([A, B], [C])


def test_a_turn_holds_from_its_first_instant_to_before_its_last():
    assert in_order([turn(A, 0, 1)], NOON, timedelta()) == ([A], [])
    assert in_order([turn(A, -1, 0)], NOON, timedelta()) == ([], [])


def test_nobody_is_asked_twice_whatever_they_were_asked_as():
    ladder = [Answerer(Stage.ON_CALL, A), Answerer(Stage.WORKER, B), Answerer(Stage.MANAGER), Answerer(Stage.DUTY)]
    asked = []
    while found := untried(ladder, asked):
        asked.append(found)
    assert asked == ladder
    assert untried(ladder, [Answerer(Stage.COLLEAGUE, A)]) == ladder[1]


@pytest.mark.parametrize(("day", "hours"), [("2026-10-25", 25), ("2027-03-28", 23), ("2026-11-20", 24)])
def test_a_day_and_night_is_as_long_as_the_clocks_make_it_t12(day, hours):
    every = Hours(frozenset(range(7)), time(0), time(0))
    span = every.on(date.fromisoformat(day))
    assert span.end - span.start == hours * HOUR


def test_hours_that_end_the_next_morning_hold_after_midnight_of_their_last_day():
    nights = Hours(frozenset({4}), time(18), time(8))  # Friday night
    assert is_promised(nights, datetime(2026, 11, 21, 7, 59, tzinfo=UTC))
    assert not is_promised(nights, datetime(2026, 11, 21, 8, tzinfo=UTC))
    assert not is_promised(nights, datetime(2026, 11, 21, 19, tzinfo=UTC))


spans = st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(st.lists(spans, max_size=6))
def test_every_hour_of_what_is_promised_is_covered_or_in_one_gap(raw):
    turns = [turn(A, start, end) for start, end in raw]
    wanted = [Span(NOON, NOON + 30 * HOUR), Span(NOON + 40 * HOUR, NOON + 50 * HOUR)]
    left = gaps(wanted, turns)
    for hour in range(60):
        now = NOON + hour * HOUR
        inside = any(span.start <= now < span.end for span in wanted)
        covered = any(each.holds(now) for each in turns)
        assert sum(gap.start <= now < gap.end for gap in left) == (inside and not covered)


def test_gaps_of_the_same_hours_day_after_day_are_one_stretch_by_london_clocks_t12():
    """Over the end of summer time; the day it is not promised and the short day stand apart, and spans that touch are one."""
    hours = Hours(frozenset(range(6)), time(9), time(20))
    start, end = datetime(2026, 10, 22, 11, tzinfo=UTC), datetime(2026, 10, 29, tzinfo=UTC)
    found = stretches(gaps(promised(hours, start, end), []))
    said = [(each.start.day, each.last.day, each.daily) for each in found]
    assert said == [(22, 22, False), (23, 24, True), (26, 28, True)]  # the 25th is a Sunday
    every = stretches(gaps(promised(Hours(frozenset(range(7)), time(0), time(0)), start, end), []))
    assert every == [Stretch(start, end, start)]
    weekend = Hours(frozenset(range(7)), time(9), time(20))
    (whole,) = stretches(gaps(promised(weekend, start - 3 * HOUR, end), []))
    assert (whole.start.day, whole.last.day) == (22, 28)


def test_what_is_promised_begins_now_and_ends_where_it_is_cut():
    spans = promised(on_call_from(TABLE).usual, NOON, NOON + 24 * HOUR)
    assert spans == [Span(NOON, NOON + 8 * HOUR), Span(NOON + 21 * HOUR, NOON + 24 * HOUR)]


def test_an_agency_may_have_hours_of_its_own():
    own = {"agency": "Harbour Recovery", "days": ["mon"], "opens": "08:00", "shuts": "18:00"}
    plans = on_call_from(TABLE | {"service": [own]})
    assert plans.hours("Harbour Recovery").opens == time(8)
    assert plans.hours("Another").opens == time(9)


@pytest.mark.parametrize("wrong", [{"crisis": 0}, {"again": -1}])
def test_an_acknowledgement_has_some_minutes(wrong):
    with pytest.raises(ValueError, match="minutes"):
        on_call_from(TABLE | {"acknowledge": TABLE["acknowledge"] | wrong})


def test_every_kind_of_alarm_has_its_minutes():
    assert {"crisis", "low_score", "call_asked"} <= set(on_call_from(TABLE).acknowledge)

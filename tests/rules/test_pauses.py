"""Pauses that give time back, and the share of a clock that has gone (handover 8 and 10)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.reference import CLOCKS, EW, SCT
from throughcare.casework.deadlines import Pause, due_at, extended, fraction_elapsed
from throughcare.kernel.clock import at, end_of, london_day

ACCEPT = CLOCKS.rule("handover_accepted_or_refused")
DAYS = st.dates(date(2025, 2, 1), date(2028, 9, 30))
MONDAY = date(2026, 11, 23)
DUE = due_at(ACCEPT, MONDAY, EW)  # Monday 30 November


def paused(began: datetime, ended: datetime | None = None) -> Pause:
    return Pause(began, ended, "information_requested")


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        ([], date(2026, 11, 30)),
        ([paused(at(date(2026, 11, 24), time(9)), at(date(2026, 11, 24), time(17)))], date(2026, 11, 30)),
        ([paused(at(date(2026, 11, 24), time(16)), at(date(2026, 11, 25), time(9)))], date(2026, 12, 1)),
        ([paused(at(date(2026, 11, 27), time(16)), at(date(2026, 11, 30), time(9)))], date(2026, 12, 1)),  # a weekend
        ([paused(at(date(2026, 11, 24), time(9)), at(date(2026, 11, 26), time(9)))], date(2026, 12, 2)),
        (
            [
                paused(at(date(2026, 11, 26), time(9)), at(date(2026, 11, 27), time(9))),
                paused(at(date(2026, 11, 24), time(9)), at(date(2026, 11, 25), time(9))),
            ],
            date(2026, 12, 2),
        ),
        (
            [  # the same night twice is one night
                paused(at(date(2026, 11, 24), time(9)), at(date(2026, 11, 25), time(9))),
                paused(at(date(2026, 11, 24), time(12)), at(date(2026, 11, 25), time(8))),
            ],
            date(2026, 12, 1),
        ),
        (
            [paused(at(date(2026, 12, 1), time(9)), at(date(2026, 12, 8), time(9)))],
            date(2026, 11, 30),
        ),  # late stays late
    ],
)
def test_a_pause_gives_back_each_working_day_that_ended_in_it(pauses, due):
    """Handover 8."""
    assert extended(ACCEPT, DUE, pauses, EW, at(date(2026, 12, 10), time(12))) == end_of(due)


def test_a_pause_gives_back_the_working_days_of_the_owners_calendar():
    over_st_andrews = [paused(at(date(2026, 11, 27), time(9)), at(date(2026, 12, 1), time(9)))]
    now = at(date(2026, 12, 10), time(12))
    due = due_at(ACCEPT, MONDAY, SCT)
    assert due == end_of(date(2026, 12, 1))
    assert extended(ACCEPT, due, over_st_andrews, SCT, now) == end_of(date(2026, 12, 2))
    assert extended(ACCEPT, DUE, over_st_andrews, EW, now) == end_of(date(2026, 12, 2))


def test_a_pause_still_open_gives_back_what_has_gone_so_far():
    still = [paused(at(date(2026, 11, 24), time(9)))]
    assert extended(ACCEPT, DUE, still, EW, at(date(2026, 11, 26), time(9))) == end_of(date(2026, 12, 2))


def test_a_clock_in_hours_gains_the_very_time_it_stood_still():
    rule = CLOCKS.rule("test_result_wait")
    began = at(date(2026, 11, 23), time(9))
    pause = paused(began + timedelta(hours=1), began + timedelta(hours=3, minutes=30))
    due = due_at(rule, began, EW)
    assert extended(rule, due, [pause], EW, due) == due + timedelta(hours=2, minutes=30)


def test_a_clock_in_calendar_days_gains_weekends_too_and_keeps_its_hour():
    rule = CLOCKS.rule("sms_number_proof")
    due = at(date(2026, 11, 28), time(20))
    pause = paused(at(date(2026, 11, 27), time(9)), at(date(2026, 11, 29), time(9)))
    assert extended(rule, due, [pause], EW, due + timedelta(days=3)) == at(date(2026, 11, 30), time(20))


def test_an_extended_deadline_keeps_its_london_hour_across_the_change_of_clocks():
    friday = end_of(date(2026, 10, 23))
    pause = paused(at(date(2026, 10, 22), time(9)), at(date(2026, 10, 23), time(9)))
    assert extended(ACCEPT, friday, [pause], EW, friday) == end_of(date(2026, 10, 26))


@settings(deadline=None)
@given(DAYS, st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), max_size=5))
def test_pauses_never_bring_a_deadline_forward_and_it_still_ends_with_a_working_day(day, stretches):
    due = due_at(ACCEPT, day, EW)
    began = at(day, time(9))
    pauses = [paused(began + timedelta(hours=a), began + timedelta(hours=a + b)) for a, b in stretches]
    longer = extended(ACCEPT, due, pauses, EW, began + timedelta(days=60))
    assert longer >= due
    assert longer == end_of(london_day(longer))
    assert EW.is_working(london_day(longer))


def test_half_and_four_fifths_of_five_working_days_do_not_count_the_weekend():
    """Handover 10: what the reminders are measured against."""
    sent = at(date(2026, 11, 27), time(0))  # the first instant of a Friday; 6 working days, this one included
    due = due_at(ACCEPT, date(2026, 11, 27), EW)
    noted = {
        at(date(2026, 11, 28), time(0)): 1 / 6,
        at(date(2026, 11, 30), time(0)): 1 / 6,
        at(date(2026, 12, 2), time(0)): 1 / 2,
        at(date(2026, 12, 3), time(19, 12)): 0.8,
    }
    for now, share in noted.items():
        assert fraction_elapsed(ACCEPT, sent, due, [], EW, now) == pytest.approx(share, abs=0.001)


def test_no_time_elapses_while_a_clock_is_paused():
    sent = at(MONDAY, time(0))
    pause = [paused(at(date(2026, 11, 24), time(0)), at(date(2026, 11, 26), time(0)))]
    now = at(date(2026, 11, 25), time(12))
    due = extended(ACCEPT, DUE, pause, EW, at(date(2026, 11, 26), time(0)))
    shares = [fraction_elapsed(ACCEPT, sent, due, pause, EW, now + timedelta(hours=h)) for h in (-30, 0, 12)]
    assert shares[0] == shares[1] == shares[2] == pytest.approx(1 / 6, abs=0.001)
    assert fraction_elapsed(ACCEPT, sent, due, pause, EW, due) == 1.0


def test_a_clock_in_calendar_days_counts_weekends():
    rule = CLOCKS.rule("sms_first_checkin")
    start = at(date(2026, 11, 28), time(0))
    due = due_at(rule, date(2026, 11, 28), EW)
    half = at(date(2026, 11, 29), time(0))
    assert fraction_elapsed(rule, start, due, [], EW, half) == pytest.approx(0.5, abs=0.001)


def test_a_clock_due_the_moment_it_started_has_gone():
    start = at(MONDAY, time(9))
    assert fraction_elapsed(ACCEPT, start, start, [], EW, start) == 1.0
    assert fraction_elapsed(ACCEPT, start, start - timedelta(days=1), [], EW, start) == 1.0


@settings(deadline=None)
@given(DAYS, st.integers(0, 30 * 24))
def test_the_share_gone_lies_between_none_and_all(day, hours):
    start = at(day, time(9))
    due = due_at(ACCEPT, day, EW)
    share = fraction_elapsed(ACCEPT, start, due, [], EW, start + timedelta(hours=hours))
    assert 0.0 <= share <= 1.0

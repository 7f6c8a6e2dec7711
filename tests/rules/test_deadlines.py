"""When clocks run out: the worked examples of DOMAIN section H, and the cut-off of handover 9."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.rules.reference import CLOCKS, EW, SCT
from throughcare.casework.deadlines import (
    DayNotKnown,
    due_at,
    is_compressed,
    trigger_day,
)  # fmt: skip
from throughcare.kernel.clock import at, end_of

ACCEPT = CLOCKS.rule("handover_accepted_or_refused")
TEN_DAYS = CLOCKS.rule("child_assessment_local")
FIFTEEN_DAYS = CLOCKS.rule("cp_conference")
ONE_DAY = CLOCKS.rule("pregnant_fast_track")


@pytest.mark.parametrize(
    ("rule", "trigger", "calendar", "last"),
    [
        (TEN_DAYS, date(2026, 12, 18), EW, date(2027, 1, 6)),
        (TEN_DAYS, date(2026, 12, 18), SCT, date(2027, 1, 7)),
        (ONE_DAY, date(2026, 11, 27), SCT, date(2026, 12, 1)),  # St Andrew's Day
        (ONE_DAY, date(2026, 11, 27), EW, date(2026, 11, 30)),
        (FIFTEEN_DAYS, date(2026, 11, 20), EW, date(2026, 12, 11)),
        (FIFTEEN_DAYS, date(2026, 11, 20), SCT, date(2026, 12, 14)),
        (ONE_DAY, date(2026, 1, 1), EW, date(2026, 1, 2)),
        (ONE_DAY, date(2026, 1, 1), SCT, date(2026, 1, 5)),  # 2 January
        (ONE_DAY, date(2026, 4, 2), EW, date(2026, 4, 7)),  # Easter Monday
        (ONE_DAY, date(2026, 4, 2), SCT, date(2026, 4, 6)),
        (ONE_DAY, date(2026, 11, 28), EW, date(2026, 11, 30)),  # day 0 may be a Saturday
    ],
)
def test_n_working_days_end_at_the_last_second_of_the_nth(rule, trigger, calendar, last):
    assert due_at(rule, trigger, calendar) == end_of(last)


def test_day_21_after_a_release_on_1_december_is_22_december():
    assert due_at(CLOCKS.rule("continuity_of_care"), date(2026, 12, 1), EW) == end_of(date(2026, 12, 22))


def test_the_plan_for_a_release_on_31_march_starts_on_6_january():
    rule, release = CLOCKS.rule("release_plan_start"), date(2027, 3, 31)
    assert due_at(rule, date(2026, 11, 20), EW, release_day=release) == end_of(date(2027, 1, 6))
    assert not is_compressed(rule, date(2027, 1, 6), release)


def test_a_plan_whose_start_has_passed_is_due_at_once_and_marked_compressed():
    rule, release = CLOCKS.rule("release_plan_start"), date(2027, 3, 31)
    assert due_at(rule, date(2027, 2, 1), EW, release_day=release) == end_of(date(2027, 2, 1))
    assert is_compressed(rule, date(2027, 1, 7), release)
    assert not is_compressed(TEN_DAYS, date(2027, 1, 7), release)


def test_a_clock_on_the_release_day_needs_that_day():
    with pytest.raises(DayNotKnown, match="release"):
        due_at(CLOCKS.rule("release_plan_start"), date(2026, 11, 20), EW)
    with pytest.raises(DayNotKnown, match="reception"):
        due_at(CLOCKS.rule("seen_by_substance_team"), date(2026, 11, 20), EW)


def test_three_weeks_to_be_seen_run_from_reception_not_from_the_screen():
    due = due_at(CLOCKS.rule("seen_by_substance_team"), date(2026, 11, 20), EW, reception_day=date(2026, 11, 16))
    assert due == end_of(date(2026, 12, 7))


def test_a_release_not_recorded_is_asked_about_at_two_in_london():
    rule = CLOCKS.rule("release_not_recorded")
    assert due_at(rule, date(2026, 7, 1), EW, release_day=date(2026, 7, 9)) == datetime(2026, 7, 9, 13, tzinfo=UTC)
    assert due_at(rule, date(2026, 11, 1), EW, release_day=date(2026, 11, 19)) == datetime(2026, 11, 19, 14, tzinfo=UTC)


def test_number_proof_is_due_by_eight_that_evening_or_the_next_when_that_has_passed():
    rule = CLOCKS.rule("sms_number_proof")
    assert due_at(rule, at(date(2026, 11, 19), time(11)), EW) == at(date(2026, 11, 19), time(20))
    assert due_at(rule, at(date(2026, 11, 19), time(21)), EW) == at(date(2026, 11, 20), time(20))


@pytest.mark.parametrize(
    ("began", "due"),
    [
        (at(date(2026, 10, 23), time(12)), datetime(2026, 10, 26, 11, tzinfo=UTC)),  # across the end of summer time
        (at(date(2027, 3, 26), time(12)), datetime(2027, 3, 29, 12, tzinfo=UTC)),  # across its beginning
    ],
)
def test_72_hours_are_72_hours_on_both_odd_nights(began, due):
    assert due_at(CLOCKS.rule("test_result_wait"), began, EW) == due == began + timedelta(hours=72)


def test_hours_from_a_bare_day_run_from_its_first_instant():
    rule = CLOCKS.rule("child_referral_L4")
    assert due_at(rule, date(2026, 7, 1), EW) == datetime(2026, 7, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given_on", "runs_out"),
    [
        (date(2026, 11, 20), date(2027, 11, 20)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2026, 12, 31), date(2027, 12, 31)),
    ],
)
def test_a_warning_runs_out_after_twelve_months(given_on, runs_out):
    assert due_at(CLOCKS.rule("warning_expiry"), given_on, EW) == end_of(runs_out)


def test_the_next_core_group_is_due_in_week_eight():
    rule = CLOCKS.rule("core_group_next")
    assert due_at(rule, date(2026, 11, 20), EW) == end_of(date(2027, 1, 15))


@pytest.mark.parametrize(
    ("sent", "day0"),
    [
        (at(date(2026, 11, 20), time(13, 0)), date(2026, 11, 20)),
        (at(date(2026, 11, 20), time(13, 0, 1)), date(2026, 11, 23)),  # a Friday afternoon
        (at(date(2026, 11, 21), time(9, 0)), date(2026, 11, 23)),  # a Saturday
        (at(date(2026, 7, 1), time(12, 59)), date(2026, 7, 1)),  # 11:59 UTC
        (at(date(2026, 12, 24), time(15, 0)), date(2026, 12, 29)),
    ],
)
def test_a_handover_sent_after_one_or_on_a_day_off_counts_as_the_next_working_day(sent, day0):
    """Handover 9."""
    assert trigger_day(ACCEPT, sent, EW) == day0
    assert due_at(ACCEPT, sent, EW) == due_at(ACCEPT, day0, EW)


def test_a_clock_without_a_cut_off_starts_on_the_london_day():
    assert trigger_day(TEN_DAYS, datetime(2026, 7, 1, 23, 30, tzinfo=UTC), EW) == date(2026, 7, 2)
    assert trigger_day(TEN_DAYS, at(date(2026, 11, 21), time(15)), EW) == date(2026, 11, 21)

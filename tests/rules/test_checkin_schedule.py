from __future__ import annotations

import tomllib
from collections import Counter
from copy import deepcopy
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from throughcare.checkin.plans import plans_from
from throughcare.checkin.schedule import (
    Hours,
    NoSafeTime,
    asked_at,
    catch_up,
    collapse,
    may_go,
    next_open,
    proof_failed,
    proof_slots,
    proof_stale,
    reminder,
    slots,
    validity,
)
from throughcare.kernel.clock import LONDON, at
from throughcare.kernel.delivery import Purpose

TABLE = tomllib.loads(Path("config/data/checkin_plans.toml").read_text("utf-8"))
PLANS = plans_from(TABLE)
WINDOW, STANDARD, CLOSER, PROOF = PLANS.window, PLANS.plans["standard"], PLANS.plans["closer"], PLANS.proof
SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
HOURS = st.sampled_from(
    [
        Hours(),
        *(Hours(hour) for hour in range(9, 20)),
        Hours(safe_from=time(12), safe_to=time(15)),
        Hours(9, safe_from=time(18)),
    ]
)
KEYS = st.text(min_size=1, max_size=12)


def local(instant):
    return instant.astimezone(LONDON)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_usual_days_are_those_of_r39():
    days = [slot.day for slot in slots(date(2026, 11, 20), STANDARD, WINDOW, key="a")]
    assert days[:7] == [1, 2, 3, 5, 7, 10, 14]
    assert [day for day in days if 14 < day <= 28] == [17, 21, 24, 28]
    assert {later - earlier for earlier, later in pairwise(days[10:19])} == {7}
    assert days[18] == 84
    assert {later - earlier for earlier, later in pairwise(days[18:])} == {14}
    assert days[-1] == 182


def test_the_closer_plan_asks_on_every_day_of_the_first_fortnight_and_never_less_than_the_usual():
    assert CLOSER.days[:14] == tuple(range(1, 15))
    for span in ((1, 14), (15, 28), (29, 84), (85, 182)):
        asked = [sum(span[0] <= day <= span[1] for day in plan.days) for plan in (CLOSER, STANDARD)]
        assert asked[0] > asked[1]


def test_every_plan_cites_its_studies_and_no_two_steps_share_a_key_r2():
    for plan in PLANS.plans.values():
        assert plan.sources
        planned = slots(date(2026, 10, 20), plan, WINDOW, key="a")
        assert len({(slot.step, slot.on) for slot in planned}) == len(planned)
        assert len({slot.on for slot in planned}) == len(planned)


@settings(deadline=None)
@given(DAYS, KEYS, HOURS)
def test_no_check_in_is_planned_in_quiet_hours_or_between_one_and_two_r37(released, key, hours):
    for slot in slots(released, STANDARD, WINDOW, key=key, hours=hours):
        begins, ends = local(slot.not_before), local(slot.expires_at)
        assert time(9) <= begins.time() < time(20)
        assert begins < ends
        assert (ends.date(), ends.time() <= time(20)) == (begins.date(), True)
        assert (slot.expires_at - slot.not_before) >= timedelta(minutes=30)
        assert slot.on == released + timedelta(days=slot.day)


@settings(deadline=None)
@given(DAYS, KEYS)
def test_everybody_is_asked_between_half_past_nine_and_half_past_eleven_r12(day, key):
    assert time(9, 30) <= local(asked_at(day, WINDOW, key)).time() < time(11, 30)


@given(DAYS, KEYS, st.integers(9, 19))
def test_or_within_the_half_hour_they_chose(day, key, hour):
    moment = local(asked_at(day, WINDOW, key, Hours(hour))).time()
    assert time(hour) <= moment <= time(hour, 30)


def test_one_person_has_one_minute_on_both_sides_of_a_clock_change_and_different_people_are_spread_r12():
    days = [SPRING + timedelta(days=n) for n in range(-3, 4)] + [AUTUMN + timedelta(days=n) for n in range(-3, 4)]
    assert len({local(asked_at(day, WINDOW, "somebody")).time() for day in days}) == 1
    minutes = Counter(asked_at(SPRING, WINDOW, f"person {n}") for n in range(12_000))
    assert len(minutes) == 120
    assert max(minutes.values()) < 160


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [
        (date(2027, 3, 27), 10, "2027-03-27T10:00"),
        (SPRING, 10, "2027-03-28T09:00"),
        (date(2026, 10, 24), 10, "2026-10-24T09:00"),
        (AUTUMN, 10, "2026-10-25T10:00"),
        (date(2028, 2, 29), 10, "2028-02-29T10:00"),
        (date(2026, 12, 31), 19, "2026-12-31T19:00"),
    ],
)
def test_the_hour_is_londons_on_either_side_of_the_change_t12(day, hour, expected):
    start = utc(expected)
    assert start <= asked_at(day, WINDOW, "x", Hours(hour)) <= start + timedelta(minutes=30)


@pytest.mark.parametrize("day", [SPRING, AUTUMN, date(2028, 2, 29), date(2026, 12, 31)])
@pytest.mark.parametrize("wall", ["00:30", "01:30", "02:30", "08:59"])
def test_nothing_goes_in_the_night_of_a_clock_change_t12(day, wall):
    instant = at(day, time.fromisoformat(wall))
    assert not may_go(instant, WINDOW)
    assert next_open(instant, WINDOW) == at(day, time(9))


@pytest.mark.parametrize(
    ("wall", "goes"), [("08:59", False), ("09:00", True), ("19:59", True), ("20:00", False), ("23:30", False)]
)
def test_the_edges_of_quiet_hours_r37(wall, goes):
    instant = at(SPRING, time.fromisoformat(wall))
    assert may_go(instant, WINDOW) is goes
    if wall >= "20:00":
        assert next_open(instant, WINDOW) == at(SPRING + timedelta(days=1), time(9))


def test_a_persons_safe_times_are_kept():
    hours = Hours(safe_from=time(12), safe_to=time(14))
    assert not may_go(at(SPRING, time(11)), WINDOW, hours)
    assert next_open(at(SPRING, time(15)), WINDOW, hours) == at(SPRING + timedelta(days=1), time(12))
    for bad in (Hours(safe_from=time(20)), Hours(safe_to=time(8))):
        with pytest.raises(NoSafeTime):
            next_open(at(SPRING, time(12)), WINDOW, bad)


@pytest.mark.parametrize("hour", [8, 20, 1])
def test_an_hour_in_the_night_cannot_be_chosen(hour):
    with pytest.raises(NoSafeTime):
        asked_at(SPRING, WINDOW, "x", Hours(hour))


@pytest.mark.parametrize(
    ("known", "day", "start"),
    [
        ("2026-11-20T08:00", 0, "2026-11-20T09:00"),
        ("2026-11-20T13:12", 0, "2026-11-20T13:12"),
        ("2026-11-20T19:45", 1, "2026-11-21T09:00"),  # too little of the day is left
        ("2026-11-20T22:00", 1, "2026-11-21T09:00"),
        ("2026-11-24T10:00", 4, "2026-11-24T10:00"),  # recorded four days late: still asked at once
        ("2026-11-19T10:00", 0, "2026-11-20T09:00"),  # recorded the day before: not before the person is out
    ],
)
def test_the_code_word_is_asked_for_on_the_day_inside_sending_hours_r35(known, day, start):
    planned = proof_slots(date(2026, 11, 20), PROOF, WINDOW, known_at=utc(known))
    assert (planned[0].day, planned[0].not_before) == (day, utc(start))
    assert [slot.day - planned[0].day for slot in planned] == [0, 1, 2]
    assert {slot.purpose for slot in planned} == {Purpose.PROOF}
    assert all(may_go(slot.not_before, WINDOW) and slot.not_before < slot.expires_at for slot in planned)


def test_a_release_recorded_late_leaves_out_what_is_over_and_one_slot_stands_for_it_r38():
    released, known = date(2026, 11, 20), utc("2026-11-24T12:00")
    every = slots(released, STANDARD, WINDOW, key="a")
    kept = slots(released, STANDARD, WINDOW, key="a", known_at=known)
    missed = [slot for slot in every if slot not in kept]
    assert [slot.day for slot in missed] == [1, 2, 3]
    assert catch_up(missed, kept, utc("2026-11-24T12:00"), WINDOW) is None  # day 5 comes by tomorrow
    ahead = [slot for slot in kept if slot.day > 5]
    (stands_for,) = [catch_up(missed, ahead, known, WINDOW)]
    assert (stands_for.step, stands_for.not_before) == ("day_3", known)
    assert stands_for.expires_at == utc("2026-11-24T18:00")
    assert catch_up([], ahead, known, WINDOW) is None


def test_a_catch_up_too_late_in_the_day_waits_for_the_morning():
    missed = slots(date(2026, 11, 20), STANDARD, WINDOW, key="a")[:1]
    for moment in ("2026-11-24T19:40", "2026-11-24T23:00", "2026-11-25T03:00"):
        assert catch_up(missed, [], utc(moment), WINDOW).not_before == utc("2026-11-25T09:00")


def test_several_missed_steps_collapse_to_one_r38():
    planned = slots(date(2026, 11, 20), STANDARD, WINDOW, key="a")
    send, given_up = collapse(planned, planned[3].not_before + timedelta(minutes=1))
    assert send == planned[3]
    assert given_up == planned[:3]
    overlapping = [planned[0], catch_up(planned[1:2], [], planned[0].not_before, WINDOW)]
    send, given_up = collapse(overlapping, planned[0].not_before + timedelta(minutes=1))
    assert (send, given_up) == (overlapping[1], [overlapping[0]])


@settings(deadline=None)
@given(DAYS, st.integers(0, 200 * 24 * 60))
def test_whatever_the_time_at_most_one_is_sent_and_none_from_the_future_r38(released, minutes):
    planned = slots(released, STANDARD, WINDOW, key="a")
    now = at(released, time()) + timedelta(minutes=minutes)
    send, given_up = collapse(planned, now)
    assert send is None or send.not_before <= now < send.expires_at
    assert all(slot.not_before <= now for slot in given_up)
    assert len(given_up) + (send is not None) == sum(slot.not_before <= now for slot in planned)


@pytest.mark.parametrize(
    ("now", "expires", "exempt", "seconds"),
    [
        ("2026-11-20T13:00", "2026-11-20T19:00", False, 6 * 3600),
        ("2026-11-20T19:00", "2026-11-20T23:30", False, 3600),  # quiet hours come first
        ("2026-11-20T19:00", "2026-11-20T23:30", True, 4 * 3600 + 1800),
        ("2026-11-20T09:00", "2026-11-22T09:00", True, 36_000),
        ("2026-11-20T20:30", "2026-11-21T09:00", False, 0),
        ("2026-11-20T13:00", "2026-11-20T12:00", False, 0),
        ("2026-07-01T18:30", "2026-07-01T22:00", False, 1800),  # British Summer Time: 8pm is 19:00 UTC
    ],
)
def test_the_provider_never_holds_a_text_past_its_time_r13(now, expires, exempt, seconds):
    assert validity(utc(expires), utc(now), WINDOW, exempt=exempt) == seconds


def test_a_person_takes_over_the_proof_after_three_tries_or_seventy_two_hours_r35():
    asked = utc("2026-11-20T13:00")
    assert not proof_failed(asked, 2, asked + timedelta(hours=71), PROOF)
    assert proof_failed(asked, 3, asked, PROOF)
    assert proof_failed(asked, 0, asked + timedelta(hours=72), PROOF)
    assert proof_stale(asked, asked + timedelta(days=60), PROOF)
    assert not proof_stale(asked, asked + timedelta(days=59), PROOF)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda t: t["window"].update(opens="01:30", usual_from="01:30"), "2am"),
        (lambda t: t["plans"][0].update(days=[3, 2]), "rise"),
        (lambda t: t["plans"][0].update(days=[0, 1]), "rise"),
        (lambda t: t["silence"][0]["rungs"].reverse(), "order"),
    ],
)
def test_a_plan_that_does_not_hold_together_is_refused_when_it_is_read(spoil, says):
    table = deepcopy(TABLE)
    spoil(table)
    with pytest.raises(ValueError, match=says):
        plans_from(table)


def test_an_appointment_is_recalled_the_day_before_and_not_once_that_day_is_over_r39():
    monday = utc("2027-03-29T09:30")  # the day before is the short one
    early = reminder(monday, WINDOW, key="a", now=utc("2027-03-20T12:00"))
    assert early.not_before == asked_at(SPRING, WINDOW, "a")
    assert (early.purpose, early.expires_at) == (Purpose.REMINDER, at(SPRING, time(20)))
    late = reminder(monday, WINDOW, key="a", now=at(SPRING, time(15)))
    assert late.not_before == at(SPRING, time(15))
    assert reminder(monday, WINDOW, key="a", now=at(SPRING, time(20))) is None

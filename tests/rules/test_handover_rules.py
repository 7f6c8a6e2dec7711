"""What a stranger may know, who waits for whom, and how a service answers: sums without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.handover.marks import address_marks, tells_birth
from throughcare.handover.rules import (
    Answered,
    age_band,
    initials,
    meeting_light,
    names_somebody,
    reply_figures,
    waited,
    week_of,
)
from throughcare.handover.words import Status

STARTS = (18, 25, 35, 45, 55, 65)
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (date(2008, 11, 21), "under 18"),
        (date(2008, 11, 20), "18 to 24"),
        (date(2001, 11, 21), "18 to 24"),
        (date(2001, 11, 20), "25 to 34"),
        (date(1961, 11, 20), "65 and over"),
        (date(1920, 1, 1), "65 and over"),
    ],
)
def test_an_age_is_told_as_a_band(born, band):
    assert age_band(born, date(2026, 11, 20), STARTS) == band


def test_initials_and_the_week_of_release_name_nobody_and_no_day():
    assert initials("rowan", "Ashdown") == "R.A."
    assert initials("Cher", "") == "C."
    assert week_of(date(2026, 12, 6)) == date(2026, 11, 30) == week_of(date(2026, 11, 30))
    assert week_of(None) is None


@pytest.mark.parametrize(
    "text", ["tell ROWAN", "Ashdown's sister", "a1234bc", "A 1234 BC", "on 07700 900 123", "M1-1AA"]
)
def test_a_text_that_names_somebody_is_caught(text):
    assert names_somebody(text, ["Rowan", "Ashdown", "A1234BC", "07700900123", "M1 1AA"])


@pytest.mark.parametrize("text", ["rowanberry jam", "Li is here", "drinks 30 units", "", "A123 4B"])
def test_a_text_that_names_nobody_is_let_through(text):
    assert not names_somebody(text, ["Rowan", "Li", "A1234BC"])


def test_days_are_counted_for_whoever_was_waited_for():
    """R15c: sent, asked on day 1, answered on day 4, now day 6: 3 days were ours, 3 theirs."""
    moves = [
        (Status.DRAFT, NOON - 9 * DAY),
        (Status.SENT, NOON),
        (Status.RECEIVED, NOON),
        (Status.INFORMATION_REQUESTED, NOON + DAY),
        (Status.RECEIVED, NOON + 4 * DAY),
    ]
    told = waited(moves, NOON + 6 * DAY)
    assert (told.total, told.for_them, told.for_us, told.turn) == (6, 3, 3, "receiver")
    assert told.since == NOON + 4 * DAY


@given(st.lists(st.tuples(st.sampled_from(list(Status)), st.integers(0, 90)), max_size=8), st.integers(90, 120))
def test_the_two_sides_days_add_up_to_the_whole(moves, end):
    told = waited([(status, NOON + day * DAY) for status, day in moves], NOON + end * DAY)
    assert told.total == told.for_them + told.for_us
    assert (told.since is None) == (told.turn == "")


@pytest.mark.parametrize(
    ("days", "met", "light"),
    [(15, False, ""), (14, False, "amber"), (8, False, "amber"), (7, False, "red"), (-1, False, "red"), (3, True, "")],
)
def test_a_missing_meeting_is_amber_at_fourteen_days_and_red_at_seven(days, met, light):
    today = date(2026, 11, 20)
    assert meeting_light(today + timedelta(days=days), met, today, 14, 7) == light
    assert meeting_light(None, met, today, 14, 7) == ""


def test_a_services_answers_are_not_told_until_there_are_five():
    four = [Answered(1, accepted=True)] * 4
    assert reply_figures(four, 5).median_days is None
    told = reply_figures([*four, Answered(9, accepted=False, reason="no_capacity")], 5)
    assert (told.answers, told.median_days, told.accepted_percent, told.top_reasons) == (5, 1, None, ())
    often = reply_figures([*four, *[Answered(2, accepted=False, reason="no_capacity")] * 5], 5)
    assert often.top_reasons == ("no_capacity",)


@pytest.mark.parametrize(
    "text",
    [
        "1990-04-02", "02/04/1990", "2.4.90", "d.o.b 02 04 1990", "02041990", "19900402", "2 April 1990", "April 2, 1990",
        "2nd of April 1990", "2 Apr 90", "2 Ebrill 1990", "2\u200b/4/1990", "\uff12/4/1990",
    ],
)  # fmt: skip
def test_a_birth_date_is_caught_however_it_is_written(text):
    assert tells_birth(f"born {text}, likes fishing", date(1990, 4, 2))


@pytest.mark.parametrize(
    "text", ["1990", "2 April", "2 May 1990", "2 of 4 sessions", "12/4/1990", "released 2 April 2026"]
)
def test_other_days_are_let_through(text):
    assert not tells_birth(text, date(1990, 4, 2))


@pytest.mark.parametrize(
    ("line", "marks"),
    [
        ("12 Harbour Road, Ashby", {"12 Harbour Road", "Harbour Road"}),
        ("With his mother, Ashby", set()),
        ("Quay Hostel, Ashby", {"Quay Hostel"}),
        ("Ashby", set()),
    ],
)
def test_what_of_an_address_names_the_house(line, marks):
    assert address_marks([line]) == marks

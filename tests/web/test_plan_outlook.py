"""What a plan comes to: twelve weeks by London clocks, with what is special about a day, and days of one's own (R37, R39)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from sqlmodel import select

from tests.support.texting import forward, reachable, release, texts
from throughcare.casework.people import Case, SafeContact
from throughcare.checkin import capacity
from throughcare.checkin.own_days import days_in, written
from throughcare.checkin.planning import plan_texts
from throughcare.checkin.rows import CheckinPlan, CheckinPrompt
from throughcare.checkin.weeks import clocks_change, monday_of, weeks
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.clock import LONDON, at


@pytest.fixture
def case(desk, world):
    made = world.case()
    reachable(desk, made)
    release(desk, made)
    return made


def seen(client, case, **asked):
    return client.get(f"/api/cases/{case}/check-ins/calendar", params=asked).json()


def asked_on(view):
    return [day["on"] for week in view["weeks"] for day in week["days"] if day["at"]]


def hour_of(said):
    return datetime.fromisoformat(said).astimezone(LONDON).hour


@pytest.mark.parametrize(
    ("typed", "days"), [("", ()), ("1,2 , 3", (1, 2, 3)), ("7; 5 7", (5, 7)), (" 366 ", (366,)), ("01", (1,))]
)
def test_days_of_ones_own_are_read_and_kept_in_order(typed, days):
    assert days_in(typed) == days
    assert days_in(written(days)) == days


@pytest.mark.parametrize("typed", ["0", "-1", "1.5", "367", "one", "1,2,x", "٣", ",".join(map(str, range(1, 202)))])
def test_days_that_will_not_do_are_refused_in_a_sentence(typed):
    with pytest.raises(ValueError, match=r"^(E|Each day)"):
        days_in(typed)


def test_the_clocks_change_on_two_days_a_year():
    assert clocks_change(date(2026, 10, 25)) == "Clocks go back"
    assert clocks_change(date(2027, 3, 28)) == "Clocks go forward"
    assert clocks_change(date(2026, 10, 26)) == clocks_change(date(2027, 3, 27)) == ""


def test_a_calendar_is_twelve_whole_weeks_and_holds_every_check_in_once():
    first = monday_of(date(2026, 11, 20))
    asked = {date(2026, 11, 21): at(date(2026, 11, 21), time(10)), date(2027, 3, 1): datetime(2027, 3, 1, tzinfo=UTC)}
    found = weeks(first, asked, {date(2026, 12, 25): ["Bank holiday"]}, date(2026, 11, 20))
    days = [day for week in found for day in week.days]
    assert (len(found), days[0].on, len(days)) == (12, date(2026, 11, 16), 84)
    assert [day.day for day in days if day.at] == [1]
    assert [day.on for day in days if day.marks] == [date(2026, 12, 25)]
    assert sum(week.asked for week in found) == 1


def test_the_calendar_is_what_is_then_planned(desk, case, client_for, world, clock):
    """Day for day and minute for minute, over the whole of it."""
    view = seen(client_for(world.officer), case)
    days = [day["at"] for week in view["weeks"] for day in week["days"] if day["at"]]
    foreseen = [datetime.fromisoformat(each) for each in days]
    for instant in foreseen:
        clock.at = instant
        with desk.work(SYSTEM) as work:
            plan_texts(work)
    with desk.work(SYSTEM) as work:
        rows = work.session.exec(select(CheckinPrompt).where(CheckinPrompt.step != "proof"))
        made = sorted(row.not_before for row in rows if row.on <= date(2027, 2, 7))
    assert foreseen == made
    assert view["asked"] == len(made)


def test_days_of_their_own_are_what_is_asked_and_another_release_keeps_them(desk, case, client_for, world, clock):
    client = client_for(world.officer)
    client.post(
        f"/cases/{case}/check-ins/plan", data={"code": "standard", "days": "4, 2", "hour": "", "language": "en"}
    )
    view = seen(client, case)
    assert (view["own"], view["days"], asked_on(view)) == (True, "2, 4", ["2026-11-22", "2026-11-24"])
    with desk.work(SYSTEM) as work:
        plan = work.session.exec(select(CheckinPlan)).one()
        assert plan.days == "2, 4"
        assert capacity.crowded(work, plan, 0) == [date(2026, 11, 22), date(2026, 11, 24)]
    forward(clock, hours=50)
    with desk.work(SYSTEM) as work:
        plan_texts(work)
        steps = set(work.session.exec(select(CheckinPrompt.step).where(CheckinPrompt.step != "proof")))
    assert steps == {"day_2"}


def test_the_closer_plan_says_by_how_much_it_is_closer(case, client_for, world):
    client = client_for(world.officer)
    usual, closer = seen(client, case), seen(client, case, code="closer", hour="18")
    assert closer["more"] == closer["asked"] - usual["asked"] > 0
    assert usual["more"] == 0
    assert {hour_of(day["at"]) for week in closer["weeks"] for day in week["days"] if day["at"]} == {18}
    marks = {day["on"]: day["marks"] for week in usual["weeks"] for day in week["days"] if day["marks"]}
    assert marks["2026-11-20"] == ["Release day", "Today"]
    assert marks["2026-12-25"] == ["Bank holiday: Christmas Day"]


def test_the_calendar_is_seen_before_the_plan_is_saved(desk, case, client_for, world):
    client = client_for(world.officer)
    before = texts(desk)
    wanted = {"code": "closer", "days": "", "hour": "9", "language": "cy"}
    page = client.post(f"/cases/{case}/check-ins/plan/look", data=wanted)
    assert (page.status_code, "Error:" in page.text) == (200, False)
    assert "9:" in page.text
    assert 'value="closer" checked' in page.text
    with desk.work(SYSTEM) as work:
        assert work.session.exec(select(CheckinPlan)).one().code == "standard"
    told = client.post(f"/api/cases/{case}/check-ins/plan/look", json=wanted)
    assert (told.status_code, told.json()["plan_label"]) == (200, "Closer plan, for a person at high risk")
    assert client.post(f"/cases/{case}/check-ins/plan/look", data={**wanted, "days": "x"}).status_code == 422
    assert texts(desk) == before


def test_before_release_is_known_there_is_no_calendar_and_a_planned_one_is_supposed(desk, world, client_for):
    made = world.case()
    client = client_for(world.officer)
    assert seen(client, made)["weeks"] == []
    with desk.work(SYSTEM) as work:
        work.session.get_one(Case, made).release_on = date(2026, 12, 1)
    view = seen(client, made)
    assert (view["supposed"], view["weeks"][0]["days"][0]["on"], asked_on(view)[0]) == (
        True,
        "2026-11-30",
        "2026-12-02",
    )


def test_where_no_time_is_safe_each_check_in_is_said_to_be_a_call(desk, case, world, client_for):
    with desk.work(SYSTEM) as work:
        safe = work.session.exec(select(SafeContact)).one()
        safe.safe_from, safe.safe_until = "21:00", "20:00"
        work.session.add(safe)
    client = client_for(world.officer)
    assert seen(client, case)["no_safe_time"]
    assert "becomes a call" in client.get(f"/cases/{case}/check-ins/calendar").text


def test_who_has_no_page_of_check_ins_has_no_calendar(case, client_for, world):
    assert client_for(world.other_provider).get(f"/cases/{case}/check-ins/calendar").status_code == 404
    assert client_for(world.probation).get(f"/cases/{case}/check-ins/calendar").status_code in {403, 404}

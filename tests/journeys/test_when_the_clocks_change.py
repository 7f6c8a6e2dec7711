"""A release just before each night the clocks change: everything stays at its time in London on both sides of it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import col, select

from tests.support.browsing import Browser
from tests.support.texting import texts
from tests.support.whole_path import WholePath
from throughcare.casework.rows import ServiceClock
from throughcare.checkin.rows import CheckinPrompt
from throughcare.handover.rows import Handover
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.clock import LONDON, SetClock
from throughcare.kernel.delivery import Delivery, Purpose

# Clocks go back on 25 October 2026 and forward on 28 March 2027, each the third day after these releases.
RELEASES = {"back": date(2026, 10, 22), "forward": date(2027, 3, 25)}
CHANGES = {"back": date(2026, 10, 25), "forward": date(2027, 3, 28)}
OFFSETS = {"back": [1, 1, 0, 0], "forward": [0, 0, 1, 1]}  # hours from UTC at the check-ins of days 1, 2, 3 and 5
HOUR = timedelta(hours=1)
MEETING, CONTACT = "9:30am", "10:30am"  # as pages have them


@pytest.fixture(params=RELEASES)
def way(request):
    return request.param


@pytest.fixture
def database(databases, way):
    """London's clocks are reckoned with before any database is asked: each change is crossed on one of those asked for."""
    return databases[0 if way == "back" else -1]


@pytest.fixture
def clock(way):
    """Reception is three weeks before release."""
    return SetClock(datetime.combine(RELEASES[way] - timedelta(days=21), time(9), UTC))


@pytest.fixture
def path(door, scheduler, made, way):
    """Released, their number proven; the first answer comes on day 1, and then they are silent over the change."""
    path = WholePath(door, scheduler, made, RELEASES[way], after=4)
    path.up_to_acceptance()
    path.released()
    path.number_proven()
    watched(path, path.release + timedelta(days=1), time(12))
    path.checked_in(4)
    return path


def watched(path, day, wall):
    """The scheduler wakes each hour, night and day, until this time."""
    end = datetime.combine(day, wall, LONDON).astimezone(UTC)
    while path.desk.clock.now() + HOUR < end:
        path.desk.clock.forward(HOUR)
        path.scheduler.wakes()
    path.until(day, wall)


def in_london(instant):
    return instant.astimezone(LONDON)


def said(instant):
    """As pages have it: 9:30am, 9am or midday."""
    local = in_london(instant)
    if local.time() == time(12):
        return "midday"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def page_of(path, who, tail):
    window = Browser(path.door.client)
    window.client.cookies.clear()
    window.get("/sign-in")
    window.post(f"/sign-in/as/{path.made.actors[who].id}")
    page = window.get(tail)
    assert page.status_code == 200
    return re.sub(r"<[^>]*>|\s+", " ", page.text)


def rows(path, kind):
    with path.desk.work(SYSTEM) as work:
        return list(work.session.exec(select(kind).where(kind.case_id == path.case_id).order_by(col(kind.created_at))))


@pytest.mark.slow(18)
def test_texts_nudges_appointments_and_deadlines_keep_to_london_time_across_the_change(path, way):
    watched(path, path.meeting, time(11, 45))
    path.met_outside()
    path.absence_decided()
    path.reported()
    watched(path, path.release + timedelta(days=5), time(18))
    check_ins_are_at_one_time_of_day(path, way)
    texts_keep_to_sending_hours(path)
    nudges_come_four_hours_after_delivery(path, way)
    deadlines_end_with_their_day_in_london(path, way)
    pages_tell_london_time(path)


def check_ins_are_at_one_time_of_day(path, way):
    sent = {text.id: text for text in texts(path.desk, path.case_id)}
    due = [in_london(sent[prompt.message_id].not_before) for prompt in prompts(path)]
    assert [day.date() - path.release for day in due] == [timedelta(days=day) for day in (1, 2, 3, 5)]
    assert len({day.time() for day in due}) == 1
    assert [day.utcoffset() / HOUR for day in due] == OFFSETS[way]
    late = [in_london(sent[prompt.message_id].sending_at) - at for prompt, at in zip(prompts(path), due, strict=True)]
    assert all(timedelta() <= by <= HOUR for by in late[1:3]), (
        late
    )  # the scheduler was awake the day before and the day


def prompts(path):
    return sorted((row for row in rows(path, CheckinPrompt) if row.step.startswith("day_")), key=lambda row: row.day)


def texts_keep_to_sending_hours(path):
    everything = texts(path.desk, path.case_id)
    assert {text.state for text in everything} == {Delivery.DELIVERED}
    asked = [in_london(text.sending_at) for text in everything if text.purpose is not Purpose.SAFETY]
    assert all(time(9) <= at.time() < time(20) for at in asked), asked


def nudges_come_four_hours_after_delivery(path, way):
    """Four hours as they pass, on the day before the change and on the day of it."""
    sent = {text.id: text for text in texts(path.desk, path.case_id)}
    arrived = {f"nudge:{prompt.id}": sent[prompt.message_id].delivered_at for prompt in prompts(path)}
    nudges = [text for text in sent.values() if text.key in arrived]
    days = {in_london(nudge.sending_at).date() for nudge in nudges}
    assert days >= {CHANGES[way] - timedelta(days=1), CHANGES[way]}
    waited = [nudge.sending_at - arrived[nudge.key] for nudge in nudges]
    assert all(4 * HOUR <= wait <= 5 * HOUR for wait in waited), waited


def deadlines_end_with_their_day_in_london(path, way):
    due = {in_london(clock.due_at) for clock in rows(path, ServiceClock) if clock.due_at}
    whole_days = [at for at in due if at.time() == time(23, 59, 59)]
    assert {at.date() < CHANGES[way] for at in whole_days} == {True, False}
    assert not [at for at in due if at.time() in {time(22, 59, 59), time(0, 59, 59)}]


def pages_tell_london_time(path):
    assert MEETING in page_of(path, "officer", f"{path.case}/plan/appointments")
    assert CONTACT in page_of(path, "provider", f"/handovers/{path.latest(Handover).id}")
    assert MEETING in page_of(path, "probation", f"{path.case}/requirements")
    thread = page_of(path, "provider", f"{path.case}/check-ins")
    assert not [text for text in texts(path.desk, path.case_id) if said(text.sending_at) not in thread]

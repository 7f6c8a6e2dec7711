"""People are reminded of an appointment the day before, once, and of nothing that has been moved or is over (R6, R39)."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlmodel import select

from tests.support.texting import dispatch, forward, gateway_of, texted, texts
from throughcare.casework.people import Consent, SafeContact
from throughcare.casework.rows import Appointment, AppointmentStatus
from throughcare.checkin import texting
from throughcare.checkin.reminding import CODE, remind
from throughcare.checkin.rows import CheckinPlan, PlanStatus
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.clock import at
from throughcare.kernel.delivery import Delivery

SATURDAY, SUNDAY, MONDAY = date(2026, 11, 21), date(2026, 11, 22), date(2026, 11, 23)


@pytest.fixture
def case(desk, world):
    return texted(desk, world)


def book(desk, world, case, when=None, **more):
    with desk.work(SYSTEM) as work:
        row = Appointment(
            case_id=case, agency_id=world.agencies["provider"], kind="first_treatment",
            at=when or at(MONDAY, time(10, 30)), place="Recovery House", **more,
        )  # fmt: skip
        return work.add(row).id


def reminders(desk):
    return [text for text in texts(desk) if text.template == CODE]


def rounds(desk, clock, until, every=timedelta(minutes=30)):
    """The service runs, from now until then."""
    while clock.now() < until:
        clock.forward(every)
        with desk.work(SYSTEM) as work:
            remind(work)


def test_it_goes_the_day_before_at_the_persons_minute_once_and_says_no_more_than_when_r39(desk, world, case, clock):
    book(desk, world, case)
    rounds(desk, clock, at(SUNDAY, time(9)))
    assert reminders(desk) == []
    rounds(desk, clock, at(SUNDAY, time(12)))
    (text,) = reminders(desk)
    assert at(SUNDAY, time(9, 30)) <= text.not_before <= at(SUNDAY, time(11, 30))
    assert text.expires_at == at(SUNDAY, time(20))
    assert "an appointment tomorrow, Monday 23 November at 10:30am" in text.text
    assert "Recovery" not in text.text
    gateway = gateway_of(desk)
    dispatch(desk, gateway)
    assert [sms.text for sms in gateway.texts] == [text.text]
    rounds(desk, clock, at(MONDAY, time(20)))
    assert len(reminders(desk)) == 1


def test_one_booked_late_on_the_day_before_is_said_at_once_and_one_booked_for_today_is_not(desk, world, case, clock):
    forward(clock, hours=5)  # Friday 3pm
    book(desk, world, case, at(SATURDAY, time(9)))
    book(desk, world, case, at(date(2026, 11, 20), time(18)))
    with desk.work(SYSTEM) as work:
        assert remind(work) == 1
        assert remind(work) == 0
    assert [text.not_before for text in reminders(desk)] == [clock.now()]


def test_nothing_is_said_in_quiet_hours(desk, world, case, clock):
    forward(clock, hours=10, minutes=30)  # Friday 8:30pm
    book(desk, world, case, at(SATURDAY, time(15)))
    rounds(desk, clock, at(SATURDAY, time(12)))
    assert reminders(desk) == []


@pytest.mark.parametrize("status", [each for each in AppointmentStatus if each is not AppointmentStatus.BOOKED])
def test_one_that_was_moved_or_is_over_is_not_said_even_when_it_is_already_queued_r6(desk, world, case, clock, status):
    appointment = book(desk, world, case)
    rounds(desk, clock, at(SUNDAY, time(12)))
    with desk.work(SYSTEM) as work:
        row = work.session.get_one(Appointment, appointment)
        row.status = status
        work.session.add(row)
    gateway = gateway_of(desk)
    dispatch(desk, gateway)
    assert gateway.texts == []
    assert [(text.state, text.why) for text in reminders(desk)] == [(Delivery.SUPPRESSED, "no_appointment")]


@pytest.mark.parametrize("missing", ["consent", "contact", "plan paused", "never text"])
def test_who_may_not_be_texted_is_not_reminded(desk, world, case, clock, missing):
    book(desk, world, case)
    with desk.work(SYSTEM) as work:
        kinds = {"consent": Consent, "plan paused": CheckinPlan}
        row = work.session.exec(select(kinds.get(missing, SafeContact))).one()
        name, value = {
            "consent": ("ended_at", work.now),
            "contact": ("replaced_at", work.now),
            "plan paused": ("status", PlanStatus.PAUSED),
            "never text": ("never_text", True),
        }[missing]
        setattr(row, name, value)
        work.session.add(row)
    rounds(desk, clock, at(SUNDAY, time(20)))
    assert reminders(desk) == []


def test_one_that_cannot_be_written_stops_no_other_r10(desk, world, case, clock, monkeypatch):
    first, second = book(desk, world, case), book(desk, world, case, at(MONDAY, time(15)))
    rounds(desk, clock, at(SUNDAY, time(9)))
    forward(clock, hours=3)
    whole = texting.write

    def write(work, wanted):
        return 1 / 0 if wanted.subject_id == first else whole(work, wanted)

    monkeypatch.setattr(texting, "write", write)
    with desk.work(SYSTEM) as work:
        assert remind(work) == 1
    assert [text.subject_id for text in reminders(desk)] == [second]


def test_an_hour_that_is_never_safe_gets_no_reminder(desk, world, case, clock):
    book(desk, world, case)
    with desk.work(SYSTEM) as work:
        contact = work.session.exec(select(SafeContact)).one()
        contact.safe_from, contact.safe_until = "21:00", "22:00"
        work.session.add(contact)
    rounds(desk, clock, at(SUNDAY, time(20)))
    assert reminders(desk) == []

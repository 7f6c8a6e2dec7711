"""A first appointment is one fact, recorded once: that they came, and that first contact was made."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from sqlmodel import select

from tests.support.handovers import FIRST_APPOINTMENT, Handing
from throughcare.casework.rows import Appointment, AppointmentStatus
from throughcare.handover import passing
from throughcare.handover.forms import FirstContact, How
from throughcare.handover.words import Status
from throughcare.journey import first_appointment
from throughcare.journey.first_appointment import AtFirst
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.refusals import Refusal

AT = FIRST_APPOINTMENT["on"]
CONTACT = FirstContact(on=AT, at=time(10, 40), how=How.IN_PERSON, at_appointment=True)


@pytest.fixture
def handing(world, clock):
    accepted = Handing(world).accepted()
    clock.at = datetime.combine(AT, time(12), UTC)
    return accepted


def booked(handing):
    with handing.desk.work(SYSTEM) as work:
        return work.session.exec(select(Appointment).where(Appointment.handover_id == handing.id)).one()


def happened(handing, name):
    with handing.desk.work(SYSTEM) as work:
        found = select(AuditRow).where(AuditRow.case_id == handing.case_id, AuditRow.name == name)
        return len(work.session.exec(found).all())


def test_first_contact_at_the_appointment_records_that_they_came(handing, world):
    handing.do(world.provider, passing.first_contact, CONTACT)
    assert handing.row.status is Status.ACTIVE
    assert (booked(handing).status, booked(handing).recorded_by) == (AppointmentStatus.ATTENDED, world.provider.id)
    assert (happened(handing, "appointment.attended"), happened(handing, "handover.activated")) == (1, 1)
    with pytest.raises(Refusal):
        handing.do(world.provider, first_appointment.record, AtFirst(status=AppointmentStatus.ATTENDED))


def test_first_contact_elsewhere_leaves_the_appointment_as_it_is_booked(handing, world):
    handing.do(world.provider, passing.first_contact, CONTACT.model_copy(update={"at_appointment": False}))
    assert booked(handing).status is AppointmentStatus.BOOKED


@pytest.mark.parametrize("status", first_appointment.CAME)
def test_that_they_came_records_first_contact_and_passes_the_case(handing, world, status):
    handing.do(world.provider, first_appointment.record, AtFirst(status=status))
    assert booked(handing).status is status
    row = handing.row
    assert (row.status, row.first_contact_at) == (Status.ACTIVE, booked(handing).at)
    assert handing.case.owner_agency_id == world.agencies["provider"]
    assert (happened(handing, "appointment.attended"), happened(handing, "handover.activated")) == (1, 1)


def test_that_they_did_not_come_leaves_first_contact_to_be_made(handing, world):
    handing.do(world.provider, first_appointment.record, AtFirst(status=AppointmentStatus.ABSENT))
    assert (booked(handing).status, handing.row.status) == (AppointmentStatus.ABSENT, Status.ACCEPTED)
    assert handing.case.owner_agency_id == world.agencies["prison"]


@pytest.mark.parametrize(
    ("now", "on"),
    [(datetime(2026, 12, 2, 9, tzinfo=UTC), AT), (datetime(2026, 12, 3, 9, tzinfo=UTC), date(2026, 12, 3))],
)
def test_contact_before_the_appointment_or_on_another_day_was_not_at_it(handing, world, clock, now, on):
    clock.at = now
    at_eight = CONTACT.model_copy(update={"on": on, "at": time(8)})
    with pytest.raises(passing.NoSuchAppointment):
        handing.do(world.provider, passing.first_contact, at_eight)
    assert handing.row.status is Status.ACCEPTED


@pytest.mark.parametrize("who", ["officer", "other_provider"])
def test_only_the_receiving_team_says_what_happened(handing, world, who):
    with pytest.raises(Refusal):
        handing.do(world.actors[who], first_appointment.record, AtFirst(status=AppointmentStatus.ATTENDED))
    assert booked(handing).status is AppointmentStatus.BOOKED

"""What happens to a release plan, as the journal, the service clocks and the journey hear of it."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from throughcare.kernel.audit import Event
from throughcare.release.rules import Naloxone, NeedStatus, Side


class PlanStarted(Event):
    name: ClassVar[str] = "plan.started"
    said: ClassVar[str] = "Release plan started"
    compressed: bool = False


class PlanPutAway(Event):
    """The stay it was for is over."""

    name: ClassVar[str] = "plan.put_away"
    said: ClassVar[str] = "Earlier release plan put away"


class NeedRecorded(Event):
    name: ClassVar[str] = "plan.need_recorded"
    said: ClassVar[str] = "Need recorded in the release plan"
    domain: str
    side: Side
    status: NeedStatus


class ChecklistRecorded(Event):
    name: ClassVar[str] = "plan.checklist_recorded"
    said: ClassVar[str] = "Day-of-release checklist updated"
    code: str
    done: bool


class AddressRecorded(Event):
    name: ClassVar[str] = "plan.address_recorded"
    said: ClassVar[str] = "Address for the night of release recorded"


class MedicinesRecorded(Event):
    name: ClassVar[str] = "plan.medicines_recorded"
    said: ClassVar[str] = "Medicines on release recorded"
    naloxone: Naloxone


class FirstAppointmentConfirmed(Event):
    """A first treatment appointment has a place, a time and a named worker."""

    name: ClassVar[str] = "plan.first_appointment_confirmed"
    said: ClassVar[str] = "First community appointment confirmed"


class AppointmentBooked(Event):
    name: ClassVar[str] = "appointment.booked"
    said: ClassVar[str] = "Appointment booked"
    kind: str


class AppointmentMoved(Event):
    """The subject is the appointment that was; `now_id` the one that takes its place, if any does."""

    name: ClassVar[str] = "appointment.moved"
    said: ClassVar[str] = "Appointment moved"
    kind: str
    now_id: UUID | None = None


class PlanSubmitted(Event):
    name: ClassVar[str] = "plan.submitted"
    said: ClassVar[str] = "Release plan put forward for agreement"


class PlanReturned(Event):
    name: ClassVar[str] = "plan.returned"
    said: ClassVar[str] = "Release plan returned"


class PlanAgreed(Event):
    name: ClassVar[str] = "plan.agreed"
    said: ClassVar[str] = "Release plan agreed"
    gaps: tuple[str, ...] = ()


class PlanReopened(Event):
    name: ClassVar[str] = "plan.reopened"
    said: ClassVar[str] = "Release plan opened again"


class CardPrinted(Event):
    """The person's own copy was made."""

    name: ClassVar[str] = "plan.card_printed"
    said: ClassVar[str] = "Release-day card printed"
    language: str
    left_out: int = 0  # appointments that did not fit on the sheet

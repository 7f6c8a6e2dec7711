"""A release plan to work on in tests of pages and of the card."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path

from throughcare.casework.people import Case, SafeContact
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.ports import DoesNotFit, Printing
from throughcare.kernel.reference import Reference
from throughcare.kernel.work import Desk
from throughcare.release import appointments, plans, writing
from throughcare.release.forms import AddressForm, AppointmentForm, MedicinesForm
from throughcare.release.rules import Bridging, Known, Naloxone

RELEASE = date(2027, 1, 20)
FONTS = Path("throughcare/web/static/paper")
DOSES = MedicinesForm(
    opioid_need=Known.YES, opioid_medicine=Known.YES, naloxone=Naloxone.ACCEPTED, naloxone_trained=True,
    next_dose_on=RELEASE + timedelta(days=1), next_dose_time=time(10), next_dose_where="Quay Pharmacy",
    next_dose_phone="01632 960207", bridging=Bridging.CONFIRMED,
)  # fmt: skip


def booking(world, days=1, **changed):
    given = {
        "kind": "first_treatment", "agency_id": world.agencies["provider"], "on": RELEASE + timedelta(days=days),
        "at": time(9, 30), "place": "12 Quay Street, Ashby", "with_whom": "Sam Okoro", "phone": "01632 960201",
    }  # fmt: skip
    return AppointmentForm(**{**given, **changed})


def planned(desk, world, safe_name="Ro", **person):
    """A case with a plan, an appointment, an address and a next dose."""
    case = world.case(**person)
    with desk.work(SYSTEM) as work:
        row = work.session.get(Case, case)
        row.release_on = RELEASE
        work.session.add(row)
        work.add(SafeContact(case_id=case, safe_name=safe_name))
    with desk.work(world.officer) as work:
        plans.start(work, case)
        appointments.book(work, case, booking(world))
        writing.record_address(work, case, AddressForm(lodged=True, tonight="3 Harbour Row, Ashby"))
    with desk.work(world.healthcare) as work:
        writing.record_medicines(work, case, DOSES)
    return case


class PaperTray:
    """A fake `Printer`: keeps what it was given, and has room for so many appointments."""

    def __init__(self, room: int = 9) -> None:
        self.room = room
        self.printed: list[tuple[str, dict]] = []

    def print(self, document, data):
        if len(data["sections"][0]["blocks"]) > self.room + 1:
            raise DoesNotFit
        self.printed.append((document, dict(data)))
        return b"%PDF"


def printing_to(desk: Desk, printer) -> Desk:
    held = {**desk.reference.held, Printing: Printing(printer)}
    return Desk(desk.engine, desk.clock, desk.reactions, Reference(held))

"""What may be told of a release plan: each field on its own basis."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from throughcare.casework.rows import AppointmentStatus
from throughcare.disclosure.reading import Tells, View
from throughcare.kernel.categories import Category
from throughcare.release.offers import Move
from throughcare.release.rules import (
    Agreement,
    Bridging,
    Gap,
    Known,
    Naloxone,
    NeedSource,
    NeedStatus,
    PlanStatus,
    Severity,
    Side,
)
from throughcare.release.rules.card import Dose, Stop

RECORD, PLAN, HOUSING, MEDICATION = Category.RECORD, Category.PLAN, Category.HOUSING, Category.MEDICATION
Text = Annotated[str, Tells(PLAN)]


class PlanShown(View):
    """The plan itself."""

    id: UUID
    version: int
    status: PlanStatus | None = None
    started_on: date | None = None
    compressed: bool = False
    late: Annotated[tuple[str, ...], Tells(PLAN)] = ()  # standards that could not be met from the start
    gaps: Annotated[tuple[Gap, ...], Tells(PLAN)] = ()
    handover_wanted: Annotated[bool, Tells(PLAN)] = False
    moves: Annotated[tuple[Move, ...], Tells(PLAN)] = ()
    may_write: Annotated[bool, Tells(PLAN)] = False  # needs and the address
    may_record: Annotated[bool, Tells(PLAN)] = False  # updates, appointments and the checklist
    may_prescribe: Annotated[bool, Tells(PLAN)] = False
    author: Text = ""
    approver: Text = ""
    submitted_at: datetime | None = None
    agreed_at: datetime | None = None
    person_agrees: Agreement | None = None
    person_agrees_how: str = ""
    returned_because: str = ""
    agreed_gaps: list[Any] | None = None
    agreed_because: str = ""
    reopened_because: str = ""


class UpdateShown(View):
    """One dated update."""

    created_at: datetime
    said: str = ""
    status: NeedStatus | None = None
    worker: Annotated[str, Tells(RECORD)] = ""


class NeedShown(View):
    """One need. Its words are told as housing where it is a need for somewhere to live."""

    id: UUID
    version: int
    domain: str = ""
    what: str = ""
    severity: Severity | None = None
    side: Side | None = None
    action: str = ""
    due_on: date | None = None
    source: NeedSource | None = None
    identified_on: date | None = None
    status: NeedStatus | None = None
    evidence: str = ""
    owner_worker_id: UUID | None = None
    owner_agency_id: UUID | None = None
    owner: Annotated[str, Tells(RECORD)] = ""
    updates: Annotated[tuple[UpdateShown, ...], Tells(RECORD)] = ()  # each already told on its own basis


class AppointmentShown(View):
    """A planned appointment: until it is kept it is part of the plan; what came of it is attendance."""

    id: UUID
    version: int
    kind: Text = ""
    agency: Text = ""
    agency_id: Annotated[UUID | None, Tells(PLAN)] = None
    at: Annotated[datetime | None, Tells(PLAN)] = None
    place: Text = ""
    with_whom: Text = ""
    phone: Text = ""
    booked: Annotated[bool, Tells(PLAN)] = False
    status: AppointmentStatus | None = None


class ItemShown(View):
    """One line of the day-of-release checklist."""

    id: UUID
    version: int
    code: str = ""
    label: Text = ""
    hint: Text = ""
    needed: Known | None = None
    arranged_by: str = ""
    done: bool = False
    evidence: str = ""
    fallback: str = ""


class LodgingShown(View):
    """Where they sleep."""

    id: UUID
    version: int
    no_fixed_abode: bool | None = None
    tonight: str = ""
    tonight_phone: str = ""
    later_nights: str = ""
    council_told: str = ""
    recorded_at: datetime | None = None


class MedicinesShown(View):
    """Naloxone and the next dose; a throughcare officer without consent is told the flags alone."""

    id: UUID
    version: int
    naloxone: Naloxone | None = None
    naloxone_trained: bool | None = None
    next_dose_arranged: Annotated[bool | None, Tells(MEDICATION, summary=True)] = None
    opioid_need: Known | None = None
    opioid_medicine: Known | None = None
    naloxone_kit: str | None = None
    naloxone_expires_on: date | None = None
    last_supervised_on: date | None = None
    next_dose_at: datetime | None = None
    next_dose_where: str | None = None
    next_dose_phone: str | None = None
    bridging: Bridging | None = None
    bridging_pharmacy: str | None = None
    in_hand: str | None = None
    recorded_at: datetime | None = None


class CardShown(View):
    """What the person's own card may hold when this reader prints it."""

    safe_name: Annotated[str, Tells(Category.CONTACT)] = ""
    stops: Annotated[tuple[Stop, ...], Tells(PLAN)] = ()
    tonight: Annotated[str, Tells(HOUSING)] = ""
    tonight_phone: Annotated[str, Tells(HOUSING)] = ""
    later_nights: Annotated[str, Tells(HOUSING)] = ""
    dose: Annotated[Dose | None, Tells(MEDICATION)] = None
    dose_arranged: Annotated[bool, Tells(MEDICATION, summary=True)] = False
    worker: Annotated[str, Tells(RECORD)] = ""
    worker_phone: Annotated[str, Tells(RECORD)] = ""


class PlanPage(BaseModel):
    """The Plan page of one case. Without a plan, `may_start` says whether this reader may start one."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    plan: PlanShown | None = None
    may_start: bool = False
    release_on: date | None = None
    domains: tuple[tuple[str, str], ...] = ()  # code, label: the pathways offered for this person
    needs: tuple[NeedShown, ...] = ()
    appointments: tuple[AppointmentShown, ...] = ()
    checklist: tuple[ItemShown, ...] = ()
    lodging: LodgingShown | None = None
    medicines: MedicinesShown | None = None

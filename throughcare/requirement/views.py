"""What may be told of requirements, each field on its own basis."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from throughcare.casework.rows import AppointmentStatus
from throughcare.casework.views import Tells, View
from throughcare.kernel.actors import Jurisdiction
from throughcare.kernel.categories import Category
from throughcare.requirement.body import Counts, SampleLine
from throughcare.requirement.words import (
    AbsenceStatus,
    ContactRoute,
    Ending,
    EnforcementChoice,
    Evidence,
    OrderKind,
    Rating,
    Recommendation,
    ReportStatus,
    SamplePurpose,
    SampleResult,
    SampleStage,
    SampleStatus,
    SampleType,
    TreatmentStage,
    WarningStatus,
)

RECORD, CUSTODY, ATTENDANCE, RISK = Category.RECORD, Category.CUSTODY, Category.ATTENDANCE, Category.RISK


class RequirementShown(View):
    """One requirement, with the words of its jurisdiction."""

    id: UUID
    version: int
    kind: str | None = None
    kind_name: Annotated[str, Tells(CUSTODY)] = ""
    order: OrderKind | None = None
    jurisdiction: Jurisdiction | None = None
    reference: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    agency: Annotated[str, Tells(RECORD)] = ""
    officer: Annotated[str, Tells(RECORD)] = ""
    officer_word: Annotated[str, Tells(RECORD)] = ""
    supervisor_word: Annotated[str, Tells(RECORD)] = ""
    told_on: date | None = None
    supervision_from: date | None = None
    period_ends_on: date | None = None
    ended_on: date | None = None
    ended_because: Ending | None = None


class Decision(BaseModel):
    """One decision on an absence; all are kept."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    outcome: AbsenceStatus
    reason: str
    because: str
    by: str
    at: datetime


class OrderedShown(View):
    """One ordered appointment and what became of it. Place and person are for those who arrange it."""

    id: UUID
    version: int
    requirement_id: UUID | None = None
    kind_name: Annotated[str, Tells(ATTENDANCE)] = ""
    at: datetime | None = None
    agency: Annotated[str, Tells(ATTENDANCE)] = ""
    place: Annotated[str, Tells(Category.PLAN)] = ""
    with_whom: Annotated[str, Tells(Category.PLAN)] = ""
    status: AppointmentStatus | None = None
    reason: Annotated[str, Tells(ATTENDANCE)] = ""
    absence: Annotated[AbsenceStatus | None, Tells(ATTENDANCE)] = None
    notified_at: Annotated[datetime | None, Tells(ATTENDANCE)] = None
    evidence: Annotated[Evidence | None, Tells(ATTENDANCE)] = None
    evidence_on: Annotated[date | None, Tells(ATTENDANCE)] = None
    followed_up_on: Annotated[date | None, Tells(ATTENDANCE)] = None
    enforcement: Annotated[EnforcementChoice | None, Tells(ATTENDANCE)] = None
    decisions: Annotated[tuple[Decision, ...], Tells(ATTENDANCE)] = ()


class WarningShown(View):
    """One warning."""

    id: UUID
    version: int
    appointment_id: UUID
    status: WarningStatus | None = None
    given_on: date | None = None
    expires_on: date | None = None
    circumstances: str | None = None
    withdrawn_on: date | None = None
    withdrawn_because: str | None = None


class SampleShown(View):
    """One test."""

    id: UUID
    version: int
    requirement_id: UUID
    type: SampleType | None = None
    purpose: SamplePurpose | None = None
    status: SampleStatus | None = None
    collected_on: date | None = None
    lab_received_at: datetime | None = None
    result_on: date | None = None
    result: SampleResult | None = None
    stage: SampleStage | None = None


class RiskShown(View):
    """That risk changed, and whom to ring."""

    id: UUID
    version: int
    requirement_id: UUID
    changed_on: date | None = None
    route: ContactRoute | None = None
    ring: Annotated[str, Tells(RISK)] = ""
    notified_at: datetime | None = None
    acknowledged_at: datetime | None = None


class ReportShown(View):
    """One version of one report."""

    id: UUID
    version: int
    case_id: UUID
    requirement_id: UUID
    agency_id: UUID
    agency: Annotated[str, Tells(RECORD)] = ""
    to_agency: Annotated[str, Tells(RECORD)] = ""
    requirement_name: Annotated[str, Tells(CUSTODY)] = ""
    order: Annotated[OrderKind | None, Tells(CUSTODY)] = None
    reference: Annotated[str, Tells(CUSTODY)] = ""
    period_from: date | None = None
    period_to: date | None = None
    number: int = 1
    replaces_id: UUID | None = None
    replaced_by_id: UUID | None = None
    status: ReportStatus | None = None
    due_at: datetime | None = None
    counts: Annotated[Counts | None, Tells(ATTENDANCE)] = None
    tests: Annotated[tuple[SampleLine, ...], Tells(Category.DRUG_TEST)] = ()
    rating: Rating | None = None
    sentence: str | None = None
    risk_changed: bool | None = None
    stage: TreatmentStage | None = None
    recommendation: Recommendation | None = None
    author: Annotated[str, Tells(RECORD)] = ""
    countersigner: Annotated[str, Tells(RECORD)] = ""
    returned_because: str | None = None
    whole: Annotated[bool, Tells(RECORD)] = True  # still what was hashed when it was sent
    sha256: str | None = None
    sent_at: datetime | None = None
    acknowledged_at: datetime | None = None

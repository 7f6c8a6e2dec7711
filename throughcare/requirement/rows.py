"""What is written down of requirements: orders, absences, warnings, tests, changes of risk and reports."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text

from throughcare.kernel.actors import Jurisdiction
from throughcare.kernel.categories import Category
from throughcare.kernel.rows import CaseRow, column, one_of, when
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


class Requirement(CaseRow, table=True):
    """What a court or a licence requires, or that nothing does. `until_on` is the last day it requires any sharing."""

    __tablename__ = "requirement"
    __table_args__ = (
        Index(
            "ix_requirement_period", "period_ends_on",
            postgresql_where=text("ended_on IS NULL"), sqlite_where=text("ended_on IS NULL"),
        ),
    )  # fmt: skip
    kind: str = column(Category.CUSTODY)  # a code of requirements.toml
    order: OrderKind = one_of(OrderKind, Category.CUSTODY)
    jurisdiction: Jurisdiction = one_of(Jurisdiction)
    reference: str = column(Category.CUSTODY, default="")  # the court's or the licence's
    starts_on: date = column(Category.CUSTODY)
    ends_on: date | None = column(Category.CUSTODY, default=None)  # as the order has it
    agency_id: UUID | None = column(Category.RECORD, default=None, index=True, foreign_key="agency.id")
    officer_id: UUID | None = column(Category.RECORD, default=None, index=True, foreign_key="worker.id")
    told_on: date | None = column(Category.CUSTODY, default=None)  # told what goes to probation, and signed
    supervision_from: date | None = column(Category.CUSTODY, default=None)
    first_seen_at: datetime | None = when(default=None)  # the first supervision appointment's outcome was recorded
    period_ends_on: date | None = column(Category.RECORD, default=None)  # the report period now running
    ended_on: date | None = column(Category.CUSTODY, default=None)
    ended_because: Ending | None = one_of(Ending, Category.CUSTODY, default=None, nullable=True)
    until_on: date | None = column(Category.RECORD, default=None)


class Absence(CaseRow, table=True):
    """A missed ordered appointment: who was told, what was seen, and what the supervising agency made of it."""

    __tablename__ = "absence"
    __table_args__ = (UniqueConstraint("appointment_id"),)
    requirement_id: UUID = column(Category.RECORD, index=True, foreign_key="requirement.id")
    appointment_id: UUID = column(Category.RECORD, foreign_key="appointment.id")
    missed_on: date = column(Category.ATTENDANCE)
    status: AbsenceStatus = one_of(AbsenceStatus, Category.ATTENDANCE, default=AbsenceStatus.UNDECIDED)
    reason: str = column(Category.ATTENDANCE, default="")  # a code: why it was decided so
    notified_at: datetime | None = when(Category.ATTENDANCE, default=None)
    notified_by: UUID | None = column(Category.RECORD, default=None)
    evidence: Evidence | None = one_of(Evidence, Category.ATTENDANCE, default=None, nullable=True)
    evidence_on: date | None = column(Category.ATTENDANCE, default=None)
    followed_up_on: date | None = column(Category.ATTENDANCE, default=None)
    enforcement: EnforcementChoice | None = one_of(EnforcementChoice, Category.ATTENDANCE, default=None, nullable=True)
    enforcement_on: date | None = column(Category.ATTENDANCE, default=None)
    enforcement_by: UUID | None = column(Category.RECORD, default=None)


class AbsenceDecision(CaseRow, table=True):
    """One decision on an absence. All are kept; each after the first says why."""

    __tablename__ = "absence_decision"
    absence_id: UUID = column(Category.RECORD, index=True, foreign_key="absence.id")
    outcome: AbsenceStatus = one_of(AbsenceStatus, Category.ATTENDANCE)
    reason: str = column(Category.ATTENDANCE, default="")
    because: str = column(Category.ATTENDANCE, default="")
    decided_by: UUID = column(Category.RECORD)
    decided_at: datetime = when(Category.ATTENDANCE)


class RequirementWarning(CaseRow, table=True):
    """A warning with its prescribed contents, given by the supervising agency about one absence."""

    __tablename__ = "requirement_warning"
    requirement_id: UUID = column(Category.RECORD, index=True, foreign_key="requirement.id")
    appointment_id: UUID = column(Category.RECORD, index=True, foreign_key="appointment.id")
    status: WarningStatus = one_of(WarningStatus, Category.ATTENDANCE, default=WarningStatus.GIVEN)
    given_on: date = column(Category.ATTENDANCE)
    expires_on: date = column(Category.ATTENDANCE)
    given_by: UUID = column(Category.RECORD)
    circumstances: str = column(Category.ATTENDANCE)
    says_unacceptable: bool = column(Category.ATTENDANCE)
    says_liable: bool = column(Category.ATTENDANCE)
    withdrawn_on: date | None = column(Category.ATTENDANCE, default=None)
    withdrawn_because: str = column(Category.ATTENDANCE, default="")


class DrugTest(CaseRow, table=True):
    """A test as facts. An ordered one is told to the supervising agency; a clinical one is a clinical note."""

    __tablename__ = "drug_test"
    requirement_id: UUID = column(Category.RECORD, index=True, foreign_key="requirement.id")
    type: SampleType = one_of(SampleType, Category.DRUG_TEST)
    purpose: SamplePurpose = one_of(SamplePurpose, Category.DRUG_TEST)
    status: SampleStatus = one_of(SampleStatus, Category.DRUG_TEST, default=SampleStatus.COLLECTED)
    collected_on: date = column(Category.DRUG_TEST)
    lab_received_at: datetime | None = when(Category.DRUG_TEST, default=None)
    result_on: date | None = column(Category.DRUG_TEST, default=None)
    result: SampleResult | None = one_of(SampleResult, Category.DRUG_TEST, default=None, nullable=True)
    stage: SampleStage | None = one_of(SampleStage, Category.DRUG_TEST, default=None, nullable=True)

    def category_of(self, name: str) -> Category:
        told = super().category_of(name)
        clinical = told is Category.DRUG_TEST and self.purpose is SamplePurpose.CLINICAL
        return Category.CLINICAL if clinical else told


class RiskChange(CaseRow, table=True):
    """That risk to the person or to others has changed, and whom to ring: what changed is said by phone."""

    __tablename__ = "risk_change"
    requirement_id: UUID = column(Category.RECORD, index=True, foreign_key="requirement.id")
    changed_on: date = column(Category.RISK)
    route: ContactRoute = one_of(ContactRoute, Category.RISK)
    agency_id: UUID = column(Category.RECORD)
    worker_id: UUID = column(Category.RECORD)
    notified_at: datetime | None = when(Category.RISK, default=None)
    acknowledged_at: datetime | None = when(Category.RISK, default=None)
    acknowledged_by: UUID | None = column(Category.RECORD, default=None)


class ComplianceReport(CaseRow, table=True):
    """One version of one period's report. `rendered` is set when it is drafted and frozen once it is sent."""

    __tablename__ = "compliance_report"
    __table_args__ = (UniqueConstraint("requirement_id", "period_from", "number"),)
    requirement_id: UUID = column(Category.RECORD, index=True, foreign_key="requirement.id")
    agency_id: UUID = column(Category.RECORD, index=True, foreign_key="agency.id")  # who writes it
    to_agency_id: UUID = column(Category.RECORD, index=True, foreign_key="agency.id")
    period_from: date = column(Category.ATTENDANCE)
    period_to: date = column(Category.ATTENDANCE)
    number: int = column(Category.RECORD, default=1)
    replaces_id: UUID | None = column(Category.RECORD, default=None)
    replaced_by_id: UUID | None = column(Category.RECORD, default=None)
    status: ReportStatus = one_of(ReportStatus, default=ReportStatus.DUE)
    due_at: datetime = when()
    rating: Rating | None = one_of(Rating, Category.ENGAGEMENT, default=None, nullable=True, summary=True)
    sentence: str = column(Category.ENGAGEMENT, default="", summary=True)
    risk_changed: bool | None = column(Category.RISK, default=None)
    stage: TreatmentStage | None = one_of(
        TreatmentStage, Category.ENGAGEMENT, default=None, nullable=True, summary=True
    )
    recommendation: Recommendation | None = one_of(
        Recommendation, Category.ENGAGEMENT, default=None, nullable=True, summary=True
    )
    rendered: str = column(Category.DRUG_TEST, default="")  # the strictest of what it holds
    sha256: str = column(Category.RECORD, default="")
    author_id: UUID | None = column(Category.RECORD, default=None)
    countersigner_id: UUID | None = column(Category.RECORD, default=None)
    returned_because: str = column(Category.PLAN, default="")
    sent_at: datetime | None = when(default=None)
    sent_by: UUID | None = column(Category.RECORD, default=None)
    acknowledged_at: datetime | None = when(default=None)
    acknowledged_by: UUID | None = column(Category.RECORD, default=None)

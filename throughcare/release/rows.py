"""Release-planning tables: the plan, its needs with their dated updates, the checklist, tonight's address and medicines."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text

from throughcare.kernel.categories import Category
from throughcare.kernel.rows import CaseRow, column, one_of, several, when
from throughcare.release.rules import (
    Agreement,
    Bridging,
    Known,
    Naloxone,
    NeedSource,
    NeedStatus,
    PlanStatus,
    Severity,
    Side,
)

HOUSED = "accommodation"  # the pathway whose needs tell of housing, and are told as housing


class ReleasePlan(CaseRow, table=True):
    """The plan for one stay in custody. A recall puts it away with `replaced_at`; the next stay has its own."""

    __tablename__ = "release_plan"
    __table_args__ = (
        Index(
            "uq_release_plan_current", "case_id", unique=True,
            postgresql_where=text("replaced_at IS NULL"), sqlite_where=text("replaced_at IS NULL"),
        ),
    )  # fmt: skip
    episode_id: UUID = column(Category.RECORD, foreign_key="custody_episode.id")
    status: PlanStatus = one_of(PlanStatus, default=PlanStatus.DRAFT)
    started_on: date = column(Category.PLAN)
    started_by: UUID = column(Category.RECORD)
    compressed: bool = column(Category.PLAN, default=False)  # less than the standard time was left at the start
    submitted_at: datetime | None = when(default=None)
    submitted_by: UUID | None = column(Category.RECORD, default=None)
    person_agrees: Agreement | None = one_of(Agreement, Category.PLAN, default=None, nullable=True)
    person_agrees_how: str = column(Category.PLAN, default="")
    returned_because: str = column(Category.PLAN, default="")
    agreed_at: datetime | None = when(default=None)
    agreed_by: UUID | None = column(Category.RECORD, default=None)
    agreed_gaps: list[Any] = several(Category.PLAN)  # codes of what was missing when it was agreed
    agreed_because: str = column(Category.PLAN, default="")
    reopened_because: str = column(Category.PLAN, default="")
    replaced_at: datetime | None = when(default=None)


class Need(CaseRow, table=True):
    """What the person needs on one pathway, who sees to it and by when."""

    __tablename__ = "need"
    plan_id: UUID = column(Category.RECORD, index=True, foreign_key="release_plan.id")
    domain: str = column(Category.PLAN)
    what: str = column(Category.PLAN)
    severity: Severity = one_of(Severity, Category.PLAN)
    side: Side = one_of(Side, Category.PLAN)
    owner_worker_id: UUID | None = column(Category.PLAN, default=None, foreign_key="worker.id")
    owner_agency_id: UUID | None = column(Category.PLAN, default=None, foreign_key="agency.id")
    action: str = column(Category.PLAN, default="")
    due_on: date | None = column(Category.PLAN, default=None)
    source: NeedSource = one_of(NeedSource, Category.PLAN)
    identified_on: date = column(Category.PLAN)
    status: NeedStatus = one_of(NeedStatus, Category.PLAN, default=NeedStatus.OPEN)
    evidence: str = column(Category.PLAN, default="")

    def category_of(self, name: str) -> Category:
        """A need for somewhere to live tells of housing; every other need tells of the plan."""
        category = super().category_of(name)
        return Category.HOUSING if category is Category.PLAN and self.domain == HOUSED else category


class NeedUpdate(CaseRow, table=True):
    """What was done about a need, and when. Kept, never changed."""

    __tablename__ = "need_update"
    need_id: UUID = column(Category.RECORD, index=True, foreign_key="need.id")
    by: UUID = column(Category.RECORD)
    domain: str = column(Category.PLAN)
    status: NeedStatus = one_of(NeedStatus, Category.PLAN)
    said: str = column(Category.PLAN)

    def category_of(self, name: str) -> Category:
        """As the need it is about."""
        category = super().category_of(name)
        return Category.HOUSING if category is Category.PLAN and self.domain == HOUSED else category


class ChecklistItem(CaseRow, table=True):
    """One thing that must be right on the day of release (DOMAIN C.4)."""

    __tablename__ = "checklist_item"
    __table_args__ = (UniqueConstraint("plan_id", "code"),)
    plan_id: UUID = column(Category.RECORD, index=True, foreign_key="release_plan.id")
    code: str = column(Category.PLAN)
    needed: Known = one_of(Known, Category.PLAN, default=Known.NOT_KNOWN)
    arranged_by: str = column(Category.PLAN, default="")
    done: bool = column(Category.PLAN, default=False)
    evidence: str = column(Category.PLAN, default="")
    fallback: str = column(Category.PLAN, default="")
    recorded_at: datetime | None = when(default=None)
    recorded_by: UUID | None = column(Category.RECORD, default=None)


class Lodging(CaseRow, table=True):
    """Where the person sleeps on the night of release, and on the six after it."""

    __tablename__ = "lodging"
    __table_args__ = (UniqueConstraint("plan_id"),)
    plan_id: UUID = column(Category.RECORD, foreign_key="release_plan.id")
    no_fixed_abode: bool = column(Category.HOUSING, default=False)
    tonight: str = column(Category.HOUSING, default="")
    tonight_phone: str = column(Category.HOUSING, default="")
    later_nights: str = column(Category.HOUSING, default="")
    council_told: str = column(Category.HOUSING, default="")  # the duty to refer: which council, when, with consent
    recorded_at: datetime | None = when(default=None)
    recorded_by: UUID | None = column(Category.RECORD, default=None)


class LeavingMedicines(CaseRow, table=True):
    """Naloxone, the next dose, and what covers the days between the last one and the first clinic (DOMAIN B.4)."""

    __tablename__ = "leaving_medicines"
    __table_args__ = (UniqueConstraint("plan_id"),)
    plan_id: UUID = column(Category.RECORD, foreign_key="release_plan.id")
    opioid_need: Known = one_of(Known, Category.MEDICATION, named="opioid_need", default=Known.NOT_KNOWN)
    opioid_medicine: Known = one_of(Known, Category.MEDICATION, named="opioid_medicine", default=Known.NOT_KNOWN)
    naloxone: Naloxone = one_of(Naloxone, Category.MEDICATION, summary=True, default=Naloxone.NOT_OFFERED)
    naloxone_trained: bool = column(Category.MEDICATION, summary=True, default=False)
    naloxone_kit: str = column(Category.MEDICATION, default="")
    naloxone_expires_on: date | None = column(Category.MEDICATION, default=None)
    last_supervised_on: date | None = column(Category.MEDICATION, default=None)
    next_dose_at: datetime | None = when(Category.MEDICATION, default=None)
    next_dose_where: str = column(Category.MEDICATION, default="")
    next_dose_phone: str = column(Category.MEDICATION, default="")
    bridging: Bridging = one_of(Bridging, Category.MEDICATION, default=Bridging.NOT_ARRANGED)
    bridging_pharmacy: str = column(Category.MEDICATION, default="")
    in_hand: str = column(Category.MEDICATION, default="")  # medicines and days of supply to be given at the gate
    recorded_at: datetime | None = when(default=None)
    recorded_by: UUID | None = column(Category.RECORD, default=None)

"""What may be told of brief interventions and specialist referrals."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.sides import Side
from throughcare.disclosure.reading import View
from throughcare.intervention.rows import (
    Assessed,
    BriefIntervention,
    BriefStatus,
    DeclinedBy,
    ExtendedSession,
    FirstContact,
    ReferralStatus,
    SpecialistReferral,
)
from throughcare.kernel.categories import Category
from throughcare.kernel.work import Work


class BriefShown(View):
    """One brief intervention."""

    id: UUID
    version: int
    side: Side | None = None
    status: BriefStatus | None = None
    extended: bool | None = None
    offered_at: datetime | None = None
    given_on: date | None = None
    delivered_by: UUID | None = None
    trained: bool | None = None
    minutes: int | None = None
    elements: list[Any] | None = None
    readiness: int | None = None
    goal: str | None = None
    leaflet: bool | None = None
    follow_up_on: date | None = None
    followed_up_on: date | None = None
    follow_up_note: str | None = None
    declined_because: str | None = None


class SessionShown(View):
    """One extended session."""

    id: UUID
    intervention_id: UUID
    on: date | None = None
    minutes: int | None = None
    note: str | None = None


class ReferralShown(View):
    """One specialist referral."""

    id: UUID
    version: int
    side: Side | None = None
    status: ReferralStatus | None = None
    today: bool | None = None
    to_service: str | None = None
    referred_at: datetime | None = None
    accepted_on: date | None = None
    appointment_on: date | None = None
    seen_on: date | None = None
    seen_by: str | None = None
    concluded_on: date | None = None
    assessed: Assessed | None = None
    note: str | None = None
    declined_by: DeclinedBy | None = None
    declined_because: str | None = None


class ContactShown(View):
    """The substance team's first contact."""

    id: UUID
    on: date | None = None
    note: str | None = None


class CaseInterventions(BaseModel):
    """Everything about interventions on one case, newest first."""

    briefs: list[BriefShown]
    sessions: list[SessionShown]
    referrals: list[ReferralShown]
    contacts: list[ContactShown]


def page(work: Work, case_id: UUID) -> CaseInterventions:
    """NotFound where there is no standing."""
    access.find_case(work, case_id)
    if not access.told(work, case_id, Category.PLAN):
        return CaseInterventions(briefs=[], sessions=[], referrals=[], contacts=[])
    return CaseInterventions(
        briefs=access.show_all(work, _of(work, BriefIntervention, case_id), BriefShown),
        sessions=access.show_all(work, _of(work, ExtendedSession, case_id), SessionShown),
        referrals=access.show_all(work, _of(work, SpecialistReferral, case_id), ReferralShown),
        contacts=access.show_all(work, _of(work, FirstContact, case_id), ContactShown),
    )


def _of(work: Work, kind: Any, case_id: UUID) -> list[Any]:
    found = select(kind).where(kind.case_id == case_id).order_by(col(kind.created_at).desc())
    return list(work.session.exec(found))

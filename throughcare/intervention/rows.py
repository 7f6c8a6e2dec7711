"""What is written down of brief interventions, specialist referrals and the first contact with the substance team."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from throughcare.casework.sides import Side
from throughcare.kernel.categories import Category
from throughcare.kernel.forms import Word
from throughcare.kernel.rows import CaseRow, column, one_of, several, when


class BriefStatus(Word):
    """Where a brief intervention is."""

    DUE = "due", "To be offered"
    OFFERED = "offered", "Offered"
    GIVEN = "given", "Given"
    FOLLOWED_UP = "followed_up", "Followed up"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "No longer called for"


class ReferralStatus(Word):
    """Where a specialist referral is."""

    DUE = "due", "To be arranged"
    ON_OFFER = "on_offer", "On offer"
    REFERRED = "referred", "Referred"
    ACCEPTED = "accepted", "Accepted"
    SEEN = "seen", "Seen"
    CONCLUDED = "concluded", "Outcome recorded"
    DECLINED = "declined", "Declined"


class DeclinedBy(Word):
    """Whose no it was."""

    PERSON = "person", "The person"
    SERVICE = "service", "The specialist service"


class Assessed(Word):
    """What a specialist assessment came to."""

    TREATMENT = "treatment", "Treatment starts"
    CONTINUED = "continued", "Treatment already in place goes on"
    NOT_NEEDED = "not_needed", "No treatment needed"
    NOT_WANTED = "not_wanted", "Treatment not wanted now"
    MOVED_ON = "moved_on", "Passed to another service"


class BriefIntervention(CaseRow, table=True):
    """One brief intervention on one side, and what came of it. `outcome_id` is the screening outcome that called for it."""

    __tablename__ = "brief_intervention"
    side: Side = one_of(Side, Category.PLAN)
    outcome_id: UUID = column(Category.RECORD, index=True)
    status: BriefStatus = one_of(BriefStatus, Category.PLAN, default=BriefStatus.DUE)
    extended: bool = column(Category.PLAN, default=False)  # further sessions are to follow
    offered_at: datetime | None = when(Category.PLAN, default=None)
    offered_by: UUID | None = column(Category.RECORD, default=None)
    given_on: date | None = column(Category.PLAN, default=None)
    delivered_by: UUID | None = column(Category.RECORD, default=None, foreign_key="worker.id")
    trained: bool | None = column(Category.RECORD, default=None)
    minutes: int | None = column(Category.PLAN, default=None)
    elements: list[Any] = several(Category.PLAN)
    readiness: int | None = column(Category.PLAN, default=None)  # 0 to 10
    goal: str = column(Category.PLAN, default="")  # in the person's words
    leaflet: bool = column(Category.PLAN, default=False)
    follow_up_on: date | None = column(Category.PLAN, default=None)
    followed_up_on: date | None = column(Category.PLAN, default=None)
    follow_up_note: str = column(Category.PLAN, default="")
    declined_because: str = column(Category.PLAN, default="")


class ExtendedSession(CaseRow, table=True):
    """One session of the series that follows a brief intervention."""

    __tablename__ = "extended_session"
    intervention_id: UUID = column(Category.RECORD, index=True, foreign_key="brief_intervention.id")
    on: date = column(Category.PLAN)
    minutes: int = column(Category.PLAN)
    by: UUID = column(Category.RECORD, foreign_key="worker.id")
    note: str = column(Category.PLAN, default="")


class SpecialistReferral(CaseRow, table=True):
    """A referral for specialist assessment on one side. On offer: beside a brief intervention, because of illness."""

    __tablename__ = "specialist_referral"
    side: Side = one_of(Side, Category.PLAN)
    outcome_id: UUID = column(Category.RECORD, index=True)
    status: ReferralStatus = one_of(ReferralStatus, Category.PLAN)
    today: bool = column(Category.PLAN, default=False)  # the same day: there is a risk of withdrawal
    to_service: str = column(Category.PLAN, default="")
    referred_at: datetime | None = when(Category.PLAN, default=None)
    referred_by: UUID | None = column(Category.RECORD, default=None)
    accepted_on: date | None = column(Category.PLAN, default=None)
    appointment_on: date | None = column(Category.PLAN, default=None)
    seen_on: date | None = column(Category.PLAN, default=None)
    seen_by: str = column(Category.PLAN, default="")
    concluded_on: date | None = column(Category.PLAN, default=None)
    assessed: Assessed | None = one_of(Assessed, Category.PLAN, default=None, nullable=True)
    note: str = column(Category.CLINICAL, default="")
    declined_by: DeclinedBy | None = one_of(DeclinedBy, Category.PLAN, default=None, nullable=True)
    declined_because: str = column(Category.PLAN, default="")


class FirstContact(CaseRow, table=True):
    """The substance team's first contact with the person after a reception."""

    __tablename__ = "first_contact"
    on: date = column(Category.PLAN)
    by: UUID = column(Category.RECORD, foreign_key="worker.id")
    note: str = column(Category.CLINICAL, default="")

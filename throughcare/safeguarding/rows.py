"""Children, concerns about them, consultations, referrals and decisions to share or not."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from throughcare.kernel.categories import Category
from throughcare.kernel.forms import Word
from throughcare.kernel.rows import CaseRow, column, one_of, several, when
from throughcare.safeguarding.rules import Level

C = Category.CHILD


class Child(CaseRow, table=True):
    """A child the person lives with, cares for or sees; or one not yet born."""

    __tablename__ = "child"
    name: str = column(C, default="")
    age: int | None = column(C, default=None)
    unborn: bool = column(C, default=False)
    lives_with: str = column(C, default="")
    contact: str = column(C, default="")
    other_services: str = column(C, default="")


class ConcernStatus(Word):
    """Whether anything is still to be done about a concern."""

    OPEN = "open"
    CLOSED = "closed"


class Concern(CaseRow, table=True):
    """A concern at a level of need. Its level alone is the summary others may know."""

    __tablename__ = "concern"
    level: Level = one_of(Level, C, summary=True)
    formed_at: datetime = when(C, summary=True)
    what: str = column(C)
    child_id: UUID | None = column(Category.RECORD, default=None, foreign_key="child.id")
    status: ConcernStatus = one_of(ConcernStatus, default=ConcernStatus.OPEN)
    agency_id: UUID = column(Category.RECORD, foreign_key="agency.id")
    recorded_by: UUID = column(Category.RECORD)


class NoConcern(CaseRow, table=True):
    """The children told of were considered, and there was no concern at that time."""

    __tablename__ = "no_concern"
    why: str = column(C)
    agency_id: UUID = column(Category.RECORD, foreign_key="agency.id")
    recorded_by: UUID = column(Category.RECORD)


class Consultation(CaseRow, table=True):
    """Advice asked of the front door: no transfer of anything. Anonymous ones have no place for an identity."""

    __tablename__ = "consultation"
    concern_id: UUID = column(Category.RECORD, index=True, foreign_key="concern.id")
    front_door_id: UUID = column(Category.RECORD, foreign_key="agency.id")
    anonymous: bool = column(C)
    consent_by: str = column(C, default="")  # who holds parental responsibility and agreed
    child_details: str = column(C, default="")
    want: str = column(C)
    concerns: str = column(C)
    others_involved: str = column(C, default="")
    agency_id: UUID | None = column(Category.RECORD, default=None, foreign_key="agency.id")  # who held it
    held_at: datetime = when(C)
    outcome: str = column(C, default="")
    answered_at: datetime | None = when(default=None)
    family_told_on: date | None = column(C, default=None)


class ReferralStatus(Word):
    """Where a referral to children's services has got to."""

    MADE = "made", "Telephoned: written form to follow"
    SENT = "sent", "Sent: waiting for a decision"
    ACCEPTED = "accepted", "Accepted for assessment"
    NOT_ACCEPTED = "not_accepted", "Not accepted"
    ASSESSED = "assessed", "Assessed"
    STRATEGY = "strategy", "Strategy discussion held"
    CONFERENCE = "conference", "Conference held"
    CIRCULATED = "circulated", "Conference decision circulated"
    CORE_GROUP = "core_group", "Core group meeting"
    CLOSED = "closed", "Closed"


class Referral(CaseRow, table=True):
    """A level 4 referral with the contents the protocol requires (DOMAIN F.3)."""

    __tablename__ = "child_referral"
    concern_id: UUID = column(Category.RECORD, index=True, foreign_key="concern.id")
    front_door_id: UUID = column(Category.RECORD, foreign_key="agency.id")
    status: ReferralStatus = one_of(ReferralStatus, default=ReferralStatus.MADE)
    phoned_at: datetime = when(C)
    spoke_to: str = column(C)
    child_details: str = column(C)
    concerns: str = column(C)
    family_knows: bool = column(C)
    why_not_told: str = column(C, default="")
    availability: str = column(C)
    form_sent_at: datetime | None = when(C, default=None)
    decision_at: datetime | None = when(C, default=None)
    advice: str = column(C, default="")
    lead_professional: str = column(C, default="")
    agency_id: UUID = column(Category.RECORD, foreign_key="agency.id")


class Choice(Word):
    """What was decided about telling somebody."""

    SHARED_WITHOUT_CONSENT = "shared_without_consent", "Shared without consent"
    NOT_SHARED = "not_shared", "Decided not to share"


class SharingDecision(CaseRow, table=True):
    """A decision to share without consent, or not to share: recorded either way, under the rules as worded that day."""

    __tablename__ = "sharing_decision"
    decided: Choice = one_of(Choice, C)
    with_whom: str = column(C)
    what: str = column(C)
    why: str = column(C)
    person_told: bool = column(C)
    why_not_told: str = column(C, default="")
    advice_from: str = column(C, default="")
    rules_ticked: list[Any] = several(Category.RECORD)
    rules_version: str = column(Category.RECORD)
    decided_at: datetime = when()
    decided_by: UUID = column(Category.RECORD)

"""What may be told about children: each reader sees what the matrix gives them, probation and officers the level alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Annotated, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.people import Person
from throughcare.casework.telling import told_of
from throughcare.disclosure.reading import Tells, View
from throughcare.kernel.actors import acts_among
from throughcare.kernel.categories import Category
from throughcare.kernel.rows import CaseRow
from throughcare.kernel.work import Work
from throughcare.safeguarding import events
from throughcare.safeguarding.rows import (
    Child,
    Choice,
    Concern,
    ConcernStatus,
    Consultation,
    NoConcern,
    Referral,
    ReferralStatus,
    SharingDecision,
)
from throughcare.safeguarding.rules import Level, response_to
from throughcare.safeguarding.steps import CARERS, REFERRAL

T = TypeVar("T", bound=CaseRow)


class Move(BaseModel):
    """A step this reader may take: the button's words and the step's name."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    name: str
    label: str


class ChildShown(View):
    id: UUID | None = None
    name: str | None = None
    age: int | None = None
    unborn: bool | None = None
    lives_with: str | None = None
    contact: str | None = None
    other_services: str | None = None


class NoConcernShown(View):
    id: UUID | None = None
    why: str | None = None
    created_at: datetime | None = None


class ConcernShown(View):
    id: UUID | None = None
    level: Level | None = None
    formed_at: datetime | None = None
    what: str | None = None
    status: ConcernStatus | None = None
    calls_for: Annotated[str, Tells(Category.RECORD)] = ""


class ConsultationShown(View):
    id: UUID | None = None
    concern_id: UUID | None = None
    anonymous: bool | None = None
    want: str | None = None
    concerns: str | None = None
    held_at: datetime | None = None
    outcome: str | None = None
    answered_at: datetime | None = None
    family_told_on: date | None = None
    may_answer: Annotated[bool, Tells(Category.RECORD)] = False


class ReferralShown(View):
    id: UUID | None = None
    concern_id: UUID | None = None
    status: ReferralStatus | None = None
    phoned_at: datetime | None = None
    spoke_to: str | None = None
    child_details: str | None = None
    concerns: str | None = None
    family_knows: bool | None = None
    why_not_told: str | None = None
    availability: str | None = None
    form_sent_at: datetime | None = None
    advice: str | None = None
    lead_professional: str | None = None
    moves: Annotated[tuple[Move, ...], Tells(Category.RECORD)] = ()


class DecisionShown(View):
    id: UUID | None = None
    decided: Choice | None = None
    with_whom: str | None = None
    what: str | None = None
    why: str | None = None
    person_told: bool | None = None
    decided_at: datetime | None = None


class PregnancyShown(View):
    case_id: UUID | None = None
    pregnant: bool | None = None


class CaseSafeguarding(BaseModel):
    """The tab: children, concerns and what was done about each."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    case_id: UUID
    pregnancy: PregnancyShown
    children: tuple[ChildShown, ...]
    concerns: tuple[ConcernShown, ...]
    none_found: tuple[NoConcernShown, ...]
    consultations: tuple[ConsultationShown, ...]
    referrals: tuple[ReferralShown, ...]
    decisions: tuple[DecisionShown, ...]
    may_record_pregnancy: bool = False


def page(work: Work, case_id: UUID) -> CaseSafeguarding:
    """Everything on the tab. NotFound where there is no standing."""
    access.check(work, case_id)
    person = work.session.exec(select(Person).where(Person.case_id == case_id)).one()
    concerns, ours = _rows(work, Concern, case_id), work.actor.agency_id
    consultations = _told(work, case_id, Consultation, lambda row: holder_of(row, concerns) == ours)
    referrals = _told(work, case_id, Referral, lambda row: row.agency_id == ours)
    found = _told(work, case_id, NoConcern, lambda row: row.agency_id == ours)
    decisions = _told(work, case_id, SharingDecision, lambda row: row.decided_by == work.actor.id)
    calls_for = {row.id: {"calls_for": response_to(row.level).label} for row in concerns}
    return CaseSafeguarding(
        case_id=case_id,
        pregnancy=access.show(work, person, PregnancyShown),
        children=tuple(access.show_all(work, _told(work, case_id, Child, lambda _: False), ChildShown)),
        concerns=tuple(access.show_all(work, concerns, ConcernShown, calls_for)),
        none_found=tuple(access.show_all(work, found, NoConcernShown)),
        consultations=tuple(
            access.show_all(work, consultations, ConsultationShown, _answerable(work, consultations, concerns))
        ),
        referrals=tuple(
            access.show_all(work, referrals, ReferralShown, {row.id: {"moves": moves(work, row)} for row in referrals})
        ),
        decisions=tuple(access.show_all(work, decisions, DecisionShown)),
        may_record_pregnancy=acts_among(work.actor, CARERS),
    )


def _told(work: Work, case_id: UUID, kind: type[T], own: Callable[[T], bool]) -> list[T]:
    """What was done about a child, where more than the level may be told at all; their own doings to those who did them."""
    rows, whole = _rows(work, kind, case_id), told_of(work, case_id)(events.Referred.name)
    return rows if whole else [row for row in rows if own(row)]


def holder_of(held: Consultation, concerns: Iterable[Concern]) -> UUID | None:
    """The agency that held a consultation; of one held before that was kept, the agency whose concern it was about."""
    return held.agency_id or next((one.agency_id for one in concerns if one.id == held.concern_id), None)


def _answerable(work: Work, rows: list[Consultation], concerns: list[Concern]) -> dict[UUID, dict[str, bool]]:
    """Which consultations this reader may record the outcome of."""
    ours = work.actor.agency_id
    return {row.id: {"may_answer": row.answered_at is None and holder_of(row, concerns) == ours} for row in rows}


def moves(work: Work, referral: Referral) -> tuple[Move, ...]:
    """What this reader may record of it; only the agency that made it records anything."""
    if referral.agency_id != work.actor.agency_id:
        return ()
    return tuple(Move(name=step.name, label=step.label) for step in REFERRAL.open_to(referral, work.actor.role))


def _rows(work: Work, kind: type[T], case_id: UUID) -> list[T]:
    return list(work.session.exec(select(kind).where(kind.case_id == case_id).order_by(col(kind.created_at).desc())))

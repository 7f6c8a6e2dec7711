"""Whose turn it is: the agency, and the worker if one is named, that a role means in one case at this instant."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from throughcare.casework.agencies import Agency
from throughcare.casework.people import Case
from throughcare.casework.rows import CustodyEpisode, Involvement
from throughcare.casework.tasks import For
from throughcare.kernel.actors import WORKS_AT, AgencyKind, Role
from throughcare.kernel.audit import Event
from throughcare.kernel.work import Work


def owner_of(case: Case) -> For:
    """The case's one owner: a worker, or the team when nobody has taken it yet."""
    return For(case.owner_agency_id, team_id=case.owner_team_id, worker_id=case.owner_worker_id)


def co_worker_of(case: Case) -> For | None:
    """The receiving worker who shares responsibility between acceptance and first contact; None outside that time."""
    return For(case.co_agency_id, worker_id=case.co_worker_id) if case.co_agency_id else None


def everyone_responsible(case: Case) -> list[For]:
    """Whom every alert goes to: the owner, and from acceptance to first contact the receiving worker too."""
    return [whose for whose in (owner_of(case), co_worker_of(case)) if whose]


def whose_turn(work: Work, case: Case, owner_role: str, event: Event) -> For:
    """Who holds a clock or a task that falls to `owner_role`; the case's owner where no such agency is involved."""
    if owner_role == "recorder" and work.actor.agency_id:
        return For(work.actor.agency_id, worker_id=work.actor.id)
    if owner_role not in {role.value for role in Role}:
        return owner_of(case)
    role = Role(owner_role)
    if role is Role.MANAGER:  # of whoever did what starts it: the plan's prison, the referrer's agency
        return For(event.for_agency_id or work.actor.agency_id or case.owner_agency_id, role=role)
    if event.for_agency_id and _holds_such(work, event.for_agency_id, role):
        return For(event.for_agency_id, team_id=event.for_team_id, role=role, worker_id=event.for_worker_id)
    if role is Role.OFFICER and case.officer_id:
        return For(prison_of(work, case) or case.owner_agency_id, role=role, worker_id=case.officer_id)
    agency_id = involved_agency(work, case, WORKS_AT.get(role))
    return For(agency_id, role=role, worker_id=_named(case, agency_id)) if agency_id else owner_of(case)


def _holds_such(work: Work, agency_id: UUID, role: Role) -> bool:
    """Whether that agency is of the kind the role belongs to: one event may start clocks on two sides."""
    kind = WORKS_AT.get(role)
    return kind is None or work.session.get_one(Agency, agency_id).kind is kind


def _named(case: Case, agency_id: UUID) -> UUID | None:
    if agency_id == case.co_agency_id:
        return case.co_worker_id
    return (
        case.owner_worker_id if agency_id == case.owner_agency_id and case.owner_worker_id != case.officer_id else None
    )


def prison_of(work: Work, case: Case) -> UUID | None:
    """The prison of the latest stay."""
    stay = select(CustodyEpisode.prison_id).where(CustodyEpisode.case_id == case.id)
    return work.session.exec(stay.order_by(col(CustodyEpisode.received_on).desc())).first()


def involved_agency(work: Work, case: Case, kind: AgencyKind | None) -> UUID | None:
    """The agency of this kind with the newest live standing in the case; a prison is the one of the latest stay."""
    if kind is AgencyKind.PRISON:
        return prison_of(work, case)
    query = (
        select(Involvement.agency_id)
        .join(Agency, col(Agency.id) == col(Involvement.agency_id))
        .where(
            Involvement.case_id == case.id,
            Agency.kind == kind,
            or_(col(Involvement.until_at).is_(None), col(Involvement.until_at) > work.now),
        )
        .order_by(col(Involvement.from_at).desc())
    )
    return work.session.exec(query).first()

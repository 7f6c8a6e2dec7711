"""Gives a case to a named worker of the team that owns it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, func
from sqlmodel import col, select

from throughcare.casework import access, events
from throughcare.casework.agencies import Membership, Worker
from throughcare.casework.carrying import Carrying, Receiver, open_calls, refuse_too_many
from throughcare.casework.forms import Allocation
from throughcare.casework.overview import ALLOCATORS, person_of
from throughcare.casework.people import Case
from throughcare.casework.views_people import Hands
from throughcare.casework.visitors import holds
from throughcare.kernel.actors import Role
from throughcare.kernel.refusals import Invalid, NotPermitted, refuse_if
from throughcare.kernel.work import Work

CARRIERS = frozenset({Role.OFFICER, Role.TREATMENT, Role.PROVIDER, Role.MANAGER})  # who may own a case


@dataclass(frozen=True)
class Candidate:
    """A worker who may take the case, how many open ones they have, and how many calls."""

    worker_id: UUID
    name: str
    role: Role
    open_cases: int
    open_calls: int = 0
    too_many: bool = False


def allocate(work: Work, case_id: UUID, form: Allocation) -> Hands:
    """This worker owns the case from now; an officer of the prison is its throughcare officer too."""
    case = allocatable(work, case_id)
    chosen = next((one for one in candidates(work, case) if one.worker_id == form.worker_id), None)
    if chosen is None:
        raise Invalid("Select a worker of the team that owns this case", beside="worker_id")
    fewer = [one.name for one in candidates(work, case) if not one.too_many]
    to = Receiver(chosen.worker_id, chosen.name, chosen.open_calls)
    if case.owner_worker_id != chosen.worker_id:
        refuse_too_many(work, case.owner_agency_id, to, form.despite, fewer)
    case.owner_worker_id = chosen.worker_id
    if chosen.role is Role.OFFICER:
        case.officer_id = chosen.worker_id
    work.session.add(case)
    work.session.flush()
    work.record(events.CaseAllocated(subject_id=case.id, case_id=case.id, worker_id=chosen.worker_id))
    names = {"owner": chosen.name, "officer": "", "co_responsible": ""}
    return access.show(work, person_of(work, case_id), Hands, **names)


def allocatable(work: Work, case_id: UUID) -> Case:
    """The case, locked, where this reader may allocate it: a manager or an officer of the agency that owns it."""
    case = access.take_case(work, case_id)
    refuse_if(work.actor.role not in ALLOCATORS or work.actor.agency_id != case.owner_agency_id, NotPermitted)
    return case


def candidates(work: Work, case: Case) -> list[Candidate]:
    """The owning team's workers with their open cases, those with fewest first; the agency's where no team owns it."""
    carried = func.count(col(Case.id)).label("carried")
    theirs = and_(col(Case.owner_worker_id) == col(Worker.id), col(Case.closed_at).is_(None))
    query = (
        select(col(Worker.id), col(Worker.name), col(Membership.role), carried)
        .join(Membership, col(Membership.worker_id) == col(Worker.id))
        .outerjoin(Case, theirs)
        .where(
            Membership.agency_id == case.owner_agency_id,
            col(Membership.role).in_(CARRIERS),
            col(Worker.disabled_at).is_(None),
            holds(work),
        )
        .group_by(col(Worker.id), col(Worker.name), col(Membership.role))
        .order_by(carried, col(Worker.name), col(Worker.id))
    )
    if case.owner_team_id:
        query = query.where(Membership.team_id == case.owner_team_id)
    calls, carrying = open_calls(work, case.owner_agency_id), work.reference[Carrying]
    return [
        Candidate(key, name, role, cases, calls[key], carrying.too_many(calls[key]))
        for key, name, role, cases in work.session.execute(query)
    ]

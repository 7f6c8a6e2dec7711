"""Who owns the case: exactly one owner at every instant, passed on first contact and on a return that is accepted."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import and_, or_
from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.clock_rules import ServiceClocks
from throughcare.casework.clocks import running
from throughcare.casework.events import OwnerChanged
from throughcare.casework.people import Case
from throughcare.casework.rows import CustodyEpisode, Involvement
from throughcare.casework.tasks import For
from throughcare.disclosure.policy import Basis
from throughcare.handover import workers
from throughcare.handover.reasons import HandoverLists
from throughcare.handover.rows import Handover
from throughcare.handover.words import Status
from throughcare.kernel.actors import Role
from throughcare.kernel.audit import Event
from throughcare.kernel.work import Work

KEPT_FOR_CARE = (Basis.TASK, Basis.CARE)


def share(work: Work, case: Case) -> None:
    """Who shares responsibility: the worker of the handover accepted first whose first contact is still to come."""
    before_contact = or_(
        col(Handover.status) == Status.ACCEPTED,
        and_(col(Handover.status) == Status.RETURN_OFFERED, col(Handover.first_contact_at).is_(None)),
    )
    coming = select(Handover).where(
        Handover.case_id == case.id, Handover.from_agency_id == case.owner_agency_id, before_contact
    )
    first = work.session.exec(coming.order_by(col(Handover.accepted_at), col(Handover.id))).first()
    case.co_agency_id = first.to_agency_id if first else None
    case.co_worker_id = first.worker_id if first else None
    work.session.add(case)
    work.session.flush()


def pass_to(work: Work, case: Case, whose: For) -> None:
    """Make this agency's worker, or its team when nobody is named, the owner. There is never none."""
    before = case.owner_agency_id
    case.owner_agency_id, case.owner_team_id = whose.agency_id, whose.team_id
    case.owner_worker_id = workers.still_at(work, whose.worker_id, whose.agency_id)
    work.session.add(case)
    work.session.flush()
    work.record(
        OwnerChanged(
            subject_id=case.id, case_id=case.id, from_agency_id=before, to_agency_id=whose.agency_id,
            for_agency_id=whose.agency_id, for_team_id=whose.team_id, for_worker_id=case.owner_worker_id,
        )
    )  # fmt: skip


def let_go(work: Work, case: Case, agency_id: UUID, *, at_once: bool = False) -> None:
    """End an agency's standing after the days of grace; a prison that still holds the person keeps it until release."""
    if agency_id == case.owner_agency_id or _holds(work, case.id, agency_id):
        return
    until = work.now + timedelta(days=0 if at_once else work.reference[HandoverLists].figures.grace_days)
    for standing in _standings(work, case.id, agency_id):
        standing.until_at = until
        work.session.add(standing)


def take_up(work: Work, case_id: UUID, agency_id: UUID) -> None:
    """Give an agency back the standing it had, when a case returns to it."""
    had = select(col(Involvement.basis)).where(
        Involvement.case_id == case_id,
        Involvement.agency_id == agency_id,
        col(Involvement.basis).in_(KEPT_FOR_CARE),
    )
    for basis in set(work.session.exec(had)):
        access.involve(work, case_id, agency_id, basis, "handover_return")


def has_another(work: Work, row: Handover) -> bool:
    """Whether another handover of the case is still with that agency."""
    other = select(Handover.id).where(
        Handover.case_id == row.case_id,
        Handover.to_agency_id == row.to_agency_id,
        Handover.id != row.id,
        col(Handover.status).in_([Status.ACCEPTED, Status.ACTIVE, Status.RETURN_OFFERED]),
    )
    return work.session.exec(other).first() is not None


def after_release(work: Work, event: Event) -> None:
    """A prison that handed the case over while it held the person lets go once they have left."""
    if event.name != "custody.released" or event.case_id is None:
        return
    case = work.session.get_one(Case, event.case_id)
    passed = select(col(Handover.from_agency_id)).where(
        Handover.case_id == case.id, col(Handover.status).in_([Status.ACTIVE, Status.COMPLETED])
    )
    for agency_id in set(work.session.exec(passed)):
        let_go(work, case, agency_id)


def move_clocks(work: Work, case: Case, row: Handover) -> None:
    """The provider's clocks of this case that were started before anybody was named are the named worker's now."""
    codes = {rule.code for rule in work.reference[ServiceClocks].clock if _is_providers(rule.owner_role, rule.per)}
    for clock in running(work, case.id, codes):
        if clock.agency_id in {row.from_agency_id, row.to_agency_id} and clock.worker_id != row.worker_id:
            clock.agency_id, clock.worker_id, clock.role = row.to_agency_id, row.worker_id, Role.PROVIDER
            work.session.add(clock)


def _is_providers(owner_role: str, per: str) -> bool:
    return owner_role == Role.PROVIDER.value and per == "case"


def _holds(work: Work, case_id: UUID, agency_id: UUID) -> bool:
    stay = select(CustodyEpisode.id).where(
        CustodyEpisode.case_id == case_id, CustodyEpisode.prison_id == agency_id, col(CustodyEpisode.ended_at).is_(None)
    )
    return work.session.exec(stay).first() is not None


def _standings(work: Work, case_id: UUID, agency_id: UUID) -> list[Involvement]:
    live = select(Involvement).where(
        Involvement.case_id == case_id,
        Involvement.agency_id == agency_id,
        col(Involvement.basis).in_(KEPT_FOR_CARE),
        col(Involvement.until_at).is_(None),
    )
    return list(work.session.exec(live))

"""Who can see to a need: the agencies in the case, and their workers."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from throughcare.casework.agencies import Agency, Membership, Worker
from throughcare.casework.rows import Involvement
from throughcare.casework.visitors import holds
from throughcare.kernel.forms import Choice
from throughcare.kernel.refusals import Invalid
from throughcare.kernel.work import Work


class UnknownOwner(Invalid):
    """Select who sees to it from the list."""

    code, beside = "unknown_owner", "owner"


def agencies(work: Work, case_id: UUID) -> list[Agency]:
    """The agencies with live standing in the case, by name."""
    live = select(Involvement.agency_id).where(
        Involvement.case_id == case_id,
        col(Involvement.from_at) <= work.now,
        or_(col(Involvement.until_at).is_(None), col(Involvement.until_at) > work.now),
    )
    return list(work.session.exec(select(Agency).where(col(Agency.id).in_(live)).order_by(col(Agency.name))))


def every_agency(work: Work) -> list[Choice]:
    """Every agency that is open, for an appointment with one that has no standing yet."""
    rows = work.session.exec(select(Agency).where(col(Agency.closed_on).is_(None)).order_by(col(Agency.name)))
    return [Choice(str(agency.id), agency.name) for agency in rows]


def owners(work: Work, case_id: UUID) -> list[Choice]:
    """What a need's owner is chosen from: "agency:<id>" and "worker:<id>"."""
    offered = []
    for agency in agencies(work, case_id):
        offered.append(Choice(f"agency:{agency.id}", agency.name))
        offered += [
            Choice(f"worker:{worker.id}", f"{worker.name}, {agency.name}") for worker in _workers(work, agency.id)
        ]
    return offered


def _workers(work: Work, agency_id: UUID) -> list[Worker]:
    found = (
        select(Worker)
        .join(Membership, col(Membership.worker_id) == col(Worker.id))
        .where(
            Membership.agency_id == agency_id,
            holds(work),
            col(Worker.disabled_at).is_(None),
        )
    )
    return list(work.session.exec(found.distinct().order_by(col(Worker.name))))


def owner_ids(work: Work, case_id: UUID, owner: str) -> tuple[UUID | None, UUID | None]:
    """The worker and the agency that an owner's code names."""
    if not owner:
        return None, None
    if owner not in {choice.value for choice in owners(work, case_id)}:
        raise UnknownOwner
    kind, _, found = owner.partition(":")
    return (UUID(found), None) if kind == "worker" else (None, UUID(found))


def owner_code(worker_id: UUID | None, agency_id: UUID | None) -> str:
    """The other way round, for the form that changes it."""
    if worker_id:
        return f"worker:{worker_id}"
    return f"agency:{agency_id}" if agency_id else ""

"""Who may be named on a handover: people who sign in to that team today."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework.agencies import Membership, Worker
from throughcare.casework.visitors import holds
from throughcare.kernel.actors import Role
from throughcare.kernel.work import Work


def of_team(work: Work, team_id: UUID) -> Sequence[Worker]:
    """The team's workers who can take a person on, by name."""
    there = (
        select(Worker)
        .join(Membership, col(Membership.worker_id) == col(Worker.id))
        .where(
            Membership.team_id == team_id,
            col(Membership.role).in_([Role.PROVIDER, Role.MANAGER]),
            holds(work),
            col(Worker.disabled_at).is_(None),
        )
    )
    return work.session.exec(there.order_by(col(Worker.name)).distinct()).all()


def still_at(work: Work, worker_id: UUID | None, agency_id: UUID) -> UUID | None:
    """The worker, if they still sign in there; None leaves what is theirs to their team."""
    there = (
        select(col(Worker.id))
        .join(Membership, col(Membership.worker_id) == col(Worker.id))
        .where(
            Worker.id == worker_id,
            Membership.agency_id == agency_id,
            holds(work),
            col(Worker.disabled_at).is_(None),
        )
    )
    return work.session.exec(there).first()

"""Who is at the door: a browser's session or a program's token, read against the tables on every request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select, update
from sqlmodel import col

from throughcare.casework.agencies import Agency, Membership, Team, Worker
from throughcare.casework.credentials import ApiToken, Stage, WebSession
from throughcare.casework.keyring import fingerprint
from throughcare.kernel.actors import Actor, AgencyKind, Role
from throughcare.kernel.work import Work

IDLE = timedelta(minutes=15)
NOTED = timedelta(seconds=15)  # how late a use may be written down, so that most requests only read
STEP_UP = timedelta(minutes=5)  # how long a second factor counts as just given


@dataclass(frozen=True)
class Visitor:
    """A worker in one membership, and how they came: `session_id` of a browser, or None for a program's token."""

    actor: Actor
    place: str  # their agency, and the team where there is one
    session_id: UUID | None = None
    expires_at: datetime | None = None
    proven_at: datetime | None = None


def session_of(work: Work, token: str) -> Visitor | None:
    """The worker signed in with this token, and the session kept alive; None when it opens nothing, whatever the reason."""
    row = work.session.execute(
        _seated(WebSession, work)
        .add_columns(
            col(WebSession.id).label("session_id"),
            col(WebSession.expires_at),
            col(WebSession.proven_at),
            col(WebSession.used_at),
        )
        .where(*_live(work, token), col(WebSession.stage) == Stage.FULL)
    ).first()
    if row is None:
        return None
    if work.now - row.used_at >= NOTED:
        stay(work, row.session_id)
    return Visitor(_actor(row), _place(row), row.session_id, row.expires_at, row.proven_at)


def stay(work: Work, session_id: UUID) -> None:
    """The session is in use now. Two requests at once may both say so: neither is refused for it."""
    later = update(WebSession).where(col(WebSession.id) == session_id, col(WebSession.used_at) < work.now)
    work.session.execute(later.values(used_at=work.now))


def pending_of(work: Work, token: str) -> WebSession | None:
    """The sign-in under way with this token, or the session that came of it; None when it is over."""
    return work.session.execute(
        select(WebSession)
        .join(Worker, col(Worker.id) == col(WebSession.worker_id))
        .where(*_live(work, token), col(Worker.disabled_at).is_(None))
    ).scalar_one_or_none()


def token_of(work: Work, token: str) -> Visitor | None:
    """The worker this program stands in for; None when the token opens nothing, whatever the reason."""
    row = work.session.execute(
        _seated(ApiToken, work).where(
            col(ApiToken.token_hash) == fingerprint(token),
            col(ApiToken.revoked_at).is_(None),
            col(ApiToken.expires_at) > work.now,
        )
    ).first()
    return Visitor(_actor(row), _place(row)) if row else None


def memberships_of(work: Work, worker_id: UUID) -> list[tuple[Membership, str]]:
    """The roles a worker has today, oldest first, each with the name of its agency and team."""
    found = work.session.execute(
        select(Membership, col(Agency.name).label("agency"), col(Team.name).label("team"))
        .join(Agency, col(Agency.id) == col(Membership.agency_id))
        .outerjoin(Team, col(Team.id) == col(Membership.team_id))
        .where(col(Membership.worker_id) == worker_id, holds(work))
        .order_by(col(Membership.from_on), col(Membership.created_at), col(Membership.id))
    )
    return [(row[0], _place(row)) for row in found]


def holds(work: Work) -> ColumnElement[bool]:
    """Of memberships: that it holds today. `to_on` is the first day it no longer does, so ending one today ends it now."""
    return and_(
        col(Membership.from_on) <= work.today,
        or_(col(Membership.to_on).is_(None), col(Membership.to_on) > work.today),
    )


def _live(work: Work, token: str) -> tuple[ColumnElement[bool], ...]:
    return (
        col(WebSession.token_hash) == fingerprint(token),
        col(WebSession.ended_at).is_(None),
        col(WebSession.expires_at) > work.now,
        col(WebSession.used_at) > work.now - IDLE,
    )


def _seated(credential: type[WebSession | ApiToken], work: Work) -> Select[Any]:
    """A credential's worker and membership as they are today: nothing where either has ended."""
    columns: list[Any] = [
        col(Worker.id).label("worker_id"),
        col(Worker.name).label("name"),
        col(Membership.role),
        col(Membership.agency_id),
        col(Membership.team_id),
        col(Agency.kind),
        col(Agency.name).label("agency"),
        col(Team.name).label("team"),
    ]
    return (
        select(*columns)
        .select_from(credential)
        .join(Worker, col(Worker.id) == col(credential.worker_id))
        .join(
            Membership,
            and_(col(Membership.id) == col(credential.membership_id), col(Membership.worker_id) == col(Worker.id)),
        )
        .join(Agency, col(Agency.id) == col(Membership.agency_id))
        .outerjoin(Team, col(Team.id) == col(Membership.team_id))
        .where(col(Worker.disabled_at).is_(None), holds(work))
    )


def _actor(row: Row[Any]) -> Actor:
    return Actor(row.worker_id, Role(row.role), row.agency_id, row.team_id, AgencyKind(row.kind), row.name)


def _place(row: Row[Any]) -> str:
    return f"{row.agency}, {row.team}" if row.team else str(row.agency)

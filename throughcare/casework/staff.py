"""What an administrator sees of workers, roles and teams; there is nothing of any client in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select
from sqlalchemy import select as columns
from sqlmodel import col, select

from throughcare.casework import opening, tokens
from throughcare.casework.agencies import Agency, Membership, Team, Worker
from throughcare.casework.visitors import holds
from throughcare.casework.workers import USERS, administrators_only
from throughcare.kernel.forms import Ask, Choice, Form, OptionalLine
from throughcare.kernel.refusals import NotFound
from throughcare.kernel.work import Work

AT_ONCE = 100


class WorkersAsked(Form):
    """The filter of the list."""

    q: Annotated[OptionalLine, Ask("Name or email address")] = ""


class WorkerLine(BaseModel):
    """One worker on the list."""

    id: UUID
    name: str
    email: str
    roles: list[str]
    state: str


class Workers(BaseModel):
    """The list, by name. `more` when there are others: then the filter narrows it."""

    workers: list[WorkerLine]
    more: bool


class RoleLine(BaseModel):
    """One role of a worker, past or present."""

    id: UUID
    role: str
    place: str
    from_on: date
    to_on: date | None
    holds: bool


class TokenLine(BaseModel):
    """One token of a worker."""

    id: UUID
    label: str
    expires_at: datetime
    state: str


class WorkerPage(BaseModel):
    """One worker."""

    id: UUID
    name: str
    email: str
    state: str
    yourself: bool
    signed_in: int  # browsers, now
    roles: list[RoleLine]
    tokens: list[TokenLine]


class TeamLine(BaseModel):
    id: UUID
    name: str


class AgencyLine(BaseModel):
    id: UUID
    name: str
    kind: str
    jurisdiction: str
    teams: list[TeamLine]


class Agencies(BaseModel):
    """Every agency and its teams."""

    agencies: list[AgencyLine]


def workers(work: Work, asked: WorkersAsked) -> Workers:
    """The workers whose name or address has the words asked for."""
    administrators_only(work)
    wanted = col(Worker.name).icontains(asked.q, autoescape=True)
    wanted |= col(Worker.email).icontains(asked.q, autoescape=True)
    listing = select(Worker).where(wanted).order_by(col(Worker.name), col(Worker.id)).limit(AT_ONCE + 1)
    found = work.session.exec(listing).all()
    shown = found[:AT_ONCE]
    held = _roles_now(work, [worker.id for worker in shown])
    lines = [
        WorkerLine(id=one.id, name=one.name, email=one.email, roles=held.get(one.id, []), state=state(one))
        for one in shown
    ]
    return Workers(workers=lines, more=len(found) > AT_ONCE)


def worker(work: Work, worker_id: UUID) -> WorkerPage:
    """One worker, their roles and tokens."""
    one = named(work, worker_id)
    return WorkerPage(
        id=one.id,
        name=one.name,
        email=one.email,
        state=state(one),
        yourself=one.id == work.actor.id,
        signed_in=len(opening.open_ones(work, one.id)),
        roles=_all_roles(work, one.id),
        tokens=[
            TokenLine(id=token.id, label=token.label, expires_at=token.expires_at, state=_standing(work, token))
            for token in tokens.of_worker(work, one.id)
        ],
    )


def named(work: Work, worker_id: UUID) -> Worker:
    """The worker with this id."""
    administrators_only(work)
    one = work.session.get(Worker, worker_id)
    if one is None:
        raise NotFound
    return one


def agencies(work: Work) -> Agencies:
    """Every agency by name, with its teams."""
    administrators_only(work)
    teams: dict[UUID, list[TeamLine]] = {}
    for team in work.session.exec(select(Team).order_by(col(Team.name))):
        teams.setdefault(team.agency_id, []).append(TeamLine(id=team.id, name=team.name))
    return Agencies(
        agencies=[
            AgencyLine(
                id=agency.id,
                name=agency.name,
                kind=agency.kind.label,
                jurisdiction=agency.jurisdiction.label,
                teams=teams.get(agency.id, []),
            )
            for agency in work.session.exec(select(Agency).order_by(col(Agency.name)))
        ]
    )


def where_to_work(work: Work) -> dict[str, list[Choice]]:
    """The agencies and teams a role may be at."""
    administrators_only(work)
    users = select(Agency).where(col(Agency.kind).in_(USERS), col(Agency.closed_on).is_(None))
    found = work.session.exec(users.order_by(col(Agency.name))).all()
    names = {agency.id: agency.name for agency in found}
    teams = work.session.exec(select(Team).where(col(Team.agency_id).in_(names)).order_by(col(Team.name))).all()
    return {
        "agencies": [Choice(str(agency.id), agency.name) for agency in found],
        "teams": sorted(
            (Choice(str(team.id), f"{names[team.agency_id]}: {team.name}") for team in teams), key=lambda one: one.label
        ),
    }


def state(one: Worker) -> str:
    """How far a worker has come with signing in."""
    if one.disabled_at:
        return "Disabled"
    return "Active" if one.password_hash and one.totp_secret else "Not set up yet"


def _standing(work: Work, token: Any) -> str:
    if token.revoked_at:
        return "Revoked"
    return "Active" if token.expires_at > work.now else "Expired"


def _placed(*where: ColumnElement[bool]) -> Select[Any]:
    wanted: list[Any] = [Membership, col(Agency.name).label("agency"), col(Team.name).label("team")]
    return (
        columns(*wanted)
        .join(Agency, col(Agency.id) == col(Membership.agency_id))
        .outerjoin(Team, col(Team.id) == col(Membership.team_id))
        .where(*where)
        .order_by(col(Membership.from_on).desc(), col(Membership.created_at).desc())
    )


def _roles_now(work: Work, worker_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    held: dict[UUID, list[str]] = {}
    for membership, agency, _ in work.session.execute(_placed(col(Membership.worker_id).in_(worker_ids), holds(work))):
        held.setdefault(membership.worker_id, []).append(f"{membership.role.label}, {agency}")
    return held


def _all_roles(work: Work, worker_id: UUID) -> list[RoleLine]:
    return [
        RoleLine(
            id=role.id,
            role=role.role.label,
            place=f"{agency}, {team}" if team else agency,
            from_on=role.from_on,
            to_on=role.to_on,
            holds=role.from_on <= work.today and (role.to_on is None or role.to_on > work.today),
        )
        for role, agency, team in work.session.execute(_placed(col(Membership.worker_id) == worker_id))
    ]

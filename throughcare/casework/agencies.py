"""The partnership: agencies, their teams, their workers, and what each offers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from throughcare.kernel.actors import AgencyKind, Jurisdiction, Role
from throughcare.kernel.categories import Category
from throughcare.kernel.rows import Row, column, one_of, several, when


class Agency(Row, table=True):
    """A prison, provider, probation office, front door or commissioner."""

    __tablename__ = "agency"
    name: str = column(Category.RECORD, unique=True)
    kind: AgencyKind = one_of(AgencyKind)
    jurisdiction: Jurisdiction = one_of(Jurisdiction)
    area: str = column(Category.RECORD, default="")
    address: str = column(Category.RECORD, default="")
    phone: str = column(Category.RECORD, default="")
    out_of_hours: str = column(Category.RECORD, default="")
    email: str = column(Category.RECORD, default="")
    closed_on: date | None = column(Category.RECORD, default=None)


class Team(Row, table=True):
    """A team within an agency: handovers and unallocated work are addressed to teams, not to people."""

    __tablename__ = "team"
    agency_id: UUID = column(Category.RECORD, index=True, foreign_key="agency.id")
    name: str = column(Category.RECORD)


class Service(Row, table=True):
    """What a provider's team offers, for the service directory (DOMAIN F.7)."""

    __tablename__ = "service"
    team_id: UUID = column(Category.RECORD, index=True, foreign_key="team.id")
    name: str = column(Category.RECORD)
    options: list[Any] = several(Category.RECORD)  # treatment options, DOMAIN F.7 codes
    area: str = column(Category.RECORD, default="")
    eligibility: str = column(Category.RECORD, default="")
    how_to_refer: str = column(Category.RECORD, default="")
    hours: str = column(Category.RECORD, default="")
    checked_on: date | None = column(Category.RECORD, default=None)
    closed_on: date | None = column(Category.RECORD, default=None)


class Worker(Row, table=True):
    """A person who signs in. What they may do hangs on a dated membership."""

    __tablename__ = "worker"
    email: str = column(Category.RECORD, unique=True)  # lower case
    name: str = column(Category.RECORD)
    phone: str = column(Category.RECORD, default="")
    password_hash: str = column(Category.RECORD, default="")
    totp_secret: str = column(Category.RECORD, default="")
    totp_last_step: int = column(Category.RECORD, default=0)
    disabled_at: datetime | None = when(default=None)


class Membership(Row, table=True):
    """A worker's role in a team, with its dates. Ended: refused on the very next request."""

    __tablename__ = "membership"
    worker_id: UUID = column(Category.RECORD, index=True, foreign_key="worker.id")
    agency_id: UUID = column(Category.RECORD, index=True, foreign_key="agency.id")
    team_id: UUID | None = column(Category.RECORD, default=None, index=True, foreign_key="team.id")
    role: Role = one_of(Role)
    from_on: date = column(Category.RECORD)
    to_on: date | None = column(Category.RECORD, default=None)

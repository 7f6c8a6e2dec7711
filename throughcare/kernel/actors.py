"""Who is acting: a worker in one role at one agency, or the service itself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from throughcare.kernel.forms import Word


class Jurisdiction(Word):
    """Whose law, calendar and vocabulary a case or an agency follows."""

    ENGLAND_WALES = "england_wales", "England and Wales"
    SCOTLAND = "scotland", "Scotland"


class AgencyKind(Word):
    """What sort of body an agency is. Front doors and commissioners receive; they do not sign in."""

    PRISON = "prison", "Prison"
    PROVIDER = "provider", "Treatment provider"
    PROBATION = "probation", "Probation office"
    FRONT_DOOR = "front_door", "Children's services front door"
    COMMISSIONER = "commissioner", "Commissioner"


class Role(Word):
    """What a worker does. A manager and a privacy officer read as their own agency does."""

    OFFICER = "throughcare_officer", "Throughcare officer"
    TREATMENT = "prison_treatment_worker", "Prison treatment worker"
    HEALTHCARE = "prison_healthcare_worker", "Prison healthcare worker"
    PROVIDER = "provider_worker", "Provider worker"
    PROBATION = "probation_practitioner", "Probation practitioner"
    MANAGER = "team_manager", "Team manager"
    PRIVACY = "privacy_officer", "Privacy officer"
    ADMIN = "administrator", "Administrator"
    SYSTEM = "system", "The service"


@dataclass(frozen=True)
class Actor:
    """One worker in one membership, or the service."""

    id: UUID
    role: Role
    agency_id: UUID | None = None
    team_id: UUID | None = None
    agency_kind: AgencyKind | None = None
    name: str = ""


SYSTEM = Actor(UUID(int=0), Role.SYSTEM, name="the service")


WORKS_AT = {
    Role.OFFICER: AgencyKind.PRISON,
    Role.TREATMENT: AgencyKind.PRISON,
    Role.HEALTHCARE: AgencyKind.PRISON,
    Role.PROVIDER: AgencyKind.PROVIDER,
    Role.PROBATION: AgencyKind.PROBATION,
}


def acts_among(actor: Actor, roles: Collection[Role]) -> bool:
    """Whether they act in one of these roles: a manager or privacy officer only at an agency where the others work.

    What a prison's manager may do, a manager at a probation office may not, unless its practitioners may.
    """
    if actor.role not in roles or actor.role in WORKS_AT or actor.role is Role.SYSTEM:
        return actor.role in roles
    others = {WORKS_AT[role] for role in roles if role in WORKS_AT}
    return not others or actor.agency_kind in others

"""Which agencies and teams there are: the administrator's verbs."""

from __future__ import annotations

from typing import Annotated, ClassVar
from uuid import UUID

from sqlmodel import select

from throughcare.casework.agencies import Agency, Team
from throughcare.casework.workers import administrators_only
from throughcare.kernel.actors import AgencyKind, Jurisdiction
from throughcare.kernel.audit import Event
from throughcare.kernel.forms import Ask, Form, Line, OptionalLine
from throughcare.kernel.refusals import NotFound, Refusal, refuse_if
from throughcare.kernel.work import Work


class AgencyAdded(Event):
    name: ClassVar[str] = "agency.added"


class TeamAdded(Event):
    name: ClassVar[str] = "team.added"


class TeamRenamed(Event):
    name: ClassVar[str] = "team.renamed"


class NameTaken(Refusal):
    """There is already one with this name."""

    code, status, beside = "name_taken", 422, "name"


class NewAgency(Form):
    """An agency of the partnership."""

    name: Annotated[Line, Ask("Name", missing="Enter the agency’s name")]
    kind: Annotated[AgencyKind, Ask("Kind of agency", missing="Select a kind of agency")]
    jurisdiction: Annotated[Jurisdiction, Ask("Jurisdiction", "Whose law, calendar and words it follows.")]
    area: Annotated[OptionalLine, Ask("Area served")] = ""
    phone: Annotated[OptionalLine, Ask("Phone number", widget="tel", width="20")] = ""
    out_of_hours: Annotated[OptionalLine, Ask("Phone number out of hours", widget="tel", width="20")] = ""
    email: Annotated[OptionalLine, Ask("Email address", widget="email")] = ""
    address: Annotated[OptionalLine, Ask("Address")] = ""


class TeamName(Form):
    """What a team is called."""

    name: Annotated[Line, Ask("Team name", missing="Enter the team’s name")]


def add_agency(work: Work, new: NewAgency) -> Agency:
    """A new agency, with no teams yet."""
    administrators_only(work)
    refuse_if(work.session.exec(select(Agency.id).where(Agency.name == new.name)).first(), NameTaken)
    agency = work.add(Agency(**dict(new)))
    work.record(AgencyAdded(subject_id=agency.id))
    return agency


def add_team(work: Work, agency_id: UUID, new: TeamName) -> Team:
    """A new team of an agency."""
    administrators_only(work)
    agency = agency_of(work, agency_id)
    _refuse_taken(work, agency.id, new.name)
    team = work.add(Team(agency_id=agency.id, name=new.name))
    work.record(TeamAdded(subject_id=team.id))
    return team


def rename_team(work: Work, team_id: UUID, new: TeamName) -> Team:
    """The same team under another name."""
    team = team_of(work, team_id)
    if team.name != new.name:
        _refuse_taken(work, team.agency_id, new.name)
        team.name = new.name
        work.session.add(team)
        work.record(TeamRenamed(subject_id=team.id))
    return team


def agency_of(work: Work, agency_id: UUID) -> Agency:
    """The agency with this id."""
    administrators_only(work)
    agency = work.session.get(Agency, agency_id)
    if agency is None:
        raise NotFound
    return agency


def team_of(work: Work, team_id: UUID) -> Team:
    """The team with this id."""
    administrators_only(work)
    team = work.session.get(Team, team_id)
    if team is None:
        raise NotFound
    return team


def _refuse_taken(work: Work, agency_id: UUID, name: str) -> None:
    same = select(Team.id).where(Team.agency_id == agency_id, Team.name == name)
    refuse_if(work.session.exec(same).first(), NameTaken)

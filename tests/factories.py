"""A small partnership and its people, made through tables so that any test can start anywhere."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert

from throughcare.casework import register
from throughcare.casework.agencies import Agency, Membership, Service, Team, Worker
from throughcare.casework.people import Case, Person, Sex
from throughcare.casework.rows import CustodyEpisode, CustodyStatus, Involvement, ReleaseType, SentenceType
from throughcare.disclosure.policy import Basis
from throughcare.kernel.actors import SYSTEM, Actor, AgencyKind, Jurisdiction, Role
from throughcare.kernel.rows import Row
from throughcare.kernel.work import Desk

PARTNERS = {
    "prison": (AgencyKind.PRISON, Jurisdiction.ENGLAND_WALES, "HMP Fallowfield"),
    "scottish_prison": (AgencyKind.PRISON, Jurisdiction.SCOTLAND, "HMP Glenmarra"),
    "provider": (AgencyKind.PROVIDER, Jurisdiction.ENGLAND_WALES, "Harbour Recovery"),
    "other_provider": (AgencyKind.PROVIDER, Jurisdiction.ENGLAND_WALES, "Northgate Recovery"),
    "probation": (AgencyKind.PROBATION, Jurisdiction.ENGLAND_WALES, "Ashby Probation Office"),
    "front_door": (AgencyKind.FRONT_DOOR, Jurisdiction.ENGLAND_WALES, "Ashby Front Door"),
    "commissioner": (AgencyKind.COMMISSIONER, Jurisdiction.ENGLAND_WALES, "Ashby Commissioning"),
}
STAFF = {
    "officer": ("prison", Role.OFFICER),
    "other_officer": ("prison", Role.OFFICER),
    "treatment": ("prison", Role.TREATMENT),
    "healthcare": ("prison", Role.HEALTHCARE),
    "prison_manager": ("prison", Role.MANAGER),
    "privacy": ("prison", Role.PRIVACY),
    "scottish_officer": ("scottish_prison", Role.OFFICER),
    "provider": ("provider", Role.PROVIDER),
    "provider_manager": ("provider", Role.MANAGER),
    "other_provider": ("other_provider", Role.PROVIDER),
    "probation": ("probation", Role.PROBATION),
    "probation_manager": ("probation", Role.MANAGER),
    "admin": ("prison", Role.ADMIN),
}


class World:
    """`world.officer`, `world.provider` ... are Actors; `world.agencies`, `world.teams`, `world.services` hold ids."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.agencies: dict[str, UUID] = {}
        self.teams: dict[str, UUID] = {}
        self.services: dict[str, UUID] = {}
        self.actors: dict[str, Actor] = {}
        with desk.work(SYSTEM) as work:
            self._partners(work)
            self._workers(work)

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.__dict__["actors"][name]
        except KeyError:
            raise AttributeError(name) from None

    def _partners(self, work) -> None:
        self.agencies = _put(work, Agency, {
            key: {"kind": kind, "jurisdiction": jurisdiction, "name": name, "phone": "01632 960100"}
            for key, (kind, jurisdiction, name) in PARTNERS.items()
        })  # fmt: skip
        self.teams = _put(work, Team, {
            key: {"agency_id": self.agencies[key], "name": f"{name} team"} for key, (_, _, name) in PARTNERS.items()
        })  # fmt: skip
        offered = {"options": ["key_working"], "area": "Ashby"}
        self.services = _put(work, Service, {
            key: {"team_id": self.teams[key], "name": f"{name} alcohol and drugs", **offered}
            for key, (kind, _, name) in PARTNERS.items() if kind is AgencyKind.PROVIDER
        })  # fmt: skip

    def _workers(self, work) -> None:
        names = {key: key.replace("_", " ").title() for key in STAFF}
        ids = _put(work, Worker, {key: {"email": f"{key}@example.org", "name": name} for key, name in names.items()})
        since, memberships = work.today - timedelta(days=365), {}
        for key, (where, role) in STAFF.items():
            agency, team = self.agencies[where], self.teams[where]
            placed = {"agency_id": agency, "team_id": team, "role": role}
            memberships[key] = {"worker_id": ids[key], "from_on": since, **placed}
            self.actors[key] = Actor(ids[key], role, agency, team, PARTNERS[where][0], names[key])
        _put(work, Membership, memberships)

    def case(
        self, *, where: str = "prison", officer: str = "officer", received_on: date | None = None, **person
    ) -> UUID:
        """A person in custody, owned by the prison's officer; keyword arguments set the person's columns."""
        episode = {k: person.pop(k) for k in list(person) if k in CustodyEpisode.__table__.c}
        prison, jurisdiction = self.agencies[where], PARTNERS[where][1]
        with self.desk.work(SYSTEM) as work:
            case = work.add(
                Case(
                    reference=f"TC-{uuid4().hex[:6].upper()}", jurisdiction=jurisdiction, owner_agency_id=prison,
                    owner_team_id=self.teams[where], owner_worker_id=self.actors[officer].id, officer_id=self.actors[officer].id,
                )
            )  # fmt: skip
            about = {
                "given": "Rowan",
                "family": "Ashdown",
                "birth_date": date(1990, 4, 2),
                "sex": Sex.MALE,
                "prison_number": "A1234BC",
            }
            register.known_by(work, work.add(Person(case_id=case.id, **about | person)))
            stay = {
                "received_on": received_on or work.today - timedelta(days=30), "custody_status": CustodyStatus.SENTENCED,
                "sentence_type": SentenceType.DETERMINATE, "release_type": ReleaseType.AUTOMATIC,
            }  # fmt: skip
            work.add(CustodyEpisode(case_id=case.id, prison_id=prison, **stay | episode))
            self.involve(work, case.id, where, Basis.TASK)
            self.involve(work, case.id, where, Basis.CARE)
        return case.id

    def involve(self, work, case_id: UUID, key: str, basis: Basis, because: str = "test") -> None:
        work.add(
            Involvement(case_id=case_id, agency_id=self.agencies[key], basis=basis, because=because, from_at=work.now)
        )


def _put(work, kind: type[Row], rows: dict[str, dict[str, Any]]) -> dict[str, UUID]:
    """Put these rows of one kind in their table in one statement, past the session, for nearly every test begins with
    them; their ids by key.
    """
    ids = {key: uuid4() for key in rows}
    new = [{**_plain(kind), **said, "id": ids[key], "created_at": work.now} for key, said in rows.items()]
    work.session.connection().execute(insert(kind), new)
    return ids


@cache
def _plain(kind: type[Row]) -> dict[str, Any]:
    """What a row of this kind has in each column where nothing else is said."""
    row = kind()
    return {column.key: getattr(row, column.key, None) for column in kind.__table__.columns}

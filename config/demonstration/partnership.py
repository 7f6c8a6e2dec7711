"""The agencies, teams, services and workers of a made-up county and a made-up Scottish town. No real names of anybody."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from throughcare.casework.agencies import Agency, Membership, Service, Team, Worker
from throughcare.kernel.actors import SYSTEM, Actor, AgencyKind, Jurisdiction, Role
from throughcare.kernel.work import Desk, Work

EW, SCT = Jurisdiction.ENGLAND_WALES, Jurisdiction.SCOTLAND
K = AgencyKind

AGENCIES = (
    # key, name, kind, jurisdiction, area, address, phone, out of hours
    ("fallow", "HMP Fallowfield", K.PRISON, EW, "Ashby", "Fallowfield Lane, Ashby", "01632 960101", ""),
    ("marsh", "HMP Marsh End", K.PRISON, EW, "Brookford", "Marsh End Road, Brookford", "01632 960102", ""),
    ("glen", "HMP Glenmarra", K.PRISON, SCT, "Glenmarra", "Shore Road, Glenmarra", "01632 960103", ""),
    ("harbour", "Harbour Recovery", K.PROVIDER, EW, "Ashby", "12 Quay Street, Ashby", "01632 960110", "01632 960111"),
    ("northgate", "Northgate Recovery", K.PROVIDER, EW, "Brookford", "3 North Gate, Brookford", "01632 960120", ""),
    ("lantern", "Lantern House", K.PROVIDER, EW, "Ashby", "Lantern House, Mill Lane, Ashby", "01632 960130", ""),
    ("riverside", "Riverside Women’s Service", K.PROVIDER, EW, "Ashby", "40 River Row, Ashby", "01632 960140", ""),
    ("dyffryn", "Dyffryn Recovery", K.PROVIDER, EW, "Dyffryn", "7 Heol y Bont, Dyffryn", "01632 960150", ""),
    ("strand", "Strand Recovery", K.PROVIDER, SCT, "Glenmarra", "22 Strand, Glenmarra", "01632 960160", ""),
    ("ashbyp", "Ashby Probation Office", K.PROBATION, EW, "Ashby", "Crown House, Ashby", "01632 960170", ""),
    (
        "glenj",
        "Glenmarra Justice Social Work",
        K.PROBATION,
        SCT,
        "Glenmarra",
        "1 Town Square, Glenmarra",
        "01632 960180",
        "",
    ),
    ("door", "Ashby Front Door", K.FRONT_DOOR, EW, "Ashby", "", "01632 960190", "01632 960191"),
    ("commission", "Ashby Public Health", K.COMMISSIONER, EW, "Ashby", "", "01632 960195", ""),
)
SERVICES = (
    # agency, name, options, eligibility, how to refer, hours
    ("harbour", "Alcohol and drugs, adults", ["key_working", "community_prescribing_specialist", "community_detox_alcohol", "formal_psychosocial"],
     "Adults living in Ashby", "Send a handover here", "Monday to Friday, 9am to 5pm; Wednesday to 7pm"),
    ("northgate", "Alcohol and drugs, adults", ["key_working", "community_prescribing_specialist"],
     "Adults living in Brookford", "Send a handover here", "Monday to Friday, 9am to 5pm"),
    ("lantern", "Structured day programme", ["structured_day_programme", "aftercare"],
     "Adults no longer drinking or using", "Send a handover here", "Four days a week"),
    ("riverside", "Women’s alcohol and drugs service", ["key_working", "pregnant_fast_track", "formal_psychosocial"],
     "Women, and pregnant people the next working day", "Send a handover here", "Monday to Saturday, 9am to 6pm"),
    ("dyffryn", "Alcohol and drugs, in Welsh and English", ["key_working", "alcohol_talking_therapy"],
     "Adults living in Dyffryn", "Send a handover here", "Monday to Friday, 9am to 5pm"),
    ("strand", "Alcohol and drugs, adults", ["key_working", "community_prescribing_gp_shared_care"],
     "Adults living in Glenmarra", "Send a handover here", "Monday to Friday, 9am to 5pm"),
)  # fmt: skip
WORKERS = (
    # key, name, agency, role
    ("officer", "Maren Holt", "fallow", Role.OFFICER),
    ("officer2", "Idris Penn", "fallow", Role.OFFICER),
    ("leaver", "Rowan Pike", "fallow", Role.OFFICER),
    ("treatment", "Tamsin Vale", "fallow", Role.TREATMENT),
    ("healthcare", "Joss Arkwright", "fallow", Role.HEALTHCARE),
    ("prison_manager", "Della Quarry", "fallow", Role.MANAGER),
    ("privacy", "Orla Finch", "fallow", Role.PRIVACY),
    ("admin", "Kit Sparrow", "fallow", Role.ADMIN),
    ("marsh_officer", "Bram Lowell", "marsh", Role.OFFICER),
    ("marsh_treatment", "Nessa Crane", "marsh", Role.TREATMENT),
    ("marsh_healthcare", "Tobias Fernley", "marsh", Role.HEALTHCARE),
    ("marsh_manager", "Petra Lyle", "marsh", Role.MANAGER),
    ("glen_officer", "Catriona Muir", "glen", Role.OFFICER),
    ("glen_treatment", "Euan Sorley", "glen", Role.TREATMENT),
    ("glen_healthcare", "Morag Inver", "glen", Role.HEALTHCARE),
    ("glen_manager", "Callum Rae", "glen", Role.MANAGER),
    ("provider", "Priya Lark", "harbour", Role.PROVIDER),
    ("provider2", "Owen Thistle", "harbour", Role.PROVIDER),
    ("provider_manager", "Grace Fallon", "harbour", Role.MANAGER),
    ("northgate", "Seth Barrow", "northgate", Role.PROVIDER),
    ("northgate_manager", "Ines Calder", "northgate", Role.MANAGER),
    ("lantern", "Willa Stone", "lantern", Role.PROVIDER),
    ("riverside", "Amara Wick", "riverside", Role.PROVIDER),
    ("dyffryn", "Sioned Pryce", "dyffryn", Role.PROVIDER),
    ("strand", "Fergus Blane", "strand", Role.PROVIDER),
    ("strand_manager", "Rory Struan", "strand", Role.MANAGER),
    ("probation", "Hugh Castle", "ashbyp", Role.PROBATION),
    ("probation_manager", "Rita Moss", "ashbyp", Role.MANAGER),
    ("glen_probation", "Isla Drummond", "glenj", Role.PROBATION),
)


@dataclass
class Partnership:
    """Who and what there is, by short key."""

    agencies: dict[str, UUID] = field(default_factory=dict)
    teams: dict[str, UUID] = field(default_factory=dict)
    services: dict[str, UUID] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)


def found(desk: Desk) -> Partnership:
    """Make the partnership, a year ago."""
    made = Partnership()
    with desk.work(SYSTEM) as work:
        for key, name, kind, jurisdiction, area, address, phone, out_of_hours in AGENCIES:
            agency = work.add(
                Agency(
                    name=name, kind=kind, jurisdiction=jurisdiction, area=area, address=address, phone=phone,
                    out_of_hours=out_of_hours,
                )
            )  # fmt: skip
            made.agencies[key] = agency.id
            made.teams[key] = work.add(
                Team(agency_id=agency.id, name="Throughcare" if kind is K.PRISON else "Main team")
            ).id
        for key, name, options, eligibility, how, hours in SERVICES:
            made.services[key] = _service(work, made.teams[key], (name, options, eligibility, how, hours), key)
        for key, name, where, role in WORKERS:
            made.actors[key] = _worker(work, made, key, (name, where, role))
    return made


def _service(work: Work, team_id: UUID, told: tuple[str, list[str], str, str, str], key: str) -> UUID:
    name, options, eligibility, how, hours = told
    area = next(area for found, _, _, _, area, *_ in AGENCIES if found == key)
    service = Service(
        team_id=team_id, name=name, options=options, area=area, eligibility=eligibility, how_to_refer=how, hours=hours,
        checked_on=work.today - timedelta(days=20),
    )  # fmt: skip
    return work.add(service).id


def _worker(work: Work, made: Partnership, key: str, told: tuple[str, str, Role]) -> Actor:
    name, where, role = told
    kind = next(kind for found, _, kind, *_ in AGENCIES if found == where)
    worker = work.add(Worker(email=f"{key.replace('_', '.')}@example.org", name=name, phone="01632 960199"))
    agency_id, team_id = made.agencies[where], made.teams[where]
    began = work.today - timedelta(days=365)
    work.add(Membership(worker_id=worker.id, agency_id=agency_id, team_id=team_id, role=role, from_on=began))
    return Actor(worker.id, role, agency_id, team_id, kind, name)

"""The first page of a case: who it is about, where they are, whose it is, who is involved, and what is to be done."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import or_
from sqlmodel import col
from sqlmodel import select as rows_of

from throughcare.casework import access, jobs
from throughcare.casework.agencies import Agency, Team, Worker
from throughcare.casework.naming import names_of
from throughcare.casework.people import Case, Person
from throughcare.casework.rows import CustodyEpisode, Involvement
from throughcare.casework.views_people import Hands, Involved, Job, Moved, Portrait, Stay
from throughcare.kernel.actors import Role, acts_among
from throughcare.kernel.work import Work

CLOSERS = frozenset({Role.OFFICER, Role.PROVIDER, Role.MANAGER})
ALLOCATORS = frozenset({Role.MANAGER, Role.OFFICER})
CORRECTORS = frozenset({Role.OFFICER, Role.TREATMENT, Role.HEALTHCARE, Role.PROVIDER, Role.MANAGER})
WITHHELD = {
    "postcode": "postcode",
    "prison": "custody",
    "received_on": "custody",
    "given": "name",
    "birth_date": "date of birth",
    "prison_number": "identifiers",
    "crn": "identifiers",
    "communication_needs": "communication needs",
}


class Overview(BaseModel):
    """All of it, each part as far as the reader may know it."""

    case_id: UUID
    person: Portrait
    hands: Hands
    stay: Stay | None
    earlier_stays: int
    involved: tuple[Involved, ...]
    jobs: tuple[Job, ...]
    withheld: tuple[str, ...]  # in words, what is kept from this reader
    may_correct: bool = False
    may_allocate: bool = False
    may_close: bool = False  # it is theirs to close, and nobody holds them in custody
    may_open: bool = False  # a closed case, again


def show(work: Work, case_id: UUID) -> Overview:
    """The case page's first tab. NotFound where there is no standing."""
    case = access.find_case(work, case_id)
    person = person_of(work, case_id)
    portrait = access.show(work, person, Portrait)
    stays = stays_of(work, case_id)
    stay = shown_stay(work, stays[0]) if stays else None
    kept = {*portrait.withheld, *(stay.withheld if stay else ())}
    return Overview(
        case_id=case_id,
        person=portrait,
        hands=access.show(work, person, Hands, **_hands(work, case)),
        stay=stay,
        earlier_stays=max(len(stays) - 1, 0),
        involved=involved(work, case_id),
        jobs=jobs.of_case(work, case_id),
        withheld=tuple(dict.fromkeys(WITHHELD[name] for name in WITHHELD if name in kept)),
        may_correct=acts_among(work.actor, CORRECTORS),
        may_allocate=work.actor.role in ALLOCATORS and work.actor.agency_id == case.owner_agency_id,
        may_close=keeps(work, case) and case.closed_at is None and not (stays and stays[0].ended_at is None),
        may_open=keeps(work, case) and case.closed_at is not None,
    )


def keeps(work: Work, case: Case) -> bool:
    """Whether the case is theirs to close: its worker, a manager there, or anyone there while nobody has taken it."""
    actor = work.actor
    if actor.agency_id != case.owner_agency_id or actor.role not in CLOSERS:
        return False
    return actor.role is Role.MANAGER or case.owner_worker_id in {None, actor.id}


def person_of(work: Work, case_id: UUID) -> Person:
    """Who the case is about."""
    return access.person_of(work, case_id)


def stays_of(work: Work, case_id: UUID) -> list[CustodyEpisode]:
    """Every stay in custody, the latest first."""
    stays = rows_of(CustodyEpisode).where(CustodyEpisode.case_id == case_id)
    newest = (col(CustodyEpisode.received_on).desc(), col(CustodyEpisode.created_at).desc())
    return list(work.session.exec(stays.order_by(*newest)))


def shown_stay(work: Work, stay: CustodyEpisode, reasons: tuple[str, ...] = (), moved: tuple[Moved, ...] = ()) -> Stay:
    """A stay as the reader may see it: why its suggested date is what it is, and what the last change of date moved."""
    names = names_of(work, Agency, [stay.prison_id])
    return access.show(work, stay, Stay, prison=names.get(stay.prison_id, ""), reasons=reasons, moved=moved)


def involved(work: Work, case_id: UUID, *, past: bool = False) -> tuple[Involved, ...]:
    """The agencies with standing, the newest last; with `past`, those whose standing has ended too."""
    query = rows_of(Involvement).where(Involvement.case_id == case_id).order_by(col(Involvement.from_at))
    if not past:
        query = query.where(or_(col(Involvement.until_at).is_(None), col(Involvement.until_at) > work.now))
    rows = list(work.session.exec(query))
    names = names_of(work, Agency, [row.agency_id for row in rows])
    return tuple(access.show_all(work, rows, Involved, {row.id: {"agency": names[row.agency_id]} for row in rows}))


def _hands(work: Work, case: Case) -> dict[str, str]:
    names = names_of(work, Worker, [case.owner_worker_id, case.officer_id, case.co_worker_id])
    teams = names_of(work, Team, [case.owner_team_id])
    agencies = names_of(work, Agency, [case.owner_agency_id, case.co_agency_id])
    owner = names.get(case.owner_worker_id or case.id, "Nobody yet")
    team = teams.get(case.owner_team_id or case.id) or agencies[case.owner_agency_id]
    co_worker = names.get(case.co_worker_id or case.id, "")
    co_agency = agencies.get(case.co_agency_id or case.id, "")
    return {
        "owner": f"{owner}, {team}",
        "officer": names.get(case.officer_id or case.id, ""),
        "co_responsible": ", ".join(filter(None, (co_worker, co_agency))),
    }

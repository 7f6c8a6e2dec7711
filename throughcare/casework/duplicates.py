"""Looks for records that may be the same person before another is made, and tells only what the reader may know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import and_, or_
from sqlmodel import col, func, select

from throughcare.casework import access, events
from throughcare.casework.forms import Details
from throughcare.casework.matching import IDENTIFIERS, Match, Particulars, matches
from throughcare.casework.people import Case, Person
from throughcare.casework.views import Tells, View
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.categories import Category
from throughcare.kernel.clock import at
from throughcare.kernel.refusals import Refusal, refuse_if
from throughcare.kernel.work import Work


class Known(View):
    """A record that may be the same person, and why it was found."""

    case_id: UUID | None = None
    reference: Annotated[str, Tells(Category.RECORD)] = ""
    why: Annotated[tuple[str, ...], Tells(Category.IDENTITY)] = ()
    given: str = ""
    family: str = ""
    known_as: str = ""
    birth_date: date | None = None
    prison_number: str | None = None


@dataclass(frozen=True)
class Looking:
    """How often one worker may look in a London day."""

    a_day: int


class TooManyLooks(Refusal):
    """You have looked for as many people as one worker may in a day; ask a colleague to register this person, or go on tomorrow."""

    code, status = "too_many_looks", 429


@dataclass(frozen=True)
class Found:
    """The records the reader may know of, and how many there are that they may not."""

    known: tuple[Known, ...] = ()
    held_elsewhere: int = 0

    def __bool__(self) -> bool:
        return bool(self.known or self.held_elsewhere)


def _looks_today(work: Work) -> int:
    mine = select(func.count(col(AuditRow.id))).where(
        AuditRow.name == events.PersonLookedFor.name,
        AuditRow.subject_id == work.actor.id,
        AuditRow.at >= at(work.today, time.min),
    )
    return work.session.exec(mine).one()


def look(work: Work, details: Details) -> Found:
    """Records that may be this person. Those in cases without standing are counted, and nothing of them is told.

    That somebody is known at all is itself told here, to any prison: so each look is written down, whatever it finds,
    and a worker has so many a day.
    """
    refuse_if(_looks_today(work) >= work.reference[Looking].a_day, TooManyLooks)
    people = {person.id: person for person in _candidates(work, details)}
    found = matches(particulars_of(details), [(key, particulars_of(person)) for key, person in people.items()])
    standings = access.standings(work, {people[match.key].case_id for match in found})
    seen = [match for match in found if standings[people[match.key].case_id].bases]
    known = _shown(work, people, seen)
    shown = tuple(people[match.key].case_id for match in seen)
    hidden = len(found) - len(seen)
    work.record(events.PersonLookedFor(subject_id=work.actor.id, shown=len(seen), held_elsewhere=hidden, cases=shown))
    return Found(known, len(found) - len(seen))


def particulars_of(known: Person | Details) -> Particulars:
    """What is compared, of a record or of what was typed."""
    return Particulars(
        given=known.given,
        family=known.family,
        birth_date=known.birth_date,
        postcode=known.postcode,
        **{name: getattr(known, name) or None for name in IDENTIFIERS},
    )


def _candidates(work: Work, details: Details) -> list[Person]:
    """All who could match: an identifier in common, the same date of birth, or a name at the same postcode.

    Three of four particulars without the date of birth are both names and the postcode.
    """
    wanted: list[Any] = [
        col(getattr(Person, name)) == getattr(details, name) for name in IDENTIFIERS if getattr(details, name)
    ]
    wanted.append(col(Person.birth_date) == details.birth_date)
    if details.postcode:
        wanted.append(and_(col(Person.postcode) == details.postcode, col(Person.postcode) != "ZZ99 3VZ"))
    return list(work.session.exec(select(Person).where(or_(*wanted))))


def _shown(work: Work, people: dict[UUID, Person], seen: list[Match[UUID]]) -> tuple[Known, ...]:
    if not seen:
        return ()
    rows = [people[match.key] for match in seen]
    wanted = col(Case.id).in_({row.case_id for row in rows})
    references = {row.id: row.reference for row in work.session.execute(select(Case.id, Case.reference).where(wanted))}
    more = {
        match.key: {"reference": references[people[match.key].case_id], "why": match.reasons} for match in seen
    }  # fmt: skip
    return tuple(access.show_all(work, rows, Known, more))

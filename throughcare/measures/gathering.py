"""Reads a year's facts as columns, never as people: the stays first, then what belongs to each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlmodel import col

from throughcare.casework.people import Case, Person
from throughcare.casework.rows import CustodyEpisode, Involvement, LeftFor
from throughcare.handover.rows import Handover
from throughcare.kernel.actors import Actor, AgencyKind, Jurisdiction
from throughcare.kernel.clock import LAST_SECOND, MIDNIGHT, at, london_day
from throughcare.kernel.work import Work
from throughcare.measures.periods import Period

Cases = Select[Any]  # selects case ids
ByCase = Mapping[UUID, Sequence[Any]]


@dataclass(frozen=True)
class Stay:
    """One stay in custody as far as it is counted."""

    id: UUID
    case_id: UUID
    prison: UUID
    received_on: date
    ended_at: datetime | None
    released_at: datetime | None
    born_on: date
    died_on: date | None
    jurisdiction: Jurisdiction
    left_for: LeftFor | None = None

    @property
    def left_on(self) -> date | None:
        return london_day(self.ended_at) if self.ended_at else None

    def holds(self, day: date) -> bool:
        """Whether this day was spent, in part at least, in this stay."""
        return day >= self.received_on and (self.left_on is None or day <= self.left_on)


def pick(*columns: Any) -> Select[Any]:
    """A query for columns; a row class's attribute is one, whatever its annotation says."""
    return select(*columns)


def cases_of(actor: Actor) -> Cases:
    """Whose cases count for this reader: every prison's for a prison, and for others those they work or worked with."""
    if actor.agency_kind is AgencyKind.PRISON:
        return pick(col(Case.id))
    involved = pick(col(Involvement.case_id)).where(col(Involvement.agency_id) == actor.agency_id)
    asked = pick(col(Handover.case_id)).where(
        col(Handover.to_agency_id) == actor.agency_id, col(Handover.sent_at).is_not(None)
    )
    return pick(col(Case.id)).where(or_(col(Case.id).in_(involved), col(Case.id).in_(asked)))


def bounds(period: Period) -> tuple[datetime, datetime]:
    """The first and last instant of a period in London."""
    return at(period.first, MIDNIGHT), at(period.last, LAST_SECOND)


def stays(work: Work, cases: Cases) -> Sequence[Stay]:
    """Every stay of these cases, the earliest first."""
    query = (
        pick(
            CustodyEpisode.id, CustodyEpisode.case_id, CustodyEpisode.prison_id, CustodyEpisode.received_on,
            CustodyEpisode.ended_at, CustodyEpisode.released_at, Person.birth_date, Person.deceased_on, Case.jurisdiction,
            CustodyEpisode.left_for,
        )
        .join(Person, col(Person.case_id) == col(CustodyEpisode.case_id))
        .join(Case, col(Case.id) == col(CustodyEpisode.case_id))
        .where(col(CustodyEpisode.case_id).in_(cases))
        .order_by(col(CustodyEpisode.received_on), col(CustodyEpisode.created_at))
    )  # fmt: skip
    return [Stay(*row) for row in work.session.execute(query)]


def of_year(cases: Cases, period: Period) -> Cases:
    """Those of these cases with a reception or a release in the period: nothing else of a stay is counted in it."""
    first, last = bounds(period)
    return pick(col(CustodyEpisode.case_id)).where(
        col(CustodyEpisode.case_id).in_(cases),
        or_(
            col(CustodyEpisode.received_on).between(period.first, period.last),
            col(CustodyEpisode.released_at).between(first, last),
        ),
    )


def by_case(work: Work, query: Select[Any]) -> ByCase:
    """The rows of a query whose first column is the case, kept in its order under each case."""
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in work.session.execute(query):
        found[row[0]].append(row)
    return found


@dataclass(frozen=True)
class Prisons:
    """Which prison something counts under: where the person was, or had last been, on its day."""

    stays: ByCase

    def on(self, case_id: UUID, day: date) -> UUID | None:
        """None where no stay in custody had begun by then."""
        begun = [row.prison_id for row in self.stays.get(case_id, ()) if row.received_on <= day]
        return begun[-1] if begun else None


def prisons_of(work: Work, cases: Cases) -> Prisons:
    """The prisons these cases were in, in order."""
    query = pick(CustodyEpisode.case_id, CustodyEpisode.prison_id, CustodyEpisode.received_on)
    query = query.where(col(CustodyEpisode.case_id).in_(cases))
    return Prisons(by_case(work, query.order_by(col(CustodyEpisode.received_on), col(CustodyEpisode.created_at))))

"""Who may see what, and on what basis. One table, one function, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from throughcare.kernel.actors import Actor, AgencyKind, Role
from throughcare.kernel.categories import Category
from throughcare.kernel.forms import Word


class Basis(Word):
    """Why the reader may see it: the reason that goes in the record (DOMAIN G.2's letters)."""

    CARE = "H", "Direct care"
    CONSENT = "C", "Consent"
    ORDER = "R", "Required by an order or licence"
    TASK = "T", "Statutory task"
    DUTY = "D", "Duty to share"
    OVERRIDE = "O", "Override with a record"


class Seat(Word):
    """A column of the matrix: whom the reader is, for the purpose of being told."""

    PRISON_THROUGHCARE = "prison_throughcare"
    PRISON_HEALTHCARE = "prison_healthcare"
    COMMUNITY_PROVIDER = "community_provider"
    PROBATION = "probation"
    CHILDRENS_SERVICES = "childrens_services", "Children's services"
    POLICE = "police"


BY_ROLE = {
    Role.OFFICER: Seat.PRISON_THROUGHCARE,
    Role.TREATMENT: Seat.PRISON_HEALTHCARE,
    Role.HEALTHCARE: Seat.PRISON_HEALTHCARE,
    Role.PROVIDER: Seat.COMMUNITY_PROVIDER,
    Role.PROBATION: Seat.PROBATION,
}
BY_AGENCY = {
    AgencyKind.PRISON: Seat.PRISON_THROUGHCARE,
    AgencyKind.PROVIDER: Seat.COMMUNITY_PROVIDER,
    AgencyKind.PROBATION: Seat.PROBATION,
    AgencyKind.FRONT_DOOR: Seat.CHILDRENS_SERVICES,
}


def seat_of(actor: Actor) -> Seat | None:
    """The reader's column. A manager or privacy officer reads as their agency; an administrator reads nothing."""
    if actor.role is Role.ADMIN:
        return None
    by_agency = BY_AGENCY.get(actor.agency_kind) if actor.agency_kind else None
    return BY_ROLE.get(actor.role, by_agency)


KEPT_BY_AUTHOR = frozenset({Category.SCREENING})  # a screener keeps access to the screenings they carried out


@dataclass(frozen=True)
class Standing:
    """All the policy may know about a reader and a case. `consented`: what the person agreed this agency may have.

    `wrote` is whether the row being read is the reader's own record.
    """

    seat: Seat | None
    bases: frozenset[Basis] = frozenset()
    consented: frozenset[Category] = frozenset()
    wrote: bool = False

    def holds(self, basis: Basis, category: Category) -> bool:
        if basis is Basis.CONSENT:
            return category in self.consented or (category is Category.RECORD and bool(self.consented))
        return basis in self.bases


@dataclass(frozen=True)
class Grant:
    """One letter of a cell: the basis, and whether the summary alone."""

    basis: Basis
    summary: bool = False


@dataclass(frozen=True)
class Matrix:
    """The information-sharing matrix: every category in every seat."""

    version: str
    cells: Mapping[Category, Mapping[Seat, tuple[Grant, ...]]] = field(default_factory=dict)

    def grant_for(self, category: Category, standing: Standing) -> Grant | None:
        """The first grant on which this reader may see this category, or None. Overrides are never implied."""
        if standing.seat is None:
            return None
        if standing.wrote and standing.bases and category in KEPT_BY_AUTHOR:
            return Grant(Basis.TASK)
        cell = self.cells[category][standing.seat]
        return next((grant for grant in cell if standing.holds(grant.basis, category)), None)

    def shareable(self, category: Category, seat: Seat) -> bool:
        """Whether this category may ever go to this seat with the person's consent or by a standing basis."""
        return any(grant.basis is not Basis.OVERRIDE for grant in self.cells[category][seat])


def parse_cell(letters: str) -> tuple[Grant, ...]:
    """'R:S C' -> two grants; ValueError for a letter that is not a basis."""
    parts = (letter.partition(":") for letter in letters.split())
    return tuple(Grant(Basis(letter), summary == "S") for letter, _, summary in parts)


def parse_matrix(version: str, cells: Mapping[str, list[str]]) -> Matrix:
    """The matrix as written in the data file; ValueError when a category or a seat is missing."""
    seats = tuple(Seat)
    table = {Category(name): dict(zip(seats, map(parse_cell, row), strict=True)) for name, row in cells.items()}
    if missing := set(Category) - table.keys():
        raise ValueError(f"the matrix does not rule on {sorted(missing)}")
    return Matrix(version, table)

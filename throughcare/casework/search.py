"""The cases list: only cases with standing, a page at a time by release date, in the same few statements at any size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, false, func, or_, select, tuple_
from sqlmodel import col

from throughcare.casework import access, identifiers
from throughcare.casework.agencies import Worker
from throughcare.casework.forms import CaseFilter
from throughcare.casework.matching import folded
from throughcare.casework.people import Case, NameWord, Person
from throughcare.casework.stage import Stage
from throughcare.casework.views_people import CaseLine, CasePage
from throughcare.kernel.actors import Role
from throughcare.kernel.work import Work

SIZE = 25
COUNTED = 1_000  # a longer list is said to be longer, and is not counted: that would cost more than its page
FEW = 200  # standings: up to here, sorting them all costs less than looking for them among everybody's
OWN_TEAMS = frozenset({Role.OFFICER, Role.PROVIDER, Role.MANAGER})  # whose list opens on their own team's cases
NUMBERS = (identifiers.prison_number, identifiers.crn, identifiers.pnc, identifiers.nhs_number, identifiers.chi)
IDENTIFIED_BY = (Person.prison_number, Person.crn, Person.pnc, Person.nhs_number, Person.chi)
TOLD = {
    "reference": col(Case.reference),
    "stage": col(Case.stage),
    "release_on": col(Case.release_on),
    "given": col(Person.given),
    "family": col(Person.family),
    "known_as": col(Person.known_as),
    "birth_date": col(Person.birth_date),
    "prison_number": col(Person.prison_number),
    "crn": col(Person.crn),
    "owner": col(Worker.name),
}


@dataclass(frozen=True)
class Place:
    """Where a page begins or ends: a case and its release date. Those without a date come last."""

    release_on: date | None
    case_id: UUID

    @classmethod
    def read(cls, typed: str) -> Place | None:
        """As it stands in an address; None for anything else."""
        day, _, case_id = typed.partition("~")
        try:
            return cls(date.fromisoformat(day) if day else None, UUID(case_id))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.release_on or ''}~{self.case_id}"


def find(work: Work, asked: CaseFilter) -> CasePage:
    """One page of the cases this reader may know of, soonest release first, those without a date at the end."""
    after, before = Place.read(asked.after), Place.read(asked.before)
    wanted = _wanted(work, asked)
    rows, more = _page(work, wanted, after, before)
    views = access.show_lines(work, {row.id: _told(row) for row in rows}, CaseLine)
    places = [str(Place(row.release_on, row.id)) for row in rows]
    earlier, later = (more, bool(rows)) if before else (bool(after), more)
    return CasePage(
        cases=tuple(views),
        show=asked.show or shown_first(work),
        count=_count(work, wanted) if more or after or before else len(rows),
        later=places[-1] if later and places else "",
        earlier=places[0] if earlier and places else "",
    )


def _count(work: Work, wanted: Select[Any]) -> int:
    """How many there are in all, as far as they are counted: one more than COUNTED stands for all beyond it."""
    some = wanted.with_only_columns(col(Case.id)).limit(COUNTED + 1).subquery()
    return int(work.session.execute(select(func.count()).select_from(some)).scalar_one())


def shown_first(work: Work) -> str:
    """Which cases the list opens on: the team's own for those who own cases, else all with standing."""
    return "team" if work.actor.role in OWN_TEAMS and work.actor.team_id else "all"


def _page(work: Work, wanted: Select[Any], after: Place | None, before: Place | None) -> tuple[list[Row[Any]], bool]:
    """The rows of one page, and whether there are more beyond it. The dated and the undated are read apart, by key."""
    sections: Sequence[bool] = (True, False)
    if before:
        sections = (False, True)
    rows: list[Row[Any]] = []
    for dated in sections:
        query = _section(wanted, after or before, dated=dated, backwards=before is not None)
        if query is not None and len(rows) <= SIZE:
            rows += work.session.execute(query.limit(SIZE + 1 - len(rows))).all()
    more, rows = len(rows) > SIZE, rows[:SIZE]
    return (rows[::-1] if before else rows), more


def _section(wanted: Select[Any], edge: Place | None, *, dated: bool, backwards: bool) -> Select[Any] | None:
    """One half of the list from the edge on; None where the edge lies beyond all of it."""
    if edge and _beyond(edge, dated=dated, backwards=backwards):
        return None
    day, key = col(Case.release_on), col(Case.id)
    query = wanted.where(day.is_not(None) if dated else day.is_(None))
    if edge and dated == (edge.release_on is not None):
        here, there = (tuple_(day, key), tuple_(edge.release_on, edge.case_id)) if dated else (key, edge.case_id)
        query = query.where(here < there if backwards else here > there)
    order = (day, key) if dated else (key,)
    return query.order_by(*(part.desc() if backwards else part.asc() for part in order))


def _beyond(edge: Place, *, dated: bool, backwards: bool) -> bool:
    """Going on from an undated case nothing dated is left; going back from a dated one nothing undated is."""
    return (edge.release_on is None) == dated and dated != backwards


def _wanted(work: Work, asked: CaseFilter) -> Select[Any]:
    columns: list[Any] = [column.label(name) for name, column in TOLD.items()]
    query = (
        select(col(Case.id), *columns)
        .join(Person, col(Person.case_id) == col(Case.id))
        .outerjoin(Worker, col(Worker.id) == col(Case.owner_worker_id))
        .where(_standing(work, asked), *_scope(work, asked), *_stage(asked))
    )
    if asked.release:
        until = work.today + timedelta(weeks=int(asked.release))
        query = query.where(col(Case.release_on).between(work.today, until))
    return query.where(*_searched(asked.q)) if asked.q else query


def _standing(work: Work, asked: CaseFilter) -> Any:
    """Only cases with standing. An agency that has few among very many names them; any other is asked case by case."""
    if (asked.show or shown_first(work)) == "all" and work.actor.role is not Role.SYSTEM:
        few = list(work.session.execute(access.cases_with_standing(work).limit(FEW + 1)).scalars())
        if len(few) <= FEW:
            return col(Case.id).in_(set(few))
    return access.known(work, col(Case.id))


def _scope(work: Work, asked: CaseFilter) -> list[Any]:
    me, show = work.actor.id, asked.show or shown_first(work)
    if show == "mine":
        return [or_(col(Case.owner_worker_id) == me, col(Case.officer_id) == me, col(Case.co_worker_id) == me)]
    if show == "team":
        return [col(Case.owner_team_id) == work.actor.team_id]
    return []


def _stage(asked: CaseFilter) -> list[Any]:
    """Closed cases are listed when they are asked for, and never otherwise."""
    if asked.stage == Stage.CLOSED:
        return [col(Case.stage) == Stage.CLOSED]
    open_ones = [col(Case.closed_at).is_(None)]
    return [*open_ones, col(Case.stage) == asked.stage] if asked.stage in set(Stage) else open_ones


def _searched(typed: str) -> list[Any]:
    """By our reference, by an identifier where there is a digit in it, else by the beginning of each word of a name."""
    if typed.upper().startswith("TC-"):
        return [col(Case.reference) == typed.upper()]
    if any(letter.isdigit() for letter in typed):
        numbers = _as_numbers(typed)
        return [or_(*(col(column).in_(numbers) for column in IDENTIFIED_BY))]
    return [_named(word) for word in map(folded, typed.split()) if word] or [false()]


def _as_numbers(typed: str) -> list[str]:
    """What was typed as each kind of identifier it can be."""
    found = []
    for check in NUMBERS:
        try:
            found.append(check(typed))
        except ValueError:
            continue
    return [*found, typed.strip()] if typed.strip().isdigit() else found


def _named(word: str) -> Any:
    beginning = select(col(NameWord.case_id)).where(col(NameWord.word) >= word, col(NameWord.word).startswith(word))
    above = first_above(word)
    return col(Case.id).in_(beginning.where(col(NameWord.word) < above) if above else beginning)


def first_above(word: str) -> str:
    """A word above all that begin with this one, for the index, in any language's order; "" where none is in all of them.

    What follows z or 9 in code is a mark, and in most languages' order marks come before letters.
    """
    stem = word.rstrip("z9")
    return stem[:-1] + chr(ord(stem[-1]) + 1) if stem and stem.isascii() else ""


def _told(row: Row[Any]) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in TOLD}
    return told | {"case_id": row.id, "stage": Stage(row.stage).label, "owner": row.owner or ""}

"""The only door out of the database: every view is built here, and every reading written down."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from throughcare.disclosure.policy import Basis, Grant, Matrix, Standing
from throughcare.kernel.audit import Event
from throughcare.kernel.categories import Category
from throughcare.kernel.rows import CaseRow
from throughcare.kernel.work import Work


@dataclass(frozen=True)
class Tells:
    """On a view's field that is not a column: what it tells its reader, and whether it is only the summary.

    Without a category the row says: its words tell different things in different rows.
    """

    category: Category | None = None
    summary: bool = False


class View(BaseModel):
    """What leaves the service. A withheld field keeps its default (None), and is named in `withheld`."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    withheld: tuple[str, ...] = ()


class Disclosed(Event):
    """Somebody read something about a person: which categories, on which basis, and what was kept back."""

    name: ClassVar[str] = "disclosure.read"
    what: str
    bases: dict[Category, Basis]
    withheld: tuple[str, ...]
    shown: int = 1  # how many rows one page or answer showed
    cases: tuple[UUID, ...] = ()  # the people on a list page


@dataclass(frozen=True)
class Line:
    """One line of a list, selected as columns: each field of its view is given beside it and marked Tells."""

    id: UUID
    case_id: UUID

    def written_by(self) -> UUID | None:
        return None

    def category_of(self, name: str) -> Category:
        raise KeyError(name)


Shown = CaseRow | Line
V = TypeVar("V", bound=View)


@cache
def told_by(as_: type[View], kind: type[Shown]) -> Mapping[str, Tells | None]:
    """What each field of this view tells, over this table; None means the row itself says (its column's category)."""
    return {name: _tells(field.metadata, name, kind) for name, field in as_.model_fields.items() if name != "withheld"}


def _tells(metadata: Sequence[Any], name: str, kind: type[Shown]) -> Tells | None:
    own = next((mark for mark in metadata if isinstance(mark, Tells)), None)
    columns: Collection[str] = getattr(kind, "__table__").c if issubclass(kind, CaseRow) else ()  # noqa: B009 - SQLModel's table classes have it
    if own is None and name not in columns:
        raise TypeError(f"{name} is not a column of {kind.__name__}: say what it tells")
    return own


def reveal(
    work: Work, rows: Sequence[tuple[Shown, Mapping[str, Any]]], as_: type[V], standings: Mapping[UUID, Standing]
) -> list[V]:
    """One view per row, each field on its own basis; one record of the reading for all of them."""
    matrix = work.reference[Matrix]
    on: dict[Category, Basis] = {}
    views = [_view(matrix, row, more, as_, _over(work, row, standings[row.case_id]), on) for row, more in rows]
    if rows:
        first = rows[0][0]
        cases = tuple(dict.fromkeys(row.case_id for row, _ in rows))
        withheld = tuple(sorted({name for view in views for name in view.withheld}))
        work.record(
            Disclosed(
                subject_id=first.id,
                case_id=cases[0] if len(cases) == 1 else None,
                what=as_.__name__,
                bases=on,
                withheld=withheld,
                shown=len(rows),
                cases=cases if len(cases) > 1 else (),
            )
        )
    return views


def _over(work: Work, row: Shown, standing: Standing) -> Standing:
    """The reader's standing over one row: whether it is their own record."""
    return replace(standing, wrote=True) if row.written_by() == work.actor.id else standing


def _view(
    matrix: Matrix, row: Shown, more: Mapping[str, Any], as_: type[V], standing: Standing, on: dict[Category, Basis]
) -> V:
    grants: dict[Category, Grant | None] = {}
    shown: dict[str, Any] = {}
    withheld: list[str] = []
    kind: Any = type(row)
    for name, told in told_by(as_, kind).items():
        category = (told.category if told else None) or row.category_of(name)
        if category not in grants:
            grants[category] = matrix.grant_for(category, standing)
        grant = grants[category]
        if grant is None or (grant.summary and not _is_summary(row, name, told)):
            withheld.append(name)
            continue
        on.setdefault(category, grant.basis)
        shown[name] = more[name] if name in more else getattr(row, name)
    return as_(**shown, withheld=tuple(sorted(withheld)))


def _is_summary(row: Shown, name: str, told: Tells | None) -> bool:
    if told:
        return told.summary
    kind: Any = type(row)
    return bool(kind.__table__.c[name].info["summary"])

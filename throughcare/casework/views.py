"""What may be told of a case's spine: its heading, and its line on a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import select as sa_select
from sqlmodel import col

from throughcare.casework import access
from throughcare.casework.people import Case, Person
from throughcare.casework.stage import Stage
from throughcare.disclosure.reading import Line, Tells, View
from throughcare.kernel.categories import Category
from throughcare.kernel.work import Work

__all__ = ["CaseHeading", "Tells", "Told", "View", "heading"]


class CaseHeading(View):
    """Whose case this is, as far as the reader may know."""

    case_id: Annotated[UUID | None, Tells(Category.RECORD)] = None
    reference: Annotated[str, Tells(Category.RECORD)] = ""
    stage: Annotated[str, Tells(Category.RECORD)] = ""
    release_on: Annotated[date | None, Tells(Category.CUSTODY)] = None
    given: Annotated[str, Tells(Category.IDENTITY)] = ""
    family: Annotated[str, Tells(Category.IDENTITY)] = ""
    known_as: Annotated[str, Tells(Category.IDENTITY)] = ""
    birth_date: Annotated[date | None, Tells(Category.IDENTITY)] = None
    prison_number: Annotated[str | None, Tells(Category.IDENTITY)] = None
    crn: Annotated[str | None, Tells(Category.IDENTITY)] = None


@dataclass(frozen=True)
class Told(Line):
    """Something told in words of its own, which are judged by what they tell."""

    tells: Category = Category.RECORD

    def category_of(self, name: str) -> Category:  # noqa: ARG002 - whichever field it is
        return self.tells


HEADED = {
    "reference": col(Case.reference),
    "stage": col(Case.stage),
    "release_on": col(Case.release_on),
    **{
        name: col(getattr(Person, name))
        for name in ("given", "family", "known_as", "birth_date", "prison_number", "crn")
    },
}


def heading(work: Work, case_id: UUID) -> CaseHeading:
    """The heading of one case. NotFound where there is no standing."""
    case = access.find_case(work, case_id)
    person = access.person_of(work, case_id)
    stage = Stage(case.stage).label
    return access.show(work, person, CaseHeading, reference=case.reference, stage=stage, release_on=case.release_on)


def headings(work: Work, case_ids: set[UUID]) -> dict[UUID, CaseHeading]:
    """The headings of many cases, for a list: one statement, one record of the reading. No standing: a blank heading."""
    columns: list[Any] = [column.label(name) for name, column in HEADED.items()]
    about = sa_select(col(Case.id).label("case_id"), *columns).join(Person, col(Person.case_id) == col(Case.id))
    rows = work.session.execute(about.where(col(Case.id).in_(case_ids))).mappings().all()
    lines = {row["case_id"]: {**row, "stage": Stage(row["stage"]).label} for row in rows}
    return dict(zip(lines, access.show_lines(work, lines, CaseHeading), strict=True))


class Meeting(View):
    """An appointment that an entry is about."""

    id: UUID
    kind: str | None = None
    at: datetime | None = None

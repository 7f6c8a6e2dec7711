"""What may be told of a case's spine: its heading, and its line on a list."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.people import Case, Person
from throughcare.casework.stage import Stage
from throughcare.disclosure.reading import Tells, View
from throughcare.kernel.categories import Category
from throughcare.kernel.work import Work

__all__ = ["CaseHeading", "Tells", "View", "heading"]


class CaseHeading(View):
    """Whose case this is, as far as the reader may know."""

    case_id: UUID | None = None
    reference: Annotated[str, Tells(Category.RECORD)] = ""
    stage: Annotated[str, Tells(Category.RECORD)] = ""
    release_on: Annotated[date | None, Tells(Category.CUSTODY)] = None
    given: str = ""
    family: str = ""
    known_as: str = ""
    birth_date: date | None = None
    prison_number: str | None = None
    crn: str | None = None


def heading(work: Work, case_id: UUID) -> CaseHeading:
    """The heading of one case. NotFound where there is no standing."""
    case = access.find_case(work, case_id)
    person = work.session.exec(select(Person).where(Person.case_id == case_id)).one()
    stage = Stage(case.stage).label
    return access.show(work, person, CaseHeading, reference=case.reference, stage=stage, release_on=case.release_on)


def headings(work: Work, case_ids: set[UUID]) -> dict[UUID, CaseHeading]:
    """The headings of many cases, for a list: one statement, one record of the reading. No standing: a blank heading."""
    rows = work.session.execute(
        select(Person, Case).join(Case, col(Case.id) == col(Person.case_id)).where(col(Person.case_id).in_(case_ids))
    ).all()
    more = {
        person.id: {"reference": case.reference, "stage": Stage(case.stage).label, "release_on": case.release_on}
        for person, case in rows
    }
    shown = access.show_all(work, [person for person, _ in rows], CaseHeading, more)
    return {person.case_id: told for (person, _), told in zip(rows, shown, strict=True)}

"""What may be told of a person, their custody and who works with them, on lists and on the case page."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel

from throughcare.casework.people import Language, Sex
from throughcare.casework.rows import CustodyStatus, EpisodeStatus, LeftFor, ReleaseType, SentenceType
from throughcare.casework.views import Tells, View
from throughcare.disclosure.policy import Basis
from throughcare.kernel.categories import Category

RECORD, IDENTITY, CUSTODY = Category.RECORD, Category.IDENTITY, Category.CUSTODY


class CaseLine(View):
    """One line of the cases list."""

    case_id: Annotated[UUID | None, Tells(RECORD)] = None
    reference: Annotated[str, Tells(RECORD)] = ""
    stage: Annotated[str, Tells(RECORD)] = ""
    owner: Annotated[str, Tells(RECORD)] = ""
    release_on: Annotated[date | None, Tells(CUSTODY)] = None
    given: Annotated[str, Tells(IDENTITY)] = ""
    family: Annotated[str, Tells(IDENTITY)] = ""
    known_as: Annotated[str, Tells(IDENTITY)] = ""
    birth_date: Annotated[date | None, Tells(IDENTITY)] = None
    prison_number: Annotated[str | None, Tells(IDENTITY)] = None
    crn: Annotated[str | None, Tells(IDENTITY)] = None

    @property
    def name(self) -> str:
        """Family, given (known as), or the reference where the name may not be told."""
        name = ", ".join(filter(None, (self.family, self.given))) or self.reference
        return f"{name} ({self.known_as})" if self.known_as else name


class CasePage(BaseModel):
    """A page of the cases list; `earlier` and `later` are the places the next pages begin at, or blank."""

    cases: tuple[CaseLine, ...] = ()
    show: str = ""
    earlier: str = ""
    count: int = 0  # on all pages together; one more than is counted stands for any number beyond
    later: str = ""


class Portrait(View):
    """Who the person is and how to speak with them."""

    given: str = ""
    family: str = ""
    known_as: str = ""
    birth_date: date | None = None
    sex: Sex | None = None
    gender: str = ""
    prison_number: str | None = None
    crn: str | None = None
    pnc: str | None = None
    nhs_number: str | None = None
    chi: str | None = None
    postcode: str = ""
    language: Language | None = None
    other_languages: str = ""
    interpreter: bool | None = None
    communication_needs: str = ""
    deceased_on: date | None = None


class Moved(View):
    """Something that hung on the release date and moved with it; without `now` it was left behind."""

    what: Annotated[str, Tells(Category.PLAN)] = ""
    was: Annotated[date | None, Tells(Category.PLAN)] = None
    now: Annotated[date | None, Tells(Category.PLAN)] = None


class Stay(View):
    """One stay in custody, with its dates."""

    id: UUID | None = None
    version: int | None = None
    prison: Annotated[str, Tells(CUSTODY)] = ""
    received_on: date | None = None
    status: EpisodeStatus | None = None
    custody_status: CustodyStatus | None = None
    sentence_type: SentenceType | None = None
    release_type: ReleaseType | None = None
    days_served_by_release: int | None = None
    sentence_release_date: date | None = None
    suggested_release_date: date | None = None
    reasons: Annotated[tuple[str, ...], Tells(CUSTODY)] = ()
    confirmed_release_date: date | None = None
    released_at: datetime | None = None
    ended_at: datetime | None = None
    left_for: LeftFor | None = None
    in_community_on: date | None = None
    moved: Annotated[tuple[Moved, ...], Tells(Category.PLAN)] = ()


class Change(View):
    """One change of one release date: where it came from and who wrote it down."""

    field: str = ""
    old: date | None = None
    new: date | None = None
    source: str = ""
    created_at: datetime | None = None
    worker: Annotated[str, Tells(RECORD)] = ""


class Involved(View):
    """An agency with standing: since when, why, and on what basis it may read."""

    agency: Annotated[str, Tells(RECORD)] = ""
    basis: Basis | None = None
    because: str = ""
    from_at: datetime | None = None
    until_at: datetime | None = None


class Job(View):
    """A piece of open work on the case: each kind of work says what its words tell."""

    words: Annotated[str, Tells()] = ""
    href: Annotated[str, Tells()] = ""
    whose: Annotated[str, Tells()] = ""
    done: Annotated[str, Tells()] = ""  # the page that says it is done, where nothing else does
    due_at: Annotated[datetime | None, Tells()] = None
    urgent: Annotated[bool, Tells()] = False


class Hands(View):
    """Whose case this is."""

    owner: Annotated[str, Tells(RECORD)] = ""
    officer: Annotated[str, Tells(RECORD)] = ""
    co_responsible: Annotated[str, Tells(RECORD)] = ""

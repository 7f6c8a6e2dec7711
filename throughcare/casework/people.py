"""The person a case is about: names, identifiers, how to speak with them, and how it is safe to reach them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text

from throughcare.kernel.actors import Jurisdiction
from throughcare.kernel.categories import Category
from throughcare.kernel.forms import Word
from throughcare.kernel.rows import CaseRow, Row, column, one_of, several, when


class Sex(Word):
    """Sex as recorded at birth or in law: it decides DUDIT's cut-off (DOMAIN A.5)."""

    FEMALE = "female"
    MALE = "male"
    NOT_RECORDED = "not_recorded", "Not recorded"


class Language(Word):
    """A language we can write texts and cards in."""

    ENGLISH = "en", "English"
    WELSH = "cy", "Welsh"


OPEN = text("closed_at IS NULL")  # what the caseload lists read, in the order they show it


class Case(Row, table=True):
    """One person's journey. Owned by exactly one worker or team at every instant; `stage` and `release_on` are caches."""

    __tablename__ = "case"
    __table_args__ = (
        Index("ix_case_worklist", "owner_team_id", "stage", "release_on", "id"),
        Index("ix_case_open_team", "owner_team_id", "release_on", "id", postgresql_where=OPEN, sqlite_where=OPEN),
        Index("ix_case_open", "release_on", "id", postgresql_where=OPEN, sqlite_where=OPEN),
        Index(
            "ix_case_open_agency", "owner_agency_id", "release_on", "owner_worker_id",
            postgresql_where=OPEN, sqlite_where=OPEN,
        ),
    )  # fmt: skip
    reference: str = column(Category.RECORD, unique=True)
    jurisdiction: Jurisdiction = one_of(Jurisdiction)
    owner_agency_id: UUID = column(Category.RECORD, index=True, foreign_key="agency.id")
    owner_team_id: UUID | None = column(Category.RECORD, default=None, foreign_key="team.id")
    owner_worker_id: UUID | None = column(Category.RECORD, default=None, index=True, foreign_key="worker.id")
    officer_id: UUID | None = column(Category.RECORD, default=None, index=True, foreign_key="worker.id")  # throughcare
    co_agency_id: UUID | None = column(Category.RECORD, default=None, foreign_key="agency.id")
    co_worker_id: UUID | None = column(Category.RECORD, default=None, index=True, foreign_key="worker.id")
    stage: str = column(Category.RECORD, default="reception")
    release_on: date | None = column(Category.CUSTODY, default=None)
    closed_at: datetime | None = when(default=None)
    closed_because: str = column(Category.RECORD, default="")
    is_synthetic: bool = column(Category.RECORD, default=False)


class Person(CaseRow, table=True):
    """Who the case is about: one row a case."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("case_id"),)
    given: str = column(Category.IDENTITY)
    family: str = column(Category.IDENTITY, index=True)
    known_as: str = column(Category.IDENTITY, default="")
    birth_date: date = column(Category.IDENTITY, index=True)
    sex: Sex = one_of(Sex, Category.IDENTITY, default=Sex.NOT_RECORDED)
    gender: str = column(Category.IDENTITY, default="")
    prison_number: str | None = column(Category.IDENTITY, default=None, index=True)
    crn: str | None = column(Category.IDENTITY, default=None, index=True)
    pnc: str | None = column(Category.IDENTITY, default=None, index=True)
    nhs_number: str | None = column(Category.IDENTITY, default=None, index=True)
    chi: str | None = column(Category.IDENTITY, default=None, index=True)
    postcode: str = column(Category.HOUSING, default="", index=True)
    language: Language = one_of(Language, Category.IDENTITY, default=Language.ENGLISH)
    other_languages: str = column(Category.IDENTITY, default="")
    interpreter: bool = column(Category.IDENTITY, default=False)
    communication_needs: str = column(Category.IDENTITY, default="")
    pregnant: bool | None = column(Category.CLINICAL, default=None)
    deceased_on: date | None = column(Category.IDENTITY, default=None)


class NameWord(CaseRow, table=True):
    """One word of a person's names, without case or diacritics: what a search by name looks up."""

    __tablename__ = "name_word"
    __table_args__ = (Index("ix_name_word", "word", "case_id"),)
    word: str = column(Category.IDENTITY)


class PhoneShared(Word):
    """Who else can see the phone (checkins R31)."""

    ONLY_ME = "only_me", "Only they use it"
    LOCK_SCREEN = "lock_screen", "Others may see the screen"
    SHARED = "shared", "Somebody else uses it too"
    NOT_KNOWN = "not_known", "Not known"


class SafeContact(CaseRow, table=True):
    """How it is safe to reach the person: one current row a case, earlier ones kept with `replaced_at`."""

    __tablename__ = "safe_contact"
    safe_name: str = column(Category.CONTACT, default="")  # the name that may stand on a text or an envelope
    may_be_told: str = column(Category.CONTACT, default="")  # who may be told, in words
    second_contact: str = column(Category.CONTACT, default="")  # family or hostel, only with recorded consent (R43)
    second_contact_consent: bool = column(Category.CONTACT, default=False)
    safe_from: str = column(Category.CONTACT, default="09:00")
    safe_until: str = column(Category.CONTACT, default="20:00")
    phone_shared: PhoneShared = one_of(PhoneShared, Category.CONTACT, default=PhoneShared.NOT_KNOWN)
    never_text: bool = column(Category.CONTACT, default=False)
    replaced_at: datetime | None = when(default=None)


class PhoneNumber(CaseRow, table=True):
    """A number the person may be reached on, with its dates. Two people may hold one number (R23)."""

    __tablename__ = "phone_number"
    number: str = column(Category.CONTACT, index=True)  # E.164
    from_at: datetime = when(Category.CONTACT)
    until_at: datetime | None = when(Category.CONTACT, default=None)
    texts: bool = column(Category.CONTACT, default=True)  # whether it is a mobile, and so can be sent texts
    code_word: str = column(Category.CONTACT, default="")  # agreed before release (R35)
    proven_at: datetime | None = when(Category.CONTACT, default=None)
    suspended_at: datetime | None = when(Category.CONTACT, default=None)
    suspended_because: str = column(Category.CONTACT, default="")
    last_heard_at: datetime | None = when(Category.CONTACT, default=None)


class ConsentState(Word):
    """What the person said."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Consent(CaseRow, table=True):
    """The person's agreement that an agency, or a purpose, may have some categories. Versions are kept, never edited away."""

    __tablename__ = "consent"
    purpose: str = column(Category.RECORD)  # "share", "texts", "referral", "safeguarding_consultation"
    agency_id: UUID | None = column(Category.RECORD, default=None, index=True, foreign_key="agency.id")
    categories: list[Any] = several(Category.RECORD)
    state: ConsentState = one_of(ConsentState)
    route: str = column(Category.RECORD, default="in_person")
    notice_version: str = column(Category.RECORD, default="")
    language: Language = one_of(Language, default=Language.ENGLISH)
    given_at: datetime = when()
    expires_on: date | None = column(Category.RECORD, default=None)
    ended_at: datetime | None = when(default=None)
    recorded_by: UUID = column(Category.RECORD)
    note: str = column(Category.PLAN, default="")

"""What is written down of screening: the safety questions, each set of answers, what else was asked, the outcome."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text

from throughcare.casework.sides import Side
from throughcare.kernel.categories import Category
from throughcare.kernel.forms import Word
from throughcare.kernel.rows import CaseRow, column, one_of, several, structure, when
from throughcare.screening.rules import Pathway, Status, WantsHelp


class SafetyStatus(Word):
    """What the reception safety questions came to."""

    CLEAR = "clear", "Nothing to see healthcare for today"
    HEALTHCARE_TODAY = "healthcare_today", "Healthcare today"
    SEEN = "seen", "Seen by healthcare"


class Mode(Word):
    """How the questions were put."""

    INTERVIEW = "interview", "Asked face to face"
    PAPER = "paper", "Entered from the paper form"
    SELF = "self", "Answered by the person themselves"
    PHONE = "phone", "Asked by phone"


class Setting(Word):
    """Where it was done."""

    RECEPTION = "reception", "Reception"
    FIRST_NIGHT = "first_night", "First night centre"
    WING = "wing", "On the wing"
    HEALTHCARE = "healthcare", "Healthcare"
    COMMUNITY = "community", "In the community"


class Scope(Word):
    """What somebody was offered screening for."""

    ALCOHOL = "alcohol", "Alcohol"
    DRUGS = "drugs", "Drugs"
    BOTH = "both", "Alcohol and drugs"


class ToldUs(Word):
    """An answer to a question that a person may leave alone."""

    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_SAID = "not_said", "Would rather not say"
    NOT_ASKED = "not_asked", "Not asked yet"


class SafetyCheck(CaseRow, table=True):
    """The reception safety questions, answered once, or not able to be asked and why.

    Any yes or not known sends the person to healthcare today, and what nobody could ask is not known.
    """

    __tablename__ = "safety_check"
    stay_id: UUID | None = column(
        Category.RECORD, default=None, foreign_key="custody_episode.id"
    )  # none: outside prison
    asked_by: UUID = column(Category.RECORD, foreign_key="worker.id")
    asked_at: datetime = when()
    asked_on: date | None = column(Category.RECORD, default=None)  # where they are entered on a later day
    not_asked_because: str = column(Category.SCREENING, default="")  # a configured code; blank: they were asked
    answers: dict[str, Any] = structure(Category.SCREENING)
    because: list[Any] = several(Category.SCREENING)
    status: SafetyStatus = one_of(SafetyStatus, Category.RISK)
    seen_at: datetime | None = when(Category.RISK, default=None)
    seen_by: UUID | None = column(Category.RECORD, default=None)

    def written_by(self) -> UUID | None:
        return self.asked_by


class Screening(CaseRow, table=True):
    """One instrument put to one person. Scoring the stored answers on the stored footing gives the stored score.

    `instrument` is blank where an offer of screening was declined, or could not be made, before one was chosen.
    """

    __tablename__ = "screening"
    __table_args__ = (Index("ix_screening_case_id_on", "case_id", "on"),)
    status: Status = one_of(Status, default=Status.STARTED)
    scope: Scope = one_of(Scope)
    instrument: str = column(Category.RECORD, default="", index=True)
    instrument_version: str = column(Category.RECORD, default="")
    variant: str = column(Category.RECORD, default="")
    substance: str = column(Category.SCREENING, default="")
    stage: str = column(Category.RECORD, default="")  # of treatment, for a profile: start, review, exit ...
    period: str = column(Category.RECORD, default="")  # what was asked about: "the year before prison"
    on: date = column(Category.RECORD)
    by: UUID = column(Category.RECORD, foreign_key="worker.id")
    mode: Mode = one_of(Mode, default=Mode.INTERVIEW)
    setting: Setting = one_of(Setting, default=Setting.RECEPTION)
    language: str = column(Category.RECORD, default="English")
    share_agreed: bool | None = column(Category.RECORD, default=None)  # whether the band may go to others
    answers: dict[str, Any] = structure(Category.SCREENING)
    sex: str = column(Category.SCREENING, default="")  # as recorded then: it decides DUDIT's cut-off
    total: int | None = column(Category.SCREENING, default=None)
    subscales: dict[str, Any] = structure(Category.SCREENING)
    band: str = column(Category.SCREENING, summary=True, default="")
    bands: list[Any] = several(Category.SCREENING)  # every published set side by side
    band_set: str = column(Category.SCREENING, default="")
    rule: str = column(Category.SCREENING, default="")
    threshold: int | None = column(Category.SCREENING, default=None)
    threshold_said: str = column(Category.SCREENING, default="")
    positive: bool | None = column(Category.SCREENING, summary=True, default=None)
    warnings: list[Any] = several(Category.SCREENING)  # contradictions that the screener confirmed
    not_done_because: str = column(Category.SCREENING, default="")
    reoffer_on: date | None = column(Category.RECORD, default=None)
    completed_at: datetime | None = when(default=None)
    continues_id: UUID | None = column(Category.RECORD, default=None, foreign_key="screening.id")

    def written_by(self) -> UUID | None:
        return self.by


class AskedToo(CaseRow, table=True):
    """What every adult is asked beside the instruments. The newest row is the one that counts."""

    __tablename__ = "asked_too"
    by: UUID = column(Category.RECORD, foreign_key="worker.id")
    on: date = column(Category.RECORD)
    alcohol_help: WantsHelp = one_of(WantsHelp, Category.SCREENING, named="alcohol_help")
    drugs_help: WantsHelp = one_of(WantsHelp, Category.SCREENING, named="drugs_help")
    related_illness: bool = column(Category.CLINICAL, default=False)  # illness that alcohol caused or made worse
    children: ToldUs = one_of(ToldUs, Category.CHILD, named="children")
    pregnant: ToldUs = one_of(ToldUs, Category.CLINICAL, named="pregnant")

    def written_by(self) -> UUID | None:
        return self.by


class ClinicianView(CaseRow, table=True):
    """A clinician asks for specialist assessment on one side, whatever the score, or takes that back."""

    __tablename__ = "clinician_view"
    side: Side = one_of(Side)
    by: UUID = column(Category.RECORD, foreign_key="worker.id")
    on: date = column(Category.RECORD)
    asks_specialist: bool = column(Category.SCREENING, summary=True, default=True)
    why: str = column(Category.CLINICAL)


class ScreeningOutcome(CaseRow, table=True):
    """The pathway on one side as it stood; a change replaces it with a new row, and this one is kept."""

    __tablename__ = "screening_outcome"
    __table_args__ = (
        Index(
            "uq_screening_outcome_current", "case_id", "side", unique=True,
            postgresql_where=text("replaced_at IS NULL"), sqlite_where=text("replaced_at IS NULL"),
        ),
    )  # fmt: skip
    side: Side = one_of(Side)
    settled_at: datetime = when()
    screened_by: UUID = column(Category.RECORD)  # who carried out the screening it rests on
    pathway: Pathway = one_of(Pathway, Category.SCREENING, summary=True)
    computed: Pathway = one_of(Pathway, Category.SCREENING, named="computed")
    reasons: list[Any] = several(Category.SCREENING)
    referral_offered: bool = column(Category.SCREENING, summary=True, default=False)
    healthcare_today: bool = column(Category.RISK, default=False)
    override_reason: str = column(Category.SCREENING, default="")
    overridden_by: UUID | None = column(Category.RECORD, default=None)
    replaced_at: datetime | None = when(default=None)

    def written_by(self) -> UUID | None:
        return self.screened_by

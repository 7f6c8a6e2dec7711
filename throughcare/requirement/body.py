"""All that a compliance report may say: closed words, counts, dates and one sentence. Nothing else has a place here."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from throughcare.kernel.actors import Jurisdiction
from throughcare.requirement.words import (
    OrderKind,
    Rating,
    Recommendation,
    SamplePurpose,
    SampleResult,
    SampleStage,
    SampleType,
    TreatmentStage,
)

Count = Annotated[int, Field(ge=0, le=999, strict=True)]
Reference = Annotated[str, Field(pattern=r"^[A-Za-z0-9 /.\-]{0,40}$")]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]
Sentence = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\d\n\r]+$")]
OrderedPurpose = Literal[SamplePurpose.SUPERVISION, SamplePurpose.COURT]


class Allowed(BaseModel):
    """A piece of the report: what is not named here is refused, and what is written is never changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SampleLine(Allowed):
    """One ordered test."""

    collected_on: date
    type: SampleType
    purpose: OrderedPurpose
    stage: SampleStage | None = None
    result: SampleResult | None = None


class Counts(Allowed):
    """Appointments of the period. Offered is the sum of attended, the three kinds of absence and those we cancelled."""

    offered: Count
    attended: Count
    late: Count
    not_engaged: Count
    acceptable: Count
    unacceptable: Count
    undecided: Count
    cancelled_by_service: Count


class ReportBody(Allowed):
    """The report. Its author and countersigner are named by id; it is about one requirement in one period."""

    schema_version: Literal["compliance-report/1"] = "compliance-report/1"
    report_id: UUID
    number: Annotated[int, Field(ge=1)]
    replaces_id: UUID | None = None
    requirement: Code
    order: OrderKind
    jurisdiction: Jurisdiction
    reference: Reference
    period_from: date
    period_to: date
    appointments: Counts
    rating: Rating
    engagement: Sentence
    tests: tuple[SampleLine, ...] = ()
    risk_changed: bool
    stage: TreatmentStage
    recommendation: Recommendation
    author_id: UUID
    countersigner_id: UUID | None = None

    @property
    def rendered(self) -> str:
        """The report as it is kept and hashed."""
        return self.model_dump_json()


def is_whole(rendered: str, sha256: str) -> bool:
    """Whether a report is still what was sent; one that was not sent yet has no fingerprint to differ from."""
    return not sha256 or sha256 == fingerprint(rendered)


def fingerprint(rendered: str) -> str:
    """SHA-256 of a rendered report, in hexadecimal."""
    return hashlib.sha256(rendered.encode()).hexdigest()

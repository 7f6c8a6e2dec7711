"""Requirement types, reasons, warnings and reports as data: whose law, from what source, how certain (DOMAIN D)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from throughcare.kernel.actors import Jurisdiction
from throughcare.requirement.words import OrderKind

Certainty = Literal["verified", "memory", "chosen"]


class Frozen(BaseModel):
    """A piece of the file: nothing missing, nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Sourced(Frozen):
    """Who says so."""

    authority: str = Field(min_length=1)
    source: str = Field(min_length=1)
    certainty: Certainty


class Supervisors(Frozen):
    """What the supervising agency and its officer are called there."""

    supervisor: str
    officer: str


class Kind(Sourced):
    """One type of requirement. Without a jurisdiction it is the same everywhere."""

    code: str = Field(pattern=r"^[a-z][a-z_]*$")
    name: str = Field(min_length=1)
    jurisdiction: Jurisdiction | None = None
    orders: tuple[OrderKind, ...] = Field(min_length=1)
    consent_needed: bool = False  # the person must express willingness
    tests: bool = False  # tests may be ordered under it
    longest_days: int | None = None
    historic: bool = False  # may be kept, and not begun
    effective_from: date | None = None
    effective_to: date | None = None

    def holds(self, on: date) -> bool:
        """Whether one can begin on that day."""
        return (self.effective_from or date.min) <= on <= (self.effective_to or date.max)


class Named(Frozen):
    """A code and the words for it."""

    code: str = Field(pattern=r"^[a-z][a-z_]*$")
    name: str = Field(min_length=1)


class Reason(Named):
    """A reason for an absence. `usually` helps whoever decides and decides nothing."""

    usually: Literal["acceptable", "unacceptable", "neither"]
    export: str


class Absences(Sourced):
    """The working days of an absence: to tell, to bring evidence, to decide."""

    notice_working_days: int = Field(ge=1)
    evidence_working_days: int = Field(ge=1)
    decision_working_days: int = Field(ge=1)


class Warnings(Sourced):
    """Where warnings may be given, for how long one holds, and what it must say."""

    jurisdictions: tuple[Jurisdiction, ...]
    orders: tuple[OrderKind, ...]
    months: int = Field(ge=1)
    decision_working_days: int = Field(ge=1)
    only_here: str
    contents: tuple[str, ...] = Field(min_length=1)

    def open_to(self, jurisdiction: Jurisdiction, order: OrderKind) -> bool:
        """Whether the law gives warnings there, on that kind of order."""
        return jurisdiction in self.jurisdictions and order in self.orders


class Reports(Sourced):
    """How often reports are due, what the person is told of them, and the words their one sentence may not hold."""

    months: int = Field(ge=1)
    due_working_days: int = Field(ge=1)
    final_report_days: int = Field(ge=0)
    longest_sentence: int = Field(ge=1, le=300)
    told: tuple[str, ...]
    not_told: tuple[str, ...]
    clinical: tuple[str, ...] = Field(min_length=1)


class RequirementBook(Frozen):
    """The whole file."""

    version: str
    words: Mapping[Jurisdiction, Supervisors]
    kind: tuple[Kind, ...]
    appointment: tuple[Named, ...]
    reason: tuple[Reason, ...]
    absence: Absences
    warnings: Warnings
    reports: Reports

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        for named in (self.kind, self.appointment, self.reason):
            codes = [each.code for each in named]
            if len(codes) != len(set(codes)):
                raise ValueError(f"a code is declared twice: {codes}")
        if set(self.words) != set(Jurisdiction):
            raise ValueError("every jurisdiction needs its words")
        return self

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        return {kind.code: kind for kind in self.kind}

    @cached_property
    def reasons(self) -> Mapping[str, Reason]:
        return {reason.code: reason for reason in self.reason}

    @cached_property
    def appointments(self) -> Mapping[str, str]:
        return {named.code: named.name for named in self.appointment}

    def kinds_for(self, jurisdiction: Jurisdiction) -> tuple[Kind, ...]:
        """The types that may be recorded, that jurisdiction's own first: people move between them."""
        return tuple(sorted(self.kind, key=lambda kind: kind.jurisdiction not in {None, jurisdiction}))

    def reason_name(self, code: str) -> str:
        """The words of a reason; one that is not in the file is another reason, whatever it says."""
        return self.reasons[code].name if code in self.reasons else "Another reason" if code else ""


def parse_requirements(data: Mapping[str, Any]) -> RequirementBook:
    """The file as read; ValueError (pydantic's) says what is wrong and where."""
    return RequirementBook.model_validate(data)

"""The reviewed holidays of each jurisdiction, and a warning before they run out (DOMAIN section I)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from throughcare.kernel.clock import SATURDAY, Calendar


class ReviewedHolidays(BaseModel):
    """One jurisdiction's bank holidays, as a person reviewed them on a day, from a source, up to a day.

    `code` is the jurisdiction's; `division` is what the publisher calls it. Holidays that fall at a weekend are listed
    on their substitute day only, as the publisher lists them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(min_length=1)
    name: str = Field(min_length=1)
    division: str = Field(min_length=1)
    source: str = Field(min_length=1)
    reviewed_on: date
    starts_on: date
    ends_on: date
    days: Mapping[date, str]

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        for day, name in self.days.items():
            if not self.starts_on <= day <= self.ends_on:
                raise ValueError(f"{day} lies outside the reviewed years")
            if day.weekday() >= SATURDAY:
                raise ValueError(f"{day} is at a weekend: list the substitute day")
            if not name:
                raise ValueError(f"{day} has no name")
        return self

    @property
    def calendar(self) -> Calendar:
        return Calendar(self.code, frozenset(self.days), self.ends_on)


@dataclass(frozen=True)
class Calendars:
    """Every jurisdiction's calendar: `calendars[case.jurisdiction]`. One that was not loaded is our fault: KeyError."""

    held: Mapping[str, Calendar]
    reviewed: tuple[ReviewedHolidays, ...] = ()

    def __getitem__(self, code: str) -> Calendar:
        return self.held[code]


def parse_holidays(data: Mapping[str, Any]) -> ReviewedHolidays:
    """One holiday file as read; ValueError (pydantic's) says what is wrong with it."""
    return ReviewedHolidays.model_validate(data)


def calendars_of(files: Iterable[ReviewedHolidays]) -> Calendars:
    reviewed = tuple(files)
    return Calendars({file.code: file.calendar for file in reviewed}, reviewed)


def ending_soon(calendars: Calendars, today: date) -> tuple[str, ...]:
    """A sentence for each holiday file that ends within twelve months, or has ended."""
    return tuple(_warning(file, today) for file in calendars.reviewed if file.ends_on <= _a_year_on(today))


def _warning(file: ReviewedHolidays, today: date) -> str:
    verb = "ended" if file.ends_on < today else "ends"
    return (
        f"The holiday file for {file.name} {verb} on {file.ends_on.day} {file.ends_on:%B %Y}. "
        "Review the published list and add the next year, or deadlines will fall on holidays."
    )


def _a_year_on(today: date) -> date:
    """The same day of next year; 29 February goes to 1 March, so that the warning is never late."""
    try:
        return today.replace(year=today.year + 1)
    except ValueError:
        return date(today.year + 1, 3, 1)

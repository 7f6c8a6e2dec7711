"""The coming weeks as a calendar: what goes on which day, at what hour, and what is special about the day. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from pydantic import BaseModel, ConfigDict

from throughcare.kernel.clock import at

WEEKS = 12
WEEK = timedelta(days=7)
NOON = time(12)
DAY = timedelta(days=1)


class Day(BaseModel):
    """One day. `day` counts from release, `at` is when a check-in goes, `marks` say what else there is to know of it."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    on: date
    day: int | None = None
    at: datetime | None = None
    marks: tuple[str, ...] = ()


class Week(BaseModel):
    """Seven days from a Monday."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    days: tuple[Day, ...]

    @property
    def asked(self) -> int:
        return sum(day.at is not None for day in self.days)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def clocks_change(day: date) -> str:
    """What the clocks do early on this day in London; blank on all days but two a year."""
    hours = at(day, NOON) - at(day - DAY, NOON)
    if hours == DAY:
        return ""
    return "Clocks go forward" if hours < DAY else "Clocks go back"


def weeks(
    first: date, asked: Mapping[date, datetime], marked: Mapping[date, Sequence[str]], released_on: date | None
) -> tuple[Week, ...]:
    """Twelve weeks from the Monday `first`, with the check-ins by day and what is marked on a day."""
    every = [first + timedelta(days=count) for count in range(WEEKS * 7)]
    days = [
        Day(
            on=on,
            day=(on - released_on).days if released_on and on > released_on else None,
            at=asked.get(on),
            marks=tuple(filter(None, (*marked.get(on, ()), clocks_change(on)))),
        )
        for on in every
    ]
    return tuple(Week(days=tuple(days[start : start + 7])) for start in range(0, len(days), 7))

"""The periods a measure is counted over: financial years from 1 April and their quarters, so that no two overlap in part. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

APRIL = 4
MONTHS = ("April to June", "July to September", "October to December", "January to March")
CODE = re.compile(r"(20\d\d)-(\d\d)(?:-q([1-4]))?", re.ASCII)


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both counted."""

    code: str
    label: str
    first: date
    last: date

    def holds(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last

    def meets(self, start: date, end: date | None) -> bool:
        """Whether something that ran from `start` to `end` (None: still running) ran on any day of this period."""
        return start <= self.last and (end is None or end >= self.first)


@dataclass(frozen=True)
class Year:
    """A financial year and its quarters."""

    whole: Period
    quarters: tuple[Period, ...]

    def begun(self, today: date) -> tuple[Period, ...]:
        """The quarters that have begun: those to come hold nothing and say nothing."""
        return tuple(quarter for quarter in self.quarters if quarter.first <= today)

    def choices(self, today: date) -> tuple[Period, ...]:
        return (self.whole, *self.begun(today))

    def period(self, code: str) -> Period:
        """The one with this code, or the whole year."""
        return next((period for period in self.quarters if period.code == code), self.whole)


def year_from(start: int) -> Year:
    """The financial year that begins in April of `start`."""
    code = f"{start}-{(start + 1) % 100:02}"
    first, after = date(start, APRIL, 1), date(start + 1, APRIL, 1)
    begins = (first, date(start, 7, 1), date(start, 10, 1), date(start + 1, 1, 1), after)
    quarters = tuple(
        Period(f"{code}-q{n + 1}", f"{MONTHS[n]} {begins[n].year}", begins[n], begins[n + 1] - timedelta(days=1))
        for n in range(4)
    )
    label = f"April {start} to March {start + 1}"
    return Year(Period(code, label, first, after - timedelta(days=1)), quarters)


def year_of(day: date) -> Year:
    """The financial year this day is in."""
    return year_from(day.year if day.month >= APRIL else day.year - 1)


def years_to(today: date, how_many: int) -> tuple[Year, ...]:
    """This financial year and those before it, the newest first."""
    newest = year_of(today).whole.first.year
    return tuple(year_from(newest - n) for n in range(how_many))


def named(code: str, today: date, how_many: int) -> tuple[Year, Period]:
    """The period with this code and its year; this financial year where there is none."""
    for year in years_to(today, how_many) if CODE.fullmatch(code) else ():
        period = year.period(code)
        if period.code == code and period.first <= today:
            return year, period
    now = year_of(today)
    return now, now.whole

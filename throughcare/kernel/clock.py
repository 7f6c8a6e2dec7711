"""Time enters the program here and nowhere else; wall-clock sums are done in London, durations in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 1900, 2200  # no instant of ours lies outside; the ends of the calendar cannot be converted
LONDON = ZoneInfo("Europe/London")
MIDNIGHT = time(0, 0)
LAST_SECOND = time(23, 59, 59)
SATURDAY = 5


class Clock(Protocol):
    """Where the present instant comes from: aware, in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class SetClock:
    """A clock that stands still until it is told to move."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def forward(self, by: timedelta) -> None:
        self.at += by


def at(day: date, wall: time) -> datetime:
    """The UTC instant at which London clocks show `wall` on `day`.

    One rule for the two odd nights, the one RFC 5545 gives: a time that comes twice (25 October 2026, 01:30) is the
    first of the two; a time that never comes (28 March 2027, 01:30) is counted with the offset from before the change,
    so it falls as long after the change as it was meant to fall after the hour (02:30 British Summer Time).
    """
    return datetime.combine(day, wall.replace(fold=0), LONDON).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The UTC instant of 23:59:59 in London on `day`."""
    return at(day, LAST_SECOND)


def london_day(instant: datetime) -> date:
    """The day it is in London at an aware instant."""
    if instant.tzinfo is None:
        raise ValueError("an instant must carry its time zone")
    return instant.astimezone(LONDON).date()


@dataclass(frozen=True)
class Calendar:
    """The working days of one jurisdiction: Monday to Friday, less `non_working`, which is reviewed up to `ends_on`.

    Past `ends_on` only weekends are known. A deadline counted there can fall too early, never too late.
    """

    code: str
    non_working: frozenset[date]
    ends_on: date

    def is_working(self, day: date) -> bool:
        return day.weekday() < SATURDAY and day not in self.non_working

    def covers(self, day: date) -> bool:
        """Whether the holidays of this day have been reviewed."""
        return day <= self.ends_on

    def working_days_after(self, start: date, n: int) -> date:
        """The nth working day after `start`, which is day 0 whether it is a working day or not."""
        if n < 0:
            raise ValueError("working days are counted forwards")
        day = start
        for _ in range(n):
            day = self._step(day, 1)
        return day

    def working_day_before(self, day: date) -> date:
        """The last working day before `day`."""
        return self._step(day, -1)

    def on_or_after(self, day: date) -> date:
        """`day` if it is a working day, otherwise the next one."""
        return day if self.is_working(day) else self._step(day, 1)

    def at(self, day: date, wall: time) -> datetime:
        """As the function `at`."""
        return at(day, wall)

    def end_of(self, day: date) -> datetime:
        """As the function `end_of`."""
        return end_of(day)

    def _step(self, day: date, by: int) -> date:
        day += timedelta(days=by)
        while not self.is_working(day):
            day += timedelta(days=by)
        return day

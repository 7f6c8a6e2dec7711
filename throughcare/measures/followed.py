"""What is counted of the weeks after a release: reached by phone, first seen, medicine without a gap, reports in time. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from throughcare.measures.facts import Moment
from throughcare.measures.periods import Period

REACHABLE_ON = (1, 7, 28)  # days after release (DOMAIN E.2)
SEEN_WITHIN = 7

Spell = tuple[date, date | None]  # the day after the last is None while it goes on


@dataclass(frozen=True)
class Followed:
    """The weeks after one release. `until` is the day of death or of the next reception: nothing is asked of later days."""

    prison: UUID | None
    on: date
    until: date | None = None
    reachable: tuple[Spell, ...] = ()  # days on which a proven mobile stood, from the first to the day it ceased
    need: bool = False
    attended_on: date | None = None  # the first appointment or contact after release
    last_dose_on: date | None = None
    next_dose_on: date | None = None
    bridged: bool = False  # a prescription accepted by a pharmacy covers the days between

    def falls_in(self, period: Period) -> bool:
        return period.holds(self.on)

    def is_followed(self, days: int, at: Moment) -> bool:
        """Whether that many days are over, and were lived in the community."""
        day = self.on + timedelta(days=days)
        return day < at.today and (self.until is None or self.until > day)

    def counts(self, at: Moment) -> Iterator[str]:
        for days in REACHABLE_ON:
            if self.is_followed(days, at):
                yield f"followed_{days}"
                yield from (f"reachable_{days}",) if self._is_reachable(self.on + timedelta(days=days)) else ()
        if self.need and self.is_followed(SEEN_WITHIN, at):
            yield "need_followed"
            if self.attended_on and self.attended_on <= self.on + timedelta(days=SEEN_WITHIN):
                yield "attended"
        yield from self._doses()

    def _doses(self) -> Iterator[str]:
        if self.last_dose_on and self.next_dose_on:
            yield "doses_known"
            if self.bridged or self.next_dose_on <= self.last_dose_on + timedelta(days=1):
                yield "no_dose_gap"

    def _is_reachable(self, day: date) -> bool:
        return any(start <= day and (end is None or day < end) for start, end in self.reachable)


@dataclass(frozen=True)
class ReportDue:
    """One compliance report whose time is up or that has gone: by the day it was due."""

    prison: UUID | None
    due_on: date
    in_time: bool

    def falls_in(self, period: Period) -> bool:
        return period.holds(self.due_on)

    def counts(self, _: Moment) -> Iterator[str]:
        yield "reports_due"
        if self.in_time:
            yield "reports_in_time"

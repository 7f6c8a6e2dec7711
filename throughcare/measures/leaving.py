"""What one release adds to the counts, and who is left out of continuity of care and why (DOMAIN E.1). Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from throughcare.measures.facts import Moment
from throughcare.measures.periods import Period

BACK_WITHIN = (28, 90)  # days (DOMAIN E.2)
PLAN_READY = 14  # days before release


@dataclass(frozen=True)
class Release:
    """One release. A second release of the same person is another; a move between prisons is none."""

    prison: UUID | None
    on: date
    born_on: date
    need: bool = False  # a need for structured treatment was open
    not_needed: str = ""  # why no handover was made, as a code of handover.toml
    outside: bool = False  # bound for a service outside England
    left_for: str = "community"  # a word of LeftFor
    died_on: date | None = None
    back_on: date | None = None  # the next reception
    accepted_on: date | None = None
    first_appointment: bool = False  # with a date, a time and a named worker, before they left
    treatment_on: tuple[date, ...] = ()  # days on which structured treatment started
    opioids: bool = False
    naloxone: str = "not_offered"
    planned: bool = False
    plan_agreed_on: date | None = None
    address_known: bool = False
    no_fixed_abode: bool = False

    def falls_in(self, period: Period) -> bool:
        return period.holds(self.on)

    def after(self, days: int) -> date:
        return self.on + timedelta(days=days)

    def counts(self, at: Moment) -> Iterator[str]:
        yield "released"
        if self.first_appointment:
            yield "released_with_appointment"
        if self.need and (self.accepted_on is None or self.accepted_on > self.on):
            yield "released_unaccepted"
        yield from self._naloxone()
        yield from self._planned()
        yield from self._back(at)
        if self.need:
            yield from self._continuity(at)

    def _naloxone(self) -> Iterator[str]:
        if not self.opioids:
            return
        yield "released_opioids"
        if self.naloxone != "not_offered":
            yield "naloxone_offered"
        if self.naloxone == "accepted":
            yield "naloxone_accepted"

    def _planned(self) -> Iterator[str]:
        if self.planned:
            yield "released_planned"
            if self.plan_agreed_on is not None and self.plan_agreed_on <= self.after(-PLAN_READY):
                yield "plan_ready"
        if self.address_known:
            yield "address_known"
            if self.no_fixed_abode:
                yield "no_fixed_abode"

    def _back(self, at: Moment) -> Iterator[str]:
        """Only once the days are over, and only of people who lived through them."""
        for days in BACK_WITHIN:
            end = self.after(days)
            is_back = self.back_on is not None and self.back_on <= end
            if end < at.today and (is_back or self.died_on is None or self.died_on > end):
                yield f"released_{days}"
                if is_back:
                    yield f"back_{days}"

    def _continuity(self, at: Moment) -> Iterator[str]:
        why = left_out(self, at)
        if why:
            yield f"left_out_{why}"
            return
        yield "continuity_base"
        if any(self.on <= day <= self.after(at.figures.continuity_within) for day in self.treatment_on):
            yield "continuity_started"


def age_on(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


HELD = frozenset({"custody", "immigration", "hospital"})
NO_TREATMENT = frozenset({"no_need", "declined"})
LEFT_OUT: tuple[tuple[str, Callable[[Release, Moment], bool]], ...] = (
    ("under_18", lambda it, at: age_on(it.born_on, it.on) < at.figures.adult_at),
    ("custody", lambda it, _: it.back_on == it.on or it.not_needed == "another_custody" or it.left_for in HELD),
    ("died", lambda it, at: it.died_on is not None and it.died_on < it.after(at.figures.continuity_within)),
    ("outside", lambda it, _: it.outside or it.not_needed == "moving_abroad" or it.left_for == "abroad"),
    ("no_treatment", lambda it, _: it.not_needed in NO_TREATMENT),
    ("already_open", lambda it, _: it.not_needed == "already_open"),
    ("waiting", lambda it, at: it.after(at.figures.continuity_within) >= at.today),
)


def left_out(release: Release, at: Moment) -> str:
    """Why this release is not in the denominator; blank where it is. The first reason counts, so each counts once."""
    return next((why for why, holds in LEFT_OUT if holds(release, at)), "")

"""Counts by period and prison, and the sums that bind them, so that what is hidden on one page cannot be had from two. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from throughcare.measures.facts import Fact, Moment
from throughcare.measures.periods import Period, Year
from throughcare.measures.suppression import Sum, Table, hidden

EVERYWHERE = "all"
NOWHERE = "none"  # no stay in custody is recorded

# Each count and the count it is part of: what is left over can be worked out by anybody, and so may not be small either.
PART_OF: tuple[tuple[str, str], ...] = (
    *((f"{side}_screened", "received") for side in ("alcohol", "drugs")),
    *((f"{side}_need", f"{side}_screened") for side in ("alcohol", "drugs")),
    *((f"{side}_dependent", f"{side}_need") for side in ("alcohol", "drugs")),
    *((f"{side}_dependent", f"{side}_screened") for side in ("alcohol", "drugs")),
    *((f"{side}_held", f"{side}_need") for side in ("alcohol", "drugs")),
    *((f"{side}_seen", f"{side}_held") for side in ("alcohol", "drugs")),
    *((f"{side}_wanting", f"{side}_held") for side in ("alcohol", "drugs")),
    *((f"{side}_wanting_seen", f"{side}_wanting") for side in ("alcohol", "drugs")),
    *((f"{side}_wanting_seen", f"{side}_seen") for side in ("alcohol", "drugs")),
    *((f"{side}_orders_kept", f"{side}_orders") for side in ("alcohol", "drugs")),
    ("alcohol_seen_drugs", "alcohol_seen"),
    ("alcohol_only_unseen", "alcohol_held"),
    ("handovers_in_time", "handovers_due"),
    ("released_with_appointment", "released"),
    ("released_unaccepted", "released"),
    ("released_opioids", "released"),
    ("naloxone_offered", "released_opioids"),
    ("naloxone_accepted", "naloxone_offered"),
    ("naloxone_accepted", "released_opioids"),
    ("released_planned", "released"),
    ("plan_ready", "released_planned"),
    ("address_known", "released"),
    ("no_fixed_abode", "address_known"),
    ("released_28", "released"),
    ("released_90", "released_28"),
    ("back_28", "released_28"),
    ("back_90", "released_90"),
    *((f"followed_{days}", "released") for days in (1, 7, 28)),
    *((f"reachable_{days}", f"followed_{days}") for days in (1, 7, 28)),
    ("followed_7", "followed_1"),
    ("followed_28", "followed_7"),
    ("need_followed", "followed_7"),
    ("attended", "need_followed"),
    ("doses_known", "released"),
    ("no_dose_gap", "doses_known"),
    ("reports_in_time", "reports_due"),
    ("continuity_base", "released"),
    ("continuity_started", "continuity_base"),
)
# What is left over of one count is itself part of what is left over of another: those unseen, and who they are.
LEFT_OVER: tuple[tuple[str, str], ...] = (
    ("alcohol_only_unseen", "alcohol_held-alcohol_seen"),
    *((f"{side}_wanting-{side}_wanting_seen", f"{side}_held-{side}_seen") for side in ("alcohol", "drugs")),
)


def nested(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Those pairs, and every part of a part: a count between two others may be hidden while they are not."""
    found = dict.fromkeys(pairs)
    while more := {(a, d): None for a, b in found for c, d in found if b == c and (a, d) not in found}:
        found |= more
    return tuple(found)


NESTED = nested(PART_OF)
LEFT_OUT = tuple(
    f"left_out_{why}" for why in ("under_18", "custody", "died", "outside", "no_treatment", "already_open", "waiting")
)
ALONE = ("parents", "child_consultations", "child_referrals", *LEFT_OUT)
NAMES = frozenset(name for pair in PART_OF for name in pair) | set(ALONE)
BASES = frozenset({"alcohol_screened", "drugs_screened", "alcohol_held", "drugs_held", "continuity_base"})
ONCE_A_PERIOD = frozenset({"parents"})  # a person in two quarters is one person in the year


class Cell(NamedTuple):
    """One number: what is counted, in which period, at which prison."""

    name: str
    period: str
    place: str


@dataclass(frozen=True)
class Grid:
    """A year's numbers, and which of them may not be shown."""

    values: Mapping[Cell, int]
    unshown: frozenset[Cell]

    def shown(self, name: str, period: Period, place: str) -> int | None:
        """The number, or None where it may not be shown."""
        cell = Cell(name, period.code, place)
        return None if cell in self.unshown else self.values[cell]


def place_of(fact: Fact) -> str:
    return str(fact.prison) if fact.prison else NOWHERE


def counted(facts: Iterable[Fact], year: Year, prisons: Iterable[UUID], at: Moment) -> Grid:
    """Everything counted once, and everything hidden that must be, over a whole year and every prison at once."""
    periods = year.choices(at.today)
    tally: Counter[Cell] = Counter()
    for fact in facts:
        names, place = tuple(fact.counts(at)), place_of(fact)
        for code in (period.code for period in periods if fact.falls_in(period)):
            for name in names:
                tally[Cell(name, code, place)] += 1
                tally[Cell(name, code, EVERYWHERE)] += 1
    places = [*map(str, prisons), NOWHERE]
    values = {
        Cell(name, period.code, place): tally[Cell(name, period.code, place)]
        for name in sorted(NAMES)
        for period in periods
        for place in (*places, EVERYWHERE)
    }
    table = bound(values, year, places, at)
    return Grid(values, hidden(table))


def bound(values: dict[Cell, int], year: Year, places: list[str], at: Moment) -> Table[Cell]:
    """The numbers with what is left over of each, and with every sum they are in."""
    values, sums = parted(values)
    sums += over_places(values, places)
    sums += over_quarters(values, year, at)
    last = frozenset(cell for cell in values if cell.name in BASES)
    unprinted = frozenset(cell for cell in values if cell.name not in NAMES)
    return Table(values, sums, at.figures.least, last, unprinted)


def parted(values: dict[Cell, int]) -> tuple[dict[Cell, int], list[Sum[Cell]]]:
    """The numbers with what is left over of each, and the sums they make."""
    whole: list[Sum[Cell]] = []
    for pairs in (NESTED, LEFT_OVER):
        sums = list(remainders(values, pairs))
        values = values | {each.parts[1]: values[each.total] - values[each.parts[0]] for each in sums}
        whole += sums
    return values, whole


def remainders(values: Mapping[Cell, int], pairs: Iterable[tuple[str, str]]) -> Iterator[Sum[Cell]]:
    """Each count that is part of another, with what is left over of it."""
    keys = sorted({(cell.period, cell.place) for cell in values})
    for part, whole in pairs:
        for period, place in keys:
            rest = Cell(f"{whole}-{part}", period, place)
            yield Sum(Cell(whole, period, place), (Cell(part, period, place), rest))


def over_places(values: Mapping[Cell, int], places: list[str]) -> list[Sum[Cell]]:
    """Every prison's count makes up the count of them all."""
    return [
        Sum(cell, tuple(Cell(cell.name, cell.period, place) for place in places))
        for cell in values
        if cell.place == EVERYWHERE
    ]


def over_quarters(values: Mapping[Cell, int], year: Year, at: Moment) -> list[Sum[Cell]]:
    """The quarters' counts make up the year's, except where a person counts once in each."""
    quarters = year.begun(at.today)
    return [
        Sum(cell, tuple(Cell(cell.name, quarter.code, cell.place) for quarter in quarters))
        for cell in values
        if cell.period == year.whole.code and cell.name not in ONCE_A_PERIOD
    ]

"""What the measures page says: numbers that may be shown, and None in place of those that may not. Nobody is named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pydantic import BaseModel, ConfigDict

from throughcare.kernel.forms import Choice
from throughcare.measures.book import Arm, Group, Measure, MeasureBook
from throughcare.measures.forms import MeasuresQuery
from throughcare.measures.grid import Grid
from throughcare.measures.periods import Period
from throughcare.measures.suppression import rate

NOT_SHOWN = "not shown (small numbers)"


class Counted(BaseModel):
    """One number of a measure in one period, with what was counted. None may not be shown."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    label: str
    above: str
    below: str
    count: int | None
    out_of: int | None
    per_cent: float | None

    @property
    def shown(self) -> str:
        """The number in words: 30% (12 of 40)."""
        if not self.below:
            return NOT_SHOWN if self.count is None else f"{self.count:,}"
        if self.per_cent is None:
            return NOT_SHOWN
        return f"{self.per_cent:g}% ({self.count:,} of {self.out_of:,})"

    @property
    def value(self) -> float | None:
        """How long its bar is: per cent, or the count itself."""
        return self.per_cent if self.below else self.count


class MeasureShown(BaseModel):
    """One measure with its definition, its period and prison, and its numbers."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    code: str
    name: str
    definition: str
    source: str
    certainty: str
    period: str
    prison: str
    counted: tuple[Counted, ...]
    quarters: tuple[Counted, ...] = ()  # in each quarter of the year, labelled with it

    @property
    def is_rate(self) -> bool:
        return bool(self.counted[0].below)


class GroupShown(BaseModel):
    """Measures that stand together."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    code: str
    name: str
    intro: str
    measures: tuple[MeasureShown, ...]


class MeasuresPage(BaseModel):
    """The measures of one period at one prison or all of them; `own` is true where only the reader's own cases count."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    asked: MeasuresQuery
    period: str
    first: date
    last: date
    prison: str
    least: int
    own: bool
    version: str
    groups: tuple[GroupShown, ...]
    periods: tuple[Choice, ...]
    prisons: tuple[Choice, ...]


class Lens:
    """A grid looked at for one period and one place."""

    def __init__(self, grid: Grid, period: Period, place: str, prison: str) -> None:
        self.grid, self.period, self.place, self.prison = grid, period, place, prison

    def counted(self, label: str, arm: Arm, period: Period | None = None) -> Counted:
        count = self.grid.shown(arm.counts, period or self.period, self.place)
        out_of = self.grid.shown(arm.out_of, period or self.period, self.place) if arm.out_of else None
        told = {"label": label, "above": arm.above, "below": arm.below}
        return Counted(**told, count=count, out_of=out_of, per_cent=rate(count, out_of))

    def quarters(self, measure: Measure, periods: tuple[Period, ...]) -> Iterator[Counted]:
        """A measure quarter by quarter, where its definition says so."""
        for _, arm in measure.arms() if measure.by_quarter else ():
            yield from (self.counted(period.label, arm, period) for period in periods)

    def shown(self, measure: Measure, periods: tuple[Period, ...]) -> MeasureShown:
        return MeasureShown(
            **measure.model_dump(include={"code", "name", "definition", "source", "certainty"}),
            period=self.period.label,
            prison=self.prison,
            counted=tuple(self.counted(label, arm) for label, arm in measure.arms()),
            quarters=tuple(self.quarters(measure, periods)),
        )


def grouped(
    book: MeasureBook, measures: tuple[Measure, ...], lens: Lens, periods: tuple[Period, ...]
) -> Iterator[GroupShown]:
    """The groups that have something in them for this reader."""
    for group in book.groups:
        shown = tuple(lens.shown(measure, periods) for measure in measures if measure.group == group.code)
        if shown:
            yield _group(group, shown)


def _group(group: Group, shown: tuple[MeasureShown, ...]) -> GroupShown:
    return GroupShown(**group.model_dump(), measures=shown)

"""The measures as config/data/measures.toml defines them, checked against what can be counted. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from throughcare.kernel.actors import AgencyKind
from throughcare.measures.facts import Figures
from throughcare.measures.grid import NAMES, PART_OF


class Arm(BaseModel):
    """One number of a measure: what is counted, out of what, and both in words. Without `out_of` it is a plain count."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    counts: str
    out_of: str = ""
    above: str
    below: str = ""

    @model_validator(mode="after")
    def _can_be_counted(self) -> Arm:
        unknown = {self.counts, self.out_of or self.counts} - NAMES
        if unknown:
            raise ValueError(f"nothing counts {sorted(unknown)}")
        if self.out_of and (self.counts, self.out_of) not in PART_OF:
            raise ValueError(f"what is left over of {self.out_of} without {self.counts} is not guarded")
        if bool(self.out_of) != bool(self.below):
            raise ValueError(f"{self.counts}: a denominator and its words come together")
        return self


class Measure(BaseModel):
    """One measure: its name, what it is, its numerator and denominator, where it comes from and who may see it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    group: str
    name: str
    definition: str
    source: str
    certainty: Literal["verified", "memory", "chosen"]
    seen_by: frozenset[AgencyKind]
    by_quarter: bool = False  # drawn quarter by quarter too
    alcohol: Arm | None = None
    drugs: Arm | None = None
    all: Arm | None = None

    def arms(self) -> Iterator[tuple[str, Arm]]:
        """Its numbers, each with the words of whom it counts."""
        for label, arm in (("Alcohol", self.alcohol), ("Drugs", self.drugs), ("Everyone", self.all)):
            if arm:
                yield label, arm


class Group(BaseModel):
    """Measures that stand together on the page."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    name: str
    intro: str


class Orders(BaseModel):
    """Which requirement types are alcohol treatment, and which drug treatment."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    alcohol: frozenset[str]
    drugs: frozenset[str]


class Scope(BaseModel):
    """What is taken for what where no source decides it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    years: int
    outside: frozenset[str]
    structured: frozenset[str]
    orders: Orders


@dataclass(frozen=True)
class MeasureBook:
    """Every measure in the order it is shown, and the figures they turn on."""

    version: str
    figures: Figures
    scope: Scope
    groups: tuple[Group, ...]
    measures: tuple[Measure, ...]

    def seen_by(self, kind: AgencyKind) -> tuple[Measure, ...]:
        return tuple(measure for measure in self.measures if kind in measure.seen_by)


def book_from(data: Mapping[str, Any]) -> MeasureBook:
    """The file as read; ValueError names what is wrong with it."""
    groups = tuple(Group.model_validate(each) for each in data["group"])
    measures = tuple(Measure.model_validate(each) for each in data["measure"])
    lost = {measure.group for measure in measures} - {group.code for group in groups}
    if lost:
        raise ValueError(f"no such group: {sorted(lost)}")
    if len({measure.code for measure in measures}) != len(measures):
        raise ValueError("two measures have one code")
    scope = Scope.model_validate(data["scope"])
    return MeasureBook(data["version"], Figures(**data["figures"]), scope, groups, measures)

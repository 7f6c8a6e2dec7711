"""What an instrument is: its questions, how they score, whose wording they are. Pure; `config` reads the files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StringConstraints

from throughcare.kernel.refusals import NotFound

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=40)]
Sentence = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Sex = Literal["female", "male"]
Certainty = Literal["verified", "from_memory", "local"]


class Frozen(BaseModel):
    """Nothing unknown gets in, nothing changes once read."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Option(Frozen):
    """One answer and what it scores."""

    label: Sentence
    score: StrictInt


class Wording(Frozen):
    """How one variant of the instrument puts an item; no labels means the item's own."""

    text: Sentence
    labels: tuple[Sentence, ...] = ()


class Link(Frozen):
    """The item of a longer instrument that asks the same.

    `wording` is "identical" when an answer may be carried only where the same words were shown, and "agreed" when the
    source treats two near-identical sentences as one question.
    """

    item: Code
    wording: Literal["identical", "agreed"]


class Item(Frozen):
    """One question. `text` is null where the wording may not ship and no pack is installed."""

    code: Code
    text: Sentence | None = None
    entry: Literal["options", "number", "days", "yes_no"] = "options"
    options: tuple[Option, ...] = ()
    lowest: StrictInt = 0
    highest: StrictInt = 0
    section: str = ""
    variants: dict[str, Wording] = Field(default_factory=dict)
    asks_same_as: Link | None = None
    parts: tuple[Code, ...] = ()  # answers entered beside this one, that must agree with it
    parts_highest: StrictInt = 1
    parts_make: Literal["sum", "any"] = "sum"
    withheld_from: tuple[Code, ...] = ()  # recipients who never see this answer

    @property
    def allowed(self) -> frozenset[int]:
        """Every score this item can have."""
        if self.entry == "options":
            return frozenset(option.score for option in self.options)
        if self.entry == "yes_no":
            return frozenset({0, 1})
        return frozenset(range(self.lowest, self.highest + 1))

    @property
    def number(self) -> str:
        """The number printed on the paper form, or the code where the form has none."""
        found = re.fullmatch(r"q(\d+)", self.code)
        return found[1] if found else self.code

    def wording(self, variant: str) -> str | None:
        """The question as this variant puts it; None while its wording pack is absent."""
        return self.variants[variant].text if variant in self.variants else self.text

    def labels(self, variant: str) -> tuple[str, ...]:
        """The answers as this variant puts them, in the order of `options`."""
        own = tuple(option.label for option in self.options)
        return (self.variants[variant].labels or own) if variant in self.variants else own


class Skip(Frozen):
    """When `items` are all answered and add up to one of `sums`, the items in `skip` need no answer and score 0."""

    items: tuple[Code, ...] = Field(min_length=1)
    sums: tuple[StrictInt, ...] = Field(min_length=1)
    skip: tuple[Code, ...] = Field(min_length=1)
    source: Sentence


class Decision(Frozen):
    """Scores of one item that settle the result whatever the total."""

    item: Code
    positive: tuple[StrictInt, ...] = ()
    negative: tuple[StrictInt, ...] = ()


class Rule(Frozen):
    """One published way to stop early and to call the result."""

    source: Sentence
    certainty: Certainty
    stops: tuple[Skip, ...] = ()
    decides: Decision | None = None


class Contradiction(Frozen):
    """When `item` scores `score`, a score above nought on any of `zero` contradicts it."""

    item: Code
    score: StrictInt
    zero: tuple[Code, ...] = Field(min_length=1)


class Band(Frozen):
    """A named stretch of totals, ends included; for one sex or one subscale where it says so."""

    lowest: StrictInt
    highest: StrictInt
    code: Code
    label: Sentence
    sex: Sex | None = None
    subscale: str = ""


class BandSet(Frozen):
    """One published set of bands. Published sets disagree, so its name is stored with each result."""

    source: Sentence
    certainty: Certainty
    bands: tuple[Band, ...] = Field(min_length=1)


class Cutoff(Frozen):
    """A total at or above `at` is positive; for one sex or one substance where it says so."""

    at: StrictInt
    sex: Sex | None = None
    substance: str = ""
    source: Sentence
    certainty: Certainty


class Licence(Frozen):
    """Whether the wording may be handed on, by whose leave, and the notice that goes with it."""

    ship_wording: Literal["yes", "conditional", "no"]
    holder: Sentence
    terms: Sentence
    action: str = ""
    notice: str = ""
    licensed_to: str = ""  # only in a pack a service installs under its own licence


class Codes(Frozen):
    """Terminology codes that were checked; unchecked ones do not ship."""

    loinc_panel: str = ""
    loinc_total: str = ""
    loinc_items: dict[str, str] = Field(default_factory=dict)


class Instrument(Frozen):
    """One screening or clinical instrument, as scored here."""

    format: Literal["throughcare-instrument/1"]
    id: Code
    title: Sentence
    short: Sentence
    version: Sentence
    about: Literal["alcohol", "drugs", "both", "by_substance"]
    use: Literal["short_screen", "screen", "measure", "clinical"]
    by: Literal["any", "healthcare"] = "any"
    period: Sentence
    period_in_custody: Sentence
    method: Literal["sum", "by_subscale", "profile"]
    range: tuple[StrictInt, StrictInt] | None = None
    items: tuple[Item, ...] = ()
    variants: tuple[str, ...] = ()
    default_variant: str = ""
    subscales: dict[str, tuple[Code, ...]] = Field(default_factory=dict)
    skips: tuple[Skip, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    rules: dict[str, Rule] = Field(default_factory=dict)
    default_rule: str = ""
    band_sets: dict[str, BandSet] = Field(default_factory=dict)
    default_band_set: str = ""  # empty where published sets are shown side by side
    cutoffs: tuple[Cutoff, ...] = ()
    continues_into: str = ""
    derived_from: str = ""
    never_for: str = ""  # what this result must not be used for, in a sentence
    licence: Licence
    codes: Codes = Codes()
    source: Sentence

    def __hash__(self) -> int:
        return hash((self.id, self.version))

    @property
    def per_substance(self) -> bool:
        """Whether a result means nothing until the substance is named."""
        return any(cutoff.substance for cutoff in self.cutoffs)

    @property
    def closed_because(self) -> str:
        """Why this cannot be opened, in a sentence; empty when it can."""
        if self.items:
            return ""
        return f"{self.short} cannot be opened until its licensed pack is installed. {self.licence.action}"

    @property
    def wording_shown(self) -> bool:
        """Whether the questions can be read on the screen, rather than from the paper form."""
        return bool(self.items) and all(item.text or item.variants for item in self.items)

    def item(self, code: str) -> Item:
        """The item with this code; KeyError when there is none."""
        for item in self.items:
            if item.code == code:
                return item
        raise KeyError(code)


@dataclass(frozen=True)
class Instruments:
    """All of them, by id: `work.reference[Instruments]["audit"]`. NotFound for an id there is none of."""

    by_id: Mapping[str, Instrument] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Instrument:
        if key not in self.by_id:
            raise NotFound
        return self.by_id[key]

    def __iter__(self) -> Iterator[Instrument]:
        return iter(self.by_id.values())

"""From answers to a result: total, subscales, bands, and which published rule, band set and cut-off were used. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from throughcare.screening.instruments import Band, BandSet, Cutoff, Instrument
from throughcare.screening.rules.interview import (
    BadAnswers,
    checked,
    contradictions,
    missing,
    rule_used,
    skipped,
)
from throughcare.screening.rules.profile import profiled

SEXES = ("female", "male")
CALLED = {True: "positive", False: "negative", None: ""}


@dataclass(frozen=True)
class Basis:
    """What a result rests on: stored with it, because published rules, bands and cut-offs disagree."""

    rule: str
    band_set: str
    sex: str  # whose cut-off and bands were used; empty where they are the same for all
    substance: str
    threshold: int | None
    threshold_said: str


@dataclass(frozen=True)
class Placed:
    """The band one published set gives; `subscale` is empty when the band is of the whole total."""

    band_set: str
    subscale: str
    band: Band


@dataclass(frozen=True)
class Result:
    """A screening result. It is not a diagnosis, and nobody may change it: scoring the answers again gives it again.

    A partial set has no total, no band and no positive flag. `bands` holds every band set side by side.
    """

    instrument: str
    version: str
    basis: Basis
    complete: bool
    total: int | None
    subscales: Mapping[str, int]
    bands: tuple[Placed, ...]
    positive: bool | None
    skipped: tuple[str, ...]
    missing: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def band(self) -> Band | None:
        """The band of the chosen set; None for a partial set, and where no one set is chosen."""
        chosen = (it.band for it in self.bands if it.band_set == self.basis.band_set and not it.subscale)
        return next(chosen, None)


def score(
    instrument: Instrument,
    answers: Mapping[str, int],
    *,
    sex: str | None = None,
    rule: str | None = None,
    substance: str | None = None,
    band_set: str | None = None,
) -> Result:
    """Score one set of answers. Refuses what the instrument does not have; an unfinished set comes back incomplete."""
    given = checked(instrument, answers)
    cutoff, said = cutoff_for(instrument, sex, substance)
    basis = Basis(
        rule=rule_used(instrument, rule),
        band_set=_band_set_used(instrument, band_set),
        sex=_sex_used(instrument, sex),
        substance=_named(substance),
        threshold=cutoff.at if cutoff else None,
        threshold_said=said,
    )
    return _result(instrument, given, basis)


def _result(instrument: Instrument, given: Mapping[str, int], basis: Basis) -> Result:
    left = missing(instrument, given, basis.rule)
    values = profiled(instrument, given)
    total = sum(values.values()) if instrument.method == "sum" and not left else None
    positive = _positive(instrument, given, basis, total)
    subscales = _subscales(instrument, values, complete=not left)
    return Result(
        instrument=instrument.id,
        version=instrument.version,
        basis=basis,
        complete=not left,
        total=total,
        subscales=subscales,
        bands=() if left else tuple(_placed(instrument, basis, total, subscales, CALLED[positive])),
        positive=positive,
        skipped=skipped(instrument, given, basis.rule),
        missing=left,
        warnings=contradictions(instrument, given),
    )


def about(instrument: Instrument, substance: str | None = None) -> Literal["alcohol", "drugs", "both"]:
    """Whether a result counts under alcohol or under drugs; the two are never added together."""
    if instrument.about != "by_substance":
        return instrument.about
    return "alcohol" if _named(substance) == "alcohol" else "drugs"


def cutoff_for(instrument: Instrument, sex: str | None, substance: str | None) -> tuple[Cutoff | None, str]:
    """The cut-off in force and how it was come by, in a sentence; None where no published figure is configured."""
    named = _named(substance)
    if instrument.per_substance != bool(named):
        raise BadAnswers(f"{instrument.short} is about {'one named substance' if instrument.per_substance else 'all'}.")
    used = _sex_used(instrument, sex)
    fitting = [it for it in instrument.cutoffs if it.substance == named and (it.sex or "") == used]
    if not fitting:
        return None, f"No published cut-off is configured for {named}." if named else ""
    cutoff = fitting[0]
    return cutoff, f"Cut-off {cutoff.at}{_whose(cutoff, sex)}. Source: {cutoff.source}."


def _whose(cutoff: Cutoff, sex: str | None) -> str:
    if cutoff.substance:
        return f" for {cutoff.substance}"
    if cutoff.sex and sex not in SEXES:
        return f", the lower one ({cutoff.sex}), because sex is not recorded"
    return f" ({cutoff.sex})" if cutoff.sex else ""


def _sex_used(instrument: Instrument, sex: str | None) -> str:
    """The sex whose cut-off applies: as recorded, or where it is not recorded the one with the lower cut-off."""
    sexed = [cutoff for cutoff in instrument.cutoffs if cutoff.sex]
    if not sexed:
        return ""
    return sex if sex in SEXES else str(min(sexed, key=lambda cutoff: cutoff.at).sex)


def _named(substance: str | None) -> str:
    return (substance or "").strip().lower()


def _band_set_used(instrument: Instrument, band_set: str | None) -> str:
    name = band_set or instrument.default_band_set
    if name and name not in instrument.band_sets:
        raise BadAnswers(f"{instrument.short} has no band set called {name[:40]}.")
    return name


def _positive(instrument: Instrument, given: Mapping[str, int], basis: Basis, total: int | None) -> bool | None:
    """Whether the screen is positive; None while it is incomplete, or where nothing is published to say so."""
    if total is None:
        return None
    decides = instrument.rules[basis.rule].decides if basis.rule else None
    if decides and given.get(decides.item) in (*decides.positive, *decides.negative):
        return given[decides.item] in decides.positive
    return None if basis.threshold is None else total >= basis.threshold


def _subscales(instrument: Instrument, values: Mapping[str, int], *, complete: bool) -> dict[str, int]:
    """The subscales of a complete set; of a profile, the values themselves, for it has no total."""
    if instrument.method == "profile":
        return dict(values)
    if not complete:
        return {}
    return {name: sum(values.get(code, 0) for code in codes) for name, codes in instrument.subscales.items()}


def _placed(
    instrument: Instrument, basis: Basis, total: int | None, subscales: Mapping[str, int], called: str
) -> Iterator[Placed]:
    for name, band_set in instrument.band_sets.items():
        if instrument.method == "by_subscale":
            for subscale, value in subscales.items():
                yield from _found(name, band_set, basis.sex, subscale, value)
        elif total is not None:
            yield from _called(name, band_set, called) or _found(name, band_set, basis.sex, "", total)


def _called(name: str, band_set: BandSet, called: str) -> list[Placed]:
    """Where the bands are just "positive" and "negative", the flag names the band: a stop rule may overrule the total."""
    return [Placed(name, "", band) for band in band_set.bands if band.code == called]


def _found(name: str, band_set: BandSet, sex: str, subscale: str, value: int) -> list[Placed]:
    return [
        Placed(name, subscale, band)
        for band in band_set.bands
        if band.subscale == subscale and (band.sex or sex) == sex and band.lowest <= value <= band.highest
    ]

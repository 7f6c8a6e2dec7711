"""What is wrong with an instrument that could still be read: gaps between bands, dangling codes, unlicensed wording."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from throughcare.screening.instruments import Band, Instrument, Item

LEAST_OPTIONS = 2


def fault_in(instrument: Instrument) -> str:
    """The first fault found, in a sentence; empty when the instrument is sound."""
    return next((fault for check in CHECKS for fault in check(instrument)), "")


def _wording(instrument: Instrument) -> Iterator[str]:
    """Wording that may not be handed on must not be in the file, unless the file is the licensed pack itself."""
    licence = instrument.licence
    if licence.ship_wording == "yes" or licence.licensed_to:
        return
    for item in instrument.items:
        if item.text or item.variants:
            yield f"the wording of item {item.code} may not ship under this licence."


def _emptiness(instrument: Instrument) -> Iterator[str]:
    if not instrument.items and instrument.licence.ship_wording != "no":
        yield "there are no items."


def _codes(instrument: Instrument) -> Iterator[str]:
    codes = [code for item in instrument.items for code in (item.code, *item.parts)]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield f"the code {code} is used twice."


def _options(instrument: Instrument) -> Iterator[str]:
    for item in instrument.items:
        scores = [option.score for option in item.options]
        if (item.entry == "options") != (len(scores) >= LEAST_OPTIONS):
            yield f"item {item.code} needs two or more options, or none if it takes a number."
        if scores != sorted(set(scores)) or any(score < 0 for score in scores):
            yield f"the scores of item {item.code} must rise from 0 or above."
        if item.entry in {"number", "days"} and not 0 <= item.lowest < item.highest:
            yield f"item {item.code} needs a highest value above its lowest."


def _parts(instrument: Instrument) -> Iterator[str]:
    for item in instrument.items:
        if not item.parts:
            continue
        most = len(item.parts) * item.parts_highest if item.parts_make == "sum" else item.parts_highest
        if most != max(item.allowed):
            yield f"the parts of item {item.code} cannot make its highest value."


def _variants(instrument: Instrument) -> Iterator[str]:
    if bool(instrument.variants) != bool(instrument.default_variant):
        yield "variants need a default, and a default needs variants."
    if instrument.default_variant and instrument.default_variant not in instrument.variants:
        yield f"the default variant {instrument.default_variant} is not among the variants."
    for item in instrument.items:
        yield from _item_variants(instrument, item)


def _item_variants(instrument: Instrument, item: Item) -> Iterator[str]:
    for name, wording in item.variants.items():
        if name not in instrument.variants:
            yield f"item {item.code} has wording for {name}, which is not among the variants."
        if wording.labels and len(wording.labels) != len(item.options):
            yield f"item {item.code} has not one label for each option in {name}."


def _references(instrument: Instrument) -> Iterator[str]:
    known = {item.code for item in instrument.items}
    for code in _referred_to(instrument):
        if code not in known:
            yield f"a rule names item {code}, which is not in the instrument."


def _referred_to(instrument: Instrument) -> Iterator[str]:
    for members in instrument.subscales.values():
        yield from members
    stops = [stop for rule in instrument.rules.values() for stop in rule.stops]
    for skip in (*instrument.skips, *stops):
        yield from (*skip.items, *skip.skip)
    for contradiction in instrument.contradictions:
        yield from (contradiction.item, *contradiction.zero)
    yield from (rule.decides.item for rule in instrument.rules.values() if rule.decides)


def _defaults(instrument: Instrument) -> Iterator[str]:
    if bool(instrument.rules) != bool(instrument.default_rule):
        yield "rules need a default, and a default needs rules."
    if instrument.default_rule and instrument.default_rule not in instrument.rules:
        yield f"the default rule {instrument.default_rule} is not among the rules."
    if instrument.default_band_set and instrument.default_band_set not in instrument.band_sets:
        yield f"the default band set {instrument.default_band_set} is not among the band sets."


def _range(instrument: Instrument) -> Iterator[str]:
    if instrument.method != "sum":
        if instrument.range is not None:
            yield "only a summed instrument has a range."
        return
    found = extent(instrument.items)
    if instrument.range != found:
        yield f"its items add up to {found[0]} to {found[1]}, not to its stated range."


def extent(items: tuple[Item, ...]) -> tuple[int, int]:
    """The lowest and the highest sum these items can have."""
    return sum(min(item.allowed) for item in items), sum(max(item.allowed) for item in items)


def _bands(instrument: Instrument) -> Iterator[str]:
    for name, band_set in instrument.band_sets.items():
        groups = sorted({(band.sex or "", band.subscale) for band in band_set.bands})
        sexes = {sex for sex, _ in groups}
        if len(sexes) > 1 and sexes != {"female", "male"}:
            yield f"the band set {name} mixes bands for one sex with bands for all."
        for sex, subscale in groups:
            bands = [band for band in band_set.bands if (band.sex or "", band.subscale) == (sex, subscale)]
            if not _covers(instrument, subscale, bands):
                yield f"the bands of {name} leave a gap, overlap, or miss the ends of the range."


def _covers(instrument: Instrument, subscale: str, bands: list[Band]) -> bool:
    if bool(subscale) != (instrument.method == "by_subscale"):
        return False
    members = instrument.subscales.get(subscale, ())
    items = tuple(item for item in instrument.items if item.code in members) if subscale else instrument.items
    lowest, highest = extent(items)
    expected = lowest
    for band in sorted(bands, key=lambda band: band.lowest):
        if band.lowest != expected or band.highest < band.lowest:
            return False
        expected = band.highest + 1
    return expected == highest + 1


def _cutoffs(instrument: Instrument) -> Iterator[str]:
    """No cut-off by sex for alcohol: those are United States figures, and must not get in."""
    lowest, highest = instrument.range or (0, 0)
    for cutoff in instrument.cutoffs:
        if not lowest < cutoff.at <= highest:
            yield f"the cut-off {cutoff.at} is outside the range."
        if cutoff.sex and instrument.about == "alcohol":
            yield "an alcohol instrument has one cut-off for every sex here."
    if {cutoff.sex for cutoff in instrument.cutoffs} not in ({None}, {"female", "male"}, set()):
        yield "cut-offs by sex are needed for both sexes, or for none."


CHECKS: tuple[Callable[[Instrument], Iterator[str]], ...] = (
    _wording,
    _emptiness,
    _codes,
    _options,
    _parts,
    _variants,
    _references,
    _defaults,
    _range,
    _bands,
    _cutoffs,
)

"""Which answers of one instrument are answers of another, so that nobody is asked the same question twice. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from throughcare.screening.instruments import Instrument, Item
from throughcare.screening.rules.interview import skipped


@dataclass(frozen=True)
class Shown:
    """An instrument in the wording it was, or will be, shown in."""

    instrument: Instrument
    variant: str = ""


def shared(source: Shown, target: Shown) -> dict[str, str]:
    """{code in source: code in target} for the questions whose wording is the same in both."""
    return {
        mine.code: theirs.code
        for mine in source.instrument.items
        for theirs in target.instrument.items
        if _same_question(source, mine, target, theirs)
    }


def carried(source: Shown, target: Shown, answers: Mapping[str, int]) -> dict[str, int]:
    """The answers already given, under the target's codes. A skipped item was not answered and is not carried."""
    pairs = shared(source, target)
    return {pairs[code]: value for code, value in answers.items() if code in pairs}


def _same_question(source: Shown, mine: Item, target: Shown, theirs: Item) -> bool:
    return _family(source.instrument) == _family(target.instrument) and (
        _linked(mine, theirs, source, target)
        or _linked(theirs, mine, target, source)
        or _kin(source, mine, target, theirs)
    )


def _family(instrument: Instrument) -> str:
    """Instruments that are views of one set of answers share a family."""
    return instrument.derived_from or instrument.continues_into or instrument.id


def _linked(short: Item, full: Item, short_shown: Shown, full_shown: Shown) -> bool:
    """Whether `short` says it asks the same as `full`, and the answers offered, and where it matters the words, agree."""
    link = short.asks_same_as
    if link is None or link.item != full.code or full_shown.instrument.id == short_shown.instrument.id:
        return False
    return _offers_same(short, short_shown, full, full_shown) and (
        link.wording == "agreed" or _worded_same(short, short_shown, full, full_shown)
    )


def _kin(source: Shown, mine: Item, target: Shown, theirs: Item) -> bool:
    """Two instruments made of the same items: the code is the same and so are the words shown."""
    if mine.asks_same_as or theirs.asks_same_as or mine.code != theirs.code:
        return False
    return _worded_same(mine, source, theirs, target) and _offers_same(mine, source, theirs, target)


def _worded_same(mine: Item, source: Shown, theirs: Item, target: Shown) -> bool:
    text = mine.wording(_variant(source))
    return text is not None and text == theirs.wording(_variant(target))


def _offers_same(mine: Item, source: Shown, theirs: Item, target: Shown) -> bool:
    same_scores = [option.score for option in mine.options] == [option.score for option in theirs.options]
    return same_scores and mine.labels(_variant(source)) == theirs.labels(_variant(target))


def _variant(shown: Shown) -> str:
    return shown.variant or shown.instrument.default_variant


def viewed(source: Shown, target: Shown, answers: Mapping[str, int]) -> dict[str, int]:
    """A full set of answers seen as a short screen: what was answered, and 0 for what a skip rule spared."""
    spared = dict.fromkeys(skipped(source.instrument, answers), 0)
    return carried(source, target, {**spared, **answers})

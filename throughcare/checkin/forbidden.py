"""The list of what gives a person away, read out of config/data/lexicon/forbidden_*.toml. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from throughcare.checkin.letters import closed, fold, squeeze

SHORTEST_ACROSS = 5  # letters: a shorter stem is not looked for across the spaces between words


@dataclass(frozen=True)
class Forbidden:
    """The words that give a person away. `inside` is looked for anywhere in a word, `start` at its start, `word` whole.

    `allowed` are whole words that hold a stem and give nothing away (courtesy); `signs` are single characters.
    """

    inside: frozenset[str]
    start: frozenset[str]
    word: frozenset[str]
    allowed: frozenset[str]
    signs: frozenset[str]
    endings: frozenset[str]  # of web addresses
    written: Mapping[str, str] = field(default_factory=dict)  # a stem as its list writes it, with spaces and accents

    @cached_property
    def quick(self) -> re.Pattern[str]:
        """Matches wherever a word, spaces about it, may hold a stem: most texts are clean, and are quickly let by."""
        inside, start, word = (_any_of({*s, *map(squeeze, s)}) for s in (self.inside, self.start, self.word))
        return re.compile(rf"{inside}|\b{start}|\b{word}\b")

    @cached_property
    def quick_across(self) -> re.Pattern[str]:
        """Matches where words closed up may begin with a stem."""
        return re.compile(_any_of(self.across))

    @cached_property
    def across(self) -> tuple[str, ...]:
        """The stems long enough to be sure of when they are spread over several words: "meth adone"."""
        return tuple(s for s in sorted(self.inside | self.start | self.word) if len(s) >= SHORTEST_ACROSS)


def _any_of(stems: Collection[str]) -> str:
    return f"(?:{'|'.join(sorted(stems)) or '(?!)'})"


def forbidden_from(*tables: Mapping[str, Sequence[str]]) -> Forbidden:
    """One list out of those of every language; spaces and accents do not count."""

    def stems(key: str) -> frozenset[str]:
        return frozenset(closed(fold(entry)) for table in tables for entry in table.get(key, ()))

    signs = frozenset(entry for table in tables for entry in table.get("signs", ()))
    entries = [entry for table in tables for key in ("inside", "start", "word") for entry in table.get(key, ())]
    return Forbidden(
        inside=stems("inside"),
        start=stems("start"),
        word=stems("word"),
        allowed=stems("allowed"),
        signs=signs,
        endings=stems("endings"),
        written={closed(fold(entry)): entry for entry in entries},
    )

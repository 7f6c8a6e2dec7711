"""The words that replies are read by, out of config/data/lexicon: one lexicon for both languages, as people mix them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from throughcare.checkin.letters import closed, fold, plain, words

FILLED = re.compile(r"\*")
GAP = r"(?:\S+ ){0,3}"  # what a * in a phrase stands for: up to three words
CONTRACTED = re.compile(r"\\ (n|r|ch|m|th)(?=\\ |$)")  # Welsh 'n, 'r, 'ch may be written apart or joined on


@dataclass(frozen=True)
class Tone:
    """Words that may stand beside a score from `low` to `high`; beside any other they make it unclear."""

    words: frozenset[str]
    low: int
    high: int


@dataclass(frozen=True)
class Concern:
    """One kind of crisis: phrases, stems found in the text closed up, and words found although misspelt."""

    name: str
    phrases: re.Pattern[str]
    stems: frozenset[str]
    near: frozenset[str]


@dataclass(frozen=True)
class Lexicon:
    """`whole` by kind: the message is exactly this. `polite` by kind: so it is once courtesies are taken off.

    `within` by kind: the message holds this. `guards` by kind: it is not so with any of these in it ("_politely": nor
    in the second way).
    """

    whole: Mapping[str, frozenset[str]]
    polite: Mapping[str, frozenset[str]]
    within: Mapping[str, re.Pattern[str]]
    guards: Mapping[str, re.Pattern[str]]
    courtesies: frozenset[str]
    numbers: Mapping[str, int]
    out_of_five: tuple[str, ...]
    fives: tuple[str, ...]
    fillers: frozenset[str]
    greetings: tuple[str, ...]
    endings: frozenset[str]
    tones: tuple[Tone, ...]
    days: Mapping[str, int]
    halves: Mapping[str, int]  # of a day: what am and pm add to an hour
    languages: Mapping[str, str]  # the word by which each is chosen
    concerns: tuple[Concern, ...]
    idioms: re.Pattern[str]
    unlike: frozenset[str]


def lexicon_from(replies: Sequence[Mapping[str, Any]], crises: Sequence[Mapping[str, Any]]) -> Lexicon:
    """One lexicon from the reply and crisis tables of every language; KeyError names a section that is missing."""
    scores = [table["score"] for table in replies]
    return Lexicon(
        whole={kind: frozenset(map(_exact, found)) for kind, found in _by_key(replies, "whole").items()},
        polite={kind: frozenset(map(plain, found)) for kind, found in _by_key(replies, "polite").items()},
        within={kind: phrases(found) for kind, found in _by_key(replies, "within").items()},
        guards={kind: phrases(found) for kind, found in _by_key(replies, "guards").items()},
        courtesies=frozenset(plain(word) for table in replies for word in table["courtesies"]),
        numbers={fold(word): value for score in scores for word, value in score["numbers"].items()},
        out_of_five=tuple(fold(word) for score in scores for word in score["out_of_five"]),
        fives=tuple(fold(word) for score in scores for word in score["fives"]),
        fillers=_folded(score["fillers"] for score in scores),
        greetings=tuple(fold(word) for score in scores for word in score["greetings"]),
        endings=_folded(score["endings"] for score in scores),
        tones=tuple(
            Tone(_folded([tone["words"]]), tone["low"], tone["high"]) for score in scores for tone in score["tones"]
        ),
        days={fold(word): many for table in replies for word, many in table["days"].items()},
        halves={fold(word): more for table in replies for word, more in table["halves"].items()},
        languages={fold(word): code for table in replies for word, code in table["languages"].items()},
        concerns=_concerns(crises),
        idioms=phrases(phrase for table in crises for phrase in table["idioms"]),
        unlike=frozenset(plain(word) for table in crises for word in table["unlike"]),
    )


def phrases(found: Iterable[str]) -> re.Pattern[str]:
    """Matches any of these phrases in a plain text that has a space before and after; * is up to three words."""
    each = sorted({_phrase(phrase) for phrase in found} - {""})
    return re.compile(rf"(?<= )(?:{'|'.join(each)})(?= )" if each else r"(?!)")


def _phrase(phrase: str) -> str:
    parts = [re.escape(plain(part)) for part in FILLED.split(phrase)]
    return CONTRACTED.sub(r"(?:\\ )?\1", f" {GAP}".join(part for part in parts if part))


def _exact(phrase: str) -> str:
    return " ".join(words(phrase))


def _folded(lists: Iterable[Sequence[str]]) -> frozenset[str]:
    return frozenset(fold(word) for each in lists for word in each)


def _by_key(tables: Sequence[Mapping[str, Any]], section: str) -> dict[str, list[str]]:
    keys = sorted({key for table in tables for key in table[section]})
    return {key: [entry for table in tables for entry in table[section].get(key, ())] for key in keys}


def _concerns(tables: Sequence[Mapping[str, Any]]) -> tuple[Concern, ...]:
    merged = {
        name: [table["concerns"].get(name, {}) for table in tables] for table in tables for name in table["concerns"]
    }
    return tuple(
        Concern(
            name,
            phrases(phrase for part in parts for phrase in part.get("phrases", ())),
            frozenset(closed(plain(stem)) for part in parts for stem in part.get("stems", ())),
            frozenset(plain(word) for part in parts for word in part.get("near", ())),
        )
        for name, parts in merged.items()
    )

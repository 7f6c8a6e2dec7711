"""The words that replies are read by, out of config/data/lexicon: one lexicon for both languages, as people mix them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from throughcare.checkin.letters import closed, fold, plain, words

PARTS = re.compile(r"\*|@\w+|[^*@]+")
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
    short: Mapping[str, str] = field(default_factory=dict)  # words as they are texted
    spelt: Mapping[str, str] = field(default_factory=dict)  # words less a letter, to the word they may be


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
        tones=tuple(_tone(row) for score in scores for row in score["tones"]),
        days=_all(replies, "days"),
        halves=_all(replies, "halves"),
        languages=_all(replies, "languages"),
        concerns=_concerns(crises),
        idioms=phrases(phrase for table in crises for phrase in table["idioms"]),
        unlike=frozenset(plain(word) for table in crises for word in table["unlike"]),
        short={word: plain(full) for word, full in _all(crises, "short").items()},
        spelt=_less_a_letter(plain(word) for table in crises for word in table.get("spelt", ())),
    )


def _tone(row: Mapping[str, Any]) -> Tone:
    return Tone(_folded([row["words"]]), row["low"], row["high"])


def _all(tables: Sequence[Mapping[str, Any]], section: str) -> dict[str, Any]:
    """A section of every table as one, its words folded."""
    return {fold(word): said for table in tables for word, said in table.get(section, {}).items()}


Classes = Mapping[str, Sequence[str]]


def phrases(found: Iterable[str], classes: Classes = MappingProxyType({})) -> re.Pattern[str]:
    """Matches any of these phrases in a plain text that has a space before and after.

    * is up to three words; @name one of that class of words. KeyError names a class that is missing.
    """
    each = sorted({_phrase(phrase, classes) for phrase in found} - {""})
    return re.compile(rf"(?<= )(?:{'|'.join(each)})(?= )" if each else r"(?!)")


def _phrase(phrase: str, classes: Classes) -> str:
    made, between = "", ""
    for part in PARTS.findall(phrase):
        if part == "*":
            between = GAP
            continue
        said = _any_of(classes[part[1:]]) if part.startswith("@") else _said(part)
        if said:
            made, between = f"{made} {between}{said}" if made else said, ""
    return made


def _any_of(words_: Sequence[str]) -> str:
    return f"(?:{'|'.join(sorted({_said(word) for word in words_}))})"


def _said(part: str) -> str:
    return CONTRACTED.sub(r"(?:\\ )?\1", re.escape(plain(part)))


def less_a_letter(word: str) -> Iterator[str]:
    """The word, and the word without each of its letters: two that share one of these are a slip apart."""
    yield word
    yield from (word[:place] + word[place + 1 :] for place in range(len(word)))


def _less_a_letter(found: Iterable[str]) -> dict[str, str]:
    return {less: word for word in sorted(found) for less in less_a_letter(word)}


def _exact(phrase: str) -> str:
    return " ".join(words(phrase))


def _folded(lists: Iterable[Sequence[str]]) -> frozenset[str]:
    return frozenset(fold(word) for each in lists for word in each)


def _by_key(tables: Sequence[Mapping[str, Any]], section: str) -> dict[str, list[str]]:
    keys = sorted({key for table in tables for key in table[section]})
    return {key: [entry for table in tables for entry in table[section].get(key, ())] for key in keys}


def _concerns(tables: Sequence[Mapping[str, Any]]) -> tuple[Concern, ...]:
    classes: dict[str, list[str]] = {}
    for table in tables:
        for name, some in table.get("classes", {}).items():
            classes.setdefault(name, []).extend(some)
    merged = {
        name: [table["concerns"].get(name, {}) for table in tables] for table in tables for name in table["concerns"]
    }
    return tuple(
        Concern(
            name,
            phrases((each for part in parts for key in ("phrases", "patterns") for each in part.get(key, ())), classes),
            frozenset(closed(plain(stem)) for part in parts for stem in part.get("stems", ())),
            frozenset(plain(word) for part in parts for word in part.get("near", ())),
        )
        for name, parts in merged.items()
    )

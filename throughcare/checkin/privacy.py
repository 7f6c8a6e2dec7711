"""What a text may not say, because a stranger may hold the phone: it blocks, it does not warn (R32, R33). Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import accumulate
from operator import contains, eq
from typing import NamedTuple

from throughcare.casework.phone_numbers import is_dear
from throughcare.checkin.forbidden import Forbidden
from throughcare.checkin.letters import closed, fold, squeeze, unleet

SHORTEST_PART = 3  # letters: a shorter part of a family name (de, ap, van, d') does not name anybody
LONGEST_RUN = 40  # words
SPELT = re.compile(r"(?:\b[a-z0-9]\b[^a-z0-9]*){3,}")  # p r i s o n, j-a-i-l
PREVIEW_LETTERS = 120
# Anything that a phone may turn into a link: endings of web addresses are too many, and too new, to be listed.
ADDRESS = r"https?:|www\.|\S@\w+\.|\w\.\w{2,}/\w|(?:\d{1,3}\.){3}\d|[a-z][a-z\d-]+\.[a-z]{2,}"
# A British number however it is spaced, and directory enquiries, which are the dearest of all.
DIALLED = re.compile(
    r"(?<!\d)(?:(?:\+|00) ?44[ .-]?(?:\(0\) ?)?|\(?0[ .-]?)(?P<rest>\d(?:[ .()-]{0,2}\d){8,9})(?!\d)|(?P<directory>(?<!\d)118 ?\d{3}(?!\d))"
)


@dataclass(frozen=True)
class Finding:
    """One reason a text may not go. `found` is what was matched, `says` the sentence for its author."""

    rule: str
    found: str
    says: str


class _Run(NamedTuple):
    """Words closed up: `joined`, and the places in it where a word ends."""

    joined: str
    ends: tuple[int, ...]

    def holds(self, stem: str) -> bool:
        """Does `stem` begin here and run on past the first word?"""
        return len(stem) > self.ends[0] and self.joined.startswith(stem)


@dataclass(frozen=True)
class _Draft:
    """A text read in every way it might be meant."""

    text: str
    forbidden: Forbidden
    family_name: str
    birth_date: date | None
    approved: str

    @cached_property
    def folded(self) -> str:
        return fold(self.text)

    @cached_property
    def readings(self) -> tuple[tuple[str, ...], ...]:
        """The words as written, and with digits read as letters."""
        return tuple(tuple(reading.split()) for reading in (self.folded, *unleet(self.folded)))

    @cached_property
    def tokens(self) -> frozenset[str]:
        """Every word: split at its punctuation, closed up over it, and with its double letters made single."""
        found = {part for words in self.readings for word in words for part in (*_parts(word), closed(word))}
        found |= {closed(run) for words in self.readings for run in SPELT.findall(" ".join(words))}
        found -= self.forbidden.allowed
        return frozenset(found | {squeeze(word) for word in found})

    @cached_property
    def drawn_out(self) -> frozenset[str]:
        """Words with a letter three times running, made single: to be held against stems made single too."""
        return frozenset(squeeze(word) for word in self.tokens if squeeze(word, 2) != word)

    def says(self, stem: str, holds: Callable[[str, str], bool]) -> bool:
        """Is `stem` in a word, in the way `holds(word, stem)` means?"""
        if any(holds(word, stem) for word in self.tokens):
            return True
        plain = squeeze(stem) if self.drawn_out else stem
        return any(holds(word, plain) for word in self.drawn_out)

    @cached_property
    def runs(self) -> tuple[_Run, ...]:
        return tuple(run for words in self.readings for run in _runs(words))


def lint(
    text: str, forbidden: Forbidden, *, family_name: str = "", birth_date: date | None = None, approved: str = ""
) -> list[Finding]:
    """Everything that stops this text from going; empty when it may. `approved` is wording of ours already passed.

    Words of `approved` are not taken for a family name, so that somebody called May is still asked how they are.
    """
    draft = _Draft(text, forbidden, family_name, birth_date, approved)
    return list(dict.fromkeys(finding for rule in RULES for finding in rule(draft)))


def stems_in_words(draft: _Draft) -> Iterator[Finding]:
    """A forbidden stem in a word, however it is dressed up."""
    forbidden = draft.forbidden
    if not forbidden.quick.search(" ".join(draft.tokens | draft.drawn_out)):
        return
    for stems, holds in ((forbidden.inside, contains), (forbidden.start, str.startswith), (forbidden.word, eq)):
        for stem in sorted(stems):
            if draft.says(stem, holds):
                yield _stem(draft, stem)


def stems_across_words(draft: _Draft) -> Iterator[Finding]:
    """A forbidden stem spread over several words, or two words that give a person away together."""
    runs = [run for run in draft.runs if draft.forbidden.quick_across.match(run.joined)]
    for stem in draft.forbidden.across:
        if any(run.holds(stem) for run in runs):
            yield _stem(draft, stem)


def signs(draft: _Draft) -> Iterator[Finding]:
    """A picture that says what the words may not."""
    for sign in sorted(draft.forbidden.signs & set(draft.text)):
        yield Finding("sign", sign, f"Take out the picture {sign}: anyone who sees the phone would understand it.")


def family_name(draft: _Draft) -> Iterator[Finding]:
    """The person's family name, or a part of it, or its letters spaced out."""
    ours = {part for word in fold(draft.approved).split() for part in (*_parts(word), closed(word))}
    whole = closed(fold(draft.family_name))
    parts = {part for part in _parts(fold(draft.family_name)) if len(part) >= SHORTEST_PART} | ({whole} - {""})
    spaced = len(whole) > SHORTEST_PART and any(run.holds(whole) and len(whole) in run.ends for run in draft.runs)
    if (parts - ours) & draft.tokens or spaced:
        yield Finding("family_name", draft.family_name, "Take out the family name: a text may be read by anybody.")


def birth_date(draft: _Draft) -> Iterator[Finding]:
    """The person's date of birth, in figures or words, in either language."""
    if draft.birth_date and any(re.search(form, draft.folded) for form in _date_forms(draft.birth_date)):
        yield Finding("birth_date", "date of birth", "Take out the date of birth: a text may be read by anybody.")


def addresses(draft: _Draft) -> Iterator[Finding]:
    """A web or e-mail address: where it leads would say who we are."""
    dotted = re.sub(r"\s*[(\[]?\bdot\b[)\]]?\s*|。", ".", draft.folded)
    endings = "|".join(sorted(draft.forbidden.endings))
    found = re.search(rf"{ADDRESS}|\w\.(?:{endings})\b(?:/|[^\w]|$)", dotted)
    if found:
        said = found.group().strip()
        says = f"Take out {said}: a web address would say who we are. If it is none, put a space after the full stop."
        yield Finding("address", said, says)


def dear_numbers(draft: _Draft) -> Iterator[Finding]:
    """A number that costs more than an ordinary one to ring: people with little money are asked to (R49)."""
    for found in DIALLED.finditer(draft.folded):
        if found["directory"] or is_dear(f"+44{re.sub(r'[^0-9]', '', found['rest'])}"):
            said = found.group().strip()
            yield Finding("dear", said, f"Take out {said}: it costs more to ring than an ordinary number.")


RULES: tuple[Callable[[_Draft], Iterator[Finding]], ...] = (
    stems_in_words,
    stems_across_words,
    signs,
    family_name,
    birth_date,
    addresses,
    dear_numbers,
)


@dataclass(frozen=True)
class LockScreen:
    """What a stranger sees without unlocking the phone."""

    sender: str
    shown: str
    cut: bool


def lock_screen(text: str, sender: str) -> LockScreen:
    """The first lines as a locked phone shows them: about 120 letters, on one line."""
    line = " ".join(text.split())
    cut = len(line) > PREVIEW_LETTERS
    return LockScreen(sender, line[:PREVIEW_LETTERS].rstrip() + "…" if cut else line, cut)


def _stem(draft: _Draft, stem: str) -> Finding:
    said = draft.forbidden.written.get(stem, stem)
    return Finding("stem", said, f"Take out “{said}”: anyone who sees the phone could guess who is writing and why.")


def _parts(folded: str) -> list[str]:
    return [part for part in re.split(r"[^a-z0-9]+", folded) if part]


def _runs(words: Sequence[str]) -> Iterator[_Run]:
    """From each word on, the words closed up."""
    each = [word for word in map(closed, words) if word]
    for start in range(len(each)):
        ends = tuple(accumulate(len(word) for word in each[start : start + LONGEST_RUN]))
        yield _Run("".join(each[start : start + LONGEST_RUN]), ends)


_MONTHS = (
    "january|jan|ionawr",
    "february|feb|chwefror",
    "march|mar|mawrth",
    "april|apr|ebrill",
    "may|mai",
    "june|jun|mehefin",
    "july|jul|gorffennaf",
    "august|aug|awst",
    "september|sept|sep|medi",
    "october|oct|hydref",
    "november|nov|tachwedd",
    "december|dec|rhagfyr",
)


def _date_forms(born: date) -> tuple[str, ...]:
    day, month, gap = f"0?{born.day}", f"0?{born.month}", r"[^\da-z]{0,3}"
    year = rf"(?:{born.year}|{born.year % 100:02d})"
    named = rf"(?:{_MONTHS[born.month - 1]})"
    ordinal = rf"{day}(?:st|nd|rd|th|af|il|ydd|ed|fed|eg|ain)?"
    return (
        rf"(?<!\d){day}{gap}{month}{gap}{year}(?!\d)",
        rf"(?<!\d){month}{gap}{day}{gap}{year}(?!\d)",
        rf"(?<!\d){born.year}{gap}{month}{gap}{day}(?!\d)",
        rf"(?<!\d){ordinal}{gap}(?:of |o )?{named}{gap}{year}(?!\d)",
        rf"{named}{gap}{ordinal}{gap}{year}(?!\d)",
    )

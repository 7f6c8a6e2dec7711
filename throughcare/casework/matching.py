"""Whether two records are one person: the same identifier, or three of four particulars (handover 31)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Generic, Literal, TypeVar

K = TypeVar("K")
Kind = Literal["exact", "conflict", "probable"]

IDENTIFIERS: Final = {
    "prison_number": "prison number",
    "crn": "case reference number",
    "pnc": "PNC number",
    "nhs_number": "NHS number",
    "chi": "CHI number",
}
ENOUGH: Final = 3  # of given name, family name, date of birth and postcode
NOT_A_PLACE: Final = "zz99"  # pseudo postcodes, such as ZZ99 3VZ for no fixed abode: many people share one
WITHOUT_MARKS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
)


@dataclass(frozen=True)
class Particulars:
    """What a person is known by. Empty or None is not known, and matches nothing."""

    given: str = ""
    family: str = ""
    birth_date: date | None = None
    postcode: str = ""
    prison_number: str | None = None
    crn: str | None = None
    pnc: str | None = None
    nhs_number: str | None = None
    chi: str | None = None


@dataclass(frozen=True)
class Match(Generic[K]):
    """A candidate to show before saving, under the caller's own key.

    exact: an identifier is the same. probable: three or four particulars are. conflict: one identifier is the same and
    another of theirs differs, so one of the two records is wrong. `reasons` are phrases for the page.
    """

    key: K
    kind: Kind
    reasons: tuple[str, ...]


def matches(person: Particulars, candidates: Iterable[tuple[K, Particulars]]) -> list[Match[K]]:
    """The candidates that may be this person, the surest first.

    Whoever loads the candidates loses nobody by asking for: an identifier in common, or the same date of birth, or
    this family name as theirs or as their given name.
    """
    found = [match for key, candidate in candidates if (match := _compared(key, person, candidate))]
    return sorted(found, key=lambda match: (["exact", "conflict", "probable"].index(match.kind), -len(match.reasons)))


def folded(text: str) -> str:
    """A name as it is compared: no case, no diacritics, no hyphens, apostrophes or spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[\W_]", "", bare.translate(WITHOUT_MARKS))


def _compared(key: K, person: Particulars, other: Particulars) -> Match[K] | None:
    same = tuple(words for words, equal in _identifiers(person, other) if equal)
    differ = tuple(words for words, equal in _identifiers(person, other) if not equal)
    alike = tuple(_particulars(person, other))
    told = tuple(f"Same {words}" for words in same) + alike
    if same:
        return Match(key, "conflict" if differ else "exact", told + tuple(f"Different {words}" for words in differ))
    if differ or len(alike) < ENOUGH:
        return None
    return Match(key, "probable", told)


def _identifiers(person: Particulars, other: Particulars) -> Iterator[tuple[str, bool]]:
    """Each identifier both have, and whether it is the same."""
    for name, words in IDENTIFIERS.items():
        mine, theirs = folded(getattr(person, name) or ""), folded(getattr(other, name) or "")
        if mine and theirs and _comparable(mine, theirs):
            yield words, mine == theirs


def _comparable(mine: str, theirs: str) -> bool:
    """A Scottish prison number (digits) says nothing about one from England and Wales (letters and digits)."""
    return mine.isdigit() == theirs.isdigit()


def _particulars(person: Particulars, other: Particulars) -> Iterator[str]:
    mine, theirs = (folded(person.given), folded(person.family)), (folded(other.given), folded(other.family))
    if all(mine) and mine == theirs[::-1] and mine != theirs:
        yield from ("Given name is their family name", "Family name is their given name")
    else:
        if mine[0] and mine[0] == theirs[0]:
            yield "Same given name"
        if mine[1] and mine[1] == theirs[1]:
            yield "Same family name"
    if person.birth_date and person.birth_date == other.birth_date:
        yield "Same date of birth"
    place = folded(person.postcode)
    if place and place == folded(other.postcode) and not place.startswith(NOT_A_PLACE):
        yield "Same postcode"

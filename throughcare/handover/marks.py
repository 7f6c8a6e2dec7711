"""What gives a person away in free words: their birth date however it is written, where they sleep, letters in disguise. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from itertools import permutations

MONTHS = (
    ("january", "ionawr"), ("february", "chwefror"), ("march", "mawrth"), ("april", "ebrill"), ("may", "mai"),
    ("june", "mehefin"), ("july", "gorffennaf"), ("august", "awst"), ("september", "medi"), ("october", "hydref"),
    ("november", "tachwedd"), ("december", "rhagfyr"),
)  # fmt: skip
UNSEEN = {"Cf", "Mn", "Me"}  # joiners, accents and the like: a name is the same name with and without them
STREETS = (
    "road rd street st avenue ave lane ln close drive way court gardens grove terrace place square crescent hill row"
)
HOUSES = "house hostel lodge premises hotel flats buildings centre shelter heol ffordd stryd"
STREET = re.compile(rf"[^\W\d_]+\s+(?:{'|'.join(f'{STREETS} {HOUSES}'.split())})\b", re.IGNORECASE)
NUMBERED = re.compile(r"\d+\w?\s+[^\W\d_]+(?:\s+[^\W\d_]+)?")


def folded(text: str) -> str:
    """A text as it is read and not as it is written: one form of each letter, no accents, nothing unseen."""
    parts = unicodedata.normalize("NFKD", text)
    return "".join(each for each in parts if unicodedata.category(each) not in UNSEEN).casefold()


def words_of(text: str) -> list[str]:
    """Its words and numbers; letters spaced out one by one are the word they spell."""
    found: list[str] = []
    spelling = False
    for word in re.findall(r"[^\W_]+", folded(text)):
        letter = len(word) == 1 and word.isalpha()
        if letter and spelling:
            found[-1] += word
        else:
            found.append(word)
        spelling = letter
    return found


def tells_birth(text: str, born: date) -> bool:
    """Whether the date stands there: 1990-04-02, 2/4/90, 02041990, 2nd of April 1990, April 2 1990, 2 Ebrill 1990."""
    said = [
        re.sub(r"^(\d+)(st|nd|rd|th)$", r"\1", word)
        for word in re.findall(r"\d+(?:st|nd|rd|th)\b|\d+|[^\W\d_]+", folded(text))
    ]
    said = [word for word in said if word not in {"of", "the", "o"}]
    forms = (
        _numbered(born.day),
        _numbered(born.month) | _named(born.month),
        _numbered(born.year % 100) | {str(born.year)},
    )
    threes = zip(said, said[1:], said[2:], strict=False)
    if any(
        all(word in form for word, form in zip(three, order, strict=True))
        for three in threes
        for order in permutations(forms)
    ):
        return True
    whole = f"{born:%d%m}{born.year}", f"{born.year}{born:%m%d}"
    return any(each in "".join(said) for each in whole)


def _numbered(number: int) -> set[str]:
    return {str(number), f"{number:02}"}


def _named(month: int) -> set[str]:
    return {name for full in MONTHS[month - 1] for name in (full, full[:3], full[:4])}


def address_marks(lines: Iterable[str]) -> set[str]:
    """What of an address names the house and not the town: each street or house, and each number with what follows it."""
    found: set[str] = set()
    for line in lines:
        found.update(match[0].strip() for match in STREET.finditer(line))
        found.update(match[0].strip() for match in NUMBERED.finditer(line))
    return found

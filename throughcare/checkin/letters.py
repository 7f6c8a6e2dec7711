"""How typed letters are evened out before words are looked for in them. Pure."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

# Letters of other alphabets that look like ours on a phone.
_LOOKALIKES = str.maketrans("аеорсухіјѕԁһԛԝѵαορνικτυχ", "aeopcyxijsdhqwvaopviktux")
_APOSTROPHES = str.maketrans("", "", "'’‘ʼ`´′")
_LEET = {"0": "o", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g", "@": "a", "$": "s", "€": "e", "!": "i"}
_LEETS = (str.maketrans({**_LEET, "1": "i", "|": "i"}), str.maketrans({**_LEET, "1": "l", "|": "l"}))
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Lower case, without accents, invisible letters or lookalikes; punctuation and spaces stay as they were."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    seen = (letter for letter in apart if unicodedata.category(letter) not in {"Mn", "Me", "Cf", "Cs"})
    return "".join(seen).translate(_LOOKALIKES)


def closed(folded: str) -> str:
    """Letters and figures alone, closed up: "p.r.i.s.o.n" is prison."""
    return _NOT_LETTERS.sub("", folded)


def words(text: str) -> tuple[str, ...]:
    """The words of a text in any alphabet, folded, apostrophes closed up: "Don't know!" is dont, know."""
    return tuple(_WORD.findall(fold(text).translate(_APOSTROPHES)))


def unleet(folded: str) -> tuple[str, ...]:
    """The readings of digits and signs written for letters: pr1s0n, al(0h0l. A 1 may stand for i or for l."""
    return tuple(dict.fromkeys(folded.translate(table) for table in _LEETS))


def squeeze(word: str, most: int = 1) -> str:
    """No letter more than `most` times running: heeeelp is help. Figures stay: 999 is not 9."""
    runs = ((letter, len(list(run))) for letter, run in groupby(word))
    return "".join(letter * (many if letter.isdigit() else min(most, many)) for letter, many in runs)


def plain(phrase: str) -> str:
    """A phrase as phrases are compared: its words folded, each letter once running, single spaces."""
    return " ".join(squeeze(word) for word in words(phrase))

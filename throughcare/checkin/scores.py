"""Reading a score from a reply: a number from 1 to 5 and nothing that might mean something else. Never a guess. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from throughcare.checkin.letters import fold
from throughcare.checkin.lexicon import Lexicon
from throughcare.checkin.segments import sanitise

LOWEST, HIGHEST = 1, 5
_APOSTROPHES = str.maketrans("", "", "'`")
_FACES = ((re.compile(r"[:;=]-?[)dp]+(?!\w)"), " smiling "), (re.compile(r"[:=]-?[(]+"), " frowning "))
_JOINERS = re.compile(r"(?<=\w)[,;:=]+(?!\d)|(?<=\w)[.!]+(?=[a-z])|(?<=\s)[-=]+(?=\s)")
_SYMBOL = re.compile(r"([^\w\s\x00-\x7f])")
_OUTSIDE = '.,!;:"()[]*#~=\n\t '
_INSIDE_A_NUMBER = re.compile(r"\d[.,/-]\d|[-+£$€%]\s*\d|\d\s*[%+]")


@dataclass(frozen=True)
class Score:
    """A score as stated, and how plainly: 1.0 the number alone."""

    value: int
    confidence: float
    rule: str


def score_in(text: str, lexicon: Lexicon) -> Score | None:
    """The score this reply states, or None when it states none, several, or one with words beside it we do not know.

    The list of words that may stand beside a score is closed, so that "3 days", "2 much", "me 2", "not 3", "1 good"
    and "4 but struggling" are all left to a person.
    """
    bare = _without_five(_evened(text, lexicon), lexicon)
    if _INSIDE_A_NUMBER.search(bare):
        return None
    bare = _joined((word for tone in lexicon.tones for word in tone.words if " " in word), bare)
    tokens = [token for token in (word.strip(_OUTSIDE) for word in bare.split()) if token]
    values = [value for value in (_value(token, lexicon) for token in tokens) if value]
    others = [token for token in tokens if not _value(token, lexicon)]
    if len(values) != 1 or not _all_known(others, tokens, values[0], lexicon):
        return None
    return Score(values[0], 0.9 if others else 1.0, "score_with_courtesy" if others else "score_alone")


def _evened(text: str, lexicon: Lexicon) -> str:
    """Folded, with faces as words, symbols apart, and greetings gone: "Good morning" says nothing about a score."""
    folded = fold(sanitise(text)).translate(_APOSTROPHES)
    for face, word in _FACES:
        folded = face.sub(word, folded)
    even = " ".join(_JOINERS.sub(" ", _SYMBOL.sub(r" \1 ", f" {folded} ")).split())
    return _joined(lexicon.greetings, even, "")


def _joined(found: Iterable[str], text: str, into: str | None = None) -> str:
    """Phrases of several words made one: "da iawn" is da_iawn; or, with `into`, replaced by it."""
    for phrase in found:
        text = re.sub(rf"(?<!\S){re.escape(phrase)}(?!\w)", phrase.replace(" ", "_") if into is None else into, text)
    return text


def _without_five(folded: str, lexicon: Lexicon) -> str:
    """ "3/5" and "three out of five" are 3; "3 or 4", "33/5" and "3/5 or 4/5" stay as they are."""
    numbers, between, fives = (_any_of(found) for found in (lexicon.numbers, lexicon.out_of_five, lexicon.fives))
    five = rf"(?<![^\s(])([1-5]|{numbers})\s*(?:/|(?<=\s)(?:{between})(?=\s))\s*(?:{fives})(?![\w/+-]|[.,]\d)"
    return re.sub(five, r"\1", folded, count=1)


def _any_of(found: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(found, key=len, reverse=True))


def _value(word: str, lexicon: Lexicon) -> int | None:
    if re.fullmatch("[1-5]", word):
        return int(word)
    return lexicon.numbers.get(word)


def _all_known(others: list[str], tokens: list[str], value: int, lexicon: Lexicon) -> bool:
    known = lexicon.fillers | {
        word.replace(" ", "_") for tone in lexicon.tones if tone.low <= value <= tone.high for word in tone.words
    }
    kisses = {token for token in tokens[1:] if token in lexicon.endings}
    return all(token in known or token in kisses for token in others)

"""Words in a reply that a person must see at once. They only ever add: no word takes a concern away (R41). Pure."""

from __future__ import annotations

import re
from difflib import get_close_matches

from throughcare.checkin.letters import closed, fold, plain, unleet
from throughcare.checkin.lexicon import Concern, Lexicon, less_a_letter

NEAR = 0.84  # of 1.0: how alike two words must be for one to be the other misspelt
SHORTEST_NEAR = 6  # letters
TEXTED = re.compile(r"\b2\b")  # "want 2 die"


def concerns_in(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The kinds of crisis this text speaks of, in the lexicon's order; empty when none."""
    folded = fold(text)
    spelt = (folded, TEXTED.sub("to", folded), *unleet(folded))
    plainly = [plain(reading) for reading in spelt]
    each = dict.fromkeys([*plainly, _put_right(plainly[0], lexicon)])  # most are the same
    readings = [lexicon.idioms.sub("", f" {reading} ") for reading in each]
    return tuple(concern.name for concern in lexicon.concerns if any(_speaks(concern, r, lexicon) for r in readings))


def _put_right(reading: str, lexicon: Lexicon) -> str:
    """The same with short forms written out, and words that are a slip from one of the lexicon's put right."""
    return " ".join(_meant(lexicon.short.get(word, word), lexicon) for word in reading.split())


def _meant(word: str, lexicon: Lexicon) -> str:
    if len(word) < SHORTEST_NEAR - 1 or word in lexicon.unlike:
        return word
    return next((lexicon.spelt[less] for less in less_a_letter(word) if less in lexicon.spelt), word)


def _speaks(concern: Concern, reading: str, lexicon: Lexicon) -> bool:
    run_on = closed(reading)
    return (
        concern.phrases.search(reading) is not None
        or any(stem in run_on for stem in concern.stems)
        or any(_misspelt(word, concern, lexicon) for word in reading.split())
    )


def _misspelt(word: str, concern: Concern, lexicon: Lexicon) -> bool:
    if len(word) < SHORTEST_NEAR or word in lexicon.unlike:
        return False
    return bool(get_close_matches(word, concern.near, n=1, cutoff=NEAR))

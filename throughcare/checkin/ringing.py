"""Whose number a ring bears, if anybody's: somebody who withholds theirs is nobody, and nothing is kept of them. Pure."""

from __future__ import annotations

import re

# What a caller's number is when there is none: the provider gives a word, or the keys of a telephone that spell one.
WITHHELD = ("anonymous", "restricted", "blocked", "unknown", "unavailable", "private")
NUMBER = re.compile(r"\+[1-9][0-9]{7,14}")  # E.164
_KEYS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
_SPELT = frozenset(f"+{word.translate(_KEYS)}" for word in WITHHELD)


def withheld(number: str) -> bool:
    """Is this no number at all?"""
    return NUMBER.fullmatch(number) is None or number in _SPELT

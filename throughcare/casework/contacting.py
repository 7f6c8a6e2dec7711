"""What recording contact needs to know from outside: the notice on texts, whether drama numbers count, which code words will do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from throughcare.casework.people import Language

Fault = Callable[[str], str | None]


@dataclass(frozen=True)
class Contacting:
    """`code_word_fault` says in a sentence why a word cannot be agreed; None when it can."""

    version: str
    texts: Mapping[Language, str]
    test_numbers: bool
    code_word_fault: Fault
    crown_dependencies: bool = False  # their numbers are texted too


def parse_contacting(data: Mapping[str, Any], code_word_fault: Fault, *, test_numbers: bool) -> Contacting:
    """The notice file as read; ValueError when a language has no wording."""
    texts = {Language(code): str(words).strip() for code, words in data["texts"].items()}
    if missing := set(Language) - texts.keys():
        raise ValueError(f"the notice on texts is missing in {sorted(missing)}")
    return Contacting(str(data["version"]), texts, test_numbers, code_word_fault)

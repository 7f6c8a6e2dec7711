"""What comes in: the base of every Form, the field types they share, and how each field is asked."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints

Widget = Literal[
    "text", "textarea", "radios", "checkboxes", "select", "date", "number", "tel", "email", "password", "hidden"
]


class Word(StrEnum):
    """A closed set of words: each is stored as its code and read as its label."""

    label: str

    def __new__(cls, code: str, label: str = "") -> Self:
        word = str.__new__(cls, code)
        word._value_ = code
        word.label = label or code.replace("_", " ").capitalize()
        return word

    def __str__(self) -> str:
        return str(self.value)


@dataclass(frozen=True)
class Choice:
    """One option of a radio, checkbox or select."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True)
class Ask:
    """How a field is put to the person filling it in; `missing` is the sentence when it is left empty.

    `choices` is a tuple of options, or a name under which the act supplies them; a Word or bool field needs neither.
    `when` shows the field only beside one answer of another, as ("other_field", "value").
    """

    label: str
    hint: str = ""
    missing: str = ""
    widget: Widget | None = None
    choices: tuple[Choice, ...] | str = ()
    width: Literal["2", "3", "4", "5", "10", "20", "full"] = "full"
    rows: int = 5
    autocomplete: str = ""
    when: tuple[str, str] | None = None
    section: str = ""  # a heading put above this field
    verbatim: bool = False  # the label is somebody's wording, to be shown to the letter


class Form(BaseModel):
    """What a person or a program sends. Checked here, never by a table class."""

    model_config = ConfigDict(frozen=True, defer_build=True, extra="forbid", str_strip_whitespace=True)


class Beside(ValueError):
    """What a whole-form validator raises when the fault belongs beside one field."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def beside(field: str, sentence: str) -> Beside:
    """`raise beside("until", "The end date must be after the start date")` in a model validator."""
    return Beside(field, sentence)


def clean(text: str) -> str:
    """NFC text without control characters (tab and newline stay) or lone surrogates; ValueError names the fault."""
    for letter in text:
        if unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\r\t":
            raise ValueError("must not contain control characters")
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n")


def one_line(text: str) -> str:
    """`clean`, and without line breaks."""
    if "\n" in text or "\r" in text:
        raise ValueError("must be on one line")
    return clean(text)


def no_truth(value: object) -> object:
    """A number, never true or false: true counts as 1 to a program and means nothing to a person."""
    if isinstance(value, bool):
        raise ValueError("must be a whole number, like 15")  # noqa: TRY004 - pydantic reads ValueError
    return value


Whole = Annotated[int, BeforeValidator(no_truth)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(one_line)]
OptionalLine = Annotated[str, StringConstraints(max_length=200), AfterValidator(one_line)]
Note = Annotated[str, StringConstraints(min_length=1, max_length=12_000), AfterValidator(clean)]
OptionalNote = Annotated[str, StringConstraints(max_length=12_000), AfterValidator(clean)]


def choices(kind: type[Word], only: Sequence[Word] | None = None) -> tuple[Choice, ...]:
    """The options of a closed set, in the order it is written."""
    return tuple(Choice(word.value, word.label) for word in (only or kind))

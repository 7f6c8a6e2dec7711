"""What a Form asks: its type annotations and `Ask` notes, read once into a list of fields to put to a person."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from throughcare.kernel import forms
from throughcare.kernel.forms import Ask, Choice, Form, Widget, Word

Kind = Literal["text", "word", "yes_no", "tick", "date", "time", "number", "many"]

RADIOS_AT_MOST = 8
LONG_TEXT = 500  # a text that may be longer than this is asked in a textarea
YES_NO = (Choice("yes", "Yes"), Choice("no", "No"))
COLLECTIONS = (tuple, list, frozenset, set)
EMPTY: tuple[object, ...] = (None, "", (), [], frozenset(), set())


@dataclass(frozen=True, eq=False)
class AskedField:
    """One field as it is put and read; the same one each time a form is asked. `choices` is a name when the act supplies the options.

    `required` is false when an empty answer is accepted; `nullable` is true when it is stored as None.
    `longest` is in characters. `default` is PydanticUndefined when there is none.
    """

    name: str
    ask: Ask
    kind: Kind
    widget: Widget
    required: bool
    nullable: bool
    choices: tuple[Choice, ...] | str
    longest: int | None
    default: Any

    @property
    def chosen(self) -> bool:
        """Whether it is answered by selecting, not typing."""
        return self.widget in {"radios", "checkboxes", "select"}

    @property
    def anchor(self) -> str:
        """The id of the first control: where the error summary leads."""
        return f"{self.name}-day" if self.widget == "date" else self.name


@dataclass(frozen=True)
class Bare:
    """An annotation without its wrapping: the type itself, every note on it, and whether None is allowed."""

    type: Any
    notes: tuple[Any, ...]
    nullable: bool


def unwrap(annotation: Any, notes: tuple[Any, ...] = (), *, nullable: bool = False) -> Bare:
    """Peel `Annotated[...]` and `X | None` off an annotation."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *more = get_args(annotation)
        return unwrap(inner, (*notes, *more), nullable=nullable)
    if origin in {Union, types.UnionType}:
        arms = [arm for arm in get_args(annotation) if arm is not type(None)]
        if len(arms) == 1:
            return unwrap(arms[0], notes, nullable=True)
    return Bare(annotation, notes, nullable)


@lru_cache(maxsize=512)
def fields_of(form_type: type[Form]) -> tuple[AskedField, ...]:
    """The fields of a form in the order they are written."""
    return tuple(asked(name, info) for name, info in form_type.model_fields.items())


def asked(name: str, info: FieldInfo) -> AskedField:
    """How one field is put; a field without an Ask is labelled by its own name."""
    bare = unwrap(info.annotation, tuple(info.metadata))
    ask = next((note for note in bare.notes if isinstance(note, Ask)), Ask(name.replace("_", " ").capitalize()))
    longest = next(lengths(bare.notes), None)
    default = info.get_default(call_default_factory=True, validated_data={})
    choices = options(bare.type, ask)
    kind = kind_of(bare.type, ask)
    return AskedField(
        name=name,
        ask=ask,
        kind=kind,
        widget=ask.widget or widget_for(kind, choices, longest),
        required=default not in EMPTY and not bare.nullable,
        nullable=bare.nullable,
        choices=choices,
        longest=longest,
        default=default,
    )


def lengths(notes: tuple[Any, ...]) -> Iterator[int]:
    """Every greatest length written on a field."""
    return (note.max_length for note in notes if isinstance(getattr(note, "max_length", None), int))


def options(bare: Any, ask: Ask) -> tuple[Choice, ...] | str:
    """What may be chosen: as asked, else the words of the type itself."""
    if ask.choices:
        return ask.choices
    if bare is bool:
        return (Choice("yes", ask.label),) if ask.widget == "checkboxes" else YES_NO
    inner = element(bare)
    if isinstance(inner, type) and issubclass(inner, Word):
        return forms.choices(inner)
    if get_origin(inner) is Literal:
        return tuple(Choice(str(value), str(value).replace("_", " ").capitalize()) for value in get_args(inner))
    return ()


def element(bare: Any) -> Any:
    """The type of one answer: of a collection, its items."""
    return unwrap(get_args(bare)[0]).type if get_origin(bare) in COLLECTIONS else bare


def kind_of(bare: Any, ask: Ask) -> Kind:
    """How the answer is read back."""
    if get_origin(bare) in COLLECTIONS:
        return "many"
    if bare is bool:
        return "tick" if ask.widget == "checkboxes" else "yes_no"
    kinds: dict[Any, Kind] = {date: "date", time: "time", int: "number", float: "number", Decimal: "number"}
    return kinds.get(bare) or ("word" if options(bare, ask) else "text")


def widget_for(kind: Kind, choices: tuple[Choice, ...] | str, longest: int | None) -> Widget:
    """The control that suits an answer of this kind, where the form does not name one."""
    if kind in {"many", "tick"}:
        return "checkboxes"
    if choices:
        return "select" if isinstance(choices, str) or len(choices) > RADIOS_AT_MOST else "radios"
    plain: dict[Kind, Widget] = {"date": "date", "number": "number"}
    return plain.get(kind, "textarea" if longest and longest > LONG_TEXT else "text")


def has_default(field: AskedField) -> bool:
    """Whether leaving the field out altogether has a meaning of its own."""
    return field.default is not PydanticUndefined

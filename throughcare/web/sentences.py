"""Turns what validation found into one clear sentence beside a field, in GOV.UK style."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from throughcare.web.asked import AskedField
from throughcare.web.words import lower_first

EMPTY_FAULTS = frozenset({"missing", "none_required"})
NOT_CHOSEN = frozenset({"enum", "literal_error", "uuid_parsing", "uuid_type", "is_instance_of", "uuid_version"})
CONTROL = "must not contain control characters"

Context = Mapping[str, Any]
BOUNDS: dict[str, Callable[[Context], str]] = {
    "string_too_long": lambda found: f"must be {found['max_length']:,} characters or fewer",
    "string_too_short": lambda found: f"must be {found['min_length']:,} characters or more",
    "greater_than": lambda found: f"must be more than {found['gt']}",
    "greater_than_equal": lambda found: f"must be {found['ge']} or more",
    "less_than": lambda found: f"must be less than {found['lt']}",
    "less_than_equal": lambda found: f"must be {found['le']} or less",
    "string_unicode": lambda _: CONTROL,
    "int_parsing": lambda _: "must be a whole number, like 15",
    "int_from_float": lambda _: "must be a whole number, like 15",
    "int_parsing_size": lambda _: "must be a smaller number",
    "float_parsing": lambda _: "must be a number",
    "decimal_parsing": lambda _: "must be a number",
    "finite_number": lambda _: "must be a number",
    "date_parsing": lambda _: "must be a real date",
    "date_from_datetime_parsing": lambda _: "must be a real date",
    "string_pattern_mismatch": lambda _: "is not in the right form; check it and enter it again",
}


def naming(field: AskedField) -> str:
    """What a sentence about the answer starts with."""
    return "Your answer" if field.ask.label.endswith("?") else field.ask.label


def missing(field: AskedField) -> str:
    """What to say when nothing was answered."""
    if field.ask.missing:
        return field.ask.missing
    verb = "Select" if field.chosen else "Enter"
    if field.ask.label.endswith("?"):
        return f"{verb} an answer to “{field.ask.label}”"
    return f"{verb} {lower_first(field.ask.label)}"


def sentence(error: Mapping[str, Any], field: AskedField | None) -> str:
    """One pydantic error as a sentence."""
    if error["type"] == "value_error":
        return own_words(str(error["ctx"]["error"]), field)
    if field is None:
        return "Check what you entered and send it again"
    if was_empty(error, field):
        return missing(field)
    return fault_of(error, field)


def fault_of(error: Mapping[str, Any], field: AskedField) -> str:
    """The sentence for an answer that was given and will not do."""
    kind, found = error["type"], error.get("ctx", {})
    if kind in NOT_CHOSEN and field.chosen:
        return "Select one of the choices given"
    if kind == "bool_parsing":
        return "Select yes or no"
    if kind == "too_long":
        return f"Select no more than {found['max_length']}"
    if kind in BOUNDS:
        return f"{naming(field)} {BOUNDS[kind](found)}"
    return f"{naming(field)} is not in the right form; check it and enter it again"


def was_empty(error: Mapping[str, Any], field: AskedField) -> bool:
    """Whether the fault is that nothing was answered."""
    if error["type"] in EMPTY_FAULTS:
        return True
    if error["type"] == "too_short":
        return field.kind == "many"
    return bool(error["type"] == "string_too_short" and error["ctx"]["min_length"] == 1)


def own_words(said: str, field: AskedField | None) -> str:
    """A validator's own words: a whole sentence as it stands, or the end of one that begins with the label."""
    if said[:1].isupper() or field is None:
        return said
    return f"{naming(field)} {said}"

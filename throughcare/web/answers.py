"""Reads what was posted into a Form, or says in one sentence beside each field what needs putting right."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any, TypeVar

from pydantic import ValidationError

from throughcare.kernel.forms import Choice, Form
from throughcare.web.asked import EMPTY, AskedField, fields_of, has_default
from throughcare.web.sentences import missing, naming, sentence

F = TypeVar("F", bound=Form)
Posted = Mapping[str, Sequence[str]]
Problems = dict[str, str]  # field name -> sentence; the key "" holds what belongs to no field

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
CLOCK = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?\s*([ap]m)?", re.ASCII | re.IGNORECASE)
MONTH_NAME = re.compile(r"[a-z]{3,9}", re.IGNORECASE)


class Unanswerable(ValueError):
    """What was typed cannot be read; the text is the sentence."""


def read(
    form_type: type[F], posted: Posted, choices: Mapping[str, Sequence[Choice]] | None = None
) -> tuple[F | None, Problems]:
    """The form, or None and a sentence for each field at fault in the order they are asked.

    `choices` are the options the act supplied: an answer that is none of them is refused.
    """
    fields = fields_of(form_type)
    given, problems = gather(fields, posted, choices or {})
    try:
        form = form_type.model_validate(given)
    except ValidationError as fault:
        return None, in_order(fields, told(fault, fields) | problems)
    return (None, in_order(fields, problems)) if problems else (form, {})


def gather(
    fields: Sequence[AskedField], posted: Posted, choices: Mapping[str, Sequence[Choice]]
) -> tuple[dict[str, Any], Problems]:
    """What was answered, by field; an unreadable answer becomes an object no type accepts, so nothing builds on it."""
    given: dict[str, Any] = {}
    problems: Problems = {}
    for field in fields:
        try:
            answer = answered(field, posted)
            if answer is not Ellipsis:
                check_choice(field, answer, choices)
                given[field.name] = answer
            refuse_unanswered(field, answer, posted)
        except Unanswerable as fault:
            given[field.name] = object()
            problems[field.name] = str(fault)
    return given, problems


def answered(field: AskedField, posted: Posted) -> Any:
    """One answer as pydantic is to see it; Ellipsis when the field was left to its default."""
    if field.kind == "many":
        return list(dict.fromkeys(filter(None, posted.get(field.name, ()))))
    if field.kind == "tick":
        return bool(last(posted, field.name))
    if field.widget == "date" and field.name not in posted:
        return joined(field, posted)
    typed = last(posted, field.name).replace("\r\n", "\n").replace("\r", "\n")
    if not typed.strip():
        return empty(field, was_posted=field.name in posted)
    return READERS.get(field.kind, as_typed)(field, typed)


def last(posted: Posted, name: str) -> str:
    """The last of the values posted under a name."""
    values = posted.get(name, ())
    return values[-1] if values else ""


def empty(field: AskedField, *, was_posted: bool) -> Any:
    """What no answer means: None where that is stored, the default where it is empty or was never offered."""
    if field.nullable and (was_posted or not has_default(field)):
        return None
    if has_default(field) and (field.default in EMPTY or not was_posted):
        return ...
    raise Unanswerable(missing(field))


def joined(field: AskedField, posted: Posted) -> Any:
    """A date from its three boxes, or the sentence GOV.UK uses for what is wrong with it."""
    parts = {part: last(posted, f"{field.name}-{part}").strip() for part in ("day", "month", "year")}
    if not any(parts.values()):
        return empty(field, was_posted=f"{field.name}-day" in posted)
    absent = [part for part, typed in parts.items() if not typed]
    if absent:
        raise Unanswerable(f"{naming(field)} must include a {' and '.join(absent)}")
    return real_date(field, *parts.values())


def real_date(field: AskedField, day: str, month: str, year: str) -> date:
    """The date these name; months may be written as words."""
    if whole(year) is not None and len(year) != 4:  # noqa: PLR2004 - a year is written with four numbers
        raise Unanswerable("Year must include 4 numbers")
    found = (whole(year), month_number(month), whole(day))
    try:
        return date(*found)  # type: ignore[arg-type]  # None is refused by date itself
    except (TypeError, ValueError, OverflowError) as fault:
        raise Unanswerable(f"{naming(field)} must be a real date") from fault


def whole(typed: str) -> int | None:
    """A short run of ASCII digits as a number."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 4 else None  # noqa: PLR2004 - as a year


def month_number(typed: str) -> int | None:
    """6 for "6", "June" or "jun"."""
    if MONTH_NAME.fullmatch(typed) and typed[:3].lower() in MONTHS:
        return MONTHS.index(typed[:3].lower()) + 1
    return whole(typed)


def as_typed(_: AskedField, typed: str) -> str:
    return typed


def as_number(_: AskedField, typed: str) -> str:
    """A number as people write it: spaces and thousands commas are no part of it."""
    return re.sub(r"[\s,]", "", typed)


def as_date(field: AskedField, typed: str) -> date:
    """A date carried whole, as in a hidden field."""
    year, month, day = (*typed.strip().split("-", 2), "", "")[:3]
    return real_date(field, day, month, year)


def as_time(field: AskedField, typed: str) -> time:
    """A time of day: 9:30am, 9.30 am, 2pm, 1430 or 14:30."""
    found = CLOCK.fullmatch(typed.strip())
    wrong = Unanswerable(f"{naming(field)} must be a real time, like 9:30am or 14:30")
    if not found:
        raise wrong
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half and not 1 <= hour <= 12:  # noqa: PLR2004 - a twelve-hour clock
        raise wrong
    try:
        return time(hour % 12 + 12 * (half == "pm") if half else hour, minute)
    except ValueError as fault:
        raise wrong from fault


READERS = {"number": as_number, "date": as_date, "time": as_time}


def check_choice(field: AskedField, answer: Any, choices: Mapping[str, Sequence[Choice]]) -> None:
    """Refuse an answer that is none of the options offered."""
    offered = choices.get(field.choices) if isinstance(field.choices, str) else field.choices
    if answer in EMPTY or isinstance(answer, bool) or not field.chosen or offered is None:
        return
    values = {choice.value for choice in offered}
    if not values.issuperset(answer if isinstance(answer, list) else [answer]):
        raise Unanswerable("Select one of the choices given")


def refuse_unanswered(field: AskedField, answer: Any, posted: Posted) -> None:
    """A question asked only beside another's answer is due when that answer is given and it says so."""
    if field.ask.when and field.ask.missing and (answer is ... or answer in EMPTY):
        other, value = field.ask.when
        if value in posted.get(other, ()):
            raise Unanswerable(field.ask.missing)


def told(fault: ValidationError, fields: Sequence[AskedField]) -> Problems:
    """The first thing wrong with each field, in our words."""
    known = {field.name: field for field in fields}
    problems: Problems = {}
    for error in fault.errors(include_url=False, include_input=False):
        cause = error.get("ctx", {}).get("error")
        name = getattr(cause, "field", "") or str((error["loc"] or ("",))[0])
        field = known.get(name)
        problems.setdefault(name if field else "", sentence(error, field))
    return problems


def in_order(fields: Sequence[AskedField], problems: Problems) -> Problems:
    """Problems as they are met going down the page, those of no field first."""
    names = ["", *(field.name for field in fields)]
    return {name: problems[name] for name in names if name in problems}

"""What stands in a form's boxes, in words: the options by their labels and a date as a date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from throughcare.kernel.forms import Choice, Form
from throughcare.web.asked import AskedField, fields_of
from throughcare.web.fields import Values
from throughcare.web.words import MONTHS

Options = Mapping[str, Sequence[Choice]]


def spoken(field: AskedField, values: Values, choices: Options | None = None) -> str:
    """One field's answer as a person would read it; blank where there is none."""
    if field.widget == "date":
        return on_paper([last(values, f"{field.name}-{part}") for part in ("day", "month", "year")])
    held = [value for value in values.get(field.name, ()) if value]
    if field.kind == "tick":
        return "Yes" if held else "No"
    offered = (choices or {}).get(field.choices, ()) if isinstance(field.choices, str) else field.choices
    labels = {choice.value: choice.label for choice in offered}
    return ", ".join(labels.get(value, value) for value in (held if field.kind == "many" else held[-1:]))


def last(values: Values, name: str) -> str:
    """The last of the values under a name."""
    held = values.get(name, ())
    return held[-1].strip() if held else ""


def on_paper(parts: list[str]) -> str:
    """4 June 2026 for its three boxes, or just what is in them."""
    day, month, year = parts
    number = int(month) if month.isascii() and month.isdigit() else 0
    named = MONTHS[number - 1] if 1 <= number <= len(MONTHS) else month
    return " ".join(filter(None, (day, named, year)))


def changes(
    form_type: type[Form], now: Values, typed: Values, choices: Options | None = None
) -> list[tuple[str, str, str]]:
    """Where what stands and what was typed differ, as (label, what stands, what was typed); passwords are left out."""
    rows = [
        (field.ask.label, spoken(field, now, choices), spoken(field, typed, choices))
        for field in fields_of(form_type)
        if field.widget not in {"hidden", "password"}
    ]
    return [row for row in rows if row[1].replace("\r\n", "\n") != row[2].replace("\r\n", "\n")]

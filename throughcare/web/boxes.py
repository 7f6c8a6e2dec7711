"""What stands in a form's boxes for the values of a row: the inverse of reading one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from enum import Enum
from typing import Any

from pydantic_core import PydanticUndefined

from throughcare.kernel.forms import Form
from throughcare.web.asked import AskedField, fields_of

DATE_PARTS = {"day": 2, "month": 2, "year": 4}  # each box of a date and the width of it


def values_of(form_type: type[Form], standing: Form | Mapping[str, Any] | None = None) -> dict[str, list[str]]:
    """What a form's boxes hold for these values, the form's defaults where there is none: the inverse of `read`.

    A None is an empty box that no default fills.
    """
    given = dict(standing or {})
    values: dict[str, list[str]] = {}
    for field in fields_of(form_type):
        values |= boxes_of(field, given.get(field.name, field.default))
    return values


def boxes_of(field: AskedField, value: Any) -> dict[str, list[str]]:
    """What one field's boxes hold for a value."""
    if value is PydanticUndefined:
        return {}
    if field.widget == "date":
        return {f"{field.name}-{part}": [str(getattr(value, part))] if value else [] for part in DATE_PARTS}
    if value is None or (field.kind == "tick" and not value):
        return {field.name: []}
    return {field.name: [written(one) for one in (value if field.kind == "many" else [value])]}


def written(value: Any) -> str:
    """One value as it is posted."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(value.value if isinstance(value, Enum) else value)

"""Filters live in a list's address, so that a list can be kept, sent and come back to."""

from __future__ import annotations

from urllib.parse import urlencode

from markupsafe import Markup

from throughcare.kernel.forms import Form
from throughcare.web.asked import fields_of
from throughcare.web.boxes import values_of
from throughcare.web.fields import Put, offered, put
from throughcare.web.parts import Filtered
from throughcare.web.spoken import Options, spoken


def filter_fields(query: Form, choices: Options | None = None) -> Markup:
    """The boxes of a list's filters, holding those now on. For the middle of `ui.filter_form`."""
    values = values_of(type(query), query)
    return Markup("\n").join(
        put(Put(field, values, "", offered(field, choices or {}), sought=True)) for field in fields_of(type(query))
    )


def filters_on(query: Form, action: str, choices: Options | None = None) -> tuple[Filtered, ...]:
    """The filters now on, each with the address without it. A hidden one, such as the order, is not among them."""
    values, plain = values_of(type(query), query), type(query)()
    return tuple(
        Filtered(f"{field.ask.label}: {spoken(field, values, choices)}", address(action, query, **{field.name: None}))
        for field in fields_of(type(query))
        if field.widget != "hidden" and getattr(query, field.name) != getattr(plain, field.name)
    )


def address(action: str, query: Form, **changed: object) -> str:
    """The list at `action` under these filters, with some changed (None takes one off); defaults are not written."""
    plain = type(query)()
    held = {field.name: getattr(query, field.name) for field in fields_of(type(query))}
    held = {name: value for name, value in held.items() if value != getattr(plain, name)}
    held |= changed
    kept = {name: value for name, value in held.items() if value is not None}
    boxes = values_of(type(query), kept)
    own = [(name, value) for name, values in boxes.items() if is_kept(name, kept) for value in values]
    more = [(name, str(value)) for name, value in kept.items() if name not in type(query).model_fields]
    return f"{action}?{urlencode(own + more)}" if own + more else action


def is_kept(box: str, kept: dict[str, object]) -> bool:
    """Whether a box belongs to a filter that is kept: a date has three."""
    name, _, part = box.rpartition("-")
    return box in kept or (name in kept and part in {"day", "month", "year"})

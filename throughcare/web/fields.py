"""Puts a Form's fields on the page with GOV.UK's macros, every typed word still in its box."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from throughcare.kernel.forms import Choice, Form
from throughcare.web.asked import AskedField, fields_of
from throughcare.web.boxes import DATE_PARTS, boxes_of, values_of
from throughcare.web.govuk import macro

Values = Mapping[str, Sequence[str]]
SURROGATES = re.compile("[\ud800-\udfff]")
PLACE = re.compile("\ue000(day|month|year)\ue001")
NEAR_LIMIT = 75  # per cent of the limit at which the count of characters left appears


@dataclass(frozen=True)
class Put:
    """One field with what stands in it, what is wrong with it, and its options."""

    field: AskedField
    values: Values
    problem: str
    choices: Sequence[Choice]
    sought: bool = False  # a filter: every box may be empty, and none says so

    def last(self, part: str = "") -> str:
        """What was typed, whole or in one of a date's boxes."""
        values = self.values.get(f"{self.field.name}-{part}" if part else self.field.name, ())
        return values[-1] if values else ""

    @property
    def label(self) -> str:
        """The label, marked where it may be left empty."""
        ask = self.field.ask
        settled = self.field.required or self.sought or self.field.kind == "tick"
        return ask.label if settled or ask.when or ask.verbatim else f"{ask.label} (optional)"

    def params(self, **more: Any) -> dict[str, Any]:
        """What every macro is given; `hint` in `more` stands where the form has none."""
        fallback = more.pop("hint", "")
        hint = self.field.ask.hint or fallback
        given = {"id": self.field.name, "name": self.field.name, **more}
        if hint:
            given["hint"] = {"text": hint}
        if self.problem:
            given["errorMessage"] = {"html": Markup("<br>").join(self.problem.split("\n"))}  # each line escaped
        return given

    def labelled(self, **more: Any) -> dict[str, Any]:
        return self.params(label={"text": self.label, "classes": "govuk-label--s"}, **more)

    def grouped(self, **more: Any) -> dict[str, Any]:
        legend = {"text": self.label, "classes": "govuk-fieldset__legend--s"}
        return self.params(fieldset={"legend": legend}, **more)


def render_fields(
    form_type: type[Form],
    values: Values,
    problems: Mapping[str, str],
    choices: Mapping[str, Sequence[Choice]] | None = None,
) -> Markup:
    """Every field of the form. With problems it is asked again, and just what was posted stands in it.

    Without, it is first asked, and the form's own defaults stand in the boxes that `values` does not name.
    """
    standing = values if problems else {**values_of(form_type), **values}
    return Markup("\n").join(
        put(Put(field, standing, problems.get(field.name, ""), offered(field, choices or {})))
        for field in fields_of(form_type)
    )


def put(it: Put) -> Markup:
    """One field. The macros are slow, so one that holds nothing of anybody's is kept from the last time it was put."""
    own = boxes_of(it.field, it.field.default)
    held = {box: list(it.values[box]) for box in names(it.field) if box in it.values}
    if it.problem or isinstance(it.field.choices, str) or (held != own and any(map(any, held.values()))):
        return drawn(it)
    return untouched(it.field, sought=it.sought, default=held == own)


@lru_cache(maxsize=4096)
def untouched(field: AskedField, *, sought: bool, default: bool) -> Markup:
    """A field as nobody has touched it: with its default or empty. What a person typed is never kept here."""
    values = boxes_of(field, field.default) if default else {}
    return drawn(Put(field, values, "", offered(field, {}), sought))


def names(field: AskedField) -> tuple[str, ...]:
    """The names of a field's boxes."""
    return tuple(f"{field.name}-{part}" for part in DATE_PARTS) if field.widget == "date" else (field.name,)


def offered(field: AskedField, choices: Mapping[str, Sequence[Choice]]) -> Sequence[Choice]:
    """The options of a field. A name the act did not supply is our fault, and is a KeyError."""
    return choices[field.choices] if isinstance(field.choices, str) else field.choices


def drawn(it: Put) -> Markup:
    """One field, below its section heading where it opens one, wrapped where it hangs on another's answer."""
    ask = it.field.ask
    html = CONTROLS[it.field.widget](it)
    if ask.section:
        html = Markup('<h2 class="govuk-heading-m">{}</h2>\n{}').format(ask.section, html)
    if ask.when:
        wrapped = '<div class="tc-when" data-when-field="{}" data-when-value="{}">\n{}\n</div>'
        html = Markup(wrapped).format(*ask.when, html)  # noqa: S704 - a constant; what is put in it is escaped
    return html


def kept(typed: str) -> Markup:
    """Typed text as it can be written out: half a surrogate pair cannot."""
    return escape(SURROGATES.sub("\ufffd", typed))


def text_box(it: Put) -> Markup:
    kind = it.field.widget
    ask = it.field.ask
    more: dict[str, Any] = {"type": kind if kind in {"tel", "email"} else "text"}
    if it.field.kind == "number":
        more["inputmode"] = "numeric"
    if ask.width != "full":
        more["classes"] = f"govuk-input--width-{ask.width}"
    if ask.autocomplete:
        more["autocomplete"] = ask.autocomplete
    if it.field.kind == "time":
        more |= {"hint": "For example, 9:30am or 14:30", "classes": "govuk-input--width-5"}
    return macro("govukInput")(it.labelled(value=kept(it.last()), **more))


def password(it: Put) -> Markup:
    """What was typed in it never comes back."""
    return macro("govukPasswordInput")(it.labelled(autocomplete=it.field.ask.autocomplete or "current-password"))


def text_area(it: Put) -> Markup:
    """The leading line break is the one a browser drops, so that the text's own first one is not."""
    value = Markup("\n") + kept(it.last())
    params = it.labelled(value=value, rows=it.field.ask.rows)
    if it.field.longest is None:
        return macro("govukTextarea")(params)
    return macro("govukCharacterCount")(params | {"maxlength": it.field.longest, "threshold": NEAR_LIMIT})


def items(it: Put, chosen: Sequence[str]) -> list[dict[str, Any]]:
    """The options as radios and checkboxes take them."""
    return [
        {"value": choice.value, "text": choice.label, "checked": choice.value in chosen}
        | ({"hint": {"text": choice.hint}} if choice.hint else {})
        for choice in it.choices
    ]


def radios(it: Put) -> Markup:
    short = it.field.kind == "yes_no"
    given = it.grouped(idPrefix=it.field.name, items=items(it, [it.last()]))
    return macro("govukRadios")(given | ({"classes": "govuk-radios--inline"} if short else {}))


def checkboxes(it: Put) -> Markup:
    chosen = items(it, it.values.get(it.field.name, ()))
    if it.field.kind == "tick":
        return macro("govukCheckboxes")(it.params(idPrefix=it.field.name, items=chosen))
    return macro("govukCheckboxes")(it.grouped(idPrefix=it.field.name, items=chosen))


def select(it: Put) -> Markup:
    chosen = it.last()
    blank = {"value": "", "text": "Any" if it.sought else "Choose one" if it.field.required else "None of these"}
    known = [{"value": choice.value, "text": choice.label, "selected": choice.value == chosen} for choice in it.choices]
    told = any(choice.value == "" for choice in it.choices)  # one of the choices says what none means
    return macro("govukSelect")(it.labelled(items=known if told else [blank, *known]))


def date_boxes(it: Put) -> Markup:
    """What was typed is put in last: the macro indents what it nests, and would break a line within it."""
    wrong = " govuk-input--error" if it.problem else ""
    boxes = [
        {
            "name": part,
            "classes": f"govuk-input--width-{width}{wrong}",
            "value": f"\ue000{part}\ue001",
            "autocomplete": f"bday-{part}" if it.field.ask.autocomplete == "bday" else None,
        }
        for part, width in DATE_PARTS.items()
    ]
    given = it.grouped(namePrefix=it.field.name, items=boxes, hint="For example, 27 3 2026")
    html = PLACE.sub(lambda place: kept(it.last(place[1])), macro("govukDateInput")(given))
    return Markup(html)  # noqa: S704 - the macro's own, and what was put in it is escaped


def hidden(it: Put) -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(it.field.name, kept(it.last()))


CONTROLS: dict[str, Callable[[Put], Markup]] = {
    "text": text_box,
    "tel": text_box,
    "email": text_box,
    "number": text_box,
    "password": password,
    "textarea": text_area,
    "radios": radios,
    "checkboxes": checkboxes,
    "select": select,
    "date": date_boxes,
    "hidden": hidden,
}

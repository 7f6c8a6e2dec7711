"""One page that asks for something, and asks again with the person's own words in it when the answer will not do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from throughcare.kernel.forms import Choice, Form
from throughcare.web.asked import fields_of
from throughcare.web.fields import Values, render_fields
from throughcare.web.frame import Frame
from throughcare.web.templating import render


@dataclass(frozen=True)
class FormPage:
    """What is asked and how. `act` is the button's words, naming the act: "Accept handover".

    `action` is where it posts (blank: its own address); `version` the row version it was shown at; `draft_key` names
    the draft that long text saves itself to, such as "handover:<id>"; `warns` makes the button red, for what cannot be
    undone.
    """

    form: type[Form]
    title: str
    act: str
    values: Values = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Sequence[Choice]] = field(default_factory=dict)
    action: str = ""
    version: int | None = None
    intro: str = ""
    inset: str = ""
    cancel: str = ""
    draft_key: str = ""
    warns: bool = False

    @property
    def faults(self) -> list[dict[str, str]]:
        """The error summary's lines, each leading to its first box; a fault of no field leads nowhere."""
        anchors = {asked.name: asked.anchor for asked in fields_of(self.form)}
        return [
            {"text": line} | ({"href": f"#{anchors[name]}"} if name in anchors else {})
            for name, said in self.problems.items()
            for line in said.split("\n")
        ]


def form_page(frame: Frame, ask: FormPage, template: str = "form.html", **context: Any) -> str:
    """The whole page; the caller answers 422 when there are problems. `context` may hold `back`, `identity`, `tabs`."""
    fields = render_fields(ask.form, ask.values, ask.problems, ask.choices)
    return render(template, frame=frame, ask=ask, fields=fields, problems=ask.problems, **context)

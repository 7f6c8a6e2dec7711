"""How the words of a text would look with values in them: nobody's, to be judged by (R33, R34)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta

from pydantic import BaseModel, ConfigDict

from throughcare.checkin import looks
from throughcare.checkin.looks import TextLook
from throughcare.checkin.plans import CheckinPlans
from throughcare.checkin.saying import CrisisLines, day_said, time_said, when_said
from throughcare.checkin.service import Answering
from throughcare.checkin.texting import nation
from throughcare.checkin.wording import CannotRender, Template, render
from throughcare.kernel.actors import Jurisdiction
from throughcare.kernel.clock import at
from throughcare.kernel.work import Work

EXAMPLE_NAME = {"en": "Sam", "cy": "Siân"}
EXAMPLE_WORDS = {
    "en": "Hope today went well. Ring me any time.",
    "cy": "Gobeithio i heddiw fynd yn dda. Ffoniwch unrhyw bryd.",
}
EXAMPLE_TIME = time(10, 30)
FIELDS = {  # what each value is, for whoever writes the words around it
    "sender": "the name under our texts",
    "name": "what they are called",
    "day": "the day it is about",
    "time": "the time it is about",
    "first": "the first hour that may be chosen",
    "last": "the last hour that may be chosen",
    "when": "when somebody will ring",
    "hours": "when texts are read",
    "lines": "where help is, by nation",
    "emergency": "the emergency number",
    "message": "the worker’s own words",
}


class Value(BaseModel):
    """One value that a text is given: its name as it is written, what it is, and an example."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    name: str
    means: str
    example: str


def look_of_words(work: Work, template: Template) -> TextLook | None:
    """These words with example values in them; None where they cannot be put together."""
    said = rendered(template, examples(work, template.language))
    return looks.look_of(work, said, template.purpose) if said else None


def rendered(template: Template, offered: Mapping[str, str]) -> str:
    """The text with those of the values it asks for; blank where it cannot be made."""
    try:
        return render(template, {name: offered[name] for name in template.fields if name in offered})
    except CannotRender:
        return ""


def values(work: Work, template: Template) -> tuple[Value, ...]:
    """The values this text is given, by name."""
    offered = examples(work, template.language)
    return tuple(
        Value(name=f"{{{field}}}", means=FIELDS[field], example=offered[field]) for field in sorted(template.fields)
    )


def examples(work: Work, language: str) -> dict[str, str]:
    """Values that a text might hold; nobody\'s."""
    answering, lines = work.reference[Answering], work.reference[CrisisLines]
    tomorrow = work.today + timedelta(days=1)
    when, hours = at(tomorrow, EXAMPLE_TIME), work.reference[CheckinPlans].window.hours
    return {
        "sender": answering.sender,
        "hours": answering.hours[language],
        "emergency": lines.emergency,
        "lines": lines.said(nation(Jurisdiction.ENGLAND_WALES, language), language),
        "when": when_said(when, work.now, language),
        "day": day_said(tomorrow, work.today, language),
        "time": time_said(when),
        "first": str(hours[0]),
        "last": str(hours[-1]),
        "name": EXAMPLE_NAME[language],
        "message": EXAMPLE_WORDS[language],
    }

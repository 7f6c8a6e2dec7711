"""Every text the service sends, as it would look: the linter's verdict, its size and price, and who reviewed it (R32-R34, R40)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict

from throughcare.casework.people import Language
from throughcare.checkin import looks, steps
from throughcare.checkin.forbidden import Forbidden
from throughcare.checkin.looks import TextLook
from throughcare.checkin.plans import CheckinPlans
from throughcare.checkin.privacy import lint
from throughcare.checkin.saying import CrisisLines, day_said, time_said, when_said
from throughcare.checkin.service import Answering
from throughcare.checkin.texting import nation
from throughcare.checkin.wording import CannotRender, Template, Wording, fits, render
from throughcare.kernel.actors import Jurisdiction, Role, acts_among
from throughcare.kernel.clock import at
from throughcare.kernel.delivery import Purpose
from throughcare.kernel.forms import Ask, Form
from throughcare.kernel.refusals import NotPermitted, refuse_if
from throughcare.kernel.work import Work

READERS = steps.STAFF | {Role.ADMIN}
EXAMPLE_NAME = {"en": "Sam", "cy": "Siân"}
EXAMPLE_WORDS = {
    "en": "Hope today went well. Ring me any time.",
    "cy": "Gobeithio i heddiw fynd yn dda. Ffoniwch unrhyw bryd.",
}
EXAMPLE_TIME = time(10, 30)


class WordingQuery(Form):
    """Which texts are shown."""

    language: Annotated[Language, Ask("Language")] = Language.ENGLISH
    purpose: Annotated[Purpose | None, Ask("What they are for", widget="select")] = None


class TextShown(BaseModel):
    """One text: as it is written, and as it looks with example values. `faults` is what the linter says against it."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    code: str
    purpose: str
    language: Language
    version: int
    written: str
    reviewed: bool
    reviewed_by: str
    goes: bool  # as it is: production sends no text in another language that nobody has reviewed
    faults: tuple[str, ...] = ()
    look: TextLook | None = None

    @property
    def name(self) -> str:
        return self.code.replace("_", " ").capitalize()


class Wordings(BaseModel):
    """The texts of one language, in the order of what they are for; `blocked` of them would not be sent."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    texts: tuple[TextShown, ...]
    languages: tuple[Language, ...] = tuple(Language)
    blocked: int = 0
    unreviewed: int = 0
    priced: bool = False


def wordings(work: Work, asked: WordingQuery) -> Wordings:
    """Every text in this language. Nothing of anybody is in it."""
    refuse_if(not acts_among(work.actor, READERS), NotPermitted)
    found = tuple(_texts(work, asked))
    return Wordings(
        texts=found,
        blocked=sum(bool(text.faults) for text in found),
        unreviewed=sum(not text.reviewed for text in found),
        priced=any(text.look and text.look.pence is not None for text in found),
    )


def _texts(work: Work, asked: WordingQuery) -> Iterator[TextShown]:
    wording, order = work.reference[Wording], list(Purpose)
    wanted = [wording.templates[code, asked.language] for code in wording.codes]
    for template in sorted(wanted, key=lambda each: (order.index(each.purpose), each.code)):
        if asked.purpose in {None, template.purpose}:
            yield _shown(work, template)


def _shown(work: Work, template: Template) -> TextShown:
    said, faults = _rendered(work, template)
    reviewed_only = work.reference[Answering].reviewed_only
    return TextShown(
        code=template.code,
        purpose=template.purpose.label,
        language=Language(template.language),
        version=template.version,
        written=template.text,
        reviewed=template.reviewed,
        reviewed_by=template.reviewed_by,
        goes=template.reviewed or not reviewed_only,
        faults=faults,
        look=looks.look_of(work, said, template.purpose) if said else None,
    )


def _rendered(work: Work, template: Template) -> tuple[str, tuple[str, ...]]:
    """The text with example values, and all that stops it from going."""
    offered = _examples(work, template.language)
    try:
        said = render(template, {name: offered[name] for name in template.fields if name in offered})
    except CannotRender as cannot:
        return "", (f"It cannot be made: {cannot}.",)
    approved = " ".join([template.text, *offered.values()])
    found = [finding.says for finding in lint(said, work.reference[Forbidden], approved=approved)]
    long = [] if fits(said, template.purpose) else ["It takes more segments than a text of its kind may have."]
    return said, (*found, *long)


def _examples(work: Work, language: str) -> dict[str, str]:
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

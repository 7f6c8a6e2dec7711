"""Every text the service sends, as it would look: the linter's verdict, its size and price, and who reviewed it (R32-R34, R40)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, groupby
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlmodel import select

from throughcare.casework.people import Language
from throughcare.checkin import wording_book, wording_changes
from throughcare.checkin.forbidden import Forbidden
from throughcare.checkin.looks import TextLook
from throughcare.checkin.privacy import lint
from throughcare.checkin.service import Answering
from throughcare.checkin.wording import Template, Wording, fits
from throughcare.checkin.wording_changes import READERS, id_of
from throughcare.checkin.wording_looks import examples, look_of_words
from throughcare.checkin.wording_rows import SmsWording, WordingStatus
from throughcare.kernel.actors import acts_among
from throughcare.kernel.delivery import Purpose
from throughcare.kernel.forms import Ask, Form
from throughcare.kernel.refusals import NotPermitted, refuse_if
from throughcare.kernel.work import Work


class WordingQuery(Form):
    """Which texts are shown."""

    language: Annotated[Language, Ask("Language")] = Language.ENGLISH
    purpose: Annotated[Purpose | None, Ask("What they are for", widget="select")] = None


class TextShown(BaseModel):
    """One text: as it is written, and as it looks with example values. `faults` is what the linter says against it.

    `own`: the service's own words; `waits`: new words for it wait to be agreed.
    """

    model_config = ConfigDict(frozen=True, defer_build=True)
    id: UUID
    code: str
    name: str
    topic: str
    purpose: str
    language: Language
    version: int
    written: str
    reviewed: bool
    reviewed_by: str
    goes: bool  # as it is: production sends no text in another language that nobody has reviewed
    own: bool = False
    waits: bool = False
    faults: tuple[str, ...] = ()
    look: TextLook | None = None


class Waiting(BaseModel):
    """A text, in either language, whose new words wait to be agreed."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    id: UUID
    name: str
    language: Language


class Wordings(BaseModel):
    """The texts of one language, topic by topic; `blocked` of them would not be sent."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    texts: tuple[TextShown, ...]
    languages: tuple[Language, ...] = tuple(Language)
    blocked: int = 0
    unreviewed: int = 0
    priced: bool = False
    waiting: tuple[Waiting, ...] = ()
    may_change: bool = False

    @property
    def topics(self) -> list[tuple[str, list[TextShown]]]:
        """The same, each topic with its texts."""
        return [(topic, list(texts)) for topic, texts in groupby(self.texts, key=lambda text: text.topic)]


def wordings(work: Work, asked: WordingQuery) -> Wordings:
    """Every text in this language. Nothing of anybody is in it."""
    refuse_if(not acts_among(work.actor, READERS), NotPermitted)
    waiting = _waiting(work)
    found = tuple(_texts(work, asked, {each.id for each in waiting}))
    return Wordings(
        texts=found,
        blocked=sum(bool(text.faults) for text in found),
        unreviewed=sum(not text.reviewed for text in found),
        priced=any(text.look and text.look.pence is not None for text in found),
        waiting=waiting,
        may_change=wording_changes.may_change(work),
    )


def _waiting(work: Work) -> tuple[Waiting, ...]:
    drafted = select(SmsWording.code, SmsWording.language).where(SmsWording.status == WordingStatus.DRAFTED)
    rows, known = sorted(work.session.exec(drafted)), work.reference[Wording].templates
    found = [known[code, language] for code, language in rows if (code, language) in known]
    return tuple(
        Waiting(id=id_of(text.code, text.language), name=text.name, language=Language(text.language)) for text in found
    )


def _texts(work: Work, asked: WordingQuery, waits: set[UUID]) -> Iterator[TextShown]:
    wording = wording_book.read(work)
    for code in chain.from_iterable(wording.topics.values()):
        template = wording.templates[code, asked.language]
        if asked.purpose in {None, template.purpose}:
            yield shown(work, template, waits=id_of(template.code, template.language) in waits)


def shown(work: Work, template: Template, *, waits: bool) -> TextShown:
    """One text with the words that stand."""
    look = look_of_words(work, template)
    return TextShown(
        id=id_of(template.code, template.language),
        code=template.code,
        name=template.name,
        topic=template.topic,
        purpose=template.purpose.label,
        language=Language(template.language),
        version=template.version,
        written=template.text,
        reviewed=template.reviewed,
        reviewed_by=template.reviewed_by,
        goes=template.reviewed or not work.reference[Answering].reviewed_only,
        own=template.wording_id is not None,
        waits=waits,
        faults=_faults(work, template, look),
        look=look,
    )


def _faults(work: Work, template: Template, look: TextLook | None) -> tuple[str, ...]:
    """All that stops it from going."""
    if look is None:
        return ("It cannot be made with the values it is given.",)
    approved = " ".join([template.text, *examples(work, template.language).values()])
    found = [finding.says for finding in lint(look.text, work.reference[Forbidden], approved=approved)]
    long = [] if fits(look.text, template.purpose) else ["It takes more segments than a text of its kind may have."]
    return (*found, *long)

"""One text as its page shows it: the words that stand, those that wait to be agreed, and all that stood before (R1, R40)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlmodel import col, select

from throughcare.casework.agencies import Worker
from throughcare.casework.naming import names_of
from throughcare.casework.people import Language
from throughcare.checkin import wording_book, wording_changes, wording_steps
from throughcare.checkin.looks import TextLook
from throughcare.checkin.wording import ENGLISH, Template
from throughcare.checkin.wording_changes import READERS, against, id_of
from throughcare.checkin.wording_looks import Value, look_of_words, values
from throughcare.checkin.wording_rows import SmsWording, WordingStatus
from throughcare.checkin.wording_rules import faults, made_plain
from throughcare.checkin.wordings import TextShown, shown
from throughcare.kernel.actors import acts_among
from throughcare.kernel.delivery import REINS
from throughcare.kernel.refusals import NotPermitted, refuse_if
from throughcare.kernel.work import Work

PEOPLE = ("drafted_by", "agreed_by", "withdrawn_by", "reviewed_by")


class Move(BaseModel):
    """One act and the page that asks for it."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    label: str
    href: str


class Version(BaseModel):
    """Words of one text, with who did what about them and when. Without an id: those that came with the software."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    id: UUID | None = None
    number: int | None = None
    text: str
    status: WordingStatus = WordingStatus.AGREED
    stands: bool = False
    brought_back: int | None = None
    drafted_by: str = ""
    drafted_at: datetime | None = None
    agreed_by: str = ""
    holds_from: datetime | None = None
    withdrawn_by: str = ""
    withdrawn_at: datetime | None = None
    reviewed_by: str = ""
    reviewed_at: datetime | None = None
    moves: tuple[Move, ...] = ()


class Draft(Version):
    """Words that wait to be agreed, as they look, and what has come to stand against them since they were drafted."""

    faults: tuple[str, ...] = ()
    look: TextLook | None = None
    own: bool = False  # the reader drafted them, so that somebody else has to agree


class TextPage(BaseModel):
    """The page. `behind`: the English was changed after these words were."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    text: TextShown
    draft: Draft | None = None
    versions: tuple[Version, ...] = ()
    moves: tuple[Move, ...] = ()
    other_id: UUID
    other: Language
    behind: bool = False
    may_change: bool = False


class Drafting(BaseModel):
    """What stands beside new words while they are written; `look` once they have been looked at."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    values: tuple[Value, ...]
    keeps: tuple[str, ...]
    most_segments: int
    stands: str
    english: str = ""  # for another language: what the English says
    faults: tuple[str, ...] = ()
    look: TextLook | None = None


class Deciding(BaseModel):
    """What somebody is asked to agree to, or to review."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    text: str
    look: TextLook | None
    stands: str
    english: str = ""


def page(work: Work, text_id: UUID) -> TextPage:
    """One text in one language. Nothing of anybody is in it."""
    refuse_if(not acts_among(work.actor, READERS), NotPermitted)
    template, book = wording_changes.template_of(work, text_id), wording_book.read(work)
    stands = book.templates[template.code, template.language]
    rows = _rows(work, template)
    names = names_of(work, Worker, {getattr(row, name) for row in rows for name in PEOPLE})
    waits = next((row for row in rows if row.status is WordingStatus.DRAFTED), None)
    standing = next((row for row in rows if row.id == stands.wording_id), None)
    other = next(each for each in Language if each != template.language)
    return TextPage(
        text=shown(work, stands, waits=waits is not None),
        draft=_draft(work, waits, template, names) if waits else None,
        versions=(*_versions(work, rows, stands, names), _shipped(work, template, stands, free=waits is None)),
        moves=_moves(work, text_id, standing, waits),
        other_id=id_of(template.code, other.value),
        other=other,
        behind=_behind(work, template, standing, book.templates[template.code, ENGLISH]),
        may_change=wording_changes.may_change(work),
    )


def drafting(work: Work, text_id: UUID, words: str = "") -> Drafting:
    """What is shown beside the box, with how `words` would look and what stops them."""
    template, book = wording_changes.template_of(work, text_id), wording_book.read(work)
    new = made_plain(words)
    english = book.templates[template.code, ENGLISH].text if template.language != ENGLISH else ""
    return Drafting(
        values=values(work, template),
        keeps=template.keeps,
        most_segments=REINS[template.purpose].most_segments,
        stands=book.templates[template.code, template.language].text,
        english=english,
        faults=tuple(faults(new, template, against(work))) if new else (),
        look=look_of_words(work, wording_changes.as_template(template, new)) if new else None,
    )


def deciding(work: Work, text_id: UUID, words: str) -> Deciding:
    """The words as they look, and those that stand now; beside another language the English."""
    template, book = wording_changes.template_of(work, text_id), wording_book.read(work)
    return Deciding(
        text=words,
        look=look_of_words(work, wording_changes.as_template(template, words)),
        stands=book.templates[template.code, template.language].text,
        english=book.templates[template.code, ENGLISH].text if template.language != ENGLISH else "",
    )


def _rows(work: Work, template: Template) -> list[SmsWording]:
    """Every wording there was, the newest first."""
    mine = select(SmsWording).where(SmsWording.code == template.code, SmsWording.language == template.language)
    order = (col(SmsWording.created_at).desc(), col(SmsWording.number).desc(), col(SmsWording.id))
    return list(work.session.exec(mine.order_by(*order)))


def _version(row: SmsWording, names: dict[UUID, str]) -> dict[str, object]:
    facts = ("id", "number", "text", "status", "brought_back", "holds_from", "withdrawn_at", "reviewed_at")
    said = {name: names.get(getattr(row, name), "") for name in PEOPLE}
    return {name: getattr(row, name) for name in facts} | said | {"drafted_at": row.created_at}


def _draft(work: Work, row: SmsWording, template: Template, names: dict[UUID, str]) -> Draft:
    found = tuple(faults(row.text, template, against(work)))
    own, here = row.drafted_by == work.actor.id, _here(row)
    open_ = wording_steps.WORDING.open_to(row, work.actor.role) if wording_changes.may_change(work) else []
    moves = [
        Move(label=step.label, href=f"{here}/{step.name}")
        for step in open_
        if step is not wording_steps.agree or not (own or found)
    ]
    look = look_of_words(work, wording_changes.as_template(template, row.text))
    return Draft.model_validate(
        _version(row, names) | {"faults": found, "look": look, "own": own, "moves": (*moves, *_reviewing(work, row))}
    )


def _versions(work: Work, rows: list[SmsWording], stands: Template, names: dict[UUID, str]) -> list[Version]:
    """Those that were agreed or withdrawn."""
    free = all(row.status is not WordingStatus.DRAFTED for row in rows)
    done = [row for row in rows if row.status is not WordingStatus.DRAFTED]
    return [
        Version.model_validate(
            _version(row, names)
            | {"stands": row.id == stands.wording_id, "moves": _returning(work, row, stands) if free else ()}
        )
        for row in done
    ]


def _returning(work: Work, row: SmsWording, stands: Template) -> tuple[Move, ...]:
    back = row.status is WordingStatus.AGREED and row.text != stands.text and wording_changes.may_change(work)
    return (Move(label=f"Bring back version {row.number}", href=f"{_here(row)}/bring-back"),) if back else ()


def _shipped(work: Work, template: Template, stands: Template, *, free: bool) -> Version:
    """The words that came with the software: where all began."""
    back = free and template.text != stands.text and wording_changes.may_change(work)
    text_id = id_of(template.code, template.language)
    href = f"/check-ins/texts/{text_id}/words/{text_id}/bring-back"
    return Version(
        number=template.version,
        text=template.text,
        stands=stands.wording_id is None,
        reviewed_by=template.reviewed_by,
        moves=(Move(label=f"Bring back version {template.version}", href=href),) if back else (),
    )


def _moves(work: Work, text_id: UUID, standing: SmsWording | None, waits: SmsWording | None) -> tuple[Move, ...]:
    found = []
    if wording_changes.may_change(work):
        label = "Draft other words" if waits else "Draft new words"
        found.append(Move(label=label, href=f"/check-ins/texts/{text_id}/draft"))
    return (*found, *(_reviewing(work, standing) if standing else ()))


def _reviewing(work: Work, row: SmsWording) -> tuple[Move, ...]:
    """Open to whoever did not draft them."""
    if row.drafted_by == work.actor.id or not wording_changes.reviewable(work, row):
        return ()
    return (Move(label="Say that you have reviewed the Welsh", href=f"{_here(row)}/review"),)


def _here(row: SmsWording) -> str:
    return f"/check-ins/texts/{id_of(row.code, row.language)}/words/{row.id}"


def _behind(work: Work, template: Template, standing: SmsWording | None, english: Template) -> bool:
    """Whether the English was changed after these words were, which may no longer say the same."""
    changed = work.session.get(SmsWording, english.wording_id) if english.wording_id else None
    if template.language == ENGLISH or changed is None or changed.holds_from is None:
        return False
    return standing is None or standing.holds_from is None or standing.holds_from < changed.holds_from

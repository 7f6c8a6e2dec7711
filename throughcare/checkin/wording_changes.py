"""Changing what the service says by text: drafted by one person, agreed by another, kept for good (R32, R34, R40)."""

from __future__ import annotations

from dataclasses import replace
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import ColumnElement, and_
from sqlmodel import col, func, select

from throughcare.casework import tasks
from throughcare.casework.tasks import About, For
from throughcare.checkin import errands, steps, wording_book, wording_steps
from throughcare.checkin.forbidden import Forbidden
from throughcare.checkin.saying import CrisisLines
from throughcare.checkin.service import Answering, OneWay
from throughcare.checkin.wording import ENGLISH, Template, Wording
from throughcare.checkin.wording_events import WordingBroughtBack, WordingDrafted, WordingReviewed
from throughcare.checkin.wording_forms import AgreeWording, BringBack, DraftWording, ReviewWording, WithdrawWording
from throughcare.checkin.wording_refusals import (
    DraftWaits,
    MayNotStand,
    NoLongerAllowed,
    NothingToReview,
    OwnWords,
    SameWords,
    StandsNow,
)
from throughcare.checkin.wording_rows import SmsWording, WordingStatus
from throughcare.checkin.wording_rules import Against, WordingRules, faults, made_plain
from throughcare.kernel.actors import Role, acts_among
from throughcare.kernel.refusals import NotFound, NotPermitted, Stale, WrongState, refuse_if
from throughcare.kernel.work import Work

READERS = steps.STAFF | {Role.ADMIN}


def may_change(work: Work) -> bool:
    """Whether this reader drafts and agrees: a manager where check-ins are worked with, or whoever runs the service."""
    return acts_among(work.actor, READERS) and work.actor.role in wording_steps.EDITORS


def refuse_unless_changing(work: Work) -> None:
    refuse_if(not may_change(work), NotPermitted)


def id_of(code: str, language: str) -> UUID:
    """The name of one text in one language in addresses."""
    return uuid5(NAMESPACE_URL, f"text:{code}:{language}")


def template_of(work: Work, text_id: UUID) -> Template:
    """The text of this name as it came with the software."""
    found = (each for each in work.reference[Wording].templates.values() if id_of(each.code, each.language) == text_id)
    template = next(found, None)
    if template is None:
        raise NotFound
    return template


def as_template(template: Template, words: str) -> Template:
    """The same text in other words."""
    return replace(template, text=words)


def against(work: Work) -> Against:
    """What a wording is held against here."""
    held = work.reference
    return Against(held[WordingRules], held[Forbidden], held[CrisisLines], held[Answering].hours, held[OneWay])


def edition(work: Work, template: Template) -> int:
    """Counts every change to the wording of one text, so that two people who change it at once are told."""
    counted = select(func.coalesce(func.sum(col(SmsWording.version)), 0)).where(_of(template))
    return work.session.exec(counted).one()


def waiting(work: Work, template: Template, *, change: bool = False) -> SmsWording | None:
    """The draft that waits to be agreed, if there is one."""
    query = select(SmsWording).where(_of(template), col(SmsWording.status) == WordingStatus.DRAFTED)
    return work.session.exec(query.with_for_update() if change else query).first()


def draft(work: Work, text_id: UUID, form: DraftWording) -> SmsWording:
    """New words that keep every rule. Those that waited before are withdrawn: theirs are never changed."""
    refuse_unless_changing(work)
    template, words = template_of(work, text_id), made_plain(form.text)
    found = faults(words, template, against(work))
    refuse_if(found, MayNotStand("\n".join(found)))
    stands = wording_book.read(work).templates[template.code, template.language]
    refuse_if(words == stands.text and (stands.wording_id or stands.reviewed), SameWords)
    before = waiting(work, template, change=True)
    if before:
        wording_steps.withdraw(before, work, replaced=True)
    row = put(work, template, words)
    work.record(WordingDrafted(subject_id=row.id, text=row.code, language=row.language))
    return row


def bring_back(work: Work, text_id: UUID, wording_id: UUID, _: BringBack) -> SmsWording:
    """Words that stood before, drafted again, for somebody else to agree to."""
    template, words, stood = to_bring_back(work, text_id, wording_id)
    number = stood.number if stood and stood.number else template.version
    row = put(work, template, words, stood, number)
    work.record(WordingBroughtBack(subject_id=row.id, text=row.code, language=row.language, number=number))
    return row


def to_bring_back(work: Work, text_id: UUID, wording_id: UUID) -> tuple[Template, str, SmsWording | None]:
    """Words that were agreed once; of the text's own id: those that came with the software."""
    refuse_unless_changing(work)
    template = template_of(work, text_id)
    stood = None if wording_id == text_id else row_of(work, text_id, wording_id)
    refuse_if(stood and stood.status is not WordingStatus.AGREED, NotFound)
    refuse_if(waiting(work, template), DraftWaits)
    words = stood.text if stood else template.text
    found = faults(words, template, against(work))
    refuse_if(found, NoLongerAllowed(" ".join(found)))
    refuse_if(words == wording_book.read(work).templates[template.code, template.language].text, StandsNow)
    return template, words, stood


def agree(work: Work, text_id: UUID, wording_id: UUID, _: AgreeWording) -> None:
    """They hold from now on."""
    row = to_agree(work, text_id, wording_id, change=True)
    wording_steps.agree(row, work, _next_number(work, template_of(work, text_id)))
    work.kept.pop(SmsWording, None)


def to_agree(work: Work, text_id: UUID, wording_id: UUID, *, change: bool = False) -> SmsWording:
    """Words that this reader may agree to: not those they drafted themselves, and only while they are allowed."""
    row = to_decide(work, text_id, wording_id, change=change)
    refuse_if(row.drafted_by == work.actor.id, OwnWords)
    found = faults(row.text, template_of(work, text_id), against(work))
    refuse_if(found, NoLongerAllowed(" ".join(found)))
    return row


def to_decide(work: Work, text_id: UUID, wording_id: UUID, *, change: bool = False) -> SmsWording:
    """Words that still wait."""
    refuse_unless_changing(work)
    row = row_of(work, text_id, wording_id, change=change)
    gone = wording_steps.WORDING.sentence(row, work.actor.role)
    refuse_if(row.status is not WordingStatus.DRAFTED, WrongState(gone))
    return row


def withdraw(work: Work, text_id: UUID, wording_id: UUID, _: WithdrawWording) -> None:
    """Nobody can agree to them any more."""
    wording_steps.withdraw(to_decide(work, text_id, wording_id, change=True), work)


def review(work: Work, text_id: UUID, wording_id: UUID, _: ReviewWording) -> None:
    """Somebody else, who reads the language, has read the words; before they are agreed or after (R40)."""
    row = to_review(work, text_id, wording_id, change=True)
    row.reviewed_by, row.reviewed_at = work.actor.id, work.now
    work.session.add(row)
    work.record(WordingReviewed(subject_id=row.id, text=row.code, language=row.language))
    work.kept.pop(SmsWording, None)


def to_review(work: Work, text_id: UUID, wording_id: UUID, *, change: bool = False) -> SmsWording:
    """Words that this reader may review: not their own."""
    refuse_if(not acts_among(work.actor, READERS), NotPermitted)
    row = row_of(work, text_id, wording_id, change=change)
    refuse_if(not reviewable(work, row), NothingToReview)
    refuse_if(row.drafted_by == work.actor.id, OwnWords)
    return row


def reviewable(work: Work, row: SmsWording) -> bool:
    """Not in English, not reviewed, and waiting or standing."""
    if row.language == ENGLISH or row.reviewed_by or row.status is WordingStatus.WITHDRAWN:
        return False
    stands = wording_book.read(work).templates[row.code, row.language]
    return row.status is WordingStatus.DRAFTED or stands.wording_id == row.id


def row_of(work: Work, text_id: UUID, wording_id: UUID, *, change: bool = False) -> SmsWording:
    """One wording of this text."""
    row = work.session.get(SmsWording, wording_id, with_for_update=change or None, populate_existing=change)
    if row is None or id_of(row.code, row.language) != text_id:
        raise NotFound
    return row


def _of(template: Template) -> ColumnElement[bool]:
    return and_(col(SmsWording.code) == template.code, col(SmsWording.language) == template.language)


def _next_number(work: Work, template: Template) -> int:
    newest = work.session.exec(select(func.max(col(SmsWording.number))).where(_of(template))).one()
    return max(newest or 0, template.version) + 1


def put(
    work: Work, template: Template, words: str, again: SmsWording | None = None, number: int | None = None
) -> SmsWording:
    """A row that waits to be agreed, and the work of agreeing to it. Stale where somebody else put one just now.

    `again`: whose words these are, to the letter, so that who read them has read these.
    """
    row = SmsWording(
        code=template.code, language=template.language, text=words, drafted_by=work.actor.id, brought_back=number
    )
    if again:
        row.reviewed_by, row.reviewed_at = again.reviewed_by, again.reviewed_at
    refuse_if(not work.add_once(row), Stale)
    if work.actor.agency_id:
        managers = For(work.actor.agency_id, role=Role.MANAGER)
        tasks.give(work, errands.WORDING_WAITS, managers, About(None, row.id), errands.today(work))
    return row

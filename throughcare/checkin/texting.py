"""Puts a text in the outbox: worded in the person's language, past the linter, in the segments its purpose allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import select

from throughcare.casework.people import Case, Language, Person
from throughcare.checkin import errands, wording_book
from throughcare.checkin.forbidden import Forbidden
from throughcare.checkin.grounds import Why
from throughcare.checkin.privacy import Finding, lint
from throughcare.checkin.rows import CheckinPlan
from throughcare.checkin.saying import CrisisLines, when_said
from throughcare.checkin.segments import segments
from throughcare.checkin.service import Answering, OneWay
from throughcare.checkin.wording import ENGLISH, CannotRender, Chosen, Template, Wording, fits, render
from throughcare.kernel import outbox
from throughcare.kernel.actors import Jurisdiction
from throughcare.kernel.delivery import Delivery, Purpose
from throughcare.kernel.moves import Moved, move
from throughcare.kernel.outbox import Message, OutboxRow
from throughcare.kernel.work import Work

ANSWER_WORTH = timedelta(hours=12)  # an answer to a text just received is worth sending this long

UNANSWERABLE = "Nobody can answer the texts of this service. Do not ask for an answer: say whom to ring."


class Blocked(ValueError):
    """The text may not go: it is too long, or says what a stranger may not read."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(", ".join(finding.rule for finding in findings))
        self.findings = findings


@dataclass(frozen=True)
class Wanted:
    """One text to be written; no case: to a number that nobody has. `key` makes it once only; `values` are the merge
    values beyond the service's own.
    """

    code: str
    key: str
    case_id: UUID | None
    to: str
    language: str
    subject_id: UUID
    not_before: datetime
    expires_at: datetime
    values: Mapping[str, str] = field(default_factory=dict)


class Barred(Blocked):
    """The wording itself may not go to anybody any more: the list of what gives people away has grown since."""


def worded(work: Work, wanted: Wanted) -> tuple[Chosen, str]:
    """The template and the words as they would go. Blocked says why they may not (R32).

    An answer to a text just received is never lost for what the service's own words say: then those shipped go.
    """
    try:
        return _worded(work, wanted, wording_book.standing(work))
    except (Blocked, CannotRender):
        template = _chosen(work, wanted, wording_book.standing(work)).template
        if template.wording_id is None or template.purpose is not Purpose.SAFETY:
            raise
        _tell(work, wanted, template)
        return _worded(work, wanted, work.reference[Wording])


def _worded(work: Work, wanted: Wanted, wording: Wording) -> tuple[Chosen, str]:
    chosen = _chosen(work, wanted, wording)
    template = chosen.template
    if template.barred:
        raise Barred([Finding("wording", "", says) for says in template.barred])
    ours = _ours(work, wanted, template.language)
    said = _rendered(template, {**ours, **wanted.values})
    findings = faults(work, wanted.case_id, said, approved=" ".join([template.text, *ours.values()]))
    if not fits(said, template.purpose):
        findings = [*findings, Finding("segments", "", "The text is too long. Say it in fewer words.")]
    if work.reference[OneWay].asks(template.purpose, said):
        findings = [*findings, Finding("one_way", "", UNANSWERABLE)]
    if findings:
        raise Blocked(findings)
    return chosen, said


def write(work: Work, wanted: Wanted) -> OutboxRow | None:
    """The text, in the outbox; None when its key is there already. Blocked says why it may not go (R32)."""
    try:
        chosen, said = worded(work, wanted)
    except Barred:
        return _held_back(work, wanted)
    template = chosen.template
    if chosen.unreviewed and wanted.case_id:
        errands.alert(work, errands.REVIEW, wanted.case_id, wanted.case_id, errands.today(work), key=wanted.code)
    return _send(work, wanted, template, said)


def _send(work: Work, wanted: Wanted, template: Template, said: str) -> OutboxRow | None:
    """With the version of its words, and their id where they are the service's own: what was said can always be told (R1)."""
    own = {"wording_id": str(template.wording_id)} if template.wording_id else {}
    return outbox.send(
        work,
        Message(
            key=wanted.key, case_id=wanted.case_id, to=wanted.to, purpose=template.purpose,
            template=f"{template.code}", language=template.language, text=said,
            not_before=wanted.not_before, expires_at=wanted.expires_at, subject_id=wanted.subject_id,
            segments=segments(said).count, facts={"version": template.version} | own,
        ),
    )  # fmt: skip


def _chosen(work: Work, wanted: Wanted, wording: Wording) -> Chosen:
    code, reviewed_only = work.reference[OneWay].code(wanted.code), work.reference[Answering].reviewed_only
    return wording.choose(code, wanted.language, reviewed_only=reviewed_only)


def _held_back(work: Work, wanted: Wanted) -> OutboxRow | None:
    """The text as it would have gone, held back where everybody sees why; what follows is as for any that could not go."""
    template = _chosen(work, wanted, wording_book.standing(work)).template
    said = _rendered(template, {**_ours(work, wanted, template.language), **wanted.values})
    row = _send(work, wanted, template, said)
    if row:
        move(
            work.session, [Moved(row.id, row.state, Delivery.SUPPRESSED, Why.WORDING, {"ended_at": work.now})], work.now
        )
    _tell(work, wanted, template)
    return row


def _tell(work: Work, wanted: Wanted, barred: Template) -> None:
    """Those who can change the words, once for each wording."""
    if wanted.case_id:
        key = f"{barred.wording_id}"
        errands.tell_manager(work, errands.WORDING, wanted.case_id, wanted.case_id, errands.today(work), key=key)


def _rendered(template: Template, offered: Mapping[str, str]) -> str:
    return render(template, {name: offered[name] for name in template.fields})


def faults(work: Work, case_id: UUID | None, said: str, *, approved: str = "") -> list[Finding]:
    """What in these words would give this person, or anybody, away."""
    if case_id is None:
        return lint(said, work.reference[Forbidden], approved=approved)
    person = work.session.exec(select(Person).where(Person.case_id == case_id)).one()
    forbidden = work.reference[Forbidden]
    return lint(said, forbidden, family_name=person.family, birth_date=person.birth_date, approved=approved)


def _ours(work: Work, wanted: Wanted, language: str) -> dict[str, str]:
    """The values that are the service's own, in this language."""
    answering, lines = work.reference[Answering], work.reference[CrisisLines]
    ours = {"sender": answering.sender, "hours": answering.hours[language], "emergency": lines.emergency}
    if wanted.case_id is None:
        return ours
    case = work.session.get_one(Case, wanted.case_id)
    return ours | {
        "lines": lines.said(nation(case.jurisdiction, language), language),
        "when": when_said(errands.ring_by(work, case.id), work.now, language),
    }


def nation(jurisdiction: Jurisdiction, language: str) -> str:
    """Whose crisis lines: somebody who chose Welsh is taken to be in Wales; the numbers work in both nations."""
    if jurisdiction is Jurisdiction.SCOTLAND:
        return "scotland"
    return "england" if language == ENGLISH else "wales"


def language_of(work: Work, case_id: UUID) -> Language:
    """The language of the person's plan, or of the person."""
    plan = select(CheckinPlan.language).where(CheckinPlan.case_id == case_id, CheckinPlan.status != "ended")
    found = work.session.exec(plan).first()
    return Language(found or work.session.exec(select(Person.language).where(Person.case_id == case_id)).one())

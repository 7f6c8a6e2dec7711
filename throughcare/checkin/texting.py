"""Puts a text in the outbox: worded in the person's language, past the linter, in the segments its purpose allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import select

from throughcare.casework.people import Case, Language, Person
from throughcare.checkin import errands
from throughcare.checkin.forbidden import Forbidden
from throughcare.checkin.privacy import Finding, lint
from throughcare.checkin.rows import CheckinPlan
from throughcare.checkin.saying import CrisisLines, when_said
from throughcare.checkin.service import Answering
from throughcare.checkin.wording import ENGLISH, Chosen, Wording, fits, render
from throughcare.kernel import outbox
from throughcare.kernel.actors import Jurisdiction
from throughcare.kernel.outbox import Message, OutboxRow
from throughcare.kernel.work import Work

ANSWER_WORTH = timedelta(hours=12)  # an answer to a text just received is worth sending this long


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


def worded(work: Work, wanted: Wanted) -> tuple[Chosen, str]:
    """The template and the words as they would go. Blocked says why they may not (R32)."""
    answering = work.reference[Answering]
    chosen = work.reference[Wording].choose(wanted.code, wanted.language, reviewed_only=answering.reviewed_only)
    template = chosen.template
    ours = _ours(work, wanted, template.language)
    offered = {**ours, **wanted.values}
    said = render(template, {name: offered[name] for name in template.fields})
    findings = faults(work, wanted.case_id, said, approved=" ".join([template.text, *ours.values()]))
    if not fits(said, template.purpose):
        findings = [*findings, Finding("segments", "", "The text is too long. Say it in fewer words.")]
    if findings:
        raise Blocked(findings)
    return chosen, said


def write(work: Work, wanted: Wanted) -> OutboxRow | None:
    """The text, in the outbox; None when its key is there already. Blocked says why it may not go (R32)."""
    chosen, said = worded(work, wanted)
    template = chosen.template
    if chosen.unreviewed and wanted.case_id:
        errands.alert(work, errands.REVIEW, wanted.case_id, wanted.case_id, errands.today(work), key=wanted.code)
    return outbox.send(
        work,
        Message(
            key=wanted.key, case_id=wanted.case_id, to=wanted.to, purpose=template.purpose,
            template=f"{template.code}", language=template.language, text=said,
            not_before=wanted.not_before, expires_at=wanted.expires_at, subject_id=wanted.subject_id,
            facts={"version": template.version},
        ),
    )  # fmt: skip


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

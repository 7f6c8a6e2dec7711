"""What people do around the instruments: safety questions, help wanted, a clinician's view, another pathway."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlmodel import select

from throughcare.casework import access
from throughcare.casework.people import Person
from throughcare.kernel.refusals import NotPermitted, refuse_if
from throughcare.kernel.work import Work
from throughcare.screening import asked_first, steps
from throughcare.screening.events import (
    AskedBeside,
    ChildrenTold,
    ClinicianViewed,
    HealthcareNeededToday,
    PathwayOverridden,
    PregnancyTold,
    SafetyAsked,
)
from throughcare.screening.forms import AskedBesideForm, ClinicianViewForm, OverrideForm, SafetyAnswers
from throughcare.screening.rows import (
    AskedToo,
    ClinicianView,
    SafetyCheck,
    SafetyStatus,
    ScreeningOutcome,
    ToldUs,
)
from throughcare.screening.rules import Local, Outcome, overridden, safety
from throughcare.screening.settling import replace, settle
from throughcare.screening.views import AskedShown, OutcomeShown, SafetyShown


def ask_safety(work: Work, case_id: UUID, form: SafetyAnswers) -> SafetyShown:
    """Record the reception safety questions. Any yes, not known or unanswered: healthcare today, whatever any score."""
    access.take_case(work, case_id)
    refuse_if(work.actor.role not in steps.SCREENERS, NotPermitted)
    found = safety(work.reference[Local].safety, form.answers)
    check = work.add(
        SafetyCheck(
            case_id=case_id,
            asked_by=work.actor.id,
            asked_at=work.now,
            answers={code: said.value for code, said in form.answers.items()},
            because=list(found.because),
            status=SafetyStatus.HEALTHCARE_TODAY if found.healthcare_today else SafetyStatus.CLEAR,
        )
    )
    work.record(SafetyAsked(subject_id=check.id, case_id=case_id))
    if found.healthcare_today:
        work.record(HealthcareNeededToday(subject_id=check.id, case_id=case_id))
    asked_first.answered(work, case_id)
    settle(work, case_id, check.id)
    return access.show(work, check, SafetyShown)


def healthcare_saw(work: Work, check_id: UUID) -> SafetyShown:
    """Healthcare has seen the person whom the safety questions sent to them."""
    check = access.take(work, SafetyCheck, check_id)
    steps.seen(check, work)
    settle(work, check.case_id, check.id)
    return access.show(work, check, SafetyShown)


def ask_beside(work: Work, case_id: UUID, form: AskedBesideForm) -> AskedShown:
    """Record what every adult is asked beside the instruments."""
    access.take_case(work, case_id)
    refuse_if(work.actor.role not in steps.SCREENERS, NotPermitted)
    asked = work.add(AskedToo(case_id=case_id, by=work.actor.id, on=work.today, **form.model_dump()))
    told: dict[str, Any] = {"subject_id": asked.id, "case_id": case_id}
    work.record(AskedBeside(**told))
    if form.pregnant is ToldUs.NO:
        _not_pregnant(work, case_id)
    if form.pregnant is ToldUs.YES:
        work.record(PregnancyTold(**told))
    if form.children is ToldUs.YES:
        work.record(ChildrenTold(**told))
    settle(work, case_id, asked.id)
    return access.show(work, asked, AskedShown)


def _not_pregnant(work: Work, case_id: UUID) -> None:
    """Keep the answer. A pregnancy that is known already is not undone by one question."""
    person = work.session.exec(select(Person).where(Person.case_id == case_id)).one()
    if person.pregnant is None:
        person.pregnant = False
        work.session.add(person)


def give_view(work: Work, case_id: UUID, form: ClinicianViewForm) -> None:
    """A clinician asks for specialist assessment, or takes that back."""
    access.take_case(work, case_id)
    refuse_if(work.actor.role not in steps.HEALTHCARE, NotPermitted)
    view = work.add(ClinicianView(case_id=case_id, by=work.actor.id, on=work.today, **form.model_dump()))
    work.record(ClinicianViewed(subject_id=view.id, case_id=case_id, side=form.side))
    settle(work, case_id, view.id)


def override(work: Work, outcome_id: UUID, form: OverrideForm) -> OutcomeShown:
    """Choose another pathway than the facts give, with a reason. The score stays as it is."""
    row = access.take(work, ScreeningOutcome, outcome_id)
    refuse_if(work.actor.role not in steps.SCREENERS, NotPermitted)
    refuse_if(row.replaced_at, steps.Superseded)
    changed = overridden(outcome_of(row), form.override_pathway, form.override_reason)
    made = replace(work, row.case_id, row.side, changed)
    work.record(PathwayOverridden(subject_id=made.id, case_id=row.case_id, side=row.side))
    return access.show(work, made, OutcomeShown)


def outcome_of(row: ScreeningOutcome) -> Outcome:
    """The stored outcome as the rules know it."""
    return Outcome(
        row.pathway, tuple(row.reasons), row.referral_offered, row.healthcare_today,
        row.computed if row.override_reason else None, row.override_reason,
    )  # fmt: skip

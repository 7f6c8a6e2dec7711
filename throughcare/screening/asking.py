"""What people do around the instruments: safety questions, help wanted, a clinician's view, another pathway."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlmodel import select

from throughcare.casework import access
from throughcare.casework.people import Person
from throughcare.casework.release_day import open_stay
from throughcare.kernel.refusals import Invalid, NotPermitted, WrongState, refuse_if
from throughcare.kernel.work import Work
from throughcare.screening import steps
from throughcare.screening.events import (
    AskedBeside,
    ChildrenTold,
    ClinicianViewed,
    HealthcareNeededToday,
    PathwayOverridden,
    PregnancyTold,
    SafetyAsked,
    SafetyNotAsked,
)
from throughcare.screening.facts import safety_of, waiting_for_healthcare
from throughcare.screening.forms import (
    AskedBesideForm,
    ClinicianViewForm,
    OverrideForm,
    SafetyAnswers,
    SafetyNotAskedForm,
)
from throughcare.screening.rows import (
    AskedToo,
    ClinicianView,
    SafetyCheck,
    SafetyStatus,
    ScreeningOutcome,
    ToldUs,
)
from throughcare.screening.rules import Local, Outcome, Safety, overridden, safety
from throughcare.screening.settling import replace, settle
from throughcare.screening.views import AskedShown, OutcomeShown, SafetyShown, safety_shown


class NotInPrison(WrongState):
    """They are not in prison, so the reception safety questions are not due."""

    code = "not_in_prison"


class AlreadyAnswered(WrongState):
    """The safety questions of this stay are answered. If something has changed, ask them again."""

    code = "already_answered"


def ask_safety(work: Work, case_id: UUID, form: SafetyAnswers) -> SafetyShown:
    """Record the reception safety questions. Any yes, not known or unanswered: healthcare today, whatever any score."""
    access.take_case(work, case_id)
    refuse_if(work.actor.role not in steps.SCREENERS, NotPermitted)
    found = safety(work.reference[Local].safety, form.answers)
    stay = open_stay(work, case_id)
    refuse_if(form.on and form.on > work.today, Invalid("The date cannot be in the future.", beside="on"))
    early = form.on and stay and form.on < stay.received_on
    refuse_if(early, Invalid("The date cannot be before they came to prison.", beside="on"))
    asked_on = form.on if form.on != work.today else None
    check = _checked(work, case_id, found, answers=dict(form.answers), asked_on=asked_on)
    work.record(SafetyAsked(subject_id=check.id, case_id=case_id, on=asked_on))
    return _call_healthcare(work, check)


def safety_not_asked(work: Work, case_id: UUID, form: SafetyNotAskedForm) -> SafetyShown:
    """They cannot be asked now: nobody knows the answers, so healthcare today, and they are asked again."""
    access.take_case(work, case_id)
    refuse_if(work.actor.role not in steps.SCREENERS, NotPermitted)
    refuse_unless_due(work, case_id)
    known = {reason.code for reason in work.reference[Local].safety_not_asked}
    refuse_if(form.because not in known, Invalid("Select why", beside="because"))
    found = safety(work.reference[Local].safety, {})
    check = _checked(work, case_id, found, not_asked_because=form.because)
    work.record(SafetyNotAsked(subject_id=check.id, case_id=case_id))
    return _call_healthcare(work, check)


def refuse_unless_due(work: Work, case_id: UUID) -> None:
    """Refuse to say that they could not be asked where nobody is to be asked, or where they are answered."""
    refuse_if(open_stay(work, case_id) is None, NotInPrison)
    before = safety_of(work, case_id)
    refuse_if(before and not before.not_asked_because, AlreadyAnswered)


def _checked(work: Work, case_id: UUID, found: Safety, **told: Any) -> SafetyCheck:
    """What was found, kept for the stay they are in."""
    stay = open_stay(work, case_id)
    status = SafetyStatus.HEALTHCARE_TODAY if found.healthcare_today else SafetyStatus.CLEAR
    about: dict[str, Any] = {
        "case_id": case_id,
        "stay_id": stay.id if stay else None,
        "because": list(found.because),
        "status": status,
    }
    return work.add(SafetyCheck(asked_by=work.actor.id, asked_at=work.now, **about, **told))


def _call_healthcare(work: Work, check: SafetyCheck) -> SafetyShown:
    if check.status is SafetyStatus.HEALTHCARE_TODAY:
        work.record(HealthcareNeededToday(subject_id=check.id, case_id=check.case_id))
    settle(work, check.case_id, check.id)
    return safety_shown(work, check)


def healthcare_saw(work: Work, check_id: UUID) -> SafetyShown:
    """Healthcare has seen the person whom the safety questions sent to them."""
    check = access.take(work, SafetyCheck, check_id)
    steps.seen(check, work)
    for other in waiting_for_healthcare(work, check.case_id):
        steps.seen(other, work)
    settle(work, check.case_id, check.id)
    return safety_shown(work, check)


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

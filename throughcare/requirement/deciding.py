"""What the supervising agency decides about absences, and the warnings it gives. Nobody else decides, nor the service."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import col, select

from throughcare.casework import tasks
from throughcare.casework.tasks import About
from throughcare.kernel.refusals import Invalid, WrongState, refuse_if
from throughcare.kernel.work import Work
from throughcare.requirement import errands, events
from throughcare.requirement.doors import (
    absence_of,
    book,
    officer_of,
    ordered,
    requirement_of,
    row_of,
    supervisors_only,
    working_day_end,
)
from throughcare.requirement.forms import Classify, DecideEnforcement, GiveWarning, WithdrawWarning
from throughcare.requirement.rows import Absence, AbsenceDecision, Requirement, RequirementWarning
from throughcare.requirement.rules import Warned, months_after, refuse_future, warning_in_force
from throughcare.requirement.showing import appointment_shown, warning_shown
from throughcare.requirement.steps import CLASSIFY, withdraw
from throughcare.requirement.views import OrderedShown, WarningShown
from throughcare.requirement.words import AbsenceStatus, WarningStatus


class NotThisReason(Invalid):
    """Select one of the reasons given."""

    code, beside = "not_this_reason", "reason"


class NoWarningsHere(WrongState):
    """A warning cannot be given under this order or licence."""

    code = "no_warnings_here"


class NotUnacceptable(WrongState):
    """This absence has not been recorded as unacceptable."""

    code = "not_unacceptable"


class WarnedAlready(WrongState):
    """A warning about this absence has been given."""

    code = "warned_already"


class WarningHolds(WrongState):
    """A warning was given in the 12 months before this absence, so it is referred to an enforcement officer instead."""

    code = "warning_holds"


class BeforeTheAbsence(Invalid):
    """A warning cannot be given before the absence it is about."""

    code, beside = "before_the_absence", "given_on"


def classify(work: Work, case_id: UUID, appointment_id: UUID, form: Classify) -> OrderedShown:
    """Acceptable, unacceptable, or waiting for evidence; deciding again needs a reason, and the first stays on record."""
    absence = absence_of(work, case_id, appointment_id)
    requirement = requirement_of(work, absence)
    supervisors_only(work, requirement)
    refuse_if(form.reason and form.reason not in book(work).reasons, NotThisReason)
    CLASSIFY[form.outcome](absence, work, form.reason or "", form.because)
    work.add(
        AbsenceDecision(
            case_id=case_id, absence_id=absence.id, outcome=form.outcome, reason=form.reason or "",
            because=form.because, decided_by=work.actor.id, decided_at=work.now,
        )
    )  # fmt: skip
    if form.outcome is AbsenceStatus.UNACCEPTABLE and _holding(work, requirement, absence):
        _say_second(work, requirement, absence)
    return appointment_shown(work, ordered(work, case_id, appointment_id, change=False))


def _say_second(work: Work, requirement: Requirement, absence: Absence) -> None:
    """A second unacceptable absence while a warning holds: the officer must decide, and nobody decides for them."""
    officer = officer_of(work, requirement)
    work.record(
        events.SecondUnacceptableFailure(
            subject_id=requirement.id, case_id=requirement.case_id,
            for_agency_id=officer.agency_id, for_worker_id=officer.worker_id,
        )
    )  # fmt: skip
    due = working_day_end(work, officer.agency_id, work.today, book(work).warnings.decision_working_days)
    about = About(requirement.case_id, requirement.id, f"{absence.appointment_id}")
    tasks.give(work, errands.DECIDE_ENFORCEMENT, officer, about, due)


def _holding(work: Work, requirement: Requirement, absence: Absence) -> Warned | None:
    """The warning that held on the day of this absence, given under the same order about another absence."""
    under = select(Requirement.id).where(
        Requirement.case_id == requirement.case_id,
        Requirement.order == requirement.order,
        Requirement.reference == requirement.reference,
    )
    given = select(RequirementWarning).where(
        col(RequirementWarning.requirement_id).in_(under),
        RequirementWarning.appointment_id != absence.appointment_id,
    )
    warnings = [
        Warned(one.given_on, one.expires_on, one.status is WarningStatus.WITHDRAWN) for one in work.session.exec(given)
    ]
    return warning_in_force(warnings, absence.missed_on)


def warn(work: Work, case_id: UUID, appointment_id: UUID, form: GiveWarning) -> WarningShown:
    """Give a warning with its prescribed contents about an unacceptable absence."""
    absence = absence_of(work, case_id, appointment_id)
    requirement = requirement_of(work, absence)
    supervisors_only(work, requirement)
    refuse_unless_open(work, requirement, absence)
    given_on = form.given_on or work.today
    refuse_future(form.given_on, work.today, "given_on")
    refuse_if(given_on < absence.missed_on, BeforeTheAbsence)
    warning = work.add(
        RequirementWarning(
            case_id=case_id, requirement_id=requirement.id, appointment_id=appointment_id, given_on=given_on,
            expires_on=months_after(given_on, book(work).warnings.months), given_by=work.actor.id,
            circumstances=form.circumstances, says_unacceptable=form.says_unacceptable, says_liable=form.says_liable,
        )
    )  # fmt: skip
    officer = officer_of(work, requirement)
    work.record(
        events.WarningGiven(
            subject_id=requirement.id, case_id=case_id, on=given_on,
            for_agency_id=officer.agency_id, for_worker_id=officer.worker_id,
        )
    )  # fmt: skip
    return warning_shown(work, warning)


def refuse_unless_open(work: Work, requirement: Requirement, absence: Absence) -> None:
    """Refuse a warning where the law gives none, about what was not unacceptable, or twice."""
    law = book(work).warnings
    refuse_if(not law.open_to(requirement.jurisdiction, requirement.order), NoWarningsHere(law.only_here))
    refuse_if(absence.status is not AbsenceStatus.UNACCEPTABLE, NotUnacceptable)
    same = select(RequirementWarning.id).where(
        RequirementWarning.appointment_id == absence.appointment_id,
        RequirementWarning.status == WarningStatus.GIVEN,
    )
    refuse_if(work.session.exec(same).first(), WarnedAlready)
    refuse_if(_holding(work, requirement, absence), WarningHolds)


def withdraw_warning(work: Work, case_id: UUID, warning_id: UUID, form: WithdrawWarning) -> WarningShown:
    """A warning no longer stands; it stays on record with why."""
    warning = row_of(work, RequirementWarning, case_id, warning_id)
    supervisors_only(work, requirement_of(work, warning))
    withdraw(warning, work, form.because)
    return warning_shown(work, warning)


def decide(work: Work, case_id: UUID, appointment_id: UUID, form: DecideEnforcement) -> OrderedShown:
    """What the supervising agency decided to do about an unacceptable absence."""
    absence = absence_of(work, case_id, appointment_id)
    requirement = requirement_of(work, absence)
    supervisors_only(work, requirement)
    refuse_if(absence.status is not AbsenceStatus.UNACCEPTABLE, NotUnacceptable)
    absence.enforcement, absence.enforcement_on = form.choice, work.today
    absence.enforcement_by = work.actor.id
    work.session.add(absence)
    work.session.flush()
    work.record(events.EnforcementDecided(subject_id=requirement.id, case_id=case_id, choice=form.choice))
    return appointment_shown(work, ordered(work, case_id, appointment_id, change=False))

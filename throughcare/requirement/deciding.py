"""What the supervising agency decides about absences, and the warnings it gives. Nobody else decides, nor the service."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import select

from throughcare.kernel.refusals import Invalid, WrongState, refuse_if
from throughcare.kernel.work import Work
from throughcare.requirement import events
from throughcare.requirement.doors import (
    absence_of,
    book,
    officer_of,
    ordered,
    requirement_of,
    row_of,
    supervisors_only,
)
from throughcare.requirement.forms import Classify, DecideEnforcement, GiveWarning, WithdrawWarning
from throughcare.requirement.rows import Absence, AbsenceDecision, Requirement, RequirementWarning
from throughcare.requirement.rules import months_after, refuse_future
from throughcare.requirement.seconds import holding, say_second, take_back
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
    """A warning was given in the 12 months before this decision, so it is referred to an enforcement officer instead."""

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
    if form.outcome is AbsenceStatus.UNACCEPTABLE and holding(work, requirement, absence):
        say_second(work, requirement, absence)
    take_back(work, requirement)
    return appointment_shown(work, ordered(work, case_id, appointment_id, change=False))


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
    refuse_if(holding(work, requirement, absence), WarningHolds)


def withdraw_warning(work: Work, case_id: UUID, warning_id: UUID, form: WithdrawWarning) -> WarningShown:
    """A warning no longer stands; it stays on record with why."""
    warning = row_of(work, RequirementWarning, case_id, warning_id)
    supervisors_only(work, requirement_of(work, warning))
    withdraw(warning, work, form.because)
    take_back(work, requirement_of(work, warning))
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

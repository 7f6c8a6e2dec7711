"""A second unacceptable absence under a warning: found, said to the officer, and taken back when it is one no longer."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework import tasks
from throughcare.casework.rows import Task, TaskStatus
from throughcare.casework.tasks import About
from throughcare.kernel.clock import london_day
from throughcare.kernel.work import Work
from throughcare.requirement import errands, events
from throughcare.requirement.doors import book, officer_of, working_day_end
from throughcare.requirement.rows import Absence, AbsenceDecision, Requirement, RequirementWarning
from throughcare.requirement.rules import Warned, warning_in_force
from throughcare.requirement.words import AbsenceStatus, WarningStatus


def say_second(work: Work, requirement: Requirement, absence: Absence) -> None:
    """The officer must decide, and nobody decides for them."""
    officer = officer_of(work, requirement)
    work.record(
        events.SecondUnacceptableFailure(
            subject_id=requirement.id, case_id=requirement.case_id,
            for_agency_id=officer.agency_id, for_worker_id=officer.worker_id,
        )
    )  # fmt: skip
    due = working_day_end(work, officer.agency_id, work.today, book(work).warnings.decision_working_days)
    about = About(requirement.case_id, requirement.id, f"{absence.appointment_id}:{work.now.isoformat()}")
    tasks.give(work, errands.DECIDE_ENFORCEMENT, officer, about, due)


def take_back(work: Work, requirement: Requirement) -> None:
    """Where no absence under the order is a second one any more, there is nothing left to decide."""
    for each in _same_order(work, requirement):
        waiting = select(Task.id).where(
            Task.subject_id == each.id,
            Task.kind == errands.DECIDE_ENFORCEMENT.kind,
            Task.status == TaskStatus.OPEN,
        )
        if work.session.exec(waiting).first() and not _undecided(work, each):
            tasks.cancel(work, subject_id=each.id, kinds={errands.DECIDE_ENFORCEMENT.kind}, why="no_second_absence")
            work.record(events.EnforcementNotDue(subject_id=each.id, case_id=each.case_id))


def _undecided(work: Work, requirement: Requirement) -> bool:
    """Whether a second unacceptable absence under this requirement still waits for its decision."""
    absences = select(Absence).where(
        Absence.requirement_id == requirement.id,
        Absence.status == AbsenceStatus.UNACCEPTABLE,
        col(Absence.enforcement).is_(None),
    )
    return any(holding(work, requirement, absence) for absence in work.session.exec(absences).all())


def holding(work: Work, requirement: Requirement, absence: Absence) -> Warned | None:
    """The warning that held when this absence was decided on, given under the same order about another absence.

    The twelve months are looked at on the day of the officer's opinion (Sentencing Act 2020, Schedule 10, paragraph 6;
    DOMAIN D.5). A warning about an absence that is no longer unacceptable does not count, and one given after this
    absence did not warn of it.
    """
    given = (
        select(RequirementWarning)
        .join(Absence, col(Absence.appointment_id) == col(RequirementWarning.appointment_id))
        .where(
            col(RequirementWarning.requirement_id).in_([each.id for each in _same_order(work, requirement)]),
            RequirementWarning.appointment_id != absence.appointment_id,
            RequirementWarning.given_on <= absence.missed_on,
            Absence.status == AbsenceStatus.UNACCEPTABLE,
        )
    )
    warnings = [
        Warned(one.given_on, one.expires_on, one.status is WarningStatus.WITHDRAWN) for one in work.session.exec(given)
    ]
    return warning_in_force(warnings, _decided_on(work, absence.id) or work.today)


def _decided_on(work: Work, absence_id: UUID) -> date | None:
    decided = select(AbsenceDecision.decided_at).where(
        AbsenceDecision.absence_id == absence_id, AbsenceDecision.outcome == AbsenceStatus.UNACCEPTABLE
    )
    last = work.session.exec(decided.order_by(col(AbsenceDecision.decided_at).desc())).first()
    return london_day(last) if last else None


def _same_order(work: Work, requirement: Requirement) -> list[Requirement]:
    under = select(Requirement).where(
        Requirement.case_id == requirement.case_id,
        Requirement.order == requirement.order,
        Requirement.reference == requirement.reference,
    )
    return list(work.session.exec(under))

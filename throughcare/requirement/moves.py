"""Which acts are open to this reader on each row: a button is shown only where its press would not be refused."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from throughcare.casework.rows import Appointment, AppointmentStatus
from throughcare.kernel.actors import AgencyKind, Jurisdiction, acts_among
from throughcare.kernel.refusals import Refusal
from throughcare.kernel.work import Work
from throughcare.requirement import steps, steps_reports
from throughcare.requirement.deciding import refuse_unless_open
from throughcare.requirement.doors import KEEPERS, SUPERVISORS, WRITERS, book, may_tell, supervises
from throughcare.requirement.reports import GONE
from throughcare.requirement.rows import (
    Absence,
    ComplianceReport,
    DrugTest,
    Requirement,
    RequirementWarning,
    RiskChange,
)
from throughcare.requirement.words import DECIDED, AbsenceStatus, OrderKind, ReportStatus, WarningStatus


class Move(BaseModel):
    """One act and the page that asks for it."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    label: str
    href: str


Open = Iterator[tuple[str, str]]  # the button's words, and the end of its address
REPORT_PAGES = {"draft": "write", "countersign": "countersign", "give_back": "return", "send": "send"}


def here(case_id: UUID) -> str:
    """The requirements tab of a case."""
    return f"/cases/{case_id}/requirements"


def made(root: str, found: Open) -> tuple[Move, ...]:
    """The moves with their addresses."""
    return tuple(Move(label=label, href=f"{root}/{tail}") for label, tail in found)


def decides(work: Work, requirement: Requirement) -> bool:
    """Whether this reader decides about absences under this requirement."""
    theirs = work.actor.agency_kind is AgencyKind.PROBATION and supervises(work, requirement)
    return theirs and acts_among(work.actor, SUPERVISORS)


def of_requirement(work: Work, requirement: Requirement) -> tuple[Move, ...]:
    """What may be begun under a requirement."""
    root = f"{here(requirement.case_id)}/{requirement.id}"
    return made(root, _requirement(work, requirement)) if acts_among(work.actor, KEEPERS) else ()


def _requirement(work: Work, requirement: Requirement) -> Open:
    live = requirement.ended_on is None
    if live:
        yield "Book an appointment", "book"
        yield "Record a test", "test"
    if may_tell(work, requirement) and requirement.agency_id and not supervises(work, requirement):
        yield "Record a change of risk", "risk"
        yield "Start a report", "report"
    if live:
        yield "End the requirement", "end"
    if live and requirement.order is not OrderKind.NONE:
        yield "Change the responsible officer", "officer"


def of_appointment(
    work: Work, appointment: Appointment, requirement: Requirement, absence: Absence | None
) -> tuple[Move, ...]:
    """What may be done about one ordered appointment."""
    root = f"{here(appointment.case_id)}/appointments/{appointment.id}"
    keeps = work.actor.agency_id == appointment.agency_id and acts_among(work.actor, KEEPERS)
    if absence is None:
        booked = keeps and appointment.status is AppointmentStatus.BOOKED
        return made(root, iter([("Record what happened", "attendance")] if booked else []))
    found = [*_keeping(work, requirement, absence, keeps=keeps)]
    if decides(work, requirement):
        found += [*_deciding(work, requirement, absence)]
    return made(root, iter(found))


def _keeping(work: Work, requirement: Requirement, absence: Absence, *, keeps: bool) -> Open:
    if keeps and absence.notified_at is None and may_tell(work, requirement) and requirement.agency_id:
        supervisor = book(work).words[requirement.jurisdiction].supervisor
        yield f"Tell {supervisor[:1].lower()}{supervisor[1:]}", "tell"
    if (keeps or decides(work, requirement)) and absence.status not in DECIDED:
        yield "Record evidence", "evidence"


def _deciding(work: Work, requirement: Requirement, absence: Absence) -> Open:
    yield ("Decide again" if absence.status in DECIDED else "Decide whether it is acceptable"), "classify"
    if requirement.jurisdiction is Jurisdiction.SCOTLAND and absence.followed_up_on is None:
        yield "Record that it was followed up", "follow-up"
    if absence.status is AbsenceStatus.UNACCEPTABLE:
        if _may_warn(work, requirement, absence):
            yield "Give a warning", "warn"
        if absence.enforcement is None:
            yield "Record what was decided", "enforcement"


def _may_warn(work: Work, requirement: Requirement, absence: Absence) -> bool:
    try:
        refuse_unless_open(work, requirement, absence)
    except Refusal:
        return False
    return True


def of_warning(work: Work, warning: RequirementWarning, requirement: Requirement) -> tuple[Move, ...]:
    """Withdrawing it, for who gave it."""
    root = f"{here(warning.case_id)}/warnings/{warning.id}"
    may = decides(work, requirement) and warning.status is WarningStatus.GIVEN
    return made(root, iter([("Withdraw warning", "withdraw")] if may else []))


def of_test(work: Work, test: DrugTest) -> tuple[Move, ...]:
    """Where its sample goes next."""
    root = f"{here(test.case_id)}/tests/{test.id}"
    pages = {"receive": "laboratory", "result": "result"}
    return made(root, ((step.label, pages[step.name]) for step in steps.tests.open_to(test, work.actor.role)))


def of_risk(work: Work, change: RiskChange, requirement: Requirement) -> tuple[Move, ...]:
    """Saying that it was told, and that it is known."""
    root = f"{here(change.case_id)}/risk/{change.id}"
    found = []
    if work.actor.agency_id == change.agency_id and change.notified_at is None and may_tell(work, requirement):
        found.append(("Say that they were told", "notify"))
    if decides(work, requirement) and change.acknowledged_at is None:
        found.append(("Acknowledge change of risk", "acknowledge"))
    return made(root, iter(found))


def of_report(work: Work, report: ComplianceReport, requirement: Requirement) -> tuple[Move, ...]:
    """What may be done with a report."""
    return made(f"{here(report.case_id)}/reports/{report.id}", _report(work, report, requirement))


def _report(work: Work, report: ComplianceReport, requirement: Requirement) -> Open:
    if decides(work, requirement) and report.status is ReportStatus.SENT:
        yield "Acknowledge report", "acknowledge"
    if work.actor.agency_id != report.agency_id or not acts_among(work.actor, WRITERS):
        return
    not_by_author = {"countersign", "give_back"} if work.actor.id == report.author_id else set()
    for step in steps_reports.reports.open_to(report, work.actor.role):
        if step.name in REPORT_PAGES and step.name not in not_by_author:
            yield step.label, REPORT_PAGES[step.name]
    if report.status in GONE and report.replaced_by_id is None and may_tell(work, requirement):
        yield "Correct report", "correct"

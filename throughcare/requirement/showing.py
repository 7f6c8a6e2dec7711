"""How rows of requirements become views: with names, words and numbers in place of ids and codes."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.agencies import Agency, Worker
from throughcare.casework.overview import names_of
from throughcare.casework.rows import Appointment
from throughcare.kernel.work import Work
from throughcare.requirement.body import ReportBody
from throughcare.requirement.doors import book
from throughcare.requirement.rows import (
    Absence,
    AbsenceDecision,
    ComplianceReport,
    DrugTest,
    Requirement,
    RequirementWarning,
    RiskChange,
)
from throughcare.requirement.views import (
    Decision,
    OrderedShown,
    ReportShown,
    RequirementShown,
    RiskShown,
    SampleShown,
    WarningShown,
)
from throughcare.requirement.words import ContactRoute


def shown(work: Work, requirement: Requirement) -> RequirementShown:
    """One requirement as the reader may see it."""
    known, words = book(work), book(work).words[requirement.jurisdiction]
    kind = known.kinds.get(requirement.kind)
    return access.show(
        work, requirement, RequirementShown,
        kind_name=kind.name if kind else requirement.kind,
        agency=name_of(work, Agency, requirement.agency_id),
        officer=name_of(work, Worker, requirement.officer_id),
        officer_word=words.officer, supervisor_word=words.supervisor,
    )  # fmt: skip


def name_of(work: Work, kind: type[Agency | Worker], row_id: UUID | None) -> str:
    """The name of an agency or worker; blank for none."""
    return names_of(work, kind, [row_id]).get(row_id, "") if row_id else ""


def appointment_shown(work: Work, appointment: Appointment) -> OrderedShown:
    """One ordered appointment as the reader may see it."""
    absence = work.session.exec(select(Absence).where(Absence.appointment_id == appointment.id)).first()
    about = {
        "notified_at": absence.notified_at, "evidence": absence.evidence, "evidence_on": absence.evidence_on,
        "followed_up_on": absence.followed_up_on, "enforcement": absence.enforcement, "absence": absence.status,
        "decisions": decisions(work, absence),
    } if absence else {}  # fmt: skip
    named = book(work).appointments.get(appointment.kind, "Appointment")
    return access.show(
        work, appointment, OrderedShown,
        kind_name=named, agency=name_of(work, Agency, appointment.agency_id),
        place=appointment.place, with_whom=appointment.with_whom,
        reason=book(work).reason_name(appointment.reason_given), **_blank | about,
    )  # fmt: skip


_blank: dict[str, object] = {
    "absence": None, "notified_at": None, "evidence": None, "evidence_on": None, "followed_up_on": None,
    "enforcement": None, "decisions": (),
}  # fmt: skip


def decisions(work: Work, absence: Absence) -> tuple[Decision, ...]:
    """Every decision on an absence, the first first."""
    query = select(AbsenceDecision).where(AbsenceDecision.absence_id == absence.id)
    rows = work.session.exec(query.order_by(col(AbsenceDecision.created_at))).all()
    names = names_of(work, Worker, [row.decided_by for row in rows])
    return tuple(
        Decision(
            outcome=row.outcome, reason=book(work).reason_name(row.reason), because=row.because,
            by=names.get(row.decided_by, ""), at=row.decided_at,
        )
        for row in rows
    )  # fmt: skip


def warning_shown(work: Work, warning: RequirementWarning) -> WarningShown:
    """One warning as the reader may see it."""
    return access.show(work, warning, WarningShown)


def sample_shown(work: Work, test: DrugTest) -> SampleShown:
    """One test as the reader may see it."""
    return access.show(work, test, SampleShown)


def risk_shown(work: Work, change: RiskChange) -> RiskShown:
    """One change of risk, with the name and number to ring."""
    agency = work.session.get_one(Agency, change.agency_id)
    worker = work.session.get_one(Worker, change.worker_id)
    numbers = {
        ContactRoute.WORKER: (worker.name, worker.phone or agency.phone),
        ContactRoute.AGENCY: (agency.name, agency.phone),
        ContactRoute.OUT_OF_HOURS: (agency.name, agency.out_of_hours or agency.phone),
    }
    ring = ", ".join(filter(None, numbers[change.route]))
    return access.show(work, change, RiskShown, ring=ring)


def report_shown(work: Work, report: ComplianceReport) -> ReportShown:
    """One report as the reader may see it."""
    body = ReportBody.model_validate_json(report.rendered) if report.rendered else None
    requirement = work.session.get_one(Requirement, report.requirement_id)
    kind = book(work).kinds.get(requirement.kind)
    agencies = names_of(work, Agency, [report.agency_id, report.to_agency_id])
    return access.show(
        work, report, ReportShown,
        agency=agencies[report.agency_id], to_agency=agencies.get(report.to_agency_id, ""),
        requirement_name=kind.name if kind else requirement.kind, order=requirement.order,
        reference=requirement.reference, counts=body.appointments if body else None, tests=body.tests if body else (),
        author=name_of(work, Worker, report.author_id), countersigner=name_of(work, Worker, report.countersigner_id),
    )  # fmt: skip

"""How rows of requirements become views: with names, words and numbers in place of ids and codes."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.agencies import Agency, Worker
from throughcare.casework.naming import names_of
from throughcare.casework.rows import Appointment
from throughcare.kernel.work import Work
from throughcare.requirement.body import ReportBody, is_whole
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
    return appointments_shown(work, [appointment])[0]


def appointments_shown(work: Work, rows: Sequence[Appointment]) -> list[OrderedShown]:
    """Ordered appointments as the reader may see them, with what became of the absences."""
    absences = absences_from(work, rows)
    agencies = names_of(work, Agency, [row.agency_id for row in rows])
    more = {
        row.id: {
            "kind_name": book(work).appointments.get(row.kind, "Appointment"),
            "agency": agencies[row.agency_id],
            "place": row.place,
            "with_whom": row.with_whom,
            "reason": book(work).reason_name(row.reason_given),
            **_absence(work, absences.get(row.id)),
        }
        for row in rows
    }
    return access.show_all(work, rows, OrderedShown, more)


def absences_from(work: Work, rows: Sequence[Appointment]) -> dict[UUID, Absence]:
    """The absences from these appointments, by appointment."""
    query = select(Absence).where(col(Absence.appointment_id).in_([row.id for row in rows]))
    return {absence.appointment_id: absence for absence in work.session.exec(query)}


def _absence(work: Work, absence: Absence | None) -> dict[str, object]:
    """The fields of a view that tell of an absence: all of them, so that none is looked for on the appointment."""
    names = ("notified_at", "evidence", "evidence_on", "followed_up_on", "enforcement")
    told: dict[str, object] = {name: getattr(absence, name, None) for name in names}
    return told | {
        "absence": absence.status if absence else None,
        "decisions": decisions(work, absence) if absence else (),
    }


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
    return reports_shown(work, [report])[0]


def reports_shown(work: Work, rows: Sequence[ComplianceReport]) -> list[ReportShown]:
    """Reports as the reader may see them, taken apart so that each part is told on its own basis."""
    agencies = names_of(work, Agency, [agency_id for row in rows for agency_id in (row.agency_id, row.to_agency_id)])
    workers = names_of(work, Worker, [who for row in rows for who in (row.author_id, row.countersigner_id)])
    more = {
        row.id: {
            **_told(work, row),
            "whole": is_whole(row.rendered, row.sha256),
            "agency": agencies[row.agency_id],
            "to_agency": agencies[row.to_agency_id],
            "author": workers.get(row.author_id or row.id, ""),
            "countersigner": workers.get(row.countersigner_id or row.id, ""),
        }
        for row in rows
    }
    return access.show_all(work, rows, ReportShown, more)


def _told(work: Work, report: ComplianceReport) -> dict[str, object]:
    body = ReportBody.model_validate_json(report.rendered) if report.rendered else None
    requirement = work.session.get_one(Requirement, report.requirement_id)
    kind = book(work).kinds.get(requirement.kind)
    return {
        "requirement_name": kind.name if kind else requirement.kind,
        "order": requirement.order,
        "reference": requirement.reference,
        "counts": body.appointments if body else None,
        "tests": body.tests if body else (),
    }

"""The facts a compliance report is made of, gathered from allow-listed columns and from nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import time, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework.rows import Appointment
from throughcare.kernel.clock import at as instant_at
from throughcare.kernel.work import Work
from throughcare.requirement.body import Counts, ReportBody, SampleLine
from throughcare.requirement.forms_reports import WriteReport
from throughcare.requirement.rows import Absence, ComplianceReport, DrugTest, Requirement
from throughcare.requirement.rules import Outcome, tally
from throughcare.requirement.words import SamplePurpose

MIDNIGHT = time(0, 0)


def outcomes_of(work: Work, report: ComplianceReport) -> Sequence[Outcome]:
    """The ordered appointments of the report's period that have come, each with what was made of an absence."""
    first = instant_at(report.period_from, MIDNIGHT)
    after = min(instant_at(report.period_to + timedelta(days=1), MIDNIGHT), work.now)
    query = (
        select(col(Appointment.status), col(Absence.status))
        .join(Absence, col(Absence.appointment_id) == col(Appointment.id), isouter=True)
        .where(
            Appointment.requirement_id == report.requirement_id,
            col(Appointment.at) >= first,
            col(Appointment.at) < after,
        )
    )
    return [Outcome(status.value, absence) for status, absence in work.session.exec(query)]


def tests_of(work: Work, report: ComplianceReport) -> tuple[SampleLine, ...]:
    """The ordered tests of the period, in the order they were taken. A clinical one is not among them."""
    query = select(DrugTest).where(
        DrugTest.requirement_id == report.requirement_id,
        col(DrugTest.purpose).in_([SamplePurpose.SUPERVISION, SamplePurpose.COURT]),
        col(DrugTest.collected_on) >= report.period_from,
        col(DrugTest.collected_on) <= report.period_to,
    )
    return tuple(
        SampleLine(
            collected_on=test.collected_on,
            type=test.type,
            purpose=test.purpose,  # type: ignore[arg-type] # the query leaves only the ordered ones
            stage=test.stage,
            result=test.result,
        )
        for test in work.session.exec(query.order_by(col(DrugTest.collected_on), col(DrugTest.id)))
    )


def body_of(
    work: Work, report: ComplianceReport, requirement: Requirement, said: WriteReport, author_id: UUID | None
) -> ReportBody:
    """The whole report as the facts are now; pydantic refuses whatever the schema does not name."""
    facts: dict[str, Any] = {
        "report_id": report.id,
        "number": report.number,
        "replaces_id": report.replaces_id,
        "requirement": requirement.kind,
        "order": requirement.order,
        "jurisdiction": requirement.jurisdiction,
        "reference": requirement.reference,
        "period_from": report.period_from,
        "period_to": report.period_to,
        "appointments": Counts(**asdict(tally(outcomes_of(work, report)))),
        "tests": tests_of(work, report),
        "rating": said.rating,
        "engagement": said.sentence,
        "risk_changed": said.risk_changed,
        "stage": said.stage,
        "recommendation": said.recommendation,
        "author_id": author_id,
    }
    return ReportBody(**facts)

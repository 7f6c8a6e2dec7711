"""Everything about requirements on one case, and the reports of one agency, as far as the reader may know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.rows import Appointment
from throughcare.casework.views import CaseHeading, headings
from throughcare.kernel.actors import AgencyKind, acts_among
from throughcare.kernel.refusals import NotPermitted, refuse_if
from throughcare.kernel.work import Work
from throughcare.requirement import moves
from throughcare.requirement.doors import KEEPERS, book, may_tell, requirement_of
from throughcare.requirement.forms_reports import ReportFilter
from throughcare.requirement.moves import Move
from throughcare.requirement.reports import GONE, report_of
from throughcare.requirement.rows import (
    ComplianceReport,
    DrugTest,
    Requirement,
    RequirementWarning,
    RiskChange,
)
from throughcare.requirement.showing import absences_from, appointments_shown, report_shown, reports_shown, shown
from throughcare.requirement.showing import risk_shown as risk_of
from throughcare.requirement.views import (
    OrderedShown,
    ReportShown,
    RequirementShown,
    RiskShown,
    SampleShown,
    WarningShown,
)
from throughcare.requirement.words import ReportStatus, SamplePurpose

MOST = 100  # rows of a kind on one page


class CheckinFacts(BaseModel):
    """Three counts, kept apart. Choosing not to use texts is a choice, and never a failure to comply."""

    sent: int = 0
    delivered: int = 0
    answered: int = 0
    chose_not_to_use_texts: bool = False


class CaseRequirements(BaseModel):
    """The requirements tab. `moves` are the open acts by row."""

    case_id: UUID
    supervisor: str
    may_record: bool
    supervised: bool = False  # whether the reader is of the agency that is told
    requirements: tuple[RequirementShown, ...] = ()
    appointments: tuple[OrderedShown, ...] = ()
    warnings: tuple[WarningShown, ...] = ()
    tests: tuple[SampleShown, ...] = ()
    risks: tuple[RiskShown, ...] = ()
    reports: tuple[ReportShown, ...] = ()
    moves: dict[UUID, tuple[Move, ...]] = {}
    told: tuple[str, ...] = ()
    not_told: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    checkins: CheckinFacts | None = None


class ReportPage(BaseModel):
    """One report with what may be done with it."""

    case_id: UUID
    report: ReportShown
    moves: tuple[Move, ...] = ()
    supervisor: str = ""


class ReportLine(BaseModel):
    """One report on a list, with whose it is."""

    report: ReportShown
    heading: CaseHeading
    href: str


class ReportList(BaseModel):
    """The reports of the reader's agency: to write, to countersign, to send, or to acknowledge."""

    lines: tuple[ReportLine, ...] = ()
    status: ReportStatus | None = None
    more: bool = False


def case_page(work: Work, case_id: UUID) -> CaseRequirements:
    """NotFound where there is no standing."""
    case = access.find_case(work, case_id)
    found = select(Requirement).where(Requirement.case_id == case_id).order_by(col(Requirement.starts_on).desc())
    held = {row.id: row for row in work.session.exec(found.limit(MOST)) if _within(work, row)}
    rows = _Rows(work, held)
    told = book(work).reports
    appointments = tuple(appointments_shown(work, rows.appointments))
    return CaseRequirements(
        case_id=case_id,
        supervisor=book(work).words[case.jurisdiction].supervisor,
        may_record=acts_among(work.actor, KEEPERS),
        supervised=work.actor.agency_kind is AgencyKind.PROBATION,
        requirements=tuple(shown(work, row) for row in held.values()),
        appointments=appointments,
        warnings=tuple(access.show_all(work, rows.warnings, WarningShown)),
        tests=tuple(access.show_all(work, rows.tests, SampleShown)),
        risks=tuple(risk_of(work, row) for row in rows.risks),
        reports=tuple(reports_shown(work, rows.reports)),
        moves=rows.moves(),
        told=told.told,
        not_told=told.not_told,
        withheld=("attendance",) if any("at" in row.withheld for row in appointments) else (),
    )


def _within(work: Work, requirement: Requirement) -> bool:
    """To the supervising side a requirement under which nothing may be told holds nothing."""
    return work.actor.agency_kind is not AgencyKind.PROBATION or may_tell(work, requirement)


class _Rows:
    """The rows under some requirements that this reader may know are there."""

    def __init__(self, work: Work, held: Mapping[UUID, Requirement]) -> None:
        self.work, self.held = work, held
        theirs = work.actor.agency_kind is AgencyKind.PROBATION
        self.appointments: list[Appointment] = self._of(Appointment, Appointment.at)
        self.warnings: list[RequirementWarning] = self._of(RequirementWarning, RequirementWarning.given_on)
        tests: list[DrugTest] = self._of(DrugTest, DrugTest.collected_on)
        self.tests = [row for row in tests if not theirs or row.purpose is not SamplePurpose.CLINICAL]
        self.risks: list[RiskChange] = self._of(RiskChange, RiskChange.created_at)
        reports: list[ComplianceReport] = self._of(ComplianceReport, ComplianceReport.period_from)
        self.reports = [row for row in reports if _is_theirs(work, row)]

    def _of(self, kind: Any, newest: Any) -> list[Any]:
        found = select(kind).where(kind.requirement_id.in_(self.held))
        return list(self.work.session.exec(found.order_by(col(newest).desc(), col(kind.id)).limit(MOST)))

    def moves(self) -> dict[UUID, tuple[Move, ...]]:
        """The open acts by row."""
        work, held = self.work, self.held
        absences = absences_from(work, self.appointments)
        found = {row.id: moves.of_requirement(work, row) for row in held.values()}
        for row in self.appointments:
            under = held[row.requirement_id or row.id]
            found[row.id] = moves.of_appointment(work, row, under, absences.get(row.id))
        found |= {row.id: moves.of_warning(work, row, held[row.requirement_id]) for row in self.warnings}
        found |= {row.id: moves.of_test(work, row) for row in self.tests if acts_among(work.actor, KEEPERS)}
        found |= {row.id: moves.of_risk(work, row, held[row.requirement_id]) for row in self.risks}
        return {row_id: open_ones for row_id, open_ones in found.items() if open_ones}


def _is_theirs(work: Work, report: ComplianceReport) -> bool:
    sent_to_them = report.status in GONE and work.actor.agency_id == report.to_agency_id
    return work.actor.agency_id == report.agency_id or sent_to_them


def report_page(work: Work, case_id: UUID, report_id: UUID) -> ReportPage:
    """One report. NotFound without standing, and to the supervising agency until it is sent."""
    report = report_of(work, case_id, report_id, change=False)
    requirement = requirement_of(work, report)
    return ReportPage(
        case_id=case_id,
        report=report_shown(work, report),
        moves=moves.of_report(work, report, requirement),
        supervisor=book(work).words[requirement.jurisdiction].supervisor,
    )


def report_list(work: Work, asked: ReportFilter) -> ReportList:
    """The reports that wait for this agency, the soonest due first; acknowledged ones when they are asked for."""
    refuse_if(work.actor.agency_id is None, NotPermitted)
    query = select(ComplianceReport).where(
        col(ComplianceReport.case_id).in_(access.cases_with_standing(work)), _ours(work), _waiting(asked)
    )
    order = (col(ComplianceReport.due_at), col(ComplianceReport.id))
    rows = list(work.session.exec(query.order_by(*order).limit(MOST + 1)))
    told = headings(work, {row.case_id for row in rows[:MOST]})
    lines = [_line(report, told[report.case_id]) for report in reports_shown(work, rows[:MOST])]
    return ReportList(lines=tuple(lines), status=asked.status, more=len(rows) > MOST)


def _line(report: ReportShown, heading: CaseHeading) -> ReportLine:
    return ReportLine(report=report, heading=heading, href=f"{moves.here(report.case_id)}/reports/{report.id}")


def _ours(work: Work) -> Any:
    sent = col(ComplianceReport.status).in_(GONE) & (col(ComplianceReport.to_agency_id) == work.actor.agency_id)
    return (col(ComplianceReport.agency_id) == work.actor.agency_id) | sent


def _waiting(asked: ReportFilter) -> Any:
    if asked.status is not None:
        return col(ComplianceReport.status) == asked.status
    return col(ComplianceReport.status) != ReportStatus.ACKNOWLEDGED

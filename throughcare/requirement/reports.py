"""Compliance reports: written, countersigned by another person, sent, acknowledged, and corrected by a new version."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import select

from throughcare.casework import tasks
from throughcare.casework.tasks import About, For
from throughcare.kernel.actors import Role, acts_among
from throughcare.kernel.refusals import Invalid, NotFound, NotPermitted, Refusal, WrongState, refuse_if
from throughcare.kernel.work import Work
from throughcare.requirement import errands, events, steps_reports
from throughcare.requirement.doors import (
    WRITERS,
    book,
    officer_of,
    refuse_unless_told,
    requirement_of,
    row_of,
    supervises,
    supervisors_only,
    working_day_end,
)
from throughcare.requirement.facts import body_of, outcomes_of
from throughcare.requirement.forms_reports import BeginReport, ReturnReport, WriteReport
from throughcare.requirement.periods import add_report
from throughcare.requirement.rows import ComplianceReport, Requirement
from throughcare.requirement.rules import refuse_unfit_sentence, unwritten
from throughcare.requirement.showing import report_shown
from throughcare.requirement.views import ReportShown
from throughcare.requirement.words import ReportStatus

GONE = (ReportStatus.SENT, ReportStatus.ACKNOWLEDGED)


class OutcomesMissing(Refusal):
    """Some appointments of the period have no outcome: record those first."""

    code = "outcomes_missing"


class NotOver(Invalid):
    """The period must be over, and within the order or licence."""

    code, beside = "not_over", "period_to"


class ReportedAlready(Invalid):
    """There is a report about some of those days."""

    code, beside = "reported_already", "period_from"


class CorrectedAlready(WrongState):
    """There is a newer version of this report."""

    code = "corrected_already"


def report_of(work: Work, case_id: UUID, report_id: UUID, *, change: bool = True) -> ComplianceReport:
    """A report of this case. To everyone but its own agency it is not there until it is sent, and then to one only."""
    report = row_of(work, ComplianceReport, case_id, report_id, change=change)
    sent_to_them = report.status in GONE and work.actor.agency_id == report.to_agency_id
    refuse_if(work.actor.agency_id != report.agency_id and not sent_to_them, NotFound)
    return report


def _ours(work: Work, case_id: UUID, report_id: UUID) -> tuple[ComplianceReport, Requirement]:
    report = report_of(work, case_id, report_id)
    refuse_if(work.actor.agency_id != report.agency_id or not acts_among(work.actor, WRITERS), NotPermitted)
    return report, requirement_of(work, report)


def begin(work: Work, case_id: UUID, requirement_id: UUID, form: BeginReport) -> ReportShown:
    """A report outside the monthly round."""
    requirement = row_of(work, Requirement, case_id, requirement_id)
    refuse_if(not acts_among(work.actor, WRITERS) or supervises(work, requirement), NotPermitted)
    refuse_unless_told(work, requirement)
    last = requirement.ended_on or requirement.ends_on or form.period_to
    outside = form.period_from < requirement.starts_on or form.period_to > last
    refuse_if(form.period_to >= work.today or outside, NotOver)
    same = select(ComplianceReport.id).where(
        ComplianceReport.requirement_id == requirement.id,
        ComplianceReport.period_from <= form.period_to,
        ComplianceReport.period_to >= form.period_from,
    )
    refuse_if(work.session.exec(same).first(), ReportedAlready)
    return report_shown(work, add_report(work, requirement, form.period_from, form.period_to))


def write(work: Work, case_id: UUID, report_id: UUID, form: WriteReport) -> ReportShown:
    """Draft the report, or write it again before it is sent."""
    report, requirement = _ours(work, case_id, report_id)
    rules = book(work).reports
    refuse_unfit_sentence(form.sentence, rules.clinical, rules.longest_sentence)
    missing = unwritten(outcomes_of(work, report))
    refuse_if(missing and report.status not in GONE, OutcomesMissing)
    steps_reports.draft(report, work, form, body_of(work, report, requirement, form, work.actor.id))
    whose = For(report.agency_id, role=Role.MANAGER)
    about = About(case_id, report.id, f"{report.id}:{report.version}")
    tasks.give(work, errands.COUNTERSIGN, whose, about, report.due_at)
    return report_shown(work, report)


def _said(report: ComplianceReport) -> WriteReport:
    """What the author said, as it stands on the report."""
    return WriteReport.model_validate({name: getattr(report, name) for name in WriteReport.model_fields})


def countersign(work: Work, case_id: UUID, report_id: UUID) -> ReportShown:
    """Another person of the agency stands by the report."""
    report, requirement = _ours(work, case_id, report_id)
    _refuse_unless(report, ReportStatus.DRAFTED, work)
    now = body_of(work, report, requirement, _said(report), report.author_id)
    steps_reports.countersign(report, work, now)
    whose = For(report.agency_id, worker_id=report.author_id)
    about = About(case_id, report.id, f"{report.id}:{report.version}")
    tasks.give(work, errands.SEND, whose, about, report.due_at)
    return report_shown(work, report)


def give_back(work: Work, case_id: UUID, report_id: UUID, form: ReturnReport) -> ReportShown:
    """Return the report to its author."""
    report, _ = _ours(work, case_id, report_id)
    steps_reports.give_back(report, work, form.because)
    whose = For(report.agency_id, worker_id=report.author_id)
    about = About(case_id, report.id, f"{report.id}:{report.version}")
    tasks.give(work, errands.REWRITE, whose, about, report.due_at)
    return report_shown(work, report)


def send(work: Work, case_id: UUID, report_id: UUID) -> ReportShown:
    """Send the report to the supervising agency, and freeze it."""
    report, requirement = _ours(work, case_id, report_id)
    _refuse_unless(report, ReportStatus.COUNTERSIGNED, work)
    agency_id = refuse_unless_told(work, requirement)
    now = body_of(work, report, requirement, _said(report), report.author_id)
    signed = now.model_copy(update={"countersigner_id": report.countersigner_id})
    steps_reports.send(report, work, signed, (agency_id, requirement.officer_id))
    officer = officer_of(work, requirement)
    due = working_day_end(work, officer.agency_id, work.today, book(work).reports.due_working_days)
    tasks.give(work, errands.ACKNOWLEDGE, officer, About(case_id, report.id), due)
    return report_shown(work, report)


def _refuse_unless(report: ComplianceReport, status: ReportStatus, work: Work) -> None:
    """The step's own refusal, before the facts are gathered for it."""
    if report.status is not status:
        raise WrongState(steps_reports.reports.sentence(report, work.actor.role))


def acknowledge(work: Work, case_id: UUID, report_id: UUID) -> ReportShown:
    """The supervising agency has the report."""
    report = report_of(work, case_id, report_id)
    supervisors_only(work, requirement_of(work, report))
    steps_reports.acknowledge(report, work)
    return report_shown(work, report)


def correct(work: Work, case_id: UUID, report_id: UUID) -> ReportShown:
    """A sent report is never changed: a new version names it and goes the same way."""
    old, requirement = _ours(work, case_id, report_id)
    refuse_if(old.status not in GONE, WrongState("Only a report that was sent is corrected: write this one again."))
    refuse_if(old.replaced_by_id is not None, CorrectedAlready)
    refuse_unless_told(work, requirement)
    new = work.add(
        ComplianceReport(
            case_id=case_id, requirement_id=old.requirement_id, agency_id=old.agency_id, to_agency_id=old.to_agency_id,
            period_from=old.period_from, period_to=old.period_to, number=old.number + 1, replaces_id=old.id,
            due_at=working_day_end(work, old.agency_id, work.today, book(work).reports.due_working_days),
            rating=old.rating, sentence=old.sentence, risk_changed=old.risk_changed, stage=old.stage,
            recommendation=old.recommendation,
        )
    )  # fmt: skip
    old.replaced_by_id = new.id
    work.session.add(old)
    work.session.flush()
    work.record(events.ReportCorrected(subject_id=new.id, case_id=case_id, corrects_id=old.id))
    whose = For(new.agency_id, worker_id=work.actor.id)
    tasks.give(work, errands.WRITE, whose, About(case_id, new.id), new.due_at)
    return report_shown(work, new)

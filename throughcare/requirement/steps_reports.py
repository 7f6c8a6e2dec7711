"""How a compliance report goes: drafted, countersigned by another, sent and frozen, acknowledged."""

from __future__ import annotations

from uuid import UUID

from throughcare.kernel.refusals import Refusal, refuse_if
from throughcare.kernel.steps import Effect, Machine
from throughcare.kernel.work import Moment
from throughcare.requirement import events
from throughcare.requirement.body import ReportBody, fingerprint
from throughcare.requirement.doors import SUPERVISORS, WRITERS
from throughcare.requirement.forms_reports import WriteReport
from throughcare.requirement.rows import ComplianceReport
from throughcare.requirement.steps import about
from throughcare.requirement.words import ReportStatus

reports: Machine[ComplianceReport] = Machine(ComplianceReport, "compliance report")


class OwnReport(Refusal):
    """Somebody other than its author countersigns a report."""

    code = "own_report"


class FactsMoved(Refusal):
    """The facts have changed since this report was written: write it again before it goes on."""

    code = "facts_moved"


@reports.step(
    "Write report",
    frm={ReportStatus.DUE, ReportStatus.DRAFTED, ReportStatus.COUNTERSIGNED},
    to=ReportStatus.DRAFTED,
    by=set(WRITERS),
)
def draft(report: ComplianceReport, at: Moment, form: WriteReport, body: ReportBody) -> Effect:
    """The author adds to the counts; written again, it needs countersigning again."""
    said = {**form.model_dump(), "rendered": body.rendered, "author_id": at.actor.id, "countersigner_id": None}
    return Effect(set={**said, "returned_because": ""}, event=events.ReportDrafted(**about(report)))


@reports.step("Countersign report", frm={ReportStatus.DRAFTED}, to=ReportStatus.COUNTERSIGNED, by=set(WRITERS))
def countersign(report: ComplianceReport, at: Moment, now: ReportBody) -> Effect:
    """Another person of the agency stands by it, as the facts are now."""
    refuse_if(at.actor.id == report.author_id, OwnReport)
    refuse_if(now.rendered != report.rendered, FactsMoved)
    signed = now.model_copy(update={"countersigner_id": at.actor.id})
    return Effect(
        set={"countersigner_id": at.actor.id, "rendered": signed.rendered},
        event=events.ReportCountersigned(**about(report)),
    )


@reports.step(
    "Return to author",
    frm={ReportStatus.DRAFTED, ReportStatus.COUNTERSIGNED},
    to=ReportStatus.DUE,
    by=set(WRITERS),
)
def give_back(report: ComplianceReport, at: Moment, because: str) -> Effect:
    """It goes back with what needs to change."""
    refuse_if(at.actor.id == report.author_id, OwnReport)
    return Effect(
        set={"returned_because": because, "countersigner_id": None, "rendered": ""},
        event=events.ReportReturned(**about(report)),
    )


@reports.step("Send report", frm={ReportStatus.COUNTERSIGNED}, to=ReportStatus.SENT, by=set(WRITERS))
def send(report: ComplianceReport, at: Moment, now: ReportBody, to: tuple[UUID, UUID | None]) -> Effect:
    """It goes, and stays as it went: its hash says so."""
    refuse_if(now.rendered != report.rendered, FactsMoved)
    sha256 = fingerprint(report.rendered)
    agency_id, officer_id = to
    return Effect(
        set={"sha256": sha256, "sent_at": at.now, "sent_by": at.actor.id, "to_agency_id": agency_id},
        event=events.ReportSent(**about(report), sha256=sha256, for_agency_id=agency_id, for_worker_id=officer_id),
    )


@reports.step("Acknowledge report", frm={ReportStatus.SENT}, to=ReportStatus.ACKNOWLEDGED, by=set(SUPERVISORS))
def acknowledge(report: ComplianceReport, at: Moment) -> Effect:
    """The supervising agency has it."""
    return Effect(
        set={"acknowledged_at": at.now, "acknowledged_by": at.actor.id},
        event=events.ReportAcknowledged(**about(report)),
    )

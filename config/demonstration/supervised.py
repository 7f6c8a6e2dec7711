"""What orders and licences ask for: appointments kept and missed, what probation makes of it, tests, risk and reports."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from config.demonstration.people import Fate
from config.demonstration.playing import Stage
from throughcare.casework.rows import AppointmentStatus
from throughcare.kernel.actors import SYSTEM
from throughcare.requirement import attendance, deciding, forms, orders, reports, risk, testing, words
from throughcare.requirement.forms_reports import BeginReport, WriteReport
from throughcare.requirement.periods import end_periods
from throughcare.requirement.rows import ComplianceReport

Part = Generator[datetime, None, None]
ASKED = {  # a fate's order -> the requirement, and under what
    "atr": ("atr", words.OrderKind.COMMUNITY_ORDER),
    "drr": ("drr", words.OrderKind.COMMUNITY_ORDER),
    "licence": ("licence_condition", words.OrderKind.LICENCE),
    "cpo": ("cpo_alcohol", words.OrderKind.COMMUNITY_PAYBACK_ORDER),
    "dtto": ("dtto", words.OrderKind.DRUG_TREATMENT_AND_TESTING_ORDER),
}
FAR = ("drafted", "countersigned", "sent", "acknowledged", "corrected")
SAID = WriteReport(
    rating=words.Rating.PARTLY, sentence="Comes most weeks, takes part in the group and lets us know when late.", risk_changed=False,
    stage=words.TreatmentStage.UNDER_WAY, recommendation=words.Recommendation.CONTINUE,
)  # fmt: skip


def reports_fall_due(stage: Stage, first_day: int) -> Part:
    """Every morning since the first release the service looks which report periods have ended."""
    for day in range(first_day, 1):
        yield stage.when(day, 0, 20)
        with stage.desk.work(SYSTEM) as work:
            end_periods(work)


def supervised(stage: Stage, fate: Fate, case_id: UUID) -> Part:
    """Recorded before release; from the first contact on, kept week by week and reported."""
    if fate.order == "none" or fate.release is None:
        return
    officer, _, _, _, worker, supervisor, _ = fate.staff
    yield stage.when(max(fate.release - 20, fate.received + 7), 12, fate.number % 50)
    kind, order = ASKED[fate.order]
    made = stage.do(officer, orders.record, case_id, forms.RecordRequirement(
        kind=kind, order=order, reference=f"T2026/{400 + fate.number}", starts_on=stage.day(fate.release),
        officer_id=stage.partnership.actors[supervisor].id, told_on=stage.today + timedelta(days=min(fate.release - 20, -1)),
    ))  # fmt: skip
    if made is None or fate.release > -3 or fate.handover != "active":  # noqa: PLR2004 - nobody has met them yet
        return
    who = _Under(stage, fate, case_id, made.id, worker, supervisor)
    for week in range((-fate.release - 3) // 7 + 1):
        yield from who.met(week, fate.release + 3 + 7 * week)
    yield from who.reported()


class _Under:
    """One requirement with those who keep it and those who supervise it."""

    def __init__(
        self, stage: Stage, fate: Fate, case_id: UUID, requirement_id: UUID, worker: str, supervisor: str
    ) -> None:
        self.stage, self.fate, self.case_id, self.requirement_id = stage, fate, case_id, requirement_id
        self.worker, self.supervisor = worker, supervisor

    def met(self, week: int, day: int) -> Part:
        """Booked, and kept or missed. A sample once a month where tests are ordered."""
        stage, case_id = self.stage, self.case_id
        yield stage.when(day, 13, self.fate.number % 50)
        booked = stage.do(self.worker, attendance.book_ordered, case_id, self.requirement_id, forms.BookOrdered(
            kind="group" if week % 2 else "session", on=stage.day(day), at=time(14), place="12 Quay Street, Ashby",
        ))  # fmt: skip
        ahead = forms.BookOrdered(kind="review", on=stage.day(day + 10), at=time(10), place="12 Quay Street, Ashby")
        if day > -7:  # noqa: PLR2004 - the last week: one more is still to come
            stage.do(self.worker, attendance.book_ordered, case_id, self.requirement_id, ahead)
        yield stage.when(day, 16, self.fate.number % 50)
        missed = week == 1 and self.fate.absence
        late = AppointmentStatus.ATTENDED_LATE if week % 4 == 2 else AppointmentStatus.ATTENDED  # noqa: PLR2004 - one in four
        outcome = (
            forms.RecordOutcome(status=AppointmentStatus.ABSENT, reason="illness")
            if missed
            else forms.RecordOutcome(status=late)
        )
        stage.do(self.worker, attendance.record_outcome, case_id, booked.id, outcome)
        if missed:
            yield from self.missed(booked.id, day)
        elif week == 0 and self.fate.order in {"drr", "dtto", "licence"}:
            yield from self.tested(day)

    def missed(self, appointment: UUID, day: int) -> Part:
        """Told the next day, and decided by the supervising agency as this story has it."""
        stage, case_id, how = self.stage, self.case_id, self.fate.absence
        if how == "untold":
            return
        yield stage.when(day + 1, 9, 10)
        stage.do(self.worker, attendance.tell, case_id, appointment)
        if how == "told":
            return
        yield stage.when(day + 3, 11, 20)
        if how == "awaiting":
            is_it = forms.Classify(outcome=words.AbsenceStatus.AWAITING)
            stage.do(self.supervisor, deciding.classify, case_id, appointment, is_it)
        elif how == "acceptable":
            seen = forms.RecordEvidence(evidence=words.Evidence.CERTIFICATE)
            stage.do(self.worker, attendance.record_evidence, case_id, appointment, seen)
            accepted = forms.Classify(outcome=words.AbsenceStatus.ACCEPTABLE, reason="illness")
            stage.do(self.supervisor, deciding.classify, case_id, appointment, accepted)
        else:
            is_it = forms.Classify(outcome=words.AbsenceStatus.UNACCEPTABLE)
            stage.do(self.supervisor, deciding.classify, case_id, appointment, is_it)
            if how == "warned":
                stage.do(self.supervisor, deciding.warn, case_id, appointment, forms.GiveWarning(
                    circumstances="Did not come to the group, and did not ring.", says_unacceptable=True, says_liable=True,
                ))  # fmt: skip

    def tested(self, day: int) -> Part:
        """A sample for supervision, and what it came to."""
        stage, case_id = self.stage, self.case_id
        sample = forms.RecordTest(type=words.SampleType.ORAL_FLUID, purpose=words.SamplePurpose.SUPERVISION)
        taken = stage.do(self.worker, testing.record_test, case_id, self.requirement_id, sample)
        yield stage.when(day + 1, 10, 15)
        stage.do(self.worker, testing.record_lab, case_id, taken.id)
        yield stage.when(day + 5, 10, 15)
        found = forms.RecordResult(result=words.SampleResult.NEGATIVE, stage=words.SampleStage.SCREENING)
        stage.do(self.worker, testing.record_result, case_id, taken.id, found)

    def reported(self) -> Part:
        """As far as this story's report gets: drafted, countersigned, sent, acknowledged, corrected."""
        stage, case_id, far = self.stage, self.case_id, self.fate.report
        if not far:
            return
        yield stage.when(-2, 15, self.fate.number % 50)
        if self.fate.number % 2:
            stage.do(
                self.worker,
                risk.record_risk,
                case_id,
                self.requirement_id,
                forms.RecordRisk(route=words.ContactRoute.WORKER),
            )
        report = self.oldest() or self.begun()
        if report is None:
            return
        stage.do(self.worker, reports.write, case_id, report, SAID)
        for who, verb in self.steps()[: FAR.index(far)]:
            stage.do(who, verb, case_id, report)

    def steps(self) -> tuple[tuple[str, Callable[..., Any]], ...]:
        """What is done to a report that is written, and by whom."""
        return (
            (f"{self.worker}_manager", reports.countersign), (self.worker, reports.send),
            (self.supervisor, reports.acknowledge), (self.worker, reports.correct),
        )  # fmt: skip

    def oldest(self) -> UUID | None:
        """The report that has waited longest."""
        due = select(ComplianceReport.id).where(
            ComplianceReport.requirement_id == self.requirement_id, ComplianceReport.status == words.ReportStatus.DUE
        )
        with self.stage.desk.work(SYSTEM) as work:
            return work.session.exec(due.order_by(col(ComplianceReport.period_from))).first()

    def begun(self) -> UUID | None:
        """One outside the monthly round, where no period has ended yet."""
        first: date = self.stage.day(self.fate.release or 0)
        form = BeginReport(period_from=first, period_to=self.stage.day(-3))
        made = self.stage.do(self.worker, reports.begin, self.case_id, self.requirement_id, form)
        return made.id if made else None

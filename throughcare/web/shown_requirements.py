"""The requirements tab and one report as their pages lay them out."""

from __future__ import annotations

from uuid import UUID

from throughcare.kernel.work import Work
from throughcare.requirement.page import CaseRequirements, ReportPage, case_page, report_page
from throughcare.requirement.views import (
    OrderedShown,
    ReportShown,
    RequirementShown,
    RiskShown,
    SampleShown,
    WarningShown,
)
from throughcare.web import words
from throughcare.web.checkin_counts import checkin_facts
from throughcare.web.parts import Row


class RequirementsPage(CaseRequirements):
    """The same, as lines of summary lists: a line with nothing in it is left out."""

    def requirement_rows(self, told: RequirementShown) -> list[Row]:
        """One order or licence."""
        return filled(
            ("Order or licence", told.order.label if told.order else ""),
            ("Reference", told.reference),
            ("Starts", words.day(told.starts_on)),
            ("Ends", words.day(told.ends_on)),
            (told.supervisor_word, told.agency),
            ("Responsible officer", told.officer),
            ("Supervision since", words.day(told.supervision_from)),
            ("Told what is passed on", words.day(told.told_on, "Not yet recorded")),
            ("Report period ends", words.day(told.period_ends_on) if not told.ended_on else ""),
            ("Ended", ended(told)),
        )

    def appointment_rows(self, told: OrderedShown) -> list[Row]:
        """One ordered appointment and what became of it."""
        return filled(
            ("When", words.instant(told.at)),
            ("Kept by", told.agency),
            ("Place", told.place),
            ("With", told.with_whom),
            ("What happened", told.status.label if told.status else ""),
            ("Reason given", told.reason),
            ("The absence is", told.absence.label if told.absence else ""),
            ("Told", words.instant(told.notified_at)),
            ("Evidence", joined(told.evidence.label if told.evidence else "", words.day(told.evidence_on))),
            ("Followed up", words.day(told.followed_up_on)),
            ("Decided to do", told.enforcement.label if told.enforcement else ""),
        )

    def warning_rows(self, told: WarningShown) -> list[Row]:
        """One warning."""
        return filled(
            ("Given", words.day(told.given_on)),
            ("Holds until", words.day(told.expires_on) if not told.withdrawn_on else ""),
            ("Circumstances", told.circumstances),
            ("Withdrawn", joined(words.day(told.withdrawn_on), told.withdrawn_because or "")),
        )

    def sample_rows(self, told: SampleShown) -> list[Row]:
        """One test."""
        return filled(
            ("Taken", joined(words.day(told.collected_on), told.type.label.lower() if told.type else "")),
            ("For", told.purpose.label if told.purpose else ""),
            ("At the laboratory", words.instant(told.lab_received_at)),
            ("Result", told.result.label if told.result else "Not yet known"),
            ("Screening or confirmatory", told.stage.label if told.stage else ""),
            ("Result recorded", words.day(told.result_on)),
        )

    def risk_rows(self, told: RiskShown) -> list[Row]:
        """One change of risk."""
        return filled(
            ("Changed", words.day(told.changed_on)),
            ("What to do", told.route.label if told.route else ""),
            ("Ring", told.ring),
            ("Told", words.instant(told.notified_at, "Not yet")),
            ("Acknowledged", words.instant(told.acknowledged_at, "Not yet")),
        )

    @property
    def checkin_rows(self) -> list[Row]:
        """Three counts, never one."""
        facts = self.checkins
        if facts is None:
            return []
        return filled(
            ("Check-ins sent", str(facts.sent)),
            ("Delivered", str(facts.delivered)),
            ("Answered", str(facts.answered)),
            ("Texts", "They chose not to use texts" if facts.chose_not_to_use_texts else ""),
        )


class CaseReport(ReportPage):
    """One report, as lines of summary lists."""

    @property
    def about_rows(self) -> list[Row]:
        told = self.report
        return filled(
            ("Requirement", told.requirement_name),
            ("Order or licence", told.order.label if told.order else ""),
            ("Reference", told.reference),
            ("Period", f"{words.day(told.period_from)} to {words.day(told.period_to)}" if told.period_from else ""),
            ("Version", version(told)),
            ("From", told.agency),
            ("To", told.to_agency),
            ("Author", told.author),
            ("Countersigned by", told.countersigner),
            ("Due", words.by(told.due_at) if not told.sent_at else ""),
            ("Sent", words.instant(told.sent_at)),
            ("Acknowledged", words.instant(told.acknowledged_at)),
            ("SHA-256 of what was sent", told.sha256),
        )

    @property
    def count_rows(self) -> list[tuple[str, str]]:
        """The counts, in words a reader can add up."""
        counts = self.report.counts
        if counts is None:
            return []
        return [
            ("Offered", str(counts.offered)),
            ("Attended", str(counts.attended)),
            ("of which late", str(counts.late)),
            ("of which did not take part", str(counts.not_engaged)),
            ("Acceptable absences", str(counts.acceptable)),
            ("Unacceptable absences", str(counts.unacceptable)),
            ("Absences awaiting a decision", str(counts.undecided)),
            ("Cancelled by the service", str(counts.cancelled_by_service)),
        ]

    @property
    def said_rows(self) -> list[Row]:
        told = self.report
        return filled(
            ("Engagement", told.rating.label if told.rating else ""),
            ("In a sentence", told.sentence),
            ("Risk changed", words.yes_no(told.risk_changed) if told.risk_changed is not None else ""),
            ("Treatment stage", told.stage.label if told.stage else ""),
            ("Recommendation", told.recommendation.label if told.recommendation else ""),
        )

    @property
    def test_rows(self) -> list[tuple[str, str, str, str]]:
        return [
            (
                words.day(test.collected_on),
                test.type.label,
                test.stage.label if test.stage else "",
                test.result.label if test.result else "Not yet known",
            )
            for test in self.report.tests
        ]


def filled(*rows: tuple[str, str | None]) -> list[Row]:
    """The lines that have something in them."""
    return [Row(key, value) for key, value in rows if value]


def joined(*parts: str) -> str:
    """The parts there are, with commas."""
    return ", ".join(filter(None, parts))


def ended(told: RequirementShown) -> str:
    """When and why."""
    return joined(words.day(told.ended_on), told.ended_because.label.lower() if told.ended_because else "")


def version(told: ReportShown) -> str:
    """Which version this is, and whether there is a newer one."""
    replaced = ", replaced by a newer one" if told.replaced_by_id else ""
    return f"{told.number}{', corrects an earlier one' if told.replaces_id else ''}{replaced}"


def tab_page(work: Work, case_id: UUID) -> RequirementsPage:
    """The tab, with the check-in counts for those who are told of them."""
    page = case_page(work, case_id)
    facts = checkin_facts(work, case_id) if page.supervised and page.requirements else None
    return RequirementsPage(**dict(page) | {"checkins": facts})


def one_report(work: Work, case_id: UUID, report_id: UUID) -> CaseReport:
    """One report's page."""
    return CaseReport(**dict(report_page(work, case_id, report_id)))

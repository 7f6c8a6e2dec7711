"""Compliance reports: the list of those that wait for the reader's agency, and each one's way."""

from __future__ import annotations

from throughcare.kernel.work import Work
from throughcare.requirement import forms, forms_reports, reports
from throughcare.requirement.forms_reports import ReportFilter
from throughcare.requirement.page import ReportList, ReportPage, report_list
from throughcare.requirement.views import ReportShown
from throughcare.web import open_requirements as opening
from throughcare.web.acts import Look
from throughcare.web.pages.requirements import ONE, TAB, act, on, press
from throughcare.web.report_sheet import report_pdf
from throughcare.web.shown_requirements import CaseReport, one_report
from throughcare.web.visit import Ids

REPORT = TAB + "/reports/{report_id:uuid}"
BACK = "/cases/{case_id}/requirements/reports/{report_id}"


def listed(work: Work, _: Ids, asked: ReportFilter) -> ReportList:
    return report_list(work, asked)


def one(work: Work, ids: Ids, _: None) -> CaseReport:
    return one_report(work, ids["case_id"], ids["report_id"])


def to_it(report: ReportShown) -> str:
    """Where a report that was begun is read and written."""
    return f"/cases/{report.case_id}/requirements/reports/{report.id}"


ROUTES: tuple[object, ...] = (
    Look("/reports", "Reports", "requirements/reports.html", listed, ReportList, query=ReportFilter, section="Reports"),
    Look(REPORT, "Compliance report", "requirements/report.html", one, ReportPage, tab="Requirements"),
    act(ONE + "/report", "Start a report", "Start report", (forms_reports.BeginReport, opening.booking),
        on("requirement_id", reports.begin), turns=to_it, answers=ReportShown),
    act(REPORT + "/write", "Write the compliance report", "Save report", (forms_reports.WriteReport, opening.writing),
        on("report_id", reports.write), after=BACK, said="Report saved. Somebody else countersigns it.",
        answers=ReportShown),
    act(REPORT + "/countersign", "Countersign the report", "Countersign report", (forms.Press, opening.report),
        press("report_id", reports.countersign), after=BACK, said="Report countersigned", answers=ReportShown),
    act(REPORT + "/return", "Return the report to its author", "Return report",
        (forms_reports.ReturnReport, opening.report), on("report_id", reports.give_back), after=BACK,
        said="Report returned", answers=ReportShown),
    act(REPORT + "/send", "Send the report", "Send report", (forms.Press, opening.report),
        press("report_id", reports.send), after=BACK, said="Report sent. It can no longer be changed.",
        answers=ReportShown, warns=True),
    act(REPORT + "/acknowledge", "Acknowledge the report", "Acknowledge report", (forms.Press, opening.report),
        press("report_id", reports.acknowledge), after=BACK, said="Report acknowledged", answers=ReportShown),
    act(REPORT + "/correct", "Correct a report that was sent", "Start new version", (forms.Press, opening.report),
        press("report_id", reports.correct), after=BACK, turns=to_it, answers=ReportShown),
    report_pdf,
)  # fmt: skip

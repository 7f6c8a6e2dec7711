"""A compliance report printed from what its page shows: the same disclosed fields, and no others."""

from __future__ import annotations

from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Response

from throughcare.casework.views import heading
from throughcare.kernel.ports import Printing
from throughcare.web import words
from throughcare.web.shown_requirements import CaseReport, one_report
from throughcare.web.visit import Visit

DOCUMENT = "report"


def sheet(page: CaseReport, person: str, stamp: int) -> dict[str, Any]:
    """The document's data: a part without rows is left out."""
    report = page.report
    tests = [(taken, ", ".join(filter(None, more))) for taken, *more in page.test_rows]
    parts = (
        ("About this report", [(row.key, row.value) for row in page.about_rows]),
        ("Appointments that were required", page.count_rows),
        ("Engagement, risk and recommendation", [(row.key, row.value) for row in page.said_rows]),
        ("Tests that were ordered", tests),
    )
    return {
        "title": "Compliance report",
        "person": person,
        "status": f"This report is {report.status.label.lower()}." if report.status else "",
        "parts": [{"heading": title, "rows": [list(row) for row in rows]} for title, rows in parts if rows],
        "foot": f"Compliance report, version {report.number}",
        "stamp": stamp,
    }


@get(
    "/cases/{case_id:uuid}/requirements/reports/{report_id:uuid}/report.pdf",
    sync_to_thread=True,
    include_in_schema=False,
    name="report.pdf",
)
def report_pdf(visit: NamedDependency[Visit]) -> Response[bytes]:
    """The report as a tagged PDF. Its file name says nothing of whose it is."""
    with visit.desk.work(visit.actor) as work:
        page = one_report(work, visit.ids["case_id"], visit.ids["report_id"])
        told = heading(work, visit.ids["case_id"])
        person = ", ".join(filter(None, (words.name(told.given, told.family), words.day(told.birth_date), told.crn)))
        printed = work.reference[Printing].printer.print(
            DOCUMENT, sheet(page, person or told.reference, int(work.now.timestamp()))
        )
    headers = {"content-disposition": 'inline; filename="report.pdf"', "cache-control": "no-store"}
    return Response(printed, media_type="application/pdf", headers=headers)

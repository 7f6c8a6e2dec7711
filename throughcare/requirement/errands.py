"""The work that requirements put on somebody's list."""

from __future__ import annotations

from throughcare.casework.tasks import errand
from throughcare.kernel.categories import Category

HERE = "/cases/{case_id}/requirements"
APPOINTMENT = HERE + "/appointments/{subject_id}"
REPORT = HERE + "/reports/{subject_id}"

TELL = errand(
    Category.ATTENDANCE,
    "tell_missed_appointment",
    "Tell the supervising agency about the missed appointment",
    f"{APPOINTMENT}/tell",
    closed_by={"requirement.probation_notified"},
)
DECIDE_ABSENCE = errand(
    Category.ATTENDANCE,
    "decide_absence",
    "Decide whether an absence is acceptable",
    f"{APPOINTMENT}/classify",
    closed_by={"requirement.absence_classified"},
)
DECIDE_ENFORCEMENT = errand(
    Category.ATTENDANCE,
    "decide_enforcement",
    "Decide what to do after a second unacceptable absence",
    f"{APPOINTMENT}/enforcement",
    closed_by={"requirement.enforcement_decided"},
)
RING_ABOUT_RISK = errand(
    Category.RISK,
    "risk_changed",
    "Risk has changed: ring the service",
    HERE + "/risk/{subject_id}/acknowledge",
    closed_by={"risk.acknowledged"},
)
TELL_RISK = errand(
    Category.RISK,
    "tell_risk_changed",
    "Say that the supervising agency was told of the change of risk",
    HERE + "/risk/{subject_id}/notify",
    closed_by={"risk.notified"},
)
WRITE = errand(
    Category.RECORD, "write_report", "Write the compliance report", f"{REPORT}/write", closed_by={"report.drafted"}
)
COUNTERSIGN = errand(
    Category.RECORD,
    "countersign_report",
    "Countersign a compliance report",
    REPORT,  # to be read before it is signed, sent or acknowledged: each has its button there
    closed_by={"report.countersigned", "report.returned"},
)
REWRITE = errand(
    Category.RECORD, "rewrite_report", "Write a returned report again", f"{REPORT}/write", closed_by={"report.drafted"}
)
SEND = errand(
    Category.RECORD,
    "send_report",
    "Send the countersigned report",
    REPORT,
    closed_by={"report.sent", "report.drafted"},
)
ACKNOWLEDGE = errand(
    Category.RECORD,
    "acknowledge_report",
    "Acknowledge a compliance report",
    REPORT,
    closed_by={"report.acknowledged"},
)

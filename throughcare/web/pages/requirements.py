"""The requirements tab of a case: orders, ordered appointments, absences, warnings, tests and changes of risk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from throughcare.kernel.work import Work
from throughcare.requirement import attendance, deciding, endings, forms, orders, risk, testing, views
from throughcare.requirement.page import CaseRequirements
from throughcare.web import open_requirements as opening
from throughcare.web.acts import Act, Look
from throughcare.web.shown_requirements import RequirementsPage, tab_page
from throughcare.web.visit import Ids

TAB = "/cases/{case_id:uuid}/requirements"
ONE = TAB + "/{requirement_id:uuid}"
APPOINTMENT = TAB + "/appointments/{appointment_id:uuid}"
WARNING = TAB + "/warnings/{warning_id:uuid}"
SAMPLE = TAB + "/tests/{test_id:uuid}"
RISK = TAB + "/risk/{change_id:uuid}"
BACK = "/cases/{case_id}/requirements"


def tab(work: Work, ids: Ids, _: None) -> RequirementsPage:
    return tab_page(work, ids["case_id"])


def on(name: str, do: Callable[..., Any]) -> Callable[[Work, Ids, Any], Any]:
    """A verb on the row this id of the path names."""
    return lambda work, ids, form: do(work, ids["case_id"], ids[name], form)


def press(name: str, do: Callable[..., Any]) -> Callable[[Work, Ids, Any], Any]:
    """The same for a verb that asks nothing."""
    return lambda work, ids, _: do(work, ids["case_id"], ids[name])


def act(
    path: str, title: str, button: str, asks: tuple[type[Any], Any], do: Callable[..., Any], **more: Any
) -> Act[Any]:
    """An act of this tab: `asks` is its form and what opens it."""
    return Act(path, title, button, *asks, do, **{"after": BACK, "tab": "Requirements", **more})


WHOLE = (
    act(TAB + "/record", "Record a requirement", "Record requirement", (forms.RecordRequirement, opening.recording),
        lambda work, ids, form: orders.record(work, ids["case_id"], form),
        said="Requirement recorded", answers=views.RequirementShown),
    act(ONE + "/officer", "Change the responsible officer", "Change officer", (forms.ChangeOfficer, opening.requirement),
        on("requirement_id", orders.change_officer), said="Responsible officer changed", answers=views.RequirementShown),
    act(ONE + "/end", "End the requirement", "End requirement", (forms.EndRequirement, opening.requirement),
        on("requirement_id", endings.end), said="Requirement ended", answers=views.RequirementShown, warns=True),
    act(ONE + "/book", "Book an appointment that is required", "Book appointment", (forms.BookOrdered, opening.booking),
        on("requirement_id", attendance.book_ordered), said="Appointment booked", answers=views.OrderedShown),
    act(ONE + "/test", "Record a test", "Record test", (forms.RecordTest, opening.booking),
        on("requirement_id", testing.record_test), said="Test recorded", answers=views.SampleShown),
    act(ONE + "/risk", "Record a change of risk", "Record change of risk", (forms.RecordRisk, opening.booking),
        on("requirement_id", risk.record_risk), answers=views.RiskShown,
        said="Change of risk recorded. The responsible officer is asked to ring today."),
)  # fmt: skip
ABSENCES = (
    act(APPOINTMENT + "/attendance", "What happened?", "Record outcome", (forms.RecordOutcome, opening.outcome),
        on("appointment_id", attendance.record_outcome), said="Outcome recorded", answers=views.OrderedShown),
    act(APPOINTMENT + "/tell", "Tell the supervising agency about the missed appointment", "Tell them",
        (forms.Press, opening.absence), press("appointment_id", attendance.tell),
        said="The responsible officer has been told", answers=views.OrderedShown),
    act(APPOINTMENT + "/evidence", "Record evidence about the absence", "Record evidence",
        (forms.RecordEvidence, opening.absence), on("appointment_id", attendance.record_evidence),
        said="Evidence recorded", answers=views.OrderedShown),
    act(APPOINTMENT + "/classify", "Decide about the absence", "Record decision", (forms.Classify, opening.deciding),
        on("appointment_id", deciding.classify), said="Decision recorded", answers=views.OrderedShown),
    act(APPOINTMENT + "/follow-up", "Record that it was followed up", "Record follow-up",
        (forms.FollowUp, opening.deciding), on("appointment_id", attendance.follow_up),
        said="Follow-up recorded", answers=views.OrderedShown),
    act(APPOINTMENT + "/warn", "Give a warning", "Record warning", (forms.GiveWarning, opening.warning),
        on("appointment_id", deciding.warn), said="Warning recorded", answers=views.WarningShown),
    act(APPOINTMENT + "/enforcement", "Record what was decided", "Record what was decided",
        (forms.DecideEnforcement, opening.deciding), on("appointment_id", deciding.decide),
        said="Recorded", answers=views.OrderedShown),
    act(WARNING + "/withdraw", "Withdraw the warning", "Withdraw warning", (forms.WithdrawWarning, opening.withdrawing),
        on("warning_id", deciding.withdraw_warning), said="Warning withdrawn", answers=views.WarningShown, warns=True),
)  # fmt: skip
REST = (
    act(SAMPLE + "/laboratory", "The laboratory has the sample", "Record that the laboratory has it",
        (forms.Press, opening.sample), press("test_id", testing.record_lab),
        said="Recorded", answers=views.SampleShown),
    act(SAMPLE + "/result", "Record the result", "Record result", (forms.RecordResult, opening.sample),
        on("test_id", testing.record_result), said="Result recorded", answers=views.SampleShown),
    act(RISK + "/notify", "Say that they were told", "Say that they were told", (forms.Press, opening.telling),
        press("change_id", risk.notify), said="Recorded", answers=views.RiskShown),
    act(RISK + "/acknowledge", "Acknowledge the change of risk", "Acknowledge change of risk",
        (forms.Press, opening.ringing), press("change_id", risk.acknowledge_risk),
        said="Acknowledged", answers=views.RiskShown),
)  # fmt: skip
ROUTES: tuple[object, ...] = (
    Look(TAB, "Requirements", "requirements/tab.html", tab, CaseRequirements, tab="Requirements"),
    *WHOLE,
    *ABSENCES,
    *REST,
)

"""The Plan tab of a case: needs, appointments, address, medicines, the checklist, and agreeing to it all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from throughcare.kernel.forms import Form
from throughcare.kernel.work import Work
from throughcare.release import appointments, plans, writing
from throughcare.release.forms import (
    AddressForm,
    AgreeForm,
    AppointmentForm,
    Because,
    ChecklistForm,
    Empty,
    MedicinesForm,
    NeedForm,
    NeedProgress,
    SubmitForm,
)
from throughcare.release.views import (
    AppointmentShown,
    ItemShown,
    LodgingShown,
    MedicinesShown,
    NeedShown,
    PlanShown,
)
from throughcare.web import open_plan as opens
from throughcare.web.acts import Act, Look, Opening
from throughcare.web.shown_plan import PlanView, shown
from throughcare.web.visit import Ids

HERE = "/cases/{case_id:uuid}/plan"
BACK = "/cases/{case_id}/plan"
PARTS = {
    "": ("Release plan", "plan/plan.html"),
    "/needs": ("Needs by pathway", "plan/needs.html"),
    "/appointments": ("Appointments after release", "plan/appointments.html"),
    "/checklist": ("Day-of-release checklist", "plan/checklist.html"),
    "/check": ("Check the plan", "plan/check.html"),
}


def act(
    path: str,
    words: tuple[str, str, str],
    form: type[Form],
    opening: Callable[[Work, Ids], Opening],
    do: Callable[[Work, Ids, Any], Any],
    answers: type[Any] = PlanShown,
) -> Act[Any]:
    """An act of the plan: `words` are its title, its button and what the next page says; it goes back to its part."""
    title, button, said = words
    part = path.split("/")[1] if path.startswith(("/needs", "/appointments", "/checklist")) else ""
    after = f"{BACK}/{part}" if part else BACK
    return Act(f"{HERE}{path}", title, button, form, opening, do, after, said=said, answers=answers, tab="Plan")


ROUTES = (
    *(Look(f"{HERE}{tail}", title, template, shown, PlanView, tab="Plan") for tail, (title, template) in PARTS.items()),
    act("/start", ("Start the release plan", "Start release plan", "Release plan started"), Empty, opens.start,
        lambda work, ids, _: plans.start(work, ids["case_id"])),
    act("/needs/add", ("Add a need", "Save need", "Need saved"), NeedForm, opens.need,
        lambda work, ids, form: writing.add_need(work, ids["case_id"], form), NeedShown),
    act("/needs/{need_id:uuid}/edit", ("Change a need", "Save need", "Need saved"), NeedForm, opens.need_again,
        lambda work, ids, form: writing.change_need(work, ids["case_id"], ids["need_id"], form), NeedShown),
    act("/needs/{need_id:uuid}/update", ("Update a need", "Save update", "Update saved"), NeedProgress, opens.progress,
        lambda work, ids, form: writing.update_need(work, ids["case_id"], ids["need_id"], form), NeedShown),
    act("/appointments/book", ("Book an appointment", "Book appointment", "Appointment booked"), AppointmentForm,
        opens.booking, lambda work, ids, form: appointments.book(work, ids["case_id"], form), AppointmentShown),
    act("/appointments/{appointment_id:uuid}/move", ("Move an appointment", "Move appointment", "Appointment moved"),
        AppointmentForm, opens.moving,
        lambda work, ids, form: appointments.move(work, ids["case_id"], ids["appointment_id"], form), AppointmentShown),
    act("/checklist/{item_id:uuid}", ("Day-of-release checklist", "Save", "Checklist saved"), ChecklistForm, opens.item,
        lambda work, ids, form: writing.record_item(work, ids["case_id"], ids["item_id"], form), ItemShown),
    act("/address", ("Address for the night of release", "Save address", "Address saved"), AddressForm, opens.address,
        lambda work, ids, form: writing.record_address(work, ids["case_id"], form), LodgingShown),
    act("/medicines", ("Naloxone, next dose and medicines", "Save medicines", "Medicines saved"), MedicinesForm,
        opens.medicines, lambda work, ids, form: writing.record_medicines(work, ids["case_id"], form), MedicinesShown),
    act("/submit", ("Put the plan forward", "Put plan forward", "The plan has been put forward"), SubmitForm,
        opens.move("submit"), lambda work, ids, form: plans.submit(work, ids["case_id"], form)),
    act("/agree", ("Agree the plan", "Agree plan", "The plan is agreed"), AgreeForm, opens.move("agree"),
        lambda work, ids, form: plans.agree(work, ids["case_id"], form)),
    act("/return", ("Return the plan", "Return plan", "The plan has been returned to its author"), Because,
        opens.move("give_back"), lambda work, ids, form: plans.give_back(work, ids["case_id"], form)),
    act("/reopen", ("Reopen the plan", "Reopen plan", "The plan is open again"), Because, opens.move("reopen"),
        lambda work, ids, form: plans.reopen(work, ids["case_id"], form)),
)  # fmt: skip

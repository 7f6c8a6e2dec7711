"""The safeguarding tab of a case, and everything staff do there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.agencies import Agency
from throughcare.kernel.actors import AgencyKind
from throughcare.kernel.forms import Choice, Form
from throughcare.kernel.work import Work
from throughcare.safeguarding import actions, considering, forms, pregnancy, views
from throughcare.safeguarding.reference import Protocol
from throughcare.safeguarding.rows import Child
from throughcare.safeguarding.rules import Level
from throughcare.safeguarding.steps import HELD
from throughcare.safeguarding.views import CaseSafeguarding, ChildShown
from throughcare.web.acts import Act, Look, Opening
from throughcare.web.visit import Ids

TAB = "/cases/{case_id:uuid}/safeguarding"


def opens(work: Work, ids: Ids, *, inset: str = "") -> Opening:
    """Anyone with standing may record a worry about a child."""
    access.check(work, ids["case_id"])
    return Opening(choices=options(work, ids), inset=inset or work.reference[Protocol].danger["text"])


def opens_pregnancy(work: Work, ids: Ids) -> Opening:
    """For those who may record it."""
    pregnancy.may_record(work, ids["case_id"])
    return opens(work, ids, inset="Treatment is fast-tracked, and nothing about it is ever sent by text.")


def opens_outcome(work: Work, ids: Ids) -> Opening:
    """For the agency that held the consultation, once."""
    actions.answerable(work, ids["case_id"], ids["consultation_id"])
    return opens(work, ids)


def options(work: Work, ids: Ids) -> Mapping[str, Sequence[Choice]]:
    """What the forms choose from: levels with their thresholds, front doors with their numbers, children, rules."""
    protocol = work.reference[Protocol]
    doors = work.session.exec(select(Agency).where(Agency.kind == AgencyKind.FRONT_DOOR).order_by(Agency.name))
    return {
        "levels": [Choice(level.value, level.label, protocol.levels[level.value]) for level in Level],
        "front_doors": [Choice(str(door.id), door.name, numbers(door)) for door in doors],
        "children": [Choice("", "Not recorded"), *children(work, ids)],
        "rules": protocol.rule_choices,
    }


def children(work: Work, ids: Ids) -> list[Choice]:
    """The case's children, by name to those who may know it and by number to the others."""
    rows = list(work.session.exec(select(Child).where(Child.case_id == ids["case_id"]).order_by(col(Child.created_at))))
    told = access.show_all(work, rows, ChildShown)
    return [
        Choice(str(row.id), child.name or ("A baby not yet born" if child.unborn else f"Child {number}"))
        for number, (row, child) in enumerate(zip(rows, told, strict=True), 1)
    ]


def numbers(door: Agency) -> str:
    """How to telephone a front door."""
    hours = f"Office hours {door.phone}" if door.phone else ""
    return ". ".join(filter(None, (hours, f"Out of hours {door.out_of_hours}" if door.out_of_hours else "")))


def act(
    path: str,
    title: str,
    button: str,
    form: type[Form],
    do: Callable[[Work, Ids, Any], CaseSafeguarding],
    said: str,
    **more: Any,
) -> Act[Any]:
    """An act of this tab."""
    return Act(
        TAB + path,
        title,
        button,
        form,
        more.pop("opens", opens),
        do,
        "/cases/{case_id}/safeguarding",
        said,
        CaseSafeguarding,
        "Safeguarding",
        **more,
    )


def held(what: str, title: str) -> Act[Any]:
    """Recording that something was held."""
    return act(
        f"/referrals/{{referral_id:uuid}}/{what.replace('_', '-')}",
        title,
        "Save",
        forms.HeldForm,
        lambda work, ids, form: actions.held(work, ids["case_id"], ids["referral_id"], what, form),
        "Recorded.",
        opens=partial(opens, inset="Everyone with a part in it is told by the lead professional."),
    )


ROUTES = (
    Look(TAB, "Safeguarding", "safeguarding/case.html", lambda work, ids, _: views.page(work, ids["case_id"]), CaseSafeguarding, tab="Safeguarding"),
    act("/children/add", "Add a child", "Add child", forms.ChildForm,
        lambda work, ids, form: actions.add_child(work, ids["case_id"], form), "Child added."),
    act("/concerns/add", "Record a concern about a child", "Record concern", forms.ConcernForm,
        lambda work, ids, form: actions.record_concern(work, ids["case_id"], form), "Concern recorded."),
    act("/concerns/none", "Record that there is no concern for now", "Save", forms.NoConcernForm,
        lambda work, ids, form: considering.no_concern(work, ids["case_id"], form), "Recorded."),
    act("/concerns/{concern_id:uuid}/consult", "Record a consultation with consent", "Record consultation", forms.ConsultationForm,
        lambda work, ids, form: actions.consult(work, ids["case_id"], ids["concern_id"], form), "Consultation recorded."),
    act("/concerns/{concern_id:uuid}/consult-anonymously", "Record an anonymous consultation", "Record consultation",
        forms.AnonymousConsultationForm,
        lambda work, ids, form: actions.consult(work, ids["case_id"], ids["concern_id"], form), "Consultation recorded."),
    act("/consultations/{consultation_id:uuid}/outcome", "Record the outcome of a consultation", "Save outcome", forms.OutcomeForm,
        lambda work, ids, form: actions.answer_consultation(work, ids["case_id"], ids["consultation_id"], form), "Outcome saved.",
        opens=opens_outcome),
    act("/concerns/{concern_id:uuid}/refer", "Refer to children’s services", "Record referral", forms.ReferralForm,
        lambda work, ids, form: actions.refer(work, ids["case_id"], ids["concern_id"], form),
        "Referral recorded. Send the written form by secure email today."),
    act("/referrals/{referral_id:uuid}/send-form", "Record that the written form was sent", "Form sent", forms.JustDo,
        lambda work, ids, form: actions.send_form(work, ids["case_id"], ids["referral_id"], form), "Recorded."),
    act("/referrals/{referral_id:uuid}/decision", "Record the decision on a referral", "Save decision", forms.DecisionForm,
        lambda work, ids, form: actions.decide(work, ids["case_id"], ids["referral_id"], form), "Decision saved."),
    *(held(name, step.label) for name, step in HELD.items()),
    act("/referrals/{referral_id:uuid}/close", "Close a referral", "Close referral", forms.JustDo,
        lambda work, ids, form: actions.close(work, ids["case_id"], ids["referral_id"], form), "Closed.", warns=True),
    act("/pregnancy", "Record a pregnancy", "Record pregnancy", forms.JustDo,
        lambda work, ids, form: pregnancy.pregnancy_known(work, ids["case_id"], form),
        "Pregnancy recorded. They are to be booked in by the next working day.",
        opens=opens_pregnancy),
    act("/pregnancy/booked", "Record that they are booked in", "Save", forms.BookedForm,
        lambda work, ids, form: pregnancy.pregnancy_booked(work, ids["case_id"], form), "Booking recorded.", opens=opens_pregnancy),
    act("/sharing/add", "Record a decision about sharing", "Save decision", forms.SharingForm,
        lambda work, ids, form: actions.decide_sharing(work, ids["case_id"], form), "Decision recorded."),
)  # fmt: skip

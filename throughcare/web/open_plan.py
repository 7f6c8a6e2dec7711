"""What the forms of a release plan open with, refused as their verbs would refuse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from throughcare.casework import access
from throughcare.kernel.clock import LONDON
from throughcare.kernel.forms import Choice
from throughcare.kernel.refusals import NotFound, NotPermitted, WrongState, refuse_if
from throughcare.kernel.work import Work
from throughcare.release import appointments, facts, offers, owners, showing, steps, writing
from throughcare.release.forms import AddressForm, AppointmentForm, ChecklistForm, MedicinesForm, NeedForm, NeedProgress
from throughcare.release.reference import ReleaseBook
from throughcare.release.rules import Gap
from throughcare.release.rules.gaps import NO_FIXED_ABODE
from throughcare.release.views import PlanShown
from throughcare.web import words
from throughcare.web.acts import Opening
from throughcare.web.forms import values_of
from throughcare.web.visit import Ids


def start(work: Work, ids: Ids) -> Opening:
    access.find_case(work, ids["case_id"])
    refuse_if(not offers.may_start(work, ids["case_id"]), NotPermitted)
    return Opening()


def need(work: Work, ids: Ids) -> Opening:
    """A new need."""
    writing.open_plan(work, ids["case_id"])
    return Opening(values=values_of(NeedForm), choices=need_choices(work, ids))


def need_again(work: Work, ids: Ids) -> Opening:
    """A need as it stands."""
    writing.open_plan(work, ids["case_id"])
    row = writing.need_of(work, ids["case_id"], ids["need_id"])
    told = showing.need_shown(work, row)
    refuse_if(told.withheld, NotPermitted)
    standing = dict(told) | {"owner": owners.owner_code(row.owner_worker_id, row.owner_agency_id)}
    return Opening(values=values_of(NeedForm, standing), choices=need_choices(work, ids), version=row.version)


def need_choices(work: Work, ids: Ids) -> dict[str, Sequence[Choice]]:
    book = work.reference[ReleaseBook]
    offered = {code for code, _ in offers.domains(work, ids["case_id"])}
    return {
        "domains": [Choice(word.code, word.label, word.hint) for word in book.domains if word.code in offered],
        "severities": [Choice(word.code.value, word.code.label, word.hint) for word in book.severities],
        "owners": owners.owners(work, ids["case_id"]),
    }


def progress(work: Work, ids: Ids) -> Opening:
    writing.writable(work, ids["case_id"])
    row = writing.need_of(work, ids["case_id"], ids["need_id"])
    told = showing.need_shown(work, row)
    refuse_if(told.withheld, NotPermitted)
    standing = {"status": told.status, "evidence": told.evidence}
    return Opening(values=values_of(NeedProgress, standing), version=row.version, inset=told.what)


def booking(work: Work, ids: Ids) -> Opening:
    writing.writable(work, ids["case_id"])
    return Opening(values=values_of(AppointmentForm), choices=booking_choices(work))


def moving(work: Work, ids: Ids) -> Opening:
    writing.writable(work, ids["case_id"])
    row = appointments.appointment_of(work, ids["case_id"], ids["appointment_id"])
    told = showing.appointment_shown(work, row)
    refuse_if(not told.kind or told.at is None, NotPermitted)
    refuse_if(not told.booked, appointments.AlreadyKept)
    local = row.at.astimezone(LONDON)
    standing = dict(told) | {"kind": row.kind, "on": local.date(), "at": local.time()}
    return Opening(values_of(AppointmentForm, standing), booking_choices(work), row.version)


def booking_choices(work: Work) -> dict[str, Sequence[Choice]]:
    kinds = work.reference[ReleaseBook].kinds
    return {
        "kinds": [Choice(code, label) for code, label in kinds.items()],
        "agencies": owners.every_agency(work),
    }


def item(work: Work, ids: Ids) -> Opening:
    writing.writable(work, ids["case_id"])
    row = writing.item_of(work, ids["case_id"], ids["item_id"])
    told = showing.item_shown(work, row)
    refuse_if(not told.label, NotPermitted)
    return Opening(values_of(ChecklistForm, dict(told)), version=row.version, title=told.label, intro=told.hint)


def address(work: Work, ids: Ids) -> Opening:
    _, plan = writing.open_plan(work, ids["case_id"])
    row = facts.lodging_of(work, plan)
    told = showing.lodging_shown(work, row)
    refuse_if(told.withheld, NotPermitted)
    standing = dict(told) | ({"lodged": not told.no_fixed_abode} if told.recorded_at else {})
    return Opening(values_of(AddressForm, standing), version=row.version)


def medicines(work: Work, ids: Ids) -> Opening:
    case = access.find_case(work, ids["case_id"])
    refuse_if(work.actor.role not in offers.PRESCRIBING, NotPermitted)
    row = facts.medicines_of(work, facts.plan_of(work, case.id))
    told = showing.medicines_shown(work, row)
    refuse_if(told.withheld, NotPermitted)
    standing: dict[str, Any] = dict(told)
    if told.next_dose_at:
        local = told.next_dose_at.astimezone(LONDON)
        standing |= {"next_dose_on": local.date(), "next_dose_time": local.time()}
    return Opening(values_of(MedicinesForm, standing), version=row.version)


def move(name: str) -> Any:
    """The opening of a step on the plan: refused where its button is not shown."""

    def opens(work: Work, ids: Ids) -> Opening:
        case = access.find_case(work, ids["case_id"])
        plan = facts.plan_of(work, case.id)
        told = showing.plan_shown(work, case, plan)
        refuse_if("gaps" in told.withheld, NotFound)
        if offers.PATHS[name] not in {offered.part for offered in told.moves}:
            raise refusal(work, name, told, steps.PLANS.sentence(plan, work.actor.role))
        return Opening(version=plan.version, inset=missing(told.gaps) if name in {"submit", "agree"} else "")

    return opens


def refusal(work: Work, name: str, told: PlanShown, sentence: str) -> Exception:
    """Why this reader does not have this button."""
    step = next(step for step in steps.PLANS.steps if step.name == name)
    if work.actor.role not in step.by or work.actor.agency_kind not in steps.PLANNING:
        return NotPermitted()
    if told.status not in step.frm:
        return WrongState(sentence)
    homeless = any(gap.code == NO_FIXED_ABODE for gap in told.gaps)
    return steps.ForManagersOnly() if homeless else steps.OwnPlan()


def missing(found: Sequence[Gap]) -> str:
    """What is missing, in one passage."""
    return "\n".join((f"{words.plural(len(found), 'gap')}:", *(gap.words for gap in found))) if found else ""

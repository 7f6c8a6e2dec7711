"""Check-ins: the inbox of a worker or a team, and the thread of one person with the acts on it."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from throughcare.casework.views import headings
from throughcare.checkin import actions, following, joining, steps, unplaced, views
from throughcare.checkin.forms import (
    Call,
    EndPlan,
    InboxQuery,
    PausePlan,
    Place,
    RecordStop,
    ResumePlan,
)
from throughcare.checkin.inbox import Inbox, inbox
from throughcare.checkin.plans import CheckinPlans
from throughcare.checkin.views import Checkins
from throughcare.kernel.actors import acts_among
from throughcare.kernel.forms import Ask, Choice, Form, OptionalLine
from throughcare.kernel.refusals import NotPermitted, WrongState, refuse_if
from throughcare.kernel.work import Work
from throughcare.web.acts import Act, Look, Opening
from throughcare.web.shown_checkins import CheckinsPage, usual_time
from throughcare.web.visit import Ids

CASE = "/cases/{case_id:uuid}/check-ins"
HERE = "/cases/{case_id}/check-ins"


class ThreadQuery(Form):
    """Where the thread goes on from."""

    before: Annotated[OptionalLine, Ask("Before", widget="hidden")] = ""


def shown(work: Work, ids: Ids, asked: ThreadQuery) -> CheckinsPage:
    told = views.checkins(work, ids["case_id"], (asked or ThreadQuery()).before)
    return CheckinsPage(**dict(told), usual_time=usual_time(work.reference[CheckinPlans].window))


def opens_move(work: Work, ids: Ids) -> Opening:
    actions.may_work(work, ids["case_id"])
    plan = following.open_plan(work, ids["case_id"])
    refuse_if(plan is None, actions.NoPlan)
    return Opening()


def opens_resume(work: Work, ids: Ids) -> Opening:
    opening = opens_move(work, ids)
    plan = following.open_plan(work, ids["case_id"])
    if plan and not steps.resume.open_to(plan, work.actor.role):
        raise WrongState(steps.PLAN.sentence(plan, work.actor.role))
    return opening


def opens_work(work: Work, ids: Ids) -> Opening:
    actions.may_work(work, ids["case_id"])
    return Opening()


def opens_spoke(work: Work, ids: Ids) -> Opening:
    """What it ends is what had been said when the form was opened: a crisis that came since is read first (R42)."""
    return replace(opens_work(work, ids), version=joining.crises(work, ids["case_id"]) or None)


def opens_placing(work: Work, ids: Ids) -> Opening:
    refuse_if(not acts_among(work.actor, steps.STAFF), NotPermitted)
    text = unplaced.find(work, ids["text_id"])
    cases = unplaced.people(work, text)
    told = headings(work, set(cases))
    named = [(case_id, told[case_id]) for case_id in cases]
    people = tuple(
        Choice(str(case_id), f"{each.given} {each.family}" if each.family else each.reference)
        for case_id, each in named
    )
    return Opening(choices={"people": people}, inset="Rang in" if text.rang else text.body)


ROUTES = (
    Look("/check-ins", "Check-ins", "checkins/inbox.html", lambda work, _, query: inbox(work, query), Inbox,
         query=InboxQuery, section="Check-ins"),
    Act("/check-ins/{text_id:uuid}/place", "Say whose text this is", "Save", Place, opens_placing,
        lambda work, ids, form: actions.place(work, ids["text_id"], form) and None, "/check-ins",
        said="The text is on the person’s record.", section="Check-ins"),
    Look(CASE, "Check-ins", "checkins/case.html", shown, Checkins, query=ThreadQuery,
         tab="Check-ins"),
    Act(f"{CASE}/pause", "Pause check-ins", "Pause check-ins", PausePlan, opens_move,
        lambda work, ids, form: actions.pause(work, ids["case_id"], form) and None, HERE, said="Check-ins paused",
        tab="Check-ins"),
    Act(f"{CASE}/resume", "Resume check-ins", "Resume check-ins", ResumePlan, opens_resume,
        lambda work, ids, form: actions.resume(work, ids["case_id"], form) and None, HERE, said="Check-ins resumed",
        tab="Check-ins"),
    Act(f"{CASE}/end", "End check-ins", "End check-ins", EndPlan, opens_move,
        lambda work, ids, form: actions.end(work, ids["case_id"], form) and None, HERE, said="Check-ins ended",
        tab="Check-ins", warns=True),
    Act(f"{CASE}/spoke", "Record a call or meeting", "Save", Call, opens_spoke,
        lambda work, ids, form: actions.spoke(work, ids["case_id"], form), HERE, said="Saved", tab="Check-ins"),
    Act(f"{CASE}/stop-texts", "Stop texts to this person", "Stop texts", RecordStop, opens_work,
        lambda work, ids, form: actions.record_stop(work, ids["case_id"], form), HERE,
        said="No more texts will be sent", tab="Check-ins", warns=True),
)  # fmt: skip

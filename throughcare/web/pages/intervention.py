"""Brief interventions, specialist referrals and the substance team's first contact, on one page of the case."""

from __future__ import annotations

from typing import Any

from throughcare.intervention import actions, steps
from throughcare.intervention.forms import (
    AcceptReferral,
    Conclude,
    DeclineBrief,
    DeclineReferral,
    FollowUp,
    GiveBrief,
    HoldSession,
    Offer,
    Refer,
    Saw,
    SeenByTeam,
)
from throughcare.intervention.views import BriefShown, CaseInterventions, ContactShown, ReferralShown, SessionShown
from throughcare.kernel.work import Work
from throughcare.web import open_intervention as opening
from throughcare.web.acts import Act, Look
from throughcare.web.shown_intervention import InterventionsPage, tab_page
from throughcare.web.visit import Ids

HOME = "/cases/{case_id:uuid}/interventions"
BRIEF = HOME + "/{brief_id:uuid}"
REFERRAL = HOME + "/referrals/{referral_id:uuid}"
BACK = "/cases/{case_id}/interventions"


def tab(work: Work, ids: Ids, _: None) -> InterventionsPage:
    return tab_page(work, ids["case_id"])


def on_brief(do: Any) -> Any:
    return lambda work, ids, form: do(work, ids["brief_id"], form)


def on_referral(do: Any) -> Any:
    return lambda work, ids, form: do(work, ids["referral_id"], form)


def offer(work: Work, ids: Ids, _: Offer) -> BriefShown:
    return actions.offer(work, ids["brief_id"])


def seen_by_team(work: Work, ids: Ids, form: SeenByTeam) -> ContactShown:
    return actions.seen_by_team(work, ids["case_id"], form)


def act(path: str, title: str, button: str, asks: tuple[type[Any], Any], do: Any, **more: Any) -> Act[Any]:
    """An act of this page: `asks` is its form and what opens it."""
    return Act(path, title, button, *asks, do, **{"after": BACK, "tab": "Screening", **more})


BRIEFS = (
    act(BRIEF + "/offer", "Offer", "Record that it was offered", (Offer, opening.brief(steps.offer)), offer,
        said="Recorded as offered", answers=BriefShown),
    act(BRIEF + "/give", "Give", "Record brief intervention", (GiveBrief, opening.giving), on_brief(actions.give),
        said="Brief intervention recorded", answers=BriefShown),
    act(BRIEF + "/decline", "Decline", "Record that they declined", (DeclineBrief, opening.brief(steps.decline)),
        on_brief(actions.decline), said="Recorded as declined", answers=BriefShown),
    act(BRIEF + "/follow-up", "Follow up", "Record follow-up", (FollowUp, opening.brief(steps.follow_up)),
        on_brief(actions.follow_up), said="Follow-up recorded", answers=BriefShown),
    act(BRIEF + "/sessions", "Extended session", "Record session", (HoldSession, opening.session),
        on_brief(actions.hold_session), said="Session recorded", answers=SessionShown),
)  # fmt: skip
REFERRALS = (
    act(REFERRAL + "/refer", "Refer", "Refer", (Refer, opening.referral(steps.refer)), on_referral(actions.refer),
        said="Referred for specialist assessment", answers=ReferralShown),
    act(REFERRAL + "/accept", "Accept", "Record that it was accepted", (AcceptReferral, opening.referral(steps.accept)),
        on_referral(actions.accept), said="Recorded as accepted", answers=ReferralShown),
    act(REFERRAL + "/decline", "Decline", "Record that it was declined",
        (DeclineReferral, opening.referral(steps.turn_down)), on_referral(actions.turn_down),
        said="Recorded as declined", answers=ReferralShown),
    act(REFERRAL + "/seen", "Seen", "Record that a specialist saw them", (Saw, opening.referral(steps.see)),
        on_referral(actions.see), said="Recorded as seen by a specialist", answers=ReferralShown),
    act(REFERRAL + "/outcome", "Outcome", "Record outcome", (Conclude, opening.referral(steps.conclude)),
        on_referral(actions.conclude), said="Outcome recorded", answers=ReferralShown),
)  # fmt: skip
ROUTES: tuple[object, ...] = (
    Look(HOME, "Brief interventions and referrals", "screening/interventions.html", tab, CaseInterventions, tab="Screening"),
    *BRIEFS,
    *REFERRALS,
    act(HOME + "/first-contact", "First seen by the substance team", "Record first contact", (SeenByTeam, opening.team),
        seen_by_team, said="First contact recorded", answers=ContactShown),
)  # fmt: skip

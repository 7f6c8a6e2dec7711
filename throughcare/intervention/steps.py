"""How a brief intervention and a specialist referral change status."""

from __future__ import annotations

from typing import Any

from throughcare.intervention import events
from throughcare.intervention.forms import (
    AcceptReferral,
    Conclude,
    DeclineBrief,
    DeclineReferral,
    FollowUp,
    GiveBrief,
    Refer,
    Saw,
)
from throughcare.intervention.rows import BriefIntervention, BriefStatus, ReferralStatus, SpecialistReferral
from throughcare.intervention.rules import refuse_unless_given, refuse_unless_past
from throughcare.kernel.actors import Role
from throughcare.kernel.rows import CaseRow
from throughcare.kernel.steps import Effect, Machine
from throughcare.kernel.work import Moment

DELIVERERS = {Role.OFFICER, Role.TREATMENT, Role.HEALTHCARE, Role.PROVIDER}
CLINICIANS = {Role.TREATMENT, Role.HEALTHCARE, Role.PROVIDER}

briefs: Machine[BriefIntervention] = Machine(BriefIntervention, "brief intervention")
referrals: Machine[SpecialistReferral] = Machine(SpecialistReferral, "specialist referral")


def about(row: CaseRow) -> dict[str, Any]:
    """Whom and what an event is about."""
    return {"subject_id": row.id, "case_id": row.case_id}


@briefs.step(
    "Record that it was offered", frm={BriefStatus.DUE, BriefStatus.DECLINED}, to=BriefStatus.OFFERED, by=DELIVERERS
)
def offer(brief: BriefIntervention, at: Moment) -> Effect:
    """It was offered, perhaps again."""
    return Effect(set={"offered_at": at.now, "offered_by": at.actor.id}, event=events.BriefOffered(**about(brief)))


@briefs.step(
    "Record brief intervention", frm={BriefStatus.DUE, BriefStatus.OFFERED}, to=BriefStatus.GIVEN, by=DELIVERERS
)
def give(brief: BriefIntervention, at: Moment, form: GiveBrief) -> Effect:
    """It was given: at least one element, by somebody, in some time."""
    refuse_unless_given(form.elements, form.delivered_by, form.minutes, form.readiness)
    refuse_unless_past(form.given_on, at.today, "given_on")
    given_on = form.given_on or at.today
    return Effect(
        set={**form.model_dump(), "elements": [element.value for element in form.elements], "given_on": given_on},
        event=events.BriefGiven(**about(brief), on=given_on),
    )


@briefs.step(
    "Record that they declined", frm={BriefStatus.DUE, BriefStatus.OFFERED}, to=BriefStatus.DECLINED, by=DELIVERERS
)
def decline(brief: BriefIntervention, at: Moment, form: DeclineBrief) -> Effect:  # noqa: ARG001 - every effect is given the moment
    """The person would rather not."""
    return Effect(set=form.model_dump(), event=events.BriefDeclined(**about(brief)))


@briefs.step("Record follow-up", frm={BriefStatus.GIVEN}, to=BriefStatus.FOLLOWED_UP, by=DELIVERERS)
def follow_up(brief: BriefIntervention, at: Moment, form: FollowUp) -> Effect:
    """Somebody asked how it has gone."""
    refuse_unless_past(form.followed_up_on, at.today, "followed_up_on")
    done = {**form.model_dump(), "followed_up_on": form.followed_up_on or at.today}
    return Effect(set=done, event=events.BriefFollowedUp(**about(brief)))


@briefs.step(
    "Take off the list",
    frm={BriefStatus.DUE, BriefStatus.OFFERED},
    to=BriefStatus.WITHDRAWN,
    by=DELIVERERS | {Role.SYSTEM},
)
def withdraw(brief: BriefIntervention, at: Moment) -> Effect:  # noqa: ARG001 - every effect is given the moment
    """The pathway moved away from it: somebody possibly dependent is referred, not given a brief intervention instead."""
    return Effect(event=events.BriefWithdrawn(**about(brief)))


@referrals.step("Arrange", frm={ReferralStatus.ON_OFFER}, to=ReferralStatus.DUE, by=DELIVERERS | {Role.SYSTEM})
def require(referral: SpecialistReferral, at: Moment) -> Effect:  # noqa: ARG001 - every effect is given the moment
    """What was on offer is now what the pathway calls for."""
    return Effect(event=events.SpecialistDue(**about(referral)))


@referrals.step(
    "Refer",
    frm={ReferralStatus.DUE, ReferralStatus.ON_OFFER, ReferralStatus.DECLINED},
    to=ReferralStatus.REFERRED,
    by=DELIVERERS,
)
def refer(referral: SpecialistReferral, at: Moment, form: Refer) -> Effect:
    """The referral is made, perhaps again after a no."""
    return Effect(
        set={**form.model_dump(), "referred_at": at.now, "referred_by": at.actor.id},
        event=events.SpecialistReferred(**about(referral)),
    )


@referrals.step("Record that it was accepted", frm={ReferralStatus.REFERRED}, to=ReferralStatus.ACCEPTED, by=DELIVERERS)
def accept(referral: SpecialistReferral, at: Moment, form: AcceptReferral) -> Effect:
    """The specialist service takes the person on for assessment."""
    day = form.appointment_on or referral.appointment_on
    return Effect(
        set={"accepted_on": at.today, "appointment_on": day}, event=events.SpecialistAccepted(**about(referral))
    )


@referrals.step(
    "Record that it was declined",
    frm={ReferralStatus.DUE, ReferralStatus.ON_OFFER, ReferralStatus.REFERRED, ReferralStatus.ACCEPTED},
    to=ReferralStatus.DECLINED,
    by=DELIVERERS,
)
def turn_down(referral: SpecialistReferral, at: Moment, form: DeclineReferral) -> Effect:  # noqa: ARG001 - every effect is given the moment
    """The person, or the service, said no; the referral can be made again."""
    return Effect(set=form.model_dump(), event=events.SpecialistDeclined(**about(referral)))


@referrals.step(
    "Record that a specialist saw them",
    frm={ReferralStatus.DUE, ReferralStatus.REFERRED, ReferralStatus.ACCEPTED},
    to=ReferralStatus.SEEN,
    by=CLINICIANS,
)
def see(referral: SpecialistReferral, at: Moment, form: Saw) -> Effect:
    """A specialist has assessed them."""
    refuse_unless_past(form.seen_on, at.today, "seen_on")
    seen_on = form.seen_on or at.today
    return Effect(
        set={"seen_on": seen_on, "seen_by": form.seen_by}, event=events.SpecialistSaw(**about(referral), on=seen_on)
    )


@referrals.step("Record outcome", frm={ReferralStatus.SEEN}, to=ReferralStatus.CONCLUDED, by=CLINICIANS)
def conclude(referral: SpecialistReferral, at: Moment, form: Conclude) -> Effect:
    """What the assessment came to."""
    return Effect(
        set={**form.model_dump(), "concluded_on": at.today}, event=events.SpecialistConcluded(**about(referral))
    )

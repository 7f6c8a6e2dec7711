"""The states of a referral to children's services."""

from __future__ import annotations

from datetime import date

from throughcare.kernel.actors import Role
from throughcare.kernel.audit import Event
from throughcare.kernel.steps import Effect, Machine
from throughcare.kernel.work import Moment
from throughcare.safeguarding import events
from throughcare.safeguarding.forms import DecisionForm, HeldForm
from throughcare.safeguarding.rows import Referral, ReferralStatus

S = ReferralStatus
STAFF = {Role.OFFICER, Role.TREATMENT, Role.HEALTHCARE, Role.PROVIDER, Role.PROBATION, Role.MANAGER}
CARERS = STAFF - {Role.PROBATION}  # who may record what is known of a pregnancy
REFERRAL = Machine(Referral, "referral")
LATER = {S.ACCEPTED, S.ASSESSED, S.STRATEGY, S.CONFERENCE, S.CIRCULATED, S.CORE_GROUP}


def told(kind: type[Event], referral: Referral, on: date | None = None) -> Event:
    """The event, about the concern that was referred: its clocks run on that."""
    return kind(subject_id=referral.concern_id, case_id=referral.case_id, on=on)


@REFERRAL.step("Record that the written form was sent", frm={S.MADE}, to=S.SENT, by=STAFF)
def send_form(referral: Referral, at: Moment) -> Effect:
    """The written form follows the telephone call by secure email."""
    return Effect(told(events.FormSent, referral), {"form_sent_at": at.now})


@REFERRAL.step("Record that it was accepted", frm={S.MADE, S.SENT}, to=S.ACCEPTED, by=STAFF)
def accepted(referral: Referral, at: Moment, form: DecisionForm) -> Effect:
    """Passed to an assessment team; the social worker is the lead professional."""
    named = {"advice": form.advice, "lead_professional": form.lead_professional, "decision_at": at.now}
    return Effect(told(events.DecisionRecorded, referral), named)


@REFERRAL.step("Record that it was not accepted", frm={S.MADE, S.SENT}, to=S.NOT_ACCEPTED, by=STAFF)
def not_accepted(referral: Referral, at: Moment, form: DecisionForm) -> Effect:
    """Not accepted, with advice on how to go on."""
    return Effect(told(events.DecisionRecorded, referral), {"advice": form.advice, "decision_at": at.now})


@REFERRAL.step("Record the strategy discussion", frm={S.ACCEPTED, S.ASSESSED}, to=S.STRATEGY, by=STAFF)
def strategy(referral: Referral, _: Moment, form: HeldForm) -> Effect:
    """Held when a child may be suffering significant harm."""
    return Effect(told(events.StrategyDiscussion, referral, form.on), _lead(referral, form))


@REFERRAL.step("Record that the assessment is done", frm={S.ACCEPTED, S.STRATEGY}, to=S.ASSESSED, by=STAFF)
def assessed(referral: Referral, _: Moment, form: HeldForm) -> Effect:
    """Children's services finished their assessment."""
    return Effect(told(events.AssessmentDone, referral, form.on), _lead(referral, form))


@REFERRAL.step("Record the conference", frm={S.STRATEGY, S.ASSESSED}, to=S.CONFERENCE, by=STAFF)
def conference(referral: Referral, _: Moment, form: HeldForm) -> Effect:
    """A child protection conference was held."""
    return Effect(told(events.ConferenceHeld, referral, form.on), _lead(referral, form))


@REFERRAL.step("Record that the decision was circulated", frm={S.CONFERENCE}, to=S.CIRCULATED, by=STAFF)
def circulated(referral: Referral, _: Moment, form: HeldForm) -> Effect:
    """Its decision reached every agency."""
    return Effect(told(events.ConferenceCirculated, referral, form.on), _lead(referral, form))


@REFERRAL.step("Record a core group", frm={S.CONFERENCE, S.CIRCULATED, S.CORE_GROUP}, to=S.CORE_GROUP, by=STAFF)
def core_group(referral: Referral, _: Moment, form: HeldForm) -> Effect:
    """The core group met; the next follows within six to eight weeks."""
    return Effect(told(events.CoreGroupHeld, referral, form.on), _lead(referral, form))


@REFERRAL.step("Close", frm={S.NOT_ACCEPTED, *LATER}, to=S.CLOSED, by=STAFF)
def close(referral: Referral, _: Moment) -> Effect:
    """Nothing more is to be done about it."""
    return Effect(told(events.ConcernClosed, referral))


def _lead(referral: Referral, form: HeldForm) -> dict[str, object]:
    return {"lead_professional": form.lead_professional or referral.lead_professional}


HELD = {
    "strategy": strategy,
    "assessed": assessed,
    "conference": conference,
    "circulated": circulated,
    "core_group": core_group,
}

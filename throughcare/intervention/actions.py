"""What people do about brief interventions and specialist referrals, and what the journey puts on their list."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.agencies import Membership
from throughcare.casework.sides import Side
from throughcare.casework.visitors import holds
from throughcare.intervention import events, steps
from throughcare.intervention.forms import (
    AcceptReferral,
    Conclude,
    DeclineBrief,
    DeclineReferral,
    FollowUp,
    GiveBrief,
    HoldSession,
    Refer,
    Saw,
    SeenByTeam,
)
from throughcare.intervention.rows import (
    BriefIntervention,
    BriefStatus,
    ExtendedSession,
    FirstContact,
    ReferralStatus,
    SpecialistReferral,
)
from throughcare.intervention.rules import NoDeliverer, refuse_unless_past
from throughcare.intervention.views import BriefShown, ContactShown, ReferralShown, SessionShown
from throughcare.kernel.actors import Role
from throughcare.kernel.refusals import NotPermitted, Refusal, refuse_if
from throughcare.kernel.work import Work

UNDER_WAY = (BriefStatus.DUE, BriefStatus.OFFERED)
SUBSTANCE_TEAM = frozenset({Role.TREATMENT, Role.HEALTHCARE})
LIVE = (ReferralStatus.DUE, ReferralStatus.ON_OFFER, ReferralStatus.REFERRED, ReferralStatus.ACCEPTED)


class NotGivenYet(Refusal):
    """Sessions follow a brief intervention that has been given."""

    code = "not_given_yet"


def due(work: Work, case_id: UUID, side: Side, outcome_id: UUID, *, extended: bool) -> None:
    """Put a brief intervention on the list: one at a time on a side; a changed outcome changes the one under way."""
    live = _brief_under_way(work, case_id, side)
    if live:
        live.outcome_id, live.extended = outcome_id, extended
        work.session.add(live)
        return
    brief = work.add(BriefIntervention(case_id=case_id, side=side, outcome_id=outcome_id, extended=extended))
    work.record(events.BriefDue(subject_id=brief.id, case_id=case_id))


def not_due(work: Work, case_id: UUID, side: Side) -> None:
    """Take the brief intervention off the list, if it has not been given."""
    live = _brief_under_way(work, case_id, side)
    if live:
        steps.withdraw(live, work)


def _brief_under_way(work: Work, case_id: UUID, side: Side) -> BriefIntervention | None:
    found = select(BriefIntervention).where(BriefIntervention.case_id == case_id, BriefIntervention.side == side)
    return work.session.exec(found.where(col(BriefIntervention.status).in_(UNDER_WAY))).first()


def specialist_due(work: Work, case_id: UUID, side: Side, outcome_id: UUID, *, today: bool) -> None:
    """Put a specialist assessment on the list; what was only on offer is now to be arranged."""
    live = _live_referral(work, case_id, side)
    if live:
        sooner = today and not live.today
        live.outcome_id, live.today = outcome_id, live.today or today
        work.session.add(live)
        work.session.flush()
        if live.status is ReferralStatus.ON_OFFER:
            steps.require(live, work)
        _due_today(work, live, sooner)
        return
    made = SpecialistReferral(case_id=case_id, side=side, outcome_id=outcome_id, status=ReferralStatus.DUE, today=today)
    work.record(events.SpecialistDue(subject_id=work.add(made).id, case_id=case_id))
    _due_today(work, made, today)


def _due_today(work: Work, referral: SpecialistReferral, today: bool) -> None:  # noqa: FBT001 - a fact of the case
    """With a risk of withdrawal it is due the same day, while nobody has seen them (DOMAIN H)."""
    if today:
        work.record(events.SpecialistDueToday(subject_id=referral.id, case_id=referral.case_id))


def specialist_offered(work: Work, case_id: UUID, side: Side, outcome_id: UUID) -> None:
    """Put a specialist referral on offer beside the pathway."""
    if _live_referral(work, case_id, side):
        return
    made = SpecialistReferral(case_id=case_id, side=side, outcome_id=outcome_id, status=ReferralStatus.ON_OFFER)
    work.record(events.SpecialistOffered(subject_id=work.add(made).id, case_id=case_id))


def _live_referral(work: Work, case_id: UUID, side: Side) -> SpecialistReferral | None:
    found = select(SpecialistReferral).where(SpecialistReferral.case_id == case_id, SpecialistReferral.side == side)
    return work.session.exec(found.where(col(SpecialistReferral.status).in_(LIVE))).first()


def offer(work: Work, brief_id: UUID) -> BriefShown:
    """It was offered."""
    brief = access.take(work, BriefIntervention, brief_id)
    steps.offer(brief, work)
    return access.show(work, brief, BriefShown)


def give(work: Work, brief_id: UUID, form: GiveBrief) -> BriefShown:
    """It was given, by a worker of this agency."""
    brief = access.take(work, BriefIntervention, brief_id)
    refuse_if(form.delivered_by not in colleagues(work), NoDeliverer)
    steps.give(brief, work, form)
    return access.show(work, brief, BriefShown)


def colleagues(work: Work) -> set[UUID]:
    """Who works with people at the actor's agency today: any of them may have given it."""
    ours = (Membership.agency_id == work.actor.agency_id, col(Membership.role).not_in({Role.PRIVACY, Role.ADMIN}))
    found = select(Membership).where(*ours, holds(work))
    return {membership.worker_id for membership in work.session.exec(found)}


def decline(work: Work, brief_id: UUID, form: DeclineBrief) -> BriefShown:
    """The person declined."""
    brief = access.take(work, BriefIntervention, brief_id)
    steps.decline(brief, work, form)
    return access.show(work, brief, BriefShown)


def follow_up(work: Work, brief_id: UUID, form: FollowUp) -> BriefShown:
    """It was followed up."""
    brief = access.take(work, BriefIntervention, brief_id)
    steps.follow_up(brief, work, form)
    return access.show(work, brief, BriefShown)


def hold_session(work: Work, brief_id: UUID, form: HoldSession) -> SessionShown:
    """Another session of the series."""
    brief = access.take(work, BriefIntervention, brief_id)
    refuse_if(work.actor.role not in steps.DELIVERERS, NotPermitted)
    refuse_if(brief.status not in (BriefStatus.GIVEN, BriefStatus.FOLLOWED_UP), NotGivenYet)
    refuse_unless_past(form.on, work.today, "on")
    session = work.add(
        ExtendedSession(
            case_id=brief.case_id, intervention_id=brief.id, on=form.on or work.today, minutes=form.minutes,
            by=work.actor.id, note=form.note,
        )
    )  # fmt: skip
    work.record(events.SessionHeld(subject_id=brief.id, case_id=brief.case_id, on=session.on))
    return access.show(work, session, SessionShown)


def refer(work: Work, referral_id: UUID, form: Refer) -> ReferralShown:
    """The referral is made."""
    referral = access.take(work, SpecialistReferral, referral_id)
    steps.refer(referral, work, form)
    return access.show(work, referral, ReferralShown)


def accept(work: Work, referral_id: UUID, form: AcceptReferral) -> ReferralShown:
    """The specialist service accepted."""
    referral = access.take(work, SpecialistReferral, referral_id)
    steps.accept(referral, work, form)
    return access.show(work, referral, ReferralShown)


def turn_down(work: Work, referral_id: UUID, form: DeclineReferral) -> ReferralShown:
    """The person or the service said no."""
    referral = access.take(work, SpecialistReferral, referral_id)
    steps.turn_down(referral, work, form)
    return access.show(work, referral, ReferralShown)


def see(work: Work, referral_id: UUID, form: Saw) -> ReferralShown:
    """A specialist saw the person."""
    referral = access.take(work, SpecialistReferral, referral_id)
    steps.see(referral, work, form)
    return access.show(work, referral, ReferralShown)


def conclude(work: Work, referral_id: UUID, form: Conclude) -> ReferralShown:
    """What the assessment came to."""
    referral = access.take(work, SpecialistReferral, referral_id)
    steps.conclude(referral, work, form)
    return access.show(work, referral, ReferralShown)


def seen_by_team(work: Work, case_id: UUID, form: SeenByTeam) -> ContactShown:
    """The substance team saw the person for the first time."""
    access.take_case(work, case_id)
    refuse_if(work.actor.role not in SUBSTANCE_TEAM, NotPermitted)
    refuse_unless_past(form.on, work.today, "on")
    contact = work.add(FirstContact(case_id=case_id, on=form.on or work.today, by=work.actor.id, note=form.note))
    work.record(events.SeenBySubstanceTeam(subject_id=contact.id, case_id=case_id, on=contact.on))
    return access.show(work, contact, ContactShown)

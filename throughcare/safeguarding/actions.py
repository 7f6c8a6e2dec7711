"""What staff do about children: record, consult, refer, decide."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from throughcare.casework import access
from throughcare.casework.agencies import Agency
from throughcare.casework.clocks import calendar_for
from throughcare.casework.tasks import About, For, give
from throughcare.kernel.actors import AgencyKind
from throughcare.kernel.clock import end_of
from throughcare.kernel.refusals import Invalid, NotFound, NotPermitted, WrongState, refuse_if
from throughcare.kernel.rows import CaseRow
from throughcare.kernel.work import Work
from throughcare.safeguarding import events, steps
from throughcare.safeguarding.errands import CONSULT, REFER, TELL_FAMILY
from throughcare.safeguarding.forms import (
    AnonymousConsultationForm,
    ChildForm,
    ConcernForm,
    ConsultationForm,
    Decided,
    DecisionForm,
    HeldForm,
    JustDo,
    OutcomeForm,
    ReferralForm,
    SharingForm,
)
from throughcare.safeguarding.reference import Protocol
from throughcare.safeguarding.rows import Child, Choice, Concern, Consultation, Referral, SharingDecision
from throughcare.safeguarding.rules import Response, response_to, rules_not_met
from throughcare.safeguarding.views import CaseSafeguarding, holder_of, page

T = TypeVar("T", bound=CaseRow)
PHONE_WITHIN = timedelta(hours=1)  # "without delay": DOMAIN F.4, the hours are local


class RulesNotMet(Invalid):
    """Consider every golden rule before sharing without consent, and tick each one."""

    code, beside = "rules_not_met", "rules"


class NotLevel4(WrongState):
    """A referral is for a concern at level 4; consult the front door about this one instead."""

    code = "not_level_4"


class AlreadyAnswered(WrongState):
    """The outcome of this consultation has been recorded and stands; record another consultation for what was said since."""

    code = "already_answered"


def add_child(work: Work, case_id: UUID, form: ChildForm) -> CaseSafeguarding:
    """Record a child the person lives with, cares for or sees."""
    access.check(work, case_id)
    work.add(Child(case_id=case_id, **form.model_dump()))
    return page(work, case_id)


def record_concern(work: Work, case_id: UUID, form: ConcernForm) -> CaseSafeguarding:
    """Record a concern; level 4 must be referred without delay, 2 and 3 talked over with the front door."""
    access.check(work, case_id)
    agency_id = our_agency(work)
    if form.child_id:
        _of(work, case_id, Child, form.child_id)
    concern = work.add(
        Concern(
            case_id=case_id, level=form.level, formed_at=work.now, what=form.what, child_id=form.child_id,
            agency_id=agency_id, recorded_by=work.actor.id,
        )
    )  # fmt: skip
    work.record(events.ConcernRecorded(subject_id=concern.id, case_id=case_id))
    response, mine, about = response_to(form.level), For(agency_id, worker_id=work.actor.id), About(case_id, concern.id)
    if response is Response.REFER:
        work.record(events.ConcernLevel4(subject_id=concern.id, case_id=case_id))
        give(work, REFER, mine, about, work.now + PHONE_WITHIN, urgent=True)
    if response is Response.CONSULT:
        give(work, CONSULT, mine, about, next_working_day(work, agency_id))
    return page(work, case_id)


def consult(
    work: Work, case_id: UUID, concern_id: UUID, form: ConsultationForm | AnonymousConsultationForm
) -> CaseSafeguarding:
    """Record a consultation; an anonymous one has nowhere to put who it is about."""
    _of(work, case_id, Concern, concern_id)
    front_door(work, form.front_door_id)
    anonymous = isinstance(form, AnonymousConsultationForm)
    work.add(
        Consultation(
            case_id=case_id,
            concern_id=concern_id,
            anonymous=anonymous,
            held_at=work.now,
            agency_id=our_agency(work),
            **form.model_dump(),
        )
    )
    work.record(events.Consulted(subject_id=concern_id, case_id=case_id))
    return page(work, case_id)


def answer_consultation(work: Work, case_id: UUID, consultation_id: UUID, form: OutcomeForm) -> CaseSafeguarding:
    """Record the adviser's written outcome; the caller must tell the family."""
    held = answerable(work, case_id, consultation_id)
    held.outcome, held.answered_at, held.family_told_on = form.outcome, work.now, form.family_told_on
    work.session.add(held)
    work.record(events.ConsultationAnswered(subject_id=held.id, case_id=case_id))
    if not form.family_told_on and work.actor.agency_id:
        mine = For(work.actor.agency_id, worker_id=work.actor.id)
        give(work, TELL_FAMILY, mine, About(case_id, held.id), next_working_day(work, mine.agency_id))
    return page(work, case_id)


def answerable(work: Work, case_id: UUID, consultation_id: UUID) -> Consultation:
    """The consultation, where its outcome is still to be recorded and the reader's agency held it."""
    held = _of(work, case_id, Consultation, consultation_id)
    holder = holder_of(held, [access.find(work, Concern, held.concern_id)])
    refuse_if(holder != work.actor.agency_id, NotPermitted)
    refuse_if(held.answered_at is not None, AlreadyAnswered)
    return held


def refer(work: Work, case_id: UUID, concern_id: UUID, form: ReferralForm) -> CaseSafeguarding:
    """Record a referral made by telephone, whole; the written form follows it."""
    concern = _of(work, case_id, Concern, concern_id)
    refuse_if(response_to(concern.level) is not Response.REFER, NotLevel4)
    front_door(work, form.front_door_id)
    agency_id = our_agency(work)
    work.add(
        Referral(
            case_id=case_id,
            concern_id=concern_id,
            phoned_at=work.now,
            agency_id=agency_id,
            **form.model_dump(),
        )
    )
    work.record(events.Referred(subject_id=concern_id, case_id=case_id))
    return page(work, case_id)


def send_form(work: Work, case_id: UUID, referral_id: UUID, _: JustDo) -> CaseSafeguarding:
    """Record that the written form went by secure email."""
    steps.send_form(_ours(work, case_id, referral_id), work)
    return page(work, case_id)


def decide(work: Work, case_id: UUID, referral_id: UUID, form: DecisionForm) -> CaseSafeguarding:
    """Record the front door's decision."""
    referral = _ours(work, case_id, referral_id)
    if form.decided is Decided.ACCEPTED:
        steps.accepted(referral, work, form)
        work.record(events.ReferralAccepted(subject_id=referral.concern_id, case_id=case_id))
    else:
        steps.not_accepted(referral, work, form)
    return page(work, case_id)


def held(work: Work, case_id: UUID, referral_id: UUID, what: str, form: HeldForm) -> CaseSafeguarding:
    """Record a meeting or an assessment, on the day it was."""
    refuse_if(form.on > work.today, Invalid("The date must be today or in the past.", beside="on"))
    steps.HELD[what](_ours(work, case_id, referral_id), work, form)
    return page(work, case_id)


def close(work: Work, case_id: UUID, referral_id: UUID, _: JustDo) -> CaseSafeguarding:
    """Nothing more is to be done about this referral."""
    steps.close(_ours(work, case_id, referral_id), work)
    return page(work, case_id)


def decide_sharing(work: Work, case_id: UUID, form: SharingForm) -> CaseSafeguarding:
    """Record a decision to share without consent, or not to share. Both are kept for good."""
    access.check(work, case_id)
    protocol = work.reference[Protocol]
    wanted = {choice.value for choice in protocol.rule_choices}
    refuse_if(form.decided is Choice.SHARED_WITHOUT_CONSENT and rules_not_met(form.rules, wanted), RulesNotMet)
    told = form.model_dump(exclude={"rules"})
    work.add(
        SharingDecision(
            case_id=case_id, rules_ticked=list(form.rules), rules_version=protocol.rules_version, decided_at=work.now,
            decided_by=work.actor.id, **told,
        )
    )  # fmt: skip
    return page(work, case_id)


def next_working_day(work: Work, agency_id: UUID) -> datetime:
    """The end of it, where the agency whose work it is counts it."""
    return end_of(calendar_for(work, agency_id).working_days_after(work.today, 1))


def our_agency(work: Work) -> UUID:
    """The agency the worker acts for."""
    if work.actor.agency_id is None:
        raise NotPermitted
    return work.actor.agency_id


def front_door(work: Work, agency_id: UUID) -> Agency:
    """The front door chosen; refused where it is not one."""
    found = work.session.get(Agency, agency_id)
    if found is None or found.kind is not AgencyKind.FRONT_DOOR:
        raise Invalid("Select one of the front doors listed.", beside="front_door_id")
    return found


def _ours(work: Work, case_id: UUID, referral_id: UUID) -> Referral:
    referral = _of(work, case_id, Referral, referral_id)
    refuse_if(referral.agency_id != work.actor.agency_id, NotPermitted)
    return referral


def _of(work: Work, case_id: UUID, kind: type[T], row_id: UUID) -> T:
    row = access.take(work, kind, row_id)
    refuse_if(row.case_id != case_id, NotFound)
    return row

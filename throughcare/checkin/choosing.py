"""What a person changes for themselves by text: the hour, the language, a pause; each kept beside what was before (R52)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from throughcare.casework.contact import safe_contact_of
from throughcare.casework.people import Language, PhoneNumber
from throughcare.checkin import events, optouts, steps
from throughcare.checkin.grounds import hours_of
from throughcare.checkin.heard import Heard
from throughcare.checkin.plans import CheckinPlans, Window
from throughcare.checkin.replies import Kind, Reply
from throughcare.checkin.rows import CheckinChoice, CheckinPlan, Choice, PlanStatus
from throughcare.checkin.schedule import Hours, NoSafeTime, sending_hours
from throughcare.kernel.clock import at, london_day
from throughcare.kernel.work import Work

CHOICES = frozenset({Kind.PAUSE, Kind.HOUR, Kind.LANGUAGE})
RUNNING = frozenset({PlanStatus.ACTIVE, PlanStatus.PAUSED})
ASKED = "their_request"
ASKED_WHICH = 0.5  # of 1: how surely an hour that cannot be had is read


def settled(work: Work, reply: Reply, number: PhoneNumber) -> Reply:
    """The reply as far as it may change anything: an hour outside the safe times is asked for again, and what comes from
    a number that is not proven changes nothing, for a stranger may have the phone.
    """
    if reply.kind not in CHOICES:
        return reply
    if number.proven_at is None:
        return Reply(Kind.UNCLEAR, rule=f"{reply.kind}_unproven", concerns=reply.concerns)
    if reply.kind is Kind.HOUR and reply.value not in hours_to_choose(work, number.case_id):
        return replace(reply, value=None, confidence=ASKED_WHICH, rule="hour_not_to_be_had")
    return reply


def hours_to_choose(work: Work, case_id: UUID) -> tuple[int, ...]:
    """The hours this person may choose: inside the service's own and the times that are safe for them."""
    return hours_within(work.reference[CheckinPlans].window, hours_of(safe_contact_of(work, case_id)), work.today)


def hours_within(window: Window, safe: Hours | None, day: date) -> tuple[int, ...]:
    """The whole hours at which a text may begin. Pure."""
    try:
        opens, shuts = sending_hours(day, window, safe) if safe else (None, None)
    except NoSafeTime:
        return ()
    if opens is None or shuts is None:
        return ()
    return tuple(hour for hour in window.hours if opens <= at(day, time(hour)) <= shuts - window.least)


def hour(work: Work, heard: Heard) -> None:
    """Texts come at this hour from now on; what is ahead is planned anew."""
    plan = heard.plan
    if plan is None or heard.reply.value is None:
        return
    was, plan.hour = plan.hour, heard.reply.value
    _look_again(work, plan)
    _note(work, heard, plan, Choice.HOUR, "" if was is None else str(was), str(plan.hour))


def language(work: Work, heard: Heard) -> None:
    """Texts come in this language from now on, this answer among them."""
    plan = heard.plan
    if plan is None:
        return
    was, plan.language = plan.language, Language(heard.reply.language)
    _look_again(work, plan)
    _note(work, heard, plan, Choice.LANGUAGE, str(was), str(plan.language))


def pause(work: Work, heard: Heard) -> None:
    """No texts for as many days as they said, or the service's usual number."""
    days = heard.reply.value or work.reference[CheckinPlans].replies.pause_days
    until = work.now + timedelta(days=days)
    if stop_for(work, heard, ASKED, until) and heard.plan:
        _note(work, heard, heard.plan, Choice.PAUSE, "", str(london_day(until)))


def stop_for(work: Work, heard: Heard, because: str, until: datetime | None) -> bool:
    """Pause a plan that runs; False where none does."""
    if heard.plan is None or heard.plan.status not in RUNNING:
        return False
    steps.pause(heard.plan, work, because, london_day(until) if until else None)
    optouts.hold_back(work, heard.case_id, "paused")
    return True


def _look_again(work: Work, plan: CheckinPlan) -> None:
    plan.next_at = work.now if plan.status is PlanStatus.ACTIVE else None
    work.session.add(plan)


def _note(work: Work, heard: Heard, plan: CheckinPlan, what: Choice, was: str, became: str) -> None:
    work.add(
        CheckinChoice(
            case_id=heard.case_id,
            plan_id=plan.id,
            text_id=heard.text.id,
            what=what,
            was=was,
            became=became,
            at=work.now,
        )
    )
    work.record(events.Chose(subject_id=plan.id, case_id=heard.case_id, what=what))

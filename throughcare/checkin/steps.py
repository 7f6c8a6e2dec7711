"""The moves of a check-in plan: agreed before release, running from the recorded release, paused, ended."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from throughcare.checkin import events
from throughcare.checkin.rows import CheckinPlan, PlanStatus
from throughcare.kernel.actors import Role
from throughcare.kernel.clock import MIDNIGHT, at
from throughcare.kernel.steps import Effect, Machine
from throughcare.kernel.work import Moment

STAFF = {Role.OFFICER, Role.PROVIDER, Role.MANAGER}
ANYONE = STAFF | {
    Role.SYSTEM,
    Role.TREATMENT,
    Role.HEALTHCARE,
    Role.PROBATION,
}  # a recorded release starts it, whoever records it

PLAN = Machine(CheckinPlan, "check-in plan")
OPEN = {PlanStatus.AGREED, PlanStatus.ACTIVE, PlanStatus.PAUSED}


@PLAN.step("Start check-ins", frm={PlanStatus.AGREED}, to=PlanStatus.ACTIVE, by=ANYONE)
def start(plan: CheckinPlan, moment: Moment, episode_id: UUID | None, released_on: date) -> Effect:
    """From the recorded release; everything is counted from that day."""
    event = events.PlanStarted(subject_id=plan.id, case_id=plan.case_id, on=released_on)
    return Effect(
        event,
        {
            "episode_id": episode_id,
            "released_on": released_on,
            "known_at": at(released_on, MIDNIGHT),  # recorded late, what was missed meanwhile is made up for, once
            "proof_from": moment.now,
            "wrong_replies": 0,
            "next_at": moment.now,
        },
    )


@PLAN.step("Pause check-ins", frm={PlanStatus.ACTIVE, PlanStatus.PAUSED}, to=PlanStatus.PAUSED, by=ANYONE)
def pause(plan: CheckinPlan, moment: Moment, because: str, until: date | None) -> Effect:
    """Until a day, or until somebody resumes them."""
    event = events.PlanPaused(subject_id=plan.id, case_id=plan.case_id, because=because)
    return Effect(event, {"paused_at": moment.now, "paused_because": because, "paused_until": until, "next_at": None})


@PLAN.step("Resume check-ins", frm={PlanStatus.PAUSED}, to=PlanStatus.ACTIVE, by=ANYONE)
def resume(plan: CheckinPlan, moment: Moment) -> Effect:
    event = events.PlanResumed(subject_id=plan.id, case_id=plan.case_id)
    return Effect(
        event,
        {
            "paused_at": None,
            "paused_because": "",
            "paused_until": None,
            "known_at": moment.now,  # what fell due meanwhile is not made up for
            "next_at": moment.now,
        },
    )


@PLAN.step("End check-ins", frm=OPEN, to=PlanStatus.ENDED, by=ANYONE)
def end(plan: CheckinPlan, moment: Moment, because: str) -> Effect:
    event = events.PlanEnded(subject_id=plan.id, case_id=plan.case_id, because=because)
    return Effect(event, {"ended_at": moment.now, "ended_because": because, "next_at": None})

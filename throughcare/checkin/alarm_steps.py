"""The moves of an alarm: asked of one after another until somebody takes it on, handed on by name, over (R42)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from throughcare.checkin import events
from throughcare.checkin.on_call import Answerer, Stage
from throughcare.checkin.on_call_rows import Alarm, AlarmStatus
from throughcare.checkin.steps import STAFF
from throughcare.kernel.actors import Role
from throughcare.kernel.steps import Effect, Machine
from throughcare.kernel.work import Moment

ALARM = Machine(Alarm, "alarm")
WAITING, TAKEN, OVER = AlarmStatus.WAITING, AlarmStatus.TAKEN, AlarmStatus.OVER


@ALARM.step("I am dealing with this", frm={WAITING}, to=TAKEN, by=STAFF)
def take(alarm: Alarm, moment: Moment, look_at: datetime) -> Effect:
    """Whoever presses it has it from now: nobody else is asked."""
    event = events.AlarmTaken(subject_id=alarm.subject_id, case_id=alarm.case_id, turn=alarm.turn)
    stage = Stage.MANAGER if moment.actor.role is Role.MANAGER else Stage.WORKER
    had = alarm.stage if alarm.worker_id == moment.actor.id else stage
    told = {"worker_id": moment.actor.id, "stage": had, "acknowledged_at": moment.now, "look_at": look_at}
    return Effect(event, told)


@ALARM.step("Hand it on", frm={WAITING, TAKEN}, to=WAITING, by=STAFF)
def hand_on(alarm: Alarm, moment: Moment, to: UUID, by: datetime) -> Effect:  # noqa: ARG001 - every effect is given the moment
    """To a colleague by name, who has as long to answer as anybody."""
    event = events.AlarmHandedOn(subject_id=alarm.subject_id, case_id=alarm.case_id, turn=alarm.turn + 1)
    return Effect(event, _asked(alarm, Answerer(Stage.COLLEAGUE, to), by))


@ALARM.step("Ask the next", frm={WAITING, TAKEN}, to=WAITING, by={Role.SYSTEM})
def pass_on(alarm: Alarm, moment: Moment, to: Answerer, by: datetime) -> Effect:  # noqa: ARG001 - every effect is given the moment
    """Nobody answered in time, or whoever did has left."""
    event = events.AlarmPassedOn(subject_id=alarm.subject_id, case_id=alarm.case_id, turn=alarm.turn + 1, to=to.stage)
    return Effect(event, _asked(alarm, to, by))


@ALARM.step("Seen to", frm={WAITING, TAKEN}, to=OVER, by={Role.SYSTEM})
def end(alarm: Alarm, moment: Moment) -> Effect:  # noqa: ARG001 - every effect is given the moment
    """The work it asked for is on nobody's list any more."""
    return Effect(events.AlarmOver(subject_id=alarm.subject_id, case_id=alarm.case_id))


def _asked(alarm: Alarm, to: Answerer, by: datetime) -> dict[str, object]:
    return {
        "stage": to.stage, "worker_id": to.worker_id, "turn": alarm.turn + 1, "acknowledge_by": by, "look_at": by,
        "acknowledged_at": None,
    }  # fmt: skip

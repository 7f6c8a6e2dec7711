"""Saying "I am dealing with this", handing it on by name, and what a page tells of it (R42, R47)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import case as sooner
from sqlmodel import col, select

from throughcare.casework import access, tasks
from throughcare.casework.agencies import Worker
from throughcare.casework.carrying import Receiver, refuse_too_many
from throughcare.casework.naming import names_of
from throughcare.casework.people import Case
from throughcare.casework.tasks import For
from throughcare.casework.telling import theirs_to_do
from throughcare.casework.whose import everyone_responsible
from throughcare.checkin import alarm_steps, alarms, rota, steps, when_said
from throughcare.checkin.forms_on_call import HandOn
from throughcare.checkin.on_call import OnCall, Stage
from throughcare.checkin.on_call_rows import Alarm, AlarmStatus
from throughcare.checkin.rota import Colleague
from throughcare.kernel.actors import Role, acts_among
from throughcare.kernel.refusals import Invalid, NotFound, NotPermitted, WrongState, refuse_if
from throughcare.kernel.work import Work


class SeenTo(WrongState):
    """This has been seen to: it is on nobody's list any more."""

    code = "seen_to"


class AlarmShown(BaseModel):
    """One alarm as whoever works with the person reads it."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    text_id: UUID
    case_id: UUID | None = None
    words: str
    text_at: datetime  # when it was received, or the first of them
    taken: bool
    mine: bool
    who: str  # by name, or the stage
    named: bool = False
    acknowledge_by: datetime
    everybody: bool = False  # all on duty have been asked: there is no next
    times: int = 1
    last_at: datetime | None = None
    last: str = ""  # what was said last, where that is this reader's to know
    may_take: bool = False
    may_hand_on: bool = False

    @property
    def whom(self) -> str:
        """Whom it is with, within a sentence."""
        return "you" if self.mine else self.who if self.named else self.who[:1].lower() + self.who[1:]


def take(work: Work, text_id: UUID) -> AlarmShown:
    """I am dealing with this: nobody else is asked. Said twice by the same worker, it is said once."""
    alarm = reach(work, text_id)
    if not (alarm.status is AlarmStatus.TAKEN and alarm.worker_id == work.actor.id):
        refuse_if(alarm.status is AlarmStatus.TAKEN, WrongState(f"{_who(work, alarm)} is dealing with this already."))
        alarm_steps.take(alarm, work, work.now + alarms.LOOK_AGAIN)
        _leave_to(work, alarm, work.actor.id)
        alarms.give(work, alarm, For(work.actor.agency_id or alarm.agency_id, worker_id=work.actor.id))
        alarms.mirror(work, alarm)
    return shown(work, alarm)


def hand_on(work: Work, text_id: UUID, form: HandOn) -> AlarmShown:
    """To a colleague, who is asked as anybody is: until they say so, it goes on to the next in time."""
    alarm = reach(work, text_id, mine_first=True)
    refuse_if(not may_hand_on(work, alarm), NotPermitted)
    chosen = next((one for one in others(work, alarm) if one.worker_id == form.worker_id), None)
    if chosen is None:
        raise Invalid("Select a worker who is here and could take it", beside="worker_id")
    instead = [one.name for one in others(work, alarm) if not one.too_many]
    to = Receiver(chosen.worker_id, chosen.name, chosen.calls)
    refuse_too_many(work, alarm.agency_id, to, form.despite, instead)
    by = work.now + work.reference[OnCall].acknowledge[alarm.kind]
    alarm_steps.hand_on(alarm, work, chosen.worker_id, by)
    alarms.ask(work, alarm, "handed_on")
    return shown(work, alarm)


def reach(work: Work, text_id: UUID, *, mine_first: bool = False) -> Alarm:
    """The alarm about this text that is the reader's to answer, locked; of several (a shared phone) one that waits.
    NotFound where there is none.
    """
    refuse_if(not acts_among(work.actor, steps.STAFF), NotPermitted)
    ours_first = sooner((col(Alarm.agency_id) == work.actor.agency_id, 0), else_=1)
    mine = sooner((col(Alarm.worker_id) == work.actor.id, 0), else_=1)
    waits = sooner((col(Alarm.status) == AlarmStatus.WAITING, 0), (col(Alarm.status) == AlarmStatus.TAKEN, 1), else_=2)
    best = (ours_first, mine, waits) if mine_first else (ours_first, waits)
    query = select(Alarm.id).where(Alarm.subject_id == text_id).order_by(*best, col(Alarm.key))
    for alarm_id in work.session.exec(query).all():
        alarm = alarms.held(work, alarm_id)
        if alarm and _theirs(work, alarm):
            refuse_if(alarm.status is AlarmStatus.OVER or not alarms.still_to_do(work, alarm), SeenTo)
            return alarm
    raise NotFound


def _theirs(work: Work, alarm: Alarm) -> bool:
    """Whoever has standing in the case; of a text that is nobody's yet, whoever has it on their list."""
    if alarm.case_id:
        return bool(access.standing(work, alarm.case_id).bases)
    return any(theirs_to_do(work.actor, task) for task in alarms.open_work(work, alarm))


def may_hand_on(work: Work, alarm: Alarm) -> bool:
    """Whoever it is with, and the managers there."""
    manages = work.actor.role is Role.MANAGER and work.actor.agency_id == alarm.agency_id
    return manages or alarm.worker_id == work.actor.id


def others(work: Work, alarm: Alarm) -> list[Colleague]:
    """Whom it may be handed to: those of the agency it is with, with what they carry."""
    return [one for one in rota.colleagues(work, alarm.agency_id) if one.worker_id != alarm.worker_id]


def open_of(work: Work, case_id: UUID) -> tuple[AlarmShown, ...]:
    """What cannot wait of one person, the soonest to be answered first."""
    query = select(Alarm).where(Alarm.case_id == case_id, Alarm.status != AlarmStatus.OVER)
    rows = work.session.exec(query.order_by(col(Alarm.acknowledge_by), col(Alarm.key))).all()
    return tuple(shown(work, alarm) for alarm in rows if alarms.still_to_do(work, alarm))


def shown(work: Work, alarm: Alarm) -> AlarmShown:
    """It, for this reader."""
    mine, taken = alarm.worker_id == work.actor.id, alarm.status is AlarmStatus.TAKEN
    about = (alarm.subject_id, alarm.case_id)
    when = when_said.said(work, [about]).get(about)
    return AlarmShown(
        text_id=alarm.subject_id,
        case_id=alarm.case_id,
        words=tasks.ERRANDS[alarm.errand].words,
        text_at=when.since if when else alarm.raised_at,
        taken=taken,
        mine=mine,
        who=_who(work, alarm),
        named=alarm.worker_id is not None,
        acknowledge_by=alarm.acknowledge_by,
        everybody=alarm.stage is Stage.DUTY,
        times=when.times if when else 1,
        last_at=when.last if when else None,
        last=when_said.last_words(work, alarm),
        may_take=alarm_steps.take.open_to(alarm, work.actor.role),
        may_hand_on=may_hand_on(work, alarm),
    )


def _who(work: Work, alarm: Alarm) -> str:
    names: Any = names_of(work, Worker, {alarm.worker_id})
    return str(names.get(alarm.worker_id) or (Stage.DUTY if alarm.worker_id else alarm.stage).label)


def _leave_to(work: Work, alarm: Alarm, worker_id: UUID) -> None:
    """It is this worker's: off the lists it was on only because somebody had to be asked."""
    case = work.session.get(Case, alarm.case_id) if alarm.case_id else None
    theirs = {worker_id, *(whose.worker_id for whose in (everyone_responsible(case) if case else ()))}
    asked = f"{alarm.errand}:{alarm.subject_id}#"
    for task in alarms.open_work(work, alarm):
        ours = task.key.startswith(asked) and task.case_id == alarm.case_id  # of a shared phone there is another's too
        if ours and task.worker_id not in theirs:
            tasks.close(work, task, "taken_by_another")

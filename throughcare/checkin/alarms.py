"""What cannot wait is with somebody until they say so: whom it goes to, one after another, whatever happens (R42)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import and_, col, or_, select

from throughcare.casework import tasks
from throughcare.casework.agencies import Agency
from throughcare.casework.people import Case
from throughcare.casework.rows import Task, TaskStatus
from throughcare.casework.tasks import ERRANDS, About, For
from throughcare.checkin import alarm_steps, alerting, errands, holding, left_with_nobody, rota, strangers
from throughcare.checkin.on_call import Answerer, OnCall, Stage, in_order, is_promised, untried
from throughcare.checkin.on_call_rows import Alarm, AlarmStatus, AlarmTurn
from throughcare.checkin.rules import Reason
from throughcare.checkin.service import Answering
from throughcare.kernel.actors import Role
from throughcare.kernel.rounds import by_case, each_alone
from throughcare.kernel.work import Work

AT_ONCE = 200
LOOK_AGAIN = timedelta(minutes=5)  # at what somebody has taken on: they may leave, or be done
CRISIS = "crisis"
MOST_PRESSING = (  # one alarm a text, for the most pressing thing in it
    (Reason.CRISIS, CRISIS, errands.CRISIS),
    (Reason.SCORE_ONE, "low_score", errands.LOW_SCORE),
    (Reason.FALL, "low_score", errands.LOW_SCORE),
    (Reason.CALL, "call_asked", errands.CALL_ASKED),
)


def sound_for(work: Work, case_id: UUID, about: Mapping[tasks.Errand, UUID], why: Collection[Reason]) -> Alarm | None:
    """Ask whoever is on call now, where what was said cannot wait for the named worker. `about`: which text, by errand."""
    pressing = next((each for each in MOST_PRESSING if each[0] in why), None)
    if pressing is None:
        return None
    _, kind, errand = pressing
    if kind != CRISIS and not _out_of_hours(work, case_id):
        return None
    agency_id = work.session.get_one(Case, case_id).owner_agency_id
    return sound(work, kind, errand, For(agency_id), About(case_id, about[errand]))


def sound_unplaced(work: Work, what: tasks.Errand, text_id: UUID, case_id: UUID | None) -> None:
    """Words that may mean a crisis, of nobody knows whom: asked of those whose person it may be, or of those on duty."""
    if case_id:
        sound(work, CRISIS, what, For(work.session.get_one(Case, case_id).owner_agency_id), About(case_id, text_id))
    elif duty := strangers.on_duty(work):
        answered = [agency for agency in duty if rota.turns(work, agency.id, work.now)]
        sound(work, CRISIS, what, For((answered or duty)[0].id), About(None, text_id))


def _out_of_hours(work: Work, case_id: UUID) -> bool:
    """Outside the named worker's hours, while somebody is on call or ought to be."""
    case = work.session.get_one(Case, case_id)
    agency = work.session.get_one(Agency, case.owner_agency_id)
    if errands.staffed(work, agency.jurisdiction):
        return False
    on_call, _ = in_order(rota.turns(work, agency.id, work.now, case.owner_team_id), work.now, timedelta())
    return bool(on_call) or is_promised(work.reference[OnCall].hours(agency.name), work.now)


def sound(work: Work, kind: str, what: tasks.Errand, whose: For, about: About) -> Alarm | None:
    """Raise it, once a text and agency: somebody has it from this instant."""
    key = f"{about.subject_id}:{whose.agency_id}"
    here = and_(col(Alarm.subject_id) == about.subject_id, col(Alarm.agency_id) == whose.agency_id)
    standing = and_(here, col(Alarm.errand) == what.kind, col(Alarm.status) != AlarmStatus.OVER)
    if work.session.exec(select(Alarm.id).where(or_(col(Alarm.key) == key, standing))).first():
        return None
    alarm = work.add(
        Alarm(
            case_id=about.case_id, key=key, kind=kind, errand=what.kind, subject_id=about.subject_id,
            agency_id=whose.agency_id, raised_at=work.now, acknowledge_by=work.now, look_at=work.now,
        )
    )  # fmt: skip
    first, by = _next(work, alarm)
    alarm.stage, alarm.worker_id, alarm.turn = first.stage, first.worker_id, 1
    alarm.acknowledge_by = alarm.look_at = by
    work.session.add(alarm)
    ask(work, alarm, "raised")
    return alarm


def hurry(work: Work, alarm: Alarm) -> None:
    """There is more of it: the next is asked as soon after the last as of any of this kind, though a clock was put back."""
    last = select(AlarmTurn.at).where(AlarmTurn.alarm_id == alarm.id, AlarmTurn.number == alarm.turn)
    wait = work.reference[OnCall].acknowledge[alarm.kind]
    by = min(max(work.session.exec(last).one() + wait, work.now), work.now + wait)
    if by < alarm.acknowledge_by:
        alarm.acknowledge_by = alarm.look_at = by
        work.session.add(alarm)
    mirror(work, alarm)


def keep_asking(work: Work) -> int:
    """A round: whoever did not answer in time is followed by the next; how many moved. One fault stops no other (R10)."""
    due = select(Alarm.id, Alarm.case_id).where(Alarm.status != AlarmStatus.OVER, col(Alarm.look_at) <= work.now)
    order = (col(Alarm.look_at), col(Alarm.id))
    return each_alone(work, by_case(work.session.exec(due.order_by(*order).limit(AT_ONCE))), _look)


def held(work: Work, alarm_id: UUID) -> Alarm | None:
    """One alarm, locked, after the case it is of: as everybody locks them, so that nobody waits for ever."""
    case_id = work.session.exec(select(Alarm.case_id).where(Alarm.id == alarm_id)).first()
    holding.case_first(work, case_id)
    return work.session.get(Alarm, alarm_id, with_for_update=True, populate_existing=True)


def _look(work: Work, alarm_id: UUID) -> int:
    """The row is locked and asked again, so that an answer that comes now is not talked over (R21, R45)."""
    alarm = held(work, alarm_id)
    if alarm is None or alarm.status is AlarmStatus.OVER or alarm.look_at > work.now:
        return 0
    if not still_to_do(work, alarm):
        alarm_steps.end(alarm, work)
        return 1
    if alarm.status is AlarmStatus.TAKEN and _still_here(work, alarm):
        alarm.look_at = work.now + LOOK_AGAIN
        work.session.add(alarm)
        return 0
    ask_next(work, alarm)
    return 1


def _still_here(work: Work, alarm: Alarm) -> bool:
    """Whether whoever took it on still signs in where it is on a list: they may be of an agency that shares the case."""
    where = {alarm.agency_id, *(task.agency_id for task in open_work(work, alarm))}
    return any(tasks.readers(work, For(agency_id, worker_id=alarm.worker_id), most=1) for agency_id in where)


def still_to_do(work: Work, alarm: Alarm) -> bool:
    """Whether what it asks for is on anybody's list still."""
    return bool(open_work(work, alarm))


def open_work(work: Work, alarm: Alarm) -> list[Task]:
    """The work it asks for, on every list it is on."""
    still = select(Task).where(
        Task.subject_id == alarm.subject_id, Task.kind == alarm.errand, Task.status == TaskStatus.OPEN
    )
    return list(work.session.exec(still.order_by(col(Task.created_at), col(Task.key))))


def ask_next(work: Work, alarm: Alarm) -> None:
    """Nobody answered in time, or whoever did has left, or has not rung and is asked for again."""
    if alarm.case_id:  # the case may be another agency's by now
        alarm.agency_id = work.session.get_one(Case, alarm.case_id).owner_agency_id
    left = alarm.status is AlarmStatus.TAKEN and not _still_here(work, alarm)
    to, by = _next(work, alarm)
    if to == Answerer(alarm.stage, alarm.worker_id):  # everybody has been told already
        alarm.turn, alarm.acknowledge_by, alarm.look_at = alarm.turn + 1, by, by
        work.session.add(alarm)
    else:
        alarm_steps.pass_on(alarm, work, to, by)
    ask(work, alarm, "left" if left else "unanswered")


def _next(work: Work, alarm: Alarm) -> tuple[Answerer, datetime]:
    """Whom to ask now, and by when they are to answer; everybody on duty again, once there is nobody else."""
    plans = work.reference[OnCall]
    before = select(AlarmTurn).where(AlarmTurn.alarm_id == alarm.id, AlarmTurn.agency_id == alarm.agency_id)
    asked = [Answerer(turn.stage, turn.worker_id) for turn in work.session.exec(before.order_by(col(AlarmTurn.number)))]
    found = untried(_ladder(work, alarm), asked)
    wait = plans.acknowledge[alarm.kind] if found else plans.again
    return found or Answerer(Stage.DUTY), work.now + wait


def _ladder(work: Work, alarm: Alarm) -> list[Answerer]:
    """On call now, then the named worker in their hours where nobody is, then who comes next, the managers, everybody."""
    ahead = work.reference[OnCall].look_ahead
    case = work.session.get(Case, alarm.case_id) if alarm.case_id else None
    planned = rota.turns(work, alarm.agency_id, work.now + ahead, case.owner_team_id if case else None)
    on_call, coming = in_order(planned, work.now, ahead)
    found = [Answerer(Stage.ON_CALL, worker_id) for worker_id in on_call]
    found += [] if on_call or case is None else _named(work, case)
    found += [Answerer(Stage.ON_CALL, worker_id) for worker_id in coming]
    managed = tasks.readers(work, For(alarm.agency_id, role=Role.MANAGER), most=1)
    return [*found, *([Answerer(Stage.MANAGER)] if managed else ()), Answerer(Stage.DUTY)]


def _named(work: Work, case: Case) -> list[Answerer]:
    worker_id, agency = case.owner_worker_id, work.session.get_one(Agency, case.owner_agency_id)
    if worker_id is None or not errands.staffed(work, agency.jurisdiction):
        return []
    there = tasks.readers(work, For(agency.id, worker_id=worker_id), most=1)
    return [Answerer(Stage.WORKER, worker_id)] if there else []


def ask(work: Work, alarm: Alarm, because: str) -> None:
    """Write the asking down, put the work on their list, and tell them where they are not looking at a screen."""
    work.add(
        AlarmTurn(
            alarm_id=alarm.id, number=alarm.turn, agency_id=alarm.agency_id, stage=alarm.stage,
            worker_id=alarm.worker_id, because=because, at=work.now, acknowledge_by=alarm.acknowledge_by,
        )
    )  # fmt: skip
    whose = list_of(work, alarm)
    give(work, alarm, whose)
    told = tasks.readers(work, tasks.reaching(work, whose))
    if alarm.stage is Stage.DUTY:  # the managers too, on whose list it has been since they were asked alone
        told += tasks.readers(work, For(alarm.agency_id, role=Role.MANAGER))
    alerting.alert(work, told or left_with_nobody.tell(work, alarm), alarm.id, alarm.turn)
    mirror(work, alarm)


def list_of(work: Work, alarm: Alarm) -> For:
    """Whose list it is on now."""
    if alarm.worker_id:
        return For(alarm.agency_id, worker_id=alarm.worker_id)
    if alarm.stage is Stage.MANAGER:
        return For(alarm.agency_id, role=Role.MANAGER)
    agency = work.session.get_one(Agency, alarm.agency_id)
    return For(alarm.agency_id, role=strangers.AT_THE_GATE.get(agency.kind))


def give(work: Work, alarm: Alarm, whose: For) -> None:
    """On this list, or the one that is read in its place, unless it is there already."""
    there, before = tasks.reaching(work, whose), open_work(work, alarm)
    if any(_list(task) == _list(there) for task in before):
        return
    asking = f"{alarm.subject_id}#{alarm.turn}{whose.role or ''}"  # an agency has a list for each role
    about = About(alarm.case_id, alarm.subject_id, asking)
    due = work.now + work.reference[Answering].ring_within
    given = tasks.give(work, ERRANDS[alarm.errand], whose, about, due, urgent=True)
    if given:
        given.times = max((task.times for task in before if task.case_id == alarm.case_id), default=1)
        work.session.add(given)


def _list(row: Task | For) -> tuple[UUID, UUID | None, Role | None]:
    return row.agency_id, row.worker_id, row.role


def mirror(work: Work, alarm: Alarm) -> None:
    """Every list that has it says by when somebody must answer, or who does; not where it is another alarm's, of a shared phone."""
    taken = alarm.status is AlarmStatus.TAKEN
    for task in open_work(work, alarm):
        if task.case_id != alarm.case_id and task.agency_id != alarm.agency_id:
            continue
        task.answer_by = None if taken else alarm.acknowledge_by
        task.taken_by = alarm.worker_id if taken else None
        work.session.add(task)
    work.session.flush()

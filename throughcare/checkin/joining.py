"""A storm from one number is one thing that says how often: a further text stands with what waits already (R26, R42).

Nothing is later or quieter for it. What somebody has taken on takes in no crisis more: the next is an alarm of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, update
from sqlmodel import col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from throughcare.casework import tasks
from throughcare.casework.people import Case
from throughcare.casework.rows import Task, TaskStatus
from throughcare.casework.tasks import Errand, For
from throughcare.casework.whose import everyone_responsible
from throughcare.checkin import alarms, alerting, errands, events, strangers
from throughcare.checkin.on_call_rows import Alarm, AlarmStatus, TextAgain
from throughcare.checkin.rows import PLACED, InboundText, TextReceived
from throughcare.checkin.service import Answering
from throughcare.kernel.work import Work

Text = InboundText | TextReceived


def joins(work: Work, what: Errand, case_id: UUID | None, text: Text) -> bool:
    """Whether an alarm that nobody has taken on yet, about an earlier text of this number, is about this one too now.

    Whoever answers for them by now has it on their list, and the next is asked no later than had it stood alone.
    """
    alarm = _waiting(work, what, case_id, text.from_number)
    if alarm is None:
        return False
    for whose in _lists(work, alarm):
        alarms.give(work, alarm, whose)
    _stand(work, what, alarm.subject_id, case_id, text)
    alarms.hurry(work, alarm)
    return True


def _waiting(work: Work, what: Errand, case_id: UUID | None, number: str) -> Alarm | None:
    """The soonest to be answered, locked and asked again: somebody may have taken it on in this instant."""
    theirs = select(TextReceived.id).where(TextReceived.case_id == case_id, TextReceived.from_number == number)
    nobodys = select(InboundText.id).where(InboundText.from_number == number)
    query = select(Alarm.id).where(
        Alarm.case_id == case_id,
        Alarm.errand == what.kind,
        Alarm.status == AlarmStatus.WAITING,
        or_(col(Alarm.subject_id).in_(theirs), col(Alarm.subject_id).in_(nobodys)),
    )
    agency_id = work.session.get_one(Case, case_id).owner_agency_id if case_id else None
    for alarm_id in work.session.exec(query.order_by(col(Alarm.acknowledge_by), col(Alarm.key))).all():
        alarm = alarms.held(work, alarm_id)
        if alarm and _takes_in(work, alarm, agency_id):
            return alarm
    return None


def _takes_in(work: Work, alarm: Alarm, agency_id: UUID | None) -> bool:
    """It waits for somebody, on lists of whoever has the case now, and the work it asks for is still to be done."""
    there = agency_id in {None, alarm.agency_id}
    return there and alarm.status is AlarmStatus.WAITING and bool(_open_held(work, alarm.subject_id, alarm.errand))


def _open_held(work: Work, subject_id: UUID, errand: str) -> Sequence[Task]:
    """Locked as whoever ends it by hand locks it: what is being ended is waited for, and then not in it."""
    still = select(Task).where(Task.subject_id == subject_id, Task.kind == errand, Task.status == TaskStatus.OPEN)
    held = still.order_by(col(Task.id)).with_for_update()
    return work.session.exec(held.execution_options(populate_existing=True)).all()


def _lists(work: Work, alarm: Alarm) -> list[For]:
    if alarm.case_id:
        return everyone_responsible(work.session.get_one(Case, alarm.case_id))
    return [whose for whose, _ in strangers.lists(work, urgent=True)]


def ask_to_call(work: Work, what: Errand, case_id: UUID, text: Text, due: datetime) -> UUID:
    """One such call a person while it is to be made, due no later: the text that it is about, which counts this one."""
    still = select(Task.subject_id).where(
        Task.case_id == case_id, Task.kind == what.kind, Task.status == TaskStatus.OPEN
    )
    first = work.session.exec(still.order_by(col(Task.created_at), col(Task.key))).first()
    errands.alert(work, what, case_id, first or text.id, due, urgent=True)
    if first is None:
        return text.id
    _stand(work, what, first, case_id, text)
    _not_rung(work, case_id, first)
    return first


def _not_rung(work: Work, case_id: UUID, text_id: UUID) -> None:
    """Whoever took it on has had the time in which one rings, and they ask again: it is asked of the next."""
    taken = select(Alarm.id).where(
        Alarm.subject_id == text_id, Alarm.case_id == case_id, Alarm.status == AlarmStatus.TAKEN
    )  # of a graver kind too: one text is one alarm, for the most pressing thing in it
    for alarm_id in work.session.exec(taken.order_by(col(Alarm.key))).all():
        alarm = alarms.held(work, alarm_id)
        since = alarm.acknowledged_at if alarm and alarm.status is AlarmStatus.TAKEN else None
        if alarm and since and since + work.reference[Answering].ring_within <= work.now:
            alarms.ask_next(work, alarm)


def _stand(work: Work, what: Errand, first: UUID, case_id: UUID | None, text: Text) -> None:
    """Written down, and counted on each list: whoever would end the work reads first that there is more (R26)."""
    work.add(
        TextAgain(
            case_id=case_id, errand=what.kind, subject_id=first, text_id=text.id, received_at=text.received_at
        )
    )  # fmt: skip
    _count(work, what.kind, first, case_id)
    work.record(events.SaidAgain(subject_id=text.id, case_id=case_id, about_id=first))


def _count(work: Work, errand: str, first: UUID, case_id: UUID | None) -> None:
    """How many texts the open work about this one is of, on each list."""
    again = select(func.count(func.distinct(TextAgain.text_id))).where(
        TextAgain.subject_id == first, TextAgain.errand == errand, TextAgain.case_id == case_id
    )
    times = work.session.exec(again).one() + 1
    for task in _open_held(work, first, errand):
        task.times = times if task.case_id == case_id else task.times
        work.session.add(task)


def crises(work: Work, case_id: UUID) -> int:
    """How many texts that may mean a crisis have come of this person."""
    kind = errands.CRISIS.kind
    alone = select(func.count(func.distinct(Task.subject_id))).where(Task.case_id == case_id, Task.kind == kind)
    again = select(func.count(func.distinct(TextAgain.text_id))).where(
        TextAgain.case_id == case_id, TextAgain.errand == kind
    )
    return work.session.exec(alone).one() + work.session.exec(again).one()


def tell_who_took(work: Work, alarm: Alarm) -> None:
    """Whoever has said of an earlier one that they are dealing with it learns at once that there is another."""
    earlier = select(Alarm).where(
        Alarm.case_id == alarm.case_id, Alarm.kind == alarm.kind, Alarm.status == AlarmStatus.TAKEN
    )
    for before in work.session.exec(earlier.order_by(col(Alarm.raised_at), col(Alarm.key))).all():
        for task in alarms.open_work(work, before):
            if task.worker_id and task.worker_id == before.worker_id:
                alarms.give(work, alarm, For(task.agency_id, worker_id=task.worker_id))
                alerting.alert(work, [task.worker_id], alarm.id, alarm.turn)
    alarms.mirror(work, alarm)


def off_the_lists(work: Work, text_id: UUID) -> None:
    """It has been placed: what asked for that is done, or goes on about the next text that stood with it."""
    alarm_first = select(Alarm).where(Alarm.subject_id == text_id).order_by(col(Alarm.key)).with_for_update()
    work.session.exec(alarm_first).all()  # and then the work, as a text that joins it locks them
    _stands_alone(work, text_id)
    tasks_ = work.session.exec(_open_about(text_id)).all()
    left = {case_id: _left(work, text_id, case_id) for case_id in {task.case_id for task in tasks_}}
    for task in tasks_:
        following = left[task.case_id]
        if following is None:
            tasks.close(work, task, "placed")
        else:
            task.subject_id = following
            work.session.add(task)
    for case_id, following in left.items():
        if following:
            _go_on_about(work, text_id, case_id, following)


def _stands_alone(work: Work, text_id: UUID) -> None:
    """It is counted no more with the work that is about an earlier one."""
    with_another = select(TextAgain).where(TextAgain.text_id == text_id, TextAgain.subject_id != text_id)
    for again in work.session.exec(with_another.order_by(col(TextAgain.errand), col(TextAgain.case_id))).all():
        first, again.subject_id = again.subject_id, text_id
        work.session.add(again)
        _count(work, again.errand, first, again.case_id)


def _go_on_about(work: Work, text_id: UUID, case_id: UUID | None, following: UUID) -> None:
    """The alarm, whoever has it, and what else stood with it."""
    about = select(Alarm.id).where(Alarm.subject_id == text_id, Alarm.case_id == case_id)
    for alarm_id in work.session.exec(about.order_by(col(Alarm.key))).all():
        alarm = work.session.get_one(Alarm, alarm_id, with_for_update=True, populate_existing=True)
        alarm.subject_id = following
        work.session.add(alarm)
    with_it = and_(col(TextAgain.subject_id) == text_id, col(TextAgain.case_id) == case_id)
    rest = and_(with_it, col(TextAgain.text_id).not_in([text_id, following]))
    put = {"subject_id": following, "version": TextAgain.version + 1}
    work.session.execute(update(TextAgain).where(rest).values(**put))
    kinds = select(TextAgain.errand).where(TextAgain.text_id == following, TextAgain.case_id == case_id)
    for kind in work.session.exec(kinds.order_by(col(TextAgain.errand))).all():
        _count(work, kind, following, case_id)


def _open_about(text_id: UUID) -> SelectOfScalar[Task]:
    still = select(Task).where(Task.subject_id == text_id, Task.status == TaskStatus.OPEN)
    return still.order_by(col(Task.id)).with_for_update()


def _left(work: Work, text_id: UUID, case_id: UUID | None) -> UUID | None:
    """The first that stood with this text and that nobody has placed yet."""
    loose = (
        select(TextAgain.text_id)
        .join(InboundText, col(InboundText.id) == col(TextAgain.text_id))
        .where(TextAgain.subject_id == text_id, TextAgain.case_id == case_id, InboundText.fate != PLACED)
    )
    return work.session.exec(loose.order_by(col(TextAgain.received_at), col(TextAgain.text_id))).first()

"""Workers who keep up with their lists: at the end of each working day what was due is done, but for the last few days."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from config.demonstration.playing import Stage
from throughcare.casework import done, elsewhere
from throughcare.casework.clock_rules import ServiceClocks
from throughcare.casework.clocks import LIVE
from throughcare.casework.elsewhere_rows import Known, MetForm
from throughcare.casework.rows import ServiceClock, Task, TaskStatus
from throughcare.casework.tasks import ERRANDS
from throughcare.checkin import actions, errands
from throughcare.checkin.forms import Call, ReadText
from throughcare.kernel.actors import SYSTEM, Role
from throughcare.kernel.clock import london_day

BEHIND = 3  # days that nobody has got round to yet
HOUR = (16, 40)
SATURDAY = 5


def lists_kept(stage: Stage, first_day: int) -> Generator[datetime, None, None]:
    """Every working day from the first on."""
    for number in range(first_day, -BEHIND):
        if stage.day(number).weekday() < SATURDAY:
            yield stage.when(number, *HOUR)
            _work(stage)
            _meet(stage)


def _work(stage: Stage) -> None:
    with stage.desk.work(SYSTEM) as work:
        due = select(Task).where(Task.status == TaskStatus.OPEN, col(Task.due_at) <= work.now).order_by(col(Task.key))
        found = [(task, doer(stage, task)) for task in work.session.exec(due).all()]
        work.session.expunge_all()
    called = set()
    for task, who in found:
        if who is None or task.case_id in called:
            continue
        if task.kind in errands.CALLS | {errands.UNSENT.kind}:
            called.add(task.case_id)
            stage.do(who, actions.spoke, task.case_id, Call(reached=True))
        elif task.kind == errands.READ.kind:
            stage.do(who, actions.read_text, task.case_id, task.subject_id, ReadText())
        elif ERRANDS[task.kind].by_hand:
            stage.do(who, done.finish, task.id, done.DoneForm(how=done.How.DONE))


def _meet(stage: Stage) -> None:
    """Deadlines that are met in another service's record."""
    with stage.desk.work(SYSTEM) as work:
        by_hand = [rule.code for rule in work.reference[ServiceClocks].clock if rule.met_by_hand]
        due = select(ServiceClock).where(
            col(ServiceClock.code).in_(by_hand), col(ServiceClock.state).in_(LIVE), col(ServiceClock.due_at) <= work.now
        )
        found = [(clock, doer(stage, clock)) for clock in work.session.exec(due.order_by(col(ServiceClock.id))).all()]
        work.session.expunge_all()
    for clock, who in found:
        if who is not None:
            on = max(clock.started_on, london_day(clock.due_at))
            met = MetForm(on=on, known=Known.RECORD, where="The healthcare record")
            stage.do(who, elsewhere.meet_elsewhere, clock.case_id, clock.id, met)


def doer(stage: Stage, job: Any) -> str | None:
    """Who has it on their list and still works there; a manager where it names nobody."""
    for key, actor in stage.partnership.actors.items():
        if actor.agency_id != job.agency_id or key == "leaver":
            continue
        if actor.id == job.worker_id or (job.worker_id is None and actor.role is (job.role or Role.MANAGER)):
            return key
    return None

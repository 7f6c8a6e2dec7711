"""What a bystander asks of the tables, put together once: it reads, takes no lock, and stands outside every transaction of the service."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Engine, and_, bindparam, create_engine, event, exists, func, or_, select
from sqlmodel import col

from throughcare.casework.agencies import Membership, Worker
from throughcare.casework.people import Case
from throughcare.casework.rows import Task, TaskStatus
from throughcare.checkin.inbound import LEFT_BEHIND
from throughcare.checkin.on_call_rows import Alarm, AlarmStatus, TextAgain
from throughcare.checkin.queries import PLANNED_NOW
from throughcare.checkin.rows import CheckinPlan, CheckinPrompt, InboundText, PlanStatus
from throughcare.checkin.unheard import NO_RECEIPT, UNFINISHED
from throughcare.kernel.clock import at
from throughcare.kernel.delivery import Delivery, Purpose
from throughcare.kernel.moves import EVENTS, OUTBOX

CALLED = ("checkin_call", "checkin_manager", "checkin_second_contact")
WRITES = re.compile(r"\bINSERT\b|\bDELETE\b|(?<!FOR )\bUPDATE\b")
OWN_PULSE = ("heartbeat", "sender_pace")  # written by an idle service too: that it lives, and what the bucket holds
NOW = bindparam("now")
OPEN_TASK = col(Task.status) == TaskStatus.OPEN

_there = and_(
    col(Membership.agency_id) == col(Task.agency_id),
    or_(col(Membership.to_on).is_(None), col(Membership.to_on) > bindparam("today")),
    or_(col(Task.worker_id).is_(None), col(Membership.worker_id) == col(Task.worker_id)),
    or_(col(Task.team_id).is_(None), col(Membership.team_id) == col(Task.team_id)),
    or_(col(Task.role).is_(None), col(Membership.role) == col(Task.role)),
)
_read = exists().where(_there, col(Worker.id) == col(Membership.worker_id), col(Worker.disabled_at).is_(None))
_state, _until = OUTBOX.c.state, OUTBOX.c.lease_until
_late = (OPEN_TASK, col(Task.case_id).is_not(None))
_unread = select(func.min(col(InboundText.received_at))).where(col(InboundText.settled_at).is_(None))

DUE: dict[str, Any] = {  # for each thing the service does by itself, the earliest time at which it has something to do
    "plan": select(func.min(col(CheckinPlan.next_at))).where(col(CheckinPlan.status) == PlanStatus.ACTIVE),
    "look": select(func.min(col(CheckinPrompt.look_at))),
    "alarm": select(func.min(col(Alarm.look_at))).where(col(Alarm.status) != AlarmStatus.OVER),
    "read": _unread,
    "send": select(func.min(OUTBOX.c.not_before)).where(PLANNED_NOW),
    "expire": select(func.min(OUTBOX.c.expires_at)).where(PLANNED_NOW),
    "doubt": select(func.min(_until)).where(_state.in_([Delivery.CLAIMED, Delivery.SENDING, Delivery.AMBIGUOUS])),
    "ask": select(func.min(_until)).where(_state.in_(UNFINISHED)),
    "old": select(func.min(OUTBOX.c.accepted_at)).where(_state.in_(UNFINISHED)),
    "late": select(func.min(col(Task.due_at))).where(*_late, col(Task.due_at) > NOW),
    "late_by_us": select(func.min(col(Task.due_at))).where(*_late, col(Task.due_at) > bindparam("before")),
    "pause": select(func.min(col(CheckinPlan.paused_until))).where(col(CheckinPlan.status) == PlanStatus.PAUSED),
}
_all_due = select(*(asked.scalar_subquery().label(name) for name, asked in DUE.items()))

OF_A_TEXT = select(OUTBOX.c.purpose, OUTBOX.c.template, OUTBOX.c.case_id).where(OUTBOX.c.id == bindparam("id"))
FRESH_TASKS = select(col(Task.kind), or_(~OPEN_TASK, _read).label("is_read")).where(
    col(Task.created_at) > bindparam("seen")
)
FRESH_CALLS = (
    select(Task.kind, Task.created_at, CheckinPrompt.day, OUTBOX.c.delivered_at)
    .join(CheckinPrompt, col(CheckinPrompt.id) == col(Task.subject_id))
    .join(OUTBOX, OUTBOX.c.id == col(CheckinPrompt.message_id))
    .where(col(Task.created_at) > bindparam("seen"), col(Task.kind).in_(CALLED))
    .where(OUTBOX.c.delivered_at.is_not(None), col(CheckinPrompt.failed_at).is_(None))
)
FRESHLY_DELIVERED = (
    select(CheckinPrompt.id, CheckinPrompt.day, OUTBOX.c.delivered_at, OUTBOX.c.sending_at, OUTBOX.c.case_id)
    .join(OUTBOX, OUTBOX.c.id == col(CheckinPrompt.message_id))
    .where(OUTBOX.c.delivered_at > bindparam("seen"), OUTBOX.c.purpose == Purpose.CHECKIN)
)
ORPHANS = select(func.count()).select_from(Task).where(OPEN_TASK, ~_read)
NOBODYS = (
    select(func.count()).select_from(Case).where(col(Case.owner_team_id).is_(None), col(Case.owner_worker_id).is_(None))
)
CALL_OF = select(Task.id).where(col(Task.subject_id) == bindparam("id"), col(Task.kind) == "checkin_call").limit(1)
_since = bindparam("since")
_joined = exists().where(  # it stands with one that nobody had said by then that they are dealing with
    col(TextAgain.subject_id) == col(Alarm.subject_id), col(TextAgain.errand) == col(Alarm.errand),
    col(TextAgain.case_id) == col(Alarm.case_id), col(TextAgain.created_at) >= _since,
    or_(col(Alarm.acknowledged_at).is_(None), col(Alarm.acknowledged_at) >= _since),
)  # fmt: skip
ALARM_OF = select(Alarm.id).where(col(Alarm.case_id) == bindparam("id"), or_(col(Alarm.raised_at) >= _since, _joined))
STUCK = select(func.count()).select_from(Alarm).where(
    col(Alarm.status) != AlarmStatus.OVER, col(Alarm.look_at) < bindparam("since")
)  # fmt: skip
WAITS = select(func.count()).select_from(OUTBOX).where(PLANNED_NOW, OUTBOX.c.not_before <= NOW)
MOVES = select(EVENTS.c.message_id, EVENTS.c.old, EVENTS.c.new)
STATES = select(OUTBOX.c.id, OUTBOX.c.state)


class Bystander:
    """Reads over the service's shoulder, on a connection of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = create_engine(engine.url, isolation_level="AUTOCOMMIT", connect_args=_apart(engine))
        self._connection = self._engine.connect()
        self.written: list[str] = []
        event.listen(engine, "after_cursor_execute", self._hear)
        self._heard = engine

    def all(self, question: Any, **known: Any) -> Any:
        return self._connection.execute(question, known).all()

    def one(self, question: Any, **known: Any) -> Any:
        return self._connection.execute(question, known).scalars().first()

    def due(self, now: datetime, gap: timedelta) -> dict[str, datetime]:
        """What the service has to do, and when; `gap`: how long it was itself down, by which every wait is longer."""
        known = {"now": now, "before": now - gap}
        row = self._connection.execute(_all_due, known).one()
        found = {name: when for name, when in row._mapping.items() if when is not None}
        moved = {"old": NO_RECEIPT, "read": LEFT_BEHIND, "late_by_us": gap}
        found |= {name: found[name] + by for name, by in moved.items() if name in found}
        if "pause" in found:
            found["pause"] = at(found["pause"], time())
        return found

    def _hear(self, _: Any, cursor: Any, statement: str, *__: Any) -> None:
        """Every row that anybody writes, whatever the table."""
        if cursor.rowcount > 0 and WRITES.search(statement) and not any(name in statement for name in OWN_PULSE):
            self.written.append(statement[:60])

    def leave(self) -> None:
        event.remove(self._heard, "after_cursor_execute", self._hear)
        self._connection.close()
        self._engine.dispose()


def _apart(engine: Engine) -> dict[str, Any]:
    return {"check_same_thread": False} if engine.dialect.name == "sqlite" else {"options": "-c timezone=UTC"}

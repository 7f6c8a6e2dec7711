"""A check-in that has reached the phone, what comes back, and what was made of it."""

from __future__ import annotations

from uuid import uuid4

from sqlmodel import col, select

from tests.support.texting import NUMBER, dispatch, forward, gateway_of, texts
from throughcare.casework.rows import Task, TaskStatus
from throughcare.checkin import inbound, receipts
from throughcare.checkin.climbing import climb_ladders
from throughcare.checkin.planning import plan_texts
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.delivery import Delivery

OURS = "+441632960000"


def asked_on_day_one(desk, case):
    """The check-in of day 1 has reached the phone."""
    forward(desk.clock, hours=26)
    ask(desk)
    return case


def ask(desk):
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    dispatch(desk, gateway_of(desk), rounds=2)
    with desk.work(SYSTEM) as work:
        for text in texts(desk):
            if text.state is Delivery.ACCEPTED:
                receipts.arrive(work, text.id, "delivered")


def hear(desk, body, number=NUMBER):
    """A second later they write."""
    forward(desk.clock, seconds=1)
    came(desk, {"MessageSid": uuid4().hex, "Body": body}, number)


def ring(desk, number=NUMBER, sid=None):
    """A second later they ring; whether that is new."""
    forward(desk.clock, seconds=1)
    return came(desk, {"CallSid": sid or uuid4().hex}, number)


def came(desk, fields, number=NUMBER, at=None):
    """It is kept, and settled; whether it is new. `at`: it came then, and is read only now."""
    with desk.work(SYSTEM) as work:
        new = inbound.store(work, {"From": number, "To": OURS, **fields}, at)
        inbound.settle_number(work, number)
        return new


def climb(desk, hours):
    """So much later the ladders are looked at."""
    forward(desk.clock, hours=hours)
    with desk.work(SYSTEM) as work:
        climb_ladders(work)


def rows(desk, table, **where):
    with desk.work(SYSTEM) as work:
        query = select(table)
        for name, value in where.items():
            query = query.where(getattr(table, name) == value)
        return list(work.session.exec(query.order_by(col(table.created_at))))


def open_tasks(desk):
    return sorted(task.kind for task in rows(desk, Task, status=TaskStatus.OPEN) if task.kind.startswith("checkin"))


def said(desk, case):
    """The templates of what we wrote by ourselves."""
    return [text.template for text in texts(desk, case)]

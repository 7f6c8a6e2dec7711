"""Somebody on call, a crisis by text, and who has it now."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from sqlmodel import col, select

from tests.support.texting import NUMBER
from throughcare.checkin import inbound
from throughcare.checkin.alarms import keep_asking
from throughcare.checkin.on_call_rows import Alarm, AlarmTurn, RotaTurn
from throughcare.kernel.actors import SYSTEM

CRISIS = "I want to end it"


def on_call(desk, *actors, start=timedelta(), end=timedelta(hours=12), agency=None):
    """These are on call, the first of them first."""
    with desk.work(SYSTEM) as work:
        for place, actor in enumerate(actors, 1):
            work.add(
                RotaTurn(
                    agency_id=agency or actor.agency_id, worker_id=actor.id, from_at=work.now + start,
                    until_at=work.now + end, place=place, planned_by=actor.id,
                )
            )  # fmt: skip


def hear(desk, body, number=NUMBER):
    """A text comes in now."""
    with desk.work(SYSTEM) as work:
        inbound.store(work, {"MessageSid": uuid4().hex, "From": number, "To": "+441632960000", "Body": body})
        inbound.settle_number(work, number)


def tick(desk):
    """One round of asking."""
    with desk.work(SYSTEM) as work:
        return keep_asking(work)


def alarms(desk):
    with desk.work(SYSTEM) as work:
        return list(work.session.exec(select(Alarm).order_by(col(Alarm.raised_at), col(Alarm.key))))


def asked(desk):
    """Whom the alarms were with, one after another: the stage and the worker."""
    with desk.work(SYSTEM) as work:
        order = (col(AlarmTurn.at), col(AlarmTurn.number))
        turns = work.session.exec(select(AlarmTurn).order_by(*order)).all()
        return [(turn.stage.value, turn.worker_id) for turn in turns]

"""Where an agency has nobody left to read what cannot wait, somebody elsewhere is told, and nothing of what it says (R42)."""

from __future__ import annotations

from uuid import UUID

import structlog
from sqlmodel import col, select

from throughcare.casework import tasks
from throughcare.casework.agencies import Agency
from throughcare.casework.tasks import About, For
from throughcare.checkin import errands, strangers
from throughcare.checkin.on_call_rows import Alarm
from throughcare.checkin.service import Answering
from throughcare.kernel.work import Work

log = structlog.get_logger()


def tell(work: Work, alarm: Alarm) -> list[UUID]:
    """Put it before those on duty, or else before every agency that works with texts; those who are told."""
    log.error("what cannot wait is on a list that nobody reads", reference=str(alarm.id))
    due = work.now + work.reference[Answering].ring_within
    told: list[UUID] = []
    for agency in _elsewhere(work):
        about = About(None, alarm.subject_id, f"{alarm.subject_id}:{agency.id}")
        tasks.give(work, errands.ABANDONED, For(agency.id), about, due, urgent=True)
        told += tasks.readers(work, For(agency.id))
    return told


def _elsewhere(work: Work) -> list[Agency]:
    """Those on duty where somebody is there; with none, every agency where somebody is."""
    every = select(Agency).where(col(Agency.kind).in_(list(strangers.AT_THE_GATE)), col(Agency.closed_on).is_(None))
    for agencies in (strangers.on_duty(work), work.session.exec(every.order_by(col(Agency.name))).all()):
        if found := [agency for agency in agencies if tasks.readers(work, For(agency.id), most=1)]:
            return found
    return []

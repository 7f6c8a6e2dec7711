"""When a person has died, their handovers end: the service ends each by a step of the machine, and each keeps its history."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlmodel import col, select

from throughcare.handover import doors, owning, steps
from throughcare.handover.rows import Handover
from throughcare.handover.words import LIVE
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.work import Moment, Work


def end_all(work: Work, case_id: UUID, reason: str) -> int:
    """End every live handover of the case, by the service; how many."""
    ours = replace(work, moment=Moment(SYSTEM, work.now))
    case = doors.take_case(ours, case_id)
    live = select(Handover).where(Handover.case_id == case_id, col(Handover.status).in_(LIVE))
    rows = list(work.session.exec(live.with_for_update()))
    for row in rows:
        step = next(step for step in steps.ENDED_BY_SERVICE if row.status in step.frm)
        step(row, ours, reason)
        doors.keep(ours, row, step.name, [reason])
    owning.share(ours, case)
    return len(rows)

"""The first check-in after a number is proven is waited for: this says that it has left."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework.clocks import LIVE
from throughcare.casework.rows import ServiceClock
from throughcare.checkin import events
from throughcare.kernel.work import Work

CODE = "sms_first_checkin"


def note(work: Work, case_ids: Sequence[UUID]) -> None:
    """A check-in of each of these cases has left: where it was waited for, it is the first."""
    if not case_ids:
        return
    waited_for = select(ServiceClock.case_id).where(
        col(ServiceClock.case_id).in_(set(case_ids)), ServiceClock.code == CODE, col(ServiceClock.state).in_(LIVE)
    )
    for case_id in set(work.session.exec(waited_for).all()):
        work.record(events.FirstSent(subject_id=case_id, case_id=case_id))

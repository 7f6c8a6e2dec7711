"""The wording that stands now: the newest the service agreed to, else the one that came with the software."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework.agencies import Worker
from throughcare.checkin.forbidden import Forbidden
from throughcare.checkin.wording import Template, Wording
from throughcare.checkin.wording_rows import SmsWording, WordingStatus
from throughcare.checkin.wording_rules import own_faults
from throughcare.kernel.work import Work

FRESH = timedelta(seconds=10)  # what was agreed in another process is used here by then, with no restart
Barred = Mapping[UUID | None, tuple[str, ...]]  # by wording, why it is no longer sent


@dataclass(frozen=True)
class _Kept:
    """What one process holds of it, and since when."""

    at: datetime
    wording: Wording


def standing(work: Work) -> Wording:
    """The wording of every text: read in one statement where it was last read too long ago, else nothing is asked."""
    kept: _Kept | None = work.kept.get(SmsWording)
    if kept is None or abs(work.now - kept.at) >= FRESH:  # also where the clock was put back
        known = {each.wording_id: each.barred for each in kept.wording.templates.values()} if kept else {}
        kept = work.kept[SmsWording] = _Kept(work.now, read(work, known))
    return kept.wording


def read(work: Work, known: Barred | None = None) -> Wording:
    """The same, as the database has it now. `known`: what this lexicon was found to say of some of them."""
    found: Any = (
        select(
            *(col(each) for each in (SmsWording.id, SmsWording.code, SmsWording.language)),
            *(col(each) for each in (SmsWording.text, SmsWording.number, Worker.name)),
        )
        .outerjoin(Worker, col(Worker.id) == col(SmsWording.reviewed_by))
        .where(col(SmsWording.status) == WordingStatus.AGREED)
        .order_by(col(SmsWording.number))
    )
    shipped = work.reference[Wording]
    held = dict(shipped.templates)
    for row in work.session.execute(found):
        key = (row.code, row.language)
        if key in shipped.templates:
            held[key] = _ours(work, shipped.templates[key], row, known or {})
    return Wording(held)


def _ours(work: Work, shipped: Template, row: Any, known: Barred) -> Template:
    """The service's own words; those that came with the software where these no longer take the values that are given."""
    same = row.text == shipped.text
    reviewed_by = row.name or (shipped.reviewed_by if same else "")
    ours = replace(shipped, text=row.text, version=row.number, reviewed_by=reviewed_by, wording_id=row.id)
    if ours.fields != shipped.fields:
        return shipped
    barred = known[row.id] if row.id in known else own_faults(ours, work.reference[Forbidden])
    return replace(ours, barred=barred)

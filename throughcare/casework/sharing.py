"""The sharing page of a case: what the person agreed to, who is involved and why, and who has read the record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import String, cast, func
from sqlmodel import col, select

from throughcare.casework import access, consents, holds
from throughcare.casework.agencies import Agency, Worker
from throughcare.casework.consents import RECORDERS, Agreement
from throughcare.casework.holds import Held
from throughcare.casework.naming import names_of
from throughcare.casework.overview import involved
from throughcare.casework.paging import newest_first, place
from throughcare.casework.people import Case
from throughcare.casework.views_people import Involved
from throughcare.disclosure.policy import Basis
from throughcare.kernel.actors import Role, acts_among
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.categories import Category
from throughcare.kernel.clock import london_day
from throughcare.kernel.work import Work

READ = "disclosure.read"
LOOKED_BACK = 1_000  # readings looked at for one page; the rest are asked for with `before`
SCANNED = 5_000  # readings of lists looked through for one page
ORDER = newest_first(col(AuditRow.at), col(AuditRow.id))


class Reading(BaseModel):
    """What one worker read of the record on one day, and on which bases they read it.

    `page` is the view a list shows them by, for a reading made from a list; its bases are those of the whole list.
    """

    worker: str
    role: str
    agency: str
    on: date
    last_at: datetime
    times: int
    categories: tuple[Category, ...]
    bases: tuple[Basis, ...]
    page: str = ""


class Sharing(BaseModel):
    """`readings` is None for those who may not see who has read; `before` leads to earlier ones.

    `listed` are the readings made from lists of many cases, and `listed_before` leads to earlier ones of those.
    """

    case_id: UUID
    consents: tuple[Agreement, ...]
    involved: tuple[Involved, ...]
    may_record: bool
    hold: Held | None = None  # None for those who neither place nor lift one
    readings: tuple[Reading, ...] | None = None
    before: str = ""
    listed: tuple[Reading, ...] = ()
    listed_before: str = ""


def show(work: Work, case_id: UUID, before: str = "", listed_before: str = "") -> Sharing:
    """The page. NotFound where there is no standing."""
    case = access.find_case(work, case_id)
    shown = Sharing(
        case_id=case_id,
        consents=consents.listed(work, case_id),
        involved=involved(work, case_id, past=True),
        may_record=acts_among(work.actor, RECORDERS),
        hold=holds.held(work, case_id) if work.actor.role in holds.KEEPERS else None,
    )
    if not may_see_readers(work, case):
        return shown
    rows = _rows(work, case_id, before)
    earlier = place(rows[-1].at, rows[-1].id) if len(rows) == LOOKED_BACK else ""
    lists, listed_earlier = _in_lists(work, case_id, listed_before)
    return shown.model_copy(
        update={
            "readings": tuple(_readings(work, rows)),
            "before": earlier,
            "listed": tuple(_readings(work, lists)),
            "listed_before": listed_earlier,
        }
    )


def may_see_readers(work: Work, case: Case) -> bool:
    """The owner, a manager of the agency that owns the case, and a privacy officer of any agency with standing."""
    actor = work.actor
    if actor.role is Role.PRIVACY:
        return True
    return actor.id == case.owner_worker_id or (actor.role is Role.MANAGER and actor.agency_id == case.owner_agency_id)


def _rows(work: Work, case_id: UUID, before: str) -> list[AuditRow]:
    query = select(AuditRow).where(AuditRow.case_id == case_id, AuditRow.name == READ, ORDER.after(before))
    return list(work.session.exec(query.order_by(*ORDER.columns).limit(LOOKED_BACK)))


def _in_lists(work: Work, case_id: UUID, before: str) -> tuple[list[AuditRow], str]:
    """The readings of lists that this case was on, and where to go on from when there may be more.

    A list is written down once for all its cases. Only so many are looked through at a time, the newest first, so that
    a page costs the same however long the journal is.
    """
    lists = select(AuditRow.id, AuditRow.at).where(col(AuditRow.case_id).is_(None), AuditRow.name == READ)
    looked = lists.where(ORDER.after(before)).order_by(*ORDER.columns).limit(SCANNED).subquery()
    count = work.session.exec(select(func.count()).select_from(looked)).one()
    oldest = work.session.exec(select(looked.c.at, looked.c.id).order_by(looked.c.at, looked.c.id)).first()
    found = select(AuditRow).where(
        col(AuditRow.id).in_(select(looked.c.id)), cast(col(AuditRow.body), String).contains(str(case_id))
    )
    rows = work.session.exec(found.order_by(*ORDER.columns))
    mine = [row for row in rows if str(case_id) in row.body.get("cases", ())]
    return mine, place(*oldest) if oldest and count == SCANNED else ""


def _readings(work: Work, rows: Iterable[AuditRow]) -> list[Reading]:
    """One line a worker, role, day and list, the latest first."""
    grouped: dict[tuple[UUID, str, UUID | None, date, str], list[AuditRow]] = {}
    for row in rows:
        page = str(row.body.get("what", "")) if row.case_id is None else ""
        key = (row.actor_id, row.actor_role, row.actor_agency_id, london_day(row.at), page)
        grouped.setdefault(key, []).append(row)
    workers = names_of(work, Worker, [key[0] for key in grouped])
    agencies = names_of(work, Agency, [key[2] for key in grouped])
    return [
        Reading(
            worker=workers.get(who, "The service"),
            role=Role(role).label,
            agency=agencies.get(agency, "") if agency else "",
            on=day,
            last_at=max(row.at for row in read),
            times=len(read),
            page=page,
            **_told(read),
        )
        for (who, role, agency, day, page), read in grouped.items()
    ]


def _told(read: list[AuditRow]) -> dict[str, Any]:
    bases = [pair for row in read for pair in row.body.get("bases", {}).items()]
    seen = {Category(category) for category, _ in bases}
    on = {Basis(basis) for _, basis in bases}
    return {
        "categories": tuple(category for category in Category if category in seen),
        "bases": tuple(basis for basis in Basis if basis in on),
    }

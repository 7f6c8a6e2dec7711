"""What stays on a list when somebody leaves: it goes, at once, to those who are still there to read it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update
from sqlmodel import col

from throughcare.casework.agencies import Membership
from throughcare.casework.clocks import LIVE
from throughcare.casework.rows import ServiceClock, Task, TaskStatus
from throughcare.casework.tasks import For, reaching
from throughcare.kernel.work import Work


def leave_to_others(work: Work, role: Membership) -> None:
    """This role is over: open work and live deadlines on lists that nobody reads any more go to a list that somebody does.

    What has somebody's name on it keeps the name while they have another role there.
    """
    work.session.flush()
    _leave(work, Task, col(Task.status) == TaskStatus.OPEN, role)
    _leave(work, ServiceClock, col(ServiceClock.state).in_(LIVE), role)


def _leave(work: Work, kind: type[Any], live: ColumnElement[bool], role: Membership) -> None:
    table = kind.__table__
    keys = [table.c[name] for name in ("team_id", "role", "worker_id") if name in table.c]
    theirs = or_(table.c.worker_id == role.worker_id, table.c.worker_id.is_(None))
    here = (table.c.agency_id == role.agency_id, live, theirs)
    for row in work.session.execute(select(*keys).where(*here).distinct()).all():
        had = For(role.agency_id, _team(row, role), row.role, row.worker_id)
        now = reaching(work, had)
        if now != had:
            same = [key.is_not_distinct_from(value) for key, value in zip(keys, row, strict=True)]
            told: dict[str, UUID | str | None] = {key.name: getattr(now, key.name) for key in keys}
            work.session.execute(update(kind).where(*here, *same).values(told))


def _team(row: Any, role: Membership) -> UUID | None:
    """The team a list is of; one with the leaver's name on it and no team goes to the team they were in."""
    return getattr(row, "team_id", None) or (role.team_id if row.worker_id else None)

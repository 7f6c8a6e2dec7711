"""Agencies, workers and teams by name, read once in a unit of work."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from throughcare.casework.agencies import Agency, Team, Worker
from throughcare.kernel.work import Work


def names_of(work: Work, kind: type[Agency | Worker | Team], ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of these agencies, workers or teams."""

    def ask(unknown: set[UUID]) -> dict[UUID, str]:
        query: Any = select(col(kind.id), col(kind.name)).where(col(kind.id).in_(unknown))
        return {row.id: row.name for row in work.session.execute(query)}

    return work.each(kind, {key for key in ids if key}, ask)

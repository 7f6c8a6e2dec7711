"""What the database itself tells whoever runs the service: said by `throughcare check`."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError

from config.migrate import at_head
from throughcare.kernel import resealing
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.work import Desk


def looked_at(desk: Desk) -> list[str]:
    """Plain sentences; one alone where there is no database to look at yet."""
    try:
        if not at_head(desk.engine):
            return ["The database is not at the newest schema: run `throughcare migrate`."]
        with desk.work(SYSTEM) as work:
            return [*resealing.advice(work)]
    except DBAPIError:
        return ["The database cannot be reached, so nothing is said of what is in it."]

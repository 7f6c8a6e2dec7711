"""When the scheduler last did each of its rounds: what a dead man's switch looks at."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import select

from throughcare.kernel.categories import Category
from throughcare.kernel.rows import Row, column, when
from throughcare.kernel.work import Work


class Heartbeat(Row, table=True):
    """One kind of round, and when it last ended well."""

    __tablename__ = "heartbeat"
    tick: str = column(Category.RECORD, unique=True)
    at: datetime = when()


def beat(work: Work, tick: str) -> None:
    """This round has just been done."""
    row = work.session.exec(select(Heartbeat).where(Heartbeat.tick == tick)).first()
    if row is None:
        work.add(Heartbeat(tick=tick, at=work.now))
        return
    row.at = work.now
    work.session.add(row)


def heartbeats(work: Work) -> dict[str, datetime]:
    """Every round that has ever been done, and when last."""
    return {row.tick: row.at for row in work.session.exec(select(Heartbeat))}

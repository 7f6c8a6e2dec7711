"""When the scheduler last did each of its rounds: what a dead man's switch looks at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, select

from throughcare.kernel.categories import Category
from throughcare.kernel.rows import Row, column, when
from throughcare.kernel.work import Work

SENDING = "send_texts"  # whoever sends texts keeps a pace of its own, and is not on the timetable


class Heartbeat(Row, table=True):
    """One kind of round, and when it last ended well."""

    __tablename__ = "heartbeat"
    tick: str = column(Category.RECORD, unique=True)
    at: datetime = when()


def beat(work: Work, tick: str) -> None:
    """This round has just been done."""
    done = update(Heartbeat).where(col(Heartbeat.tick) == tick).values(at=work.now)
    if not work.session.connection().execute(done).rowcount:
        work.add(Heartbeat(tick=tick, at=work.now))


def heartbeats(work: Work) -> dict[str, datetime]:
    """Every round that has ever been done, and when last."""
    return {row.tick: row.at for row in work.session.exec(select(Heartbeat))}

"""When the scheduler last did each of its rounds: what a dead man's switch looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import col, select

from throughcare.kernel.categories import Category
from throughcare.kernel.rows import Row, column, when
from throughcare.kernel.work import Work

GRACE = timedelta(minutes=5)  # a round may be late by so much, and by three of its own lengths
WATCHER = "tell_watcher"  # whoever watches from outside was told that all is well
SENDING = "send_texts"  # whoever sends texts keeps a pace of its own, and is not on the timetable


@dataclass(frozen=True)
class Rounds:
    """Every kind of round with how often it comes, and whether somebody outside is told while all of them are done."""

    every: Mapping[str, timedelta]
    watched: bool = False

    def late(self, last: Mapping[str, datetime], now: datetime) -> list[str]:
        """Those that have stopped, or have never been done."""
        return [name for name, each in self.every.items() if name not in last or now - last[name] > GRACE + 3 * each]


class Heartbeat(Row, table=True):
    """One kind of round, and when it last ended well."""

    __tablename__ = "heartbeat"
    tick: str = column(Category.RECORD, unique=True)
    at: datetime = when()


def beat(work: Work, tick: str) -> None:
    """This round has just been done. Two that do it for the first time at once both have."""
    done = update(Heartbeat).where(col(Heartbeat.tick) == tick).values(at=work.now)
    if not work.session.connection().execute(done).rowcount:
        work.add_once(Heartbeat(tick=tick, at=work.now))


def heartbeats(work: Work) -> dict[str, datetime]:
    """Every round that has ever been done, and when last."""
    return {row.tick: row.at for row in work.session.exec(select(Heartbeat))}

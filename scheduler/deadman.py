"""A dead man's switch: somebody outside is told each minute that all is well, and raises the alarm when nothing comes (R50)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import structlog

from scheduler.ticks import TICKS
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.heartbeat import SENDING, WATCHER, Rounds, beat, heartbeats
from throughcare.kernel.work import Desk, Work

log = structlog.get_logger()
EVERY = 60  # seconds
PERIODS = {tick.name: timedelta(seconds=tick.every) for tick in TICKS} | {SENDING: timedelta(seconds=10)}


def late(work: Work) -> list[str]:
    """The rounds that have stopped, the sending of texts among them, or have never been done."""
    return Rounds(PERIODS).late(heartbeats(work), work.now)


def tell(desk: Desk, ping: Callable[[], None]) -> bool:
    """Say that all is well, if it is. Silence is the alarm: nothing here can raise it by failing to."""
    try:
        with desk.work(SYSTEM) as work:
            stopped = late(work)
        if stopped:
            log.warning("not all rounds are done", ticks=stopped)
            return False
        ping()
        with desk.work(SYSTEM) as work:
            beat(work, WATCHER)
    except Exception:
        log.exception("whoever watches could not be told")
        return False
    return True

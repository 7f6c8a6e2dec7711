"""The scheduler at work beside whatever else this process does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from config.settings import Settings
from scheduler.timetable import start_ticking
from throughcare.kernel.work import Desk


@contextmanager
def running(settings: Settings, desk: Desk) -> Iterator[None]:  # noqa: ARG001 - the dispatcher takes its pace from them
    """Rounds go on while the block runs; those under way are finished before it ends."""
    ticker = start_ticking(desk)
    try:
        yield
    finally:
        ticker.shutdown(wait=True)

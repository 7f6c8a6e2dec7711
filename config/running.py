"""The scheduler at work beside whatever else this process does: its rounds, and the sending of texts."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from config.gateways import carrier_of, mailer_of
from config.settings import Settings
from integrations.watcher import watcher
from scheduler.dispatch import Dispatcher
from scheduler.timetable import start_ticking
from throughcare.kernel.work import Desk


@contextmanager
def running(settings: Settings, desk: Desk) -> Iterator[None]:
    """Rounds and sending go on while the block runs; what is under way is finished and written down before it ends."""
    ticker = start_ticking(desk, watcher(settings.watcher_url), mailer_of(settings))
    with sending(settings, desk):
        try:
            yield
        finally:
            ticker.shutdown(wait=True)


@contextmanager
def sending(settings: Settings, desk: Desk) -> Iterator[None]:
    """The dispatcher on a thread and a loop of its own."""
    loop, stop, carrier = asyncio.new_event_loop(), asyncio.Event(), carrier_of(settings, desk)

    async def go() -> None:
        await Dispatcher(desk, carrier.open()).run(stop)

    def whole() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(go())

    thread = threading.Thread(target=whole, name="dispatcher", daemon=True)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()

"""What was kept on the disk is written down as soon as the database answers again (R20)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from litestar import Litestar
from prometheus_client import Gauge

from throughcare.checkin import doorstep
from throughcare.web.webhooks.twilio import Door

log = structlog.get_logger()
EVERY = 2.0  # seconds
DEPTH = Gauge("throughcare_spool", "Calls by the provider of texts that are kept on this machine's disk", ["kind"])


class Replaying:
    """The lifespan of a door: what the last run left is looked at first."""

    def __init__(self, door: Door, every: float = EVERY) -> None:
        self._door = door
        self._every = every

    @asynccontextmanager
    async def __call__(self, _: Litestar) -> AsyncIterator[None]:
        task = asyncio.create_task(self._go_on())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await asyncio.to_thread(self._door.close)

    async def _go_on(self) -> None:
        while True:
            await asyncio.to_thread(self._round)
            await asyncio.sleep(self._every)

    def _round(self) -> None:
        try:
            if count := doorstep.replay(self._door.desk, self._door.spool):
                log.info("calls kept on the disk are written down", count=count)
            waiting, aside = self._door.spool.depth()
            DEPTH.labels("waiting").set(waiting)
            DEPTH.labels("put_aside").set(aside)
        except Exception:
            log.exception("what is kept on the disk could not be looked at")

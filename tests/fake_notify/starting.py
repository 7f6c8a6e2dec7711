"""Starts the fake Notify inside a test's own loop."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from tests.fake_notify.app import NOTIFY, Notify, build
from tests.fake_notify.faults import Faults
from tests.fake_notify.settings import Settings


@asynccontextmanager
async def serving(settings: Settings, faults: Faults | None = None) -> AsyncIterator[tuple[str, Notify]]:
    """Its address and itself."""
    app = build(settings, faults)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", app[NOTIFY]
    finally:
        await runner.cleanup()

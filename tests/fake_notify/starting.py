"""Starts the fake Notify inside a test's own loop."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.fake_notify.app import NOTIFY, Notify, build
from tests.fake_notify.faults import Faults
from tests.fake_notify.settings import Settings
from tests.fake_twilio.starting import at_an_address


@asynccontextmanager
async def serving(settings: Settings, faults: Faults | None = None) -> AsyncIterator[tuple[str, Notify]]:
    """Its address and itself."""
    app = build(settings, faults)
    async with at_an_address(app) as address:
        yield address, app[NOTIFY]

"""A dispatcher wired to the fake provider through the SDK and HTTP, whose receipts come back to our own signed door."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from config.checkins import pacing_of
from config.gateways import Carrier, carrier_of, in_process
from config.settings import Settings
from scheduler.dispatch import Dispatcher
from tests.fake_twilio.faults import Faults
from tests.fake_twilio.messages import Provider
from tests.fake_twilio.settings import ACCOUNT_SID, AUTH_TOKEN, NUMBER
from tests.fake_twilio.settings import Settings as ProviderSettings
from tests.fake_twilio.starting import serving
from throughcare.checkin.service import Pacing
from throughcare.kernel.reference import Reference
from throughcare.kernel.work import Desk

PUBLIC = "https://texts.example.org"
PATIENCE = 120  # seconds, where the machine is busy


@dataclass
class Wired:
    """Both ends of the wire. `desk` is the test's own, at this pace."""

    desk: Desk
    provider: Provider
    carrier: Carrier
    dispatcher: Dispatcher

    @property
    def taken(self) -> list[str]:
        """What the provider took, by our ids, in its own order."""
        return [message.reference for message in self.provider.ledger.messages.values()]

    async def sends(self, rounds: int = 1) -> None:
        """What is due goes, and its answers are written down."""
        for _ in range(rounds):
            await self.dispatcher.send_due()
            await self.dispatcher.drain()

    async def until(self, holds: Callable[[], object]) -> None:
        """Returns when it holds; TimeoutError where it never does."""
        async with asyncio.timeout(PATIENCE):
            while not await asyncio.to_thread(holds):  # noqa: ASYNC110 - the database cannot set an event
                await asyncio.sleep(0.01)


def paced(desk: Desk, **sms: Any) -> tuple[Settings, Desk]:
    """Settings for the fake provider, and the same desk under them."""
    held = Settings(
        environment="demo", _env_file=None, public_base_url=PUBLIC, sms={"gateway": "twilio"} | sms,
        twilio={"account_sid": ACCOUNT_SID, "auth_token": AUTH_TOKEN, "from_number": NUMBER},
    )  # fmt: skip
    return held, replace(desk, reference=Reference({**desk.reference.held, Pacing: pacing_of(held)}))


@asynccontextmanager
async def wired(desk: Desk, folder: Path, faults: Faults, **sms: Any) -> AsyncIterator[Wired]:
    held, desk = paced(desk, **sms)
    faults.now = faults.now or (desk.clock.now() + timedelta(days=30)).isoformat()  # its clock is not ours
    async with webhooks() as (address, app):
        ours = ProviderSettings(
            folder / "ledger", callback_base=address, inbound_url=f"{PUBLIC}/webhooks/twilio/messages"
        )
        async with serving(ours, faults) as (provider_address, provider):
            held.twilio.api_base_url = provider_address
            carrier = carrier_of(held.model_copy(update={"spool": folder / "spool"}), desk)
            app["post"] = in_process(carrier.door)
            dispatcher = Dispatcher(desk, carrier.open(), idle=0.02)
            try:
                yield Wired(desk, provider, carrier, dispatcher)
            finally:
                await dispatcher.gateway.close()


@asynccontextmanager
async def webhooks() -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """Our two addresses on a port of this machine; what answers them is put under "post" later."""
    answering: dict[str, Any] = {}

    async def receive(request: web.Request) -> web.Response:
        status = await answering["post"](request.path, await request.read(), request.headers)
        return web.Response(status=status)

    app = web.Application()
    app.router.add_post("/{path:.*}", receive)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", answering
    finally:
        await runner.cleanup()

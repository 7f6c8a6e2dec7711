"""A dispatcher wired to the fake Notify through its own client and HTTP, whose receipts come back to our own door."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from config.checkins import pacing_of
from config.gateways import Carrier, carrier_of
from config.settings import Settings
from scheduler.dispatch import Dispatcher
from tests.fake_notify.app import Notify
from tests.fake_notify.faults import Faults
from tests.fake_notify.settings import API_KEY, CALLBACK_TOKEN, TEMPLATE_ID
from tests.fake_notify.settings import Settings as NotifySide
from tests.fake_notify.starting import serving
from tests.support.wired import PUBLIC, Wired, webhooks
from throughcare.checkin.service import Pacing
from throughcare.kernel.reference import Reference
from throughcare.kernel.work import Desk
from throughcare.web.webhooks import notify as webhook
from throughcare.web.webhooks.twilio import Call

NOTIFY = {"api_key": API_KEY, "template_id": TEMPLATE_ID, "callback_token": CALLBACK_TOKEN}


@dataclass
class WiredNotify(Wired):
    """As Wired; `provider` is the fake Notify."""

    provider: Notify  # type: ignore[assignment]  # the other provider, in the same place
    carrier: Carrier

    @property
    def references(self) -> list[str]:
        return [message.reference for message in self.provider.ledger.messages.values()]


def by_notify(desk: Desk, **more: Any) -> tuple[Settings, Desk]:
    """Settings for the fake Notify, and the same desk under them."""
    sms = {"gateway": "notify", "one_way": True} | more.pop("sms", {})
    held = Settings(
        environment="demo",
        _env_file=None,
        public_base_url=PUBLIC,
        sms=sms,
        notify=NOTIFY | more.pop("notify", {}),
        **more,
    )
    return held, under(desk, held)


def under(desk: Desk, held: Settings) -> Desk:
    """The same desk, as another process has it that was started with these settings."""
    return replace(desk, reference=Reference({**desk.reference.held, Pacing: pacing_of(held)}))


@asynccontextmanager
async def wired_notify(desk: Desk, folder: Path, faults: Faults, **more: Any) -> AsyncIterator[WiredNotify]:
    held, desk = by_notify(desk, **more)
    faults.now = faults.now or desk.clock.now().isoformat()
    async with webhooks() as (address, app):
        ours = NotifySide(folder / "notify", callback_url=f"{address}{webhook.RECEIPTS}")
        async with serving(ours, faults) as (at, provider):
            held.notify.api_base_url = at
            carrier = carrier_of(held.model_copy(update={"spool": folder / "spool"}), desk)
            app["post"] = lambda path, body, headers: posted(carrier, path, body, headers)
            dispatcher = Dispatcher(desk, carrier.open(), idle=0.02)
            try:
                yield WiredNotify(desk, provider, carrier, dispatcher)
            finally:
                await dispatcher.gateway.close()


async def posted(carrier: Carrier, path: str, body: bytes, headers: Any) -> int:
    return carrier.notify_door.receipt(Call(path, b"", body, headers.get(webhook.TOKEN))).status

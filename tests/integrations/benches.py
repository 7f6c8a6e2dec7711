"""The gateways that are held to one contract, each with how a test has its provider misbehave."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from config.bootstrap import toml
from integrations.notify_sms import NotifyAccount, NotifySms
from integrations.notify_words import notify_words_from
from integrations.simulator_sms import SimulatorSms
from integrations.twilio_sms import TwilioAccount, TwilioSms
from tests.fake_notify import faults as notify_faults
from tests.fake_notify.settings import Settings as NotifySettings
from tests.fake_notify.starting import serving as notify_serving
from tests.fake_twilio.faults import Faults
from tests.fake_twilio.messages import Provider
from tests.fake_twilio.settings import ACCOUNT_SID, AUTH_TOKEN, NUMBER, Settings
from tests.fake_twilio.starting import serving
from tests.fakes import FakeGateway
from throughcare.kernel.clock import SetClock
from throughcare.kernel.ports import Sms

NOON = datetime(2027, 3, 27, 12, 0, 0, 700_000, tzinfo=UTC)
TO, OTHER = "+447700900123", "+447700900124"
WORDS = "How are things today? 1 (bad) to 5 (good), or CALL. Sut ŵyt ti? \U0001f44d\r\nDiolch + & = %"


REFERENCE = "0b9e"
TOO_LONG = "x" * 1_601


def text(to: str = TO, words: str = WORDS, reference: str = REFERENCE) -> Sms:
    return Sms(to=to, text=words, reference=reference, valid_for=600)


@dataclass
class Bench:
    """A gateway, and how a test has its provider misbehave."""

    gateway: Any
    missing: str = "SM" + "9" * 32  # an id of the provider's form, of no text
    gone: int = 20404
    too_long: int = 21617
    refused: tuple[tuple[str, int], ...] = (
        ("+447700900801", 21211),
        ("+447700900803", 21610),
        ("+447700900804", 21611),
    )
    lost: tuple[str, int] = ("undelivered", 30003)
    blanks: bool = True
    by_reference: bool = False  # what it took is found under our own reference alone
    fate: Callable[[str], None] = lambda _: None
    settle: Callable[[str], Awaitable[None]] | None = None
    arrive: Callable[[], Awaitable[None]] | None = None
    search_down: Callable[[], None] = lambda: None
    down: Callable[[], Awaitable[None]] | None = None


async def twilio(stack: AsyncExitStack, tmp_path) -> Bench:
    faults = Faults(receipts=[], late=0.05, now=NOON.isoformat())
    server = await stack.enter_async_context(AsyncExitStack())
    address, provider = await server.enter_async_context(serving(Settings(tmp_path / "ledger"), faults))
    account = TwilioAccount(ACCOUNT_SID, AUTH_TOKEN, "https://h.example", from_number=NUMBER, api_base_url=address)
    gateway = TwilioSms(account, seconds=3)
    stack.push_async_callback(gateway.close)
    return Bench(
        gateway,
        fate=provider.faults.script.append,
        settle=lambda sid: settle(provider, sid),
        arrive=lambda: asyncio.sleep(0.3),
        search_down=lambda: setattr(provider.faults, "search_down", True),
        down=server.aclose,
    )


async def notify(stack: AsyncExitStack, tmp_path) -> Bench:
    faults = notify_faults.Faults(receipts=[], late=60, now=NOON.isoformat())
    server = await stack.enter_async_context(AsyncExitStack())
    ours = NotifySettings(tmp_path / "ledger")
    address, provider = await server.enter_async_context(notify_serving(ours, faults))
    account = NotifyAccount(ours.api_key, ours.template_id, api_base_url=address)
    gateway = NotifySms(account, notify_words_from(toml("notify_errors.toml")), connections=20, seconds=3)
    stack.push_async_callback(gateway.close)

    async def settled(sid: str) -> None:
        moved = {"event": "moved", "sid": sid, "status": "temporary-failure", "at": NOON.isoformat()}
        await provider.ledger.write(moved)

    return Bench(
        gateway,
        missing="740e5834-3a29-46b4-9a6f-16142fde533a",
        gone=7404,
        too_long=7408,
        refused=(("+447700900801", 7406), ("+447700900802", 7401), ("+447700900804", 7429), ("+447700900805", 7403)),
        lost=("temporary-failure", 7502),
        blanks=False,
        by_reference=True,
        fate=provider.faults.script.append,
        settle=settled,
        arrive=provider.arrive,
        search_down=lambda: setattr(provider.faults, "search_down", True),
        down=server.aclose,
    )


async def settle(provider: Provider, sid: str) -> None:
    moved = {"event": "moved", "sid": sid, "status": "undelivered", "code": 30003, "at": NOON.isoformat()}
    await provider.ledger.write(moved)


async def fake(stack: AsyncExitStack, tmp_path) -> Bench:
    gateway = FakeGateway(SetClock(NOON).now)

    async def arrive() -> None:
        gateway.arrive()

    async def down() -> None:
        gateway.down = True

    async def settled(sid: str) -> None:
        gateway.settle(sid, "undelivered", 30003)

    return Bench(
        gateway,
        fate=gateway.script.append,
        settle=settled,
        arrive=arrive,
        search_down=lambda: setattr(gateway, "search_down", True),
        down=down,
    )


async def simulator(stack: AsyncExitStack, tmp_path) -> Bench:
    return Bench(SimulatorSms(lambda _sms, _sid: None, SetClock(NOON).now))

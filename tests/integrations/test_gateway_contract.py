"""Every gateway is held to one contract: Twilio's through its SDK and over HTTP, the simulator, and the tests' own fake."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.simulator_sms import SimulatorSms
from integrations.twilio_sms import TwilioAccount, TwilioSms
from tests.fake_twilio.faults import Faults
from tests.fake_twilio.messages import Provider
from tests.fake_twilio.settings import ACCOUNT_SID, AUTH_TOKEN, NUMBER, Settings
from tests.fake_twilio.starting import serving
from tests.fakes import FakeGateway
from throughcare.kernel.clock import SetClock
from throughcare.kernel.ports import Sms, SmsBusy, SmsRefused, SmsUnknown, SmsUnreachable

pytestmark = pytest.mark.anyio

NOON = datetime(2027, 3, 27, 12, 0, 0, 700_000, tzinfo=UTC)
TO, OTHER = "+447700900123", "+447700900124"
WORDS = "How are things today? 1 (bad) to 5 (good), or CALL. Sut ŵyt ti? \U0001f44d\r\nDiolch + & = %"


def text(to: str = TO, words: str = WORDS, reference: str = "0b9e") -> Sms:
    return Sms(to=to, text=words, reference=reference, valid_for=600)


@dataclass
class Bench:
    """A gateway, and how a test has its provider misbehave."""

    gateway: Any
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
        provider.faults.script.append,
        settle=lambda sid: settle(provider, sid),
        arrive=lambda: asyncio.sleep(0.3),
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
        gateway.script.append,
        settle=settled,
        arrive=arrive,
        search_down=lambda: setattr(gateway, "search_down", True),
        down=down,
    )


async def simulator(stack: AsyncExitStack, tmp_path) -> Bench:
    return Bench(SimulatorSms(lambda _sms, _sid: None, SetClock(NOON).now))


@pytest.fixture(params=[twilio, simulator, fake], ids=lambda made: made.__name__)
async def bench(request, tmp_path) -> AsyncIterator[Bench]:
    async with AsyncExitStack() as stack:
        yield await request.param(stack, tmp_path)


@pytest.fixture(params=[twilio, fake], ids=lambda made: made.__name__)
async def failing(request, tmp_path) -> AsyncIterator[Bench]:
    async with AsyncExitStack() as stack:
        yield await request.param(stack, tmp_path)


async def test_what_is_sent_can_be_found_by_number_with_its_words_unchanged(bench):
    sid = await bench.gateway.send(text())
    await bench.gateway.send(text(to=OTHER))
    [found] = await bench.gateway.search(TO, NOON)
    assert (found.sid, found.to, found.text) == (sid, TO, WORDS)
    assert NOON.replace(microsecond=0) <= found.created_at <= NOON


async def test_a_search_leaves_out_what_was_sent_before_the_given_time(bench):
    await bench.gateway.send(text())
    assert not await bench.gateway.search(TO, NOON + timedelta(seconds=1))
    assert await bench.gateway.search(TO, NOON - timedelta(days=1))


async def test_a_search_for_a_number_never_written_to_is_empty(bench):
    assert list(await bench.gateway.search(OTHER, NOON)) == []


async def test_many_texts_at_once_each_get_an_id_of_their_own_and_are_all_found(bench):
    sids = await asyncio.gather(*(bench.gateway.send(text(reference=str(n))) for n in range(120)))
    assert len(set(sids)) == 120
    assert {found.sid for found in await bench.gateway.search(TO, NOON)} == set(sids)


async def test_one_text_can_be_fetched_and_one_that_is_not_there_is_refused(bench):
    sid = await bench.gateway.send(text())
    assert (await bench.gateway.fetch(sid)).text == WORDS
    with pytest.raises(SmsRefused) as refusal:
        await bench.gateway.fetch("SM" + "9" * 32)
    assert refusal.value.code == 20404


async def test_a_text_that_is_too_long_is_refused_and_not_sent(bench):
    with pytest.raises(SmsRefused) as refusal:
        await bench.gateway.send(text(words="x" * 1_601))
    assert refusal.value.code == 21617
    assert not await bench.gateway.search(TO, NOON)


async def test_the_words_can_be_blanked_once_the_text_has_come_to_rest_r36(bench):
    sid = await bench.gateway.send(text())
    if bench.settle:
        await bench.settle(sid)
    await bench.gateway.redact(sid)
    assert (await bench.gateway.fetch(sid)).text == ""


async def test_closing_twice_does_no_harm(bench):
    await bench.gateway.send(text())
    await bench.gateway.close()
    await bench.gateway.close()


async def test_the_words_cannot_be_blanked_while_the_text_is_on_its_way_r36(failing):
    sid = await failing.gateway.send(text())
    with pytest.raises(SmsRefused) as refusal:
        await failing.gateway.redact(sid)
    assert refusal.value.code == 20009


async def test_a_fetched_text_says_why_it_was_not_delivered_r18(failing):
    sid = await failing.gateway.send(text())
    await failing.settle(sid)
    found = await failing.gateway.fetch(sid)
    assert (found.status, found.code) == ("undelivered", 30003)


@pytest.mark.parametrize(
    ("number", "code"), [("+447700900801", 21211), ("+447700900803", 21610), ("+447700900804", 21611)]
)
async def test_a_refusal_carries_the_providers_code_and_nothing_was_sent_r9(failing, number, code):
    with pytest.raises(SmsRefused) as refusal:
        await failing.gateway.send(text(to=number))
    assert refusal.value.code == code
    assert not await failing.gateway.search(number, NOON)


async def test_a_429_is_busy_and_nothing_was_sent_r9(failing):
    failing.fate("busy")
    with pytest.raises(SmsBusy) as busy:
        await failing.gateway.send(text())
    assert not isinstance(busy.value, SmsUnreachable)
    assert not await failing.gateway.search(TO, NOON)
    assert await failing.gateway.send(text())


@pytest.mark.parametrize("fate", ["drop_after", "error_after", "garbled", "hang"])
async def test_a_text_taken_without_a_readable_answer_is_unknown_and_then_found_once_r8(failing, fate):
    failing.fate(fate)
    with pytest.raises(SmsUnknown):
        await failing.gateway.send(text())
    assert len(await failing.gateway.search(TO, NOON)) == 1


@pytest.mark.parametrize("fate", ["drop_before", "error_before"])
async def test_a_text_lost_on_the_way_is_unknown_and_then_not_found_r8(failing, fate):
    failing.fate(fate)
    with pytest.raises(SmsUnknown):
        await failing.gateway.send(text())
    assert not await failing.gateway.search(TO, NOON)


async def test_a_text_taken_late_is_unknown_then_absent_then_found_r8(failing):
    failing.fate("late")
    with pytest.raises(SmsUnknown):
        await failing.gateway.send(text())
    assert not await failing.gateway.search(TO, NOON)
    await failing.arrive()
    assert len(await failing.gateway.search(TO, NOON)) == 1


async def test_a_search_that_cannot_be_made_is_unknown_and_never_empty_r8(failing):
    await failing.gateway.send(text())
    failing.search_down()
    with pytest.raises(SmsUnknown):
        await failing.gateway.search(TO, NOON)


async def test_a_provider_that_cannot_be_reached_is_unreachable_so_safe_to_try_again_r14(failing):
    await failing.down()
    with pytest.raises(SmsUnreachable):
        await failing.gateway.send(text())
    with pytest.raises(SmsUnknown):
        await failing.gateway.search(TO, NOON)

"""The fake provider tells the truth about what it took, and misbehaves as it is told to (what R8, R16 and T1, T2 lean on)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field

import pytest
from aiohttp import ClientSession, encode_basic_auth, web

from integrations.twilio_signature import TwilioSignature, TwilioWebhooks
from integrations.twilio_sms import TwilioSms
from tests.fake_twilio.__main__ import steering
from tests.fake_twilio.faults import FATES, Faults
from tests.fake_twilio.settings import ACCOUNT_SID, AUTH_TOKEN, NUMBER, Settings
from tests.fake_twilio.starting import Program, program, serving
from tests.integrations.wire import LONG_AGO, PATIENCE, TEXT, TO, account
from throughcare.kernel.ports import Sms, SmsRefused, SmsUnknown, SmsUnreachable

pytestmark = pytest.mark.anyio

PUBLIC = "https://texts.example.org"
INBOUND = f"{PUBLIC}/webhooks/twilio/messages"
NEVER = "+447700900820"


@dataclass
class Customer:
    """Our webhooks, as the provider sees them: at another address than the public one, like behind a proxy."""

    address: str = ""
    calls: list[tuple[str, dict[str, str] | None]] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self, request: web.Request) -> web.Response:
        webhooks = TwilioWebhooks(TwilioSignature(PUBLIC, [AUTH_TOKEN]), ACCOUNT_SID, [NUMBER])
        header = request.headers.get("X-Twilio-Signature")
        fields = webhooks.read(request.path, request.query_string.encode(), await request.read(), header)
        self.calls.append((request.path, fields))
        self.came.set()
        return web.Response(status=200 if fields else 403)

    async def receipts(self, number: int) -> list[dict[str, str] | None]:
        """The first `number` calls, once they have come."""
        async with asyncio.timeout(60):
            while len(self.calls) < number:
                self.came.clear()
                await self.came.wait()
        return [fields for _, fields in self.calls]


@dataclass
class Scene:
    provider: Program
    customer: Customer
    gateway: TwilioSms

    async def faults(self, **changed) -> None:
        await asyncio.to_thread(self.provider.faults, **changed)


@asynccontextmanager
async def listening() -> AsyncIterator[Customer]:
    customer = Customer()
    app = web.Application()
    app.router.add_post("/{path:.*}", customer.receive)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    customer.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield customer
    await runner.cleanup()


@pytest.fixture
async def scene(tmp_path) -> AsyncIterator[Scene]:
    """The provider inside this loop, steered by the same calls as the program."""
    async with listening() as customer:
        settings = Settings(tmp_path / "ledger", callback_base=customer.address, inbound_url=INBOUND)
        async with serving(settings) as (address, _):
            gateway = TwilioSms(account(address), seconds=PATIENCE)
            yield Scene(Program(settings.ledger, address=address), customer, gateway)
            await gateway.close()


@pytest.fixture
async def killable(tmp_path) -> AsyncIterator[Scene]:
    """The provider as a program of its own."""
    async with listening() as customer:
        with program(tmp_path / "ledger", callback_base=customer.address, inbound_url=INBOUND) as running:
            gateway = TwilioSms(account(running.address), seconds=PATIENCE)
            yield Scene(running, customer, gateway)
            await gateway.close()


async def test_receipts_come_signed_in_order_to_the_address_the_text_named(scene):
    sid = await scene.gateway.send(TEXT)
    receipts = await scene.customer.receipts(3)
    assert [each["MessageStatus"] for each in receipts] == ["queued", "sent", "delivered"]
    assert {each["MessageSid"] for each in receipts} == {sid}
    assert {path for path, _ in scene.customer.calls} == {"/webhooks/twilio/status/5f0c"}
    assert (await scene.gateway.fetch(sid)).status == "delivered"


async def test_receipts_can_come_twice_and_out_of_order(scene):
    await scene.faults(copies=2, shuffle=True)
    for _ in range(3):
        await scene.gateway.send(TEXT)
    told = [each["MessageStatus"] for each in await scene.customer.receipts(18)]
    assert sorted(told) == ["delivered"] * 6 + ["queued"] * 6 + ["sent"] * 6
    assert told != ["queued", "queued", "sent", "sent", "delivered", "delivered"] * 3


@pytest.mark.parametrize("how", ["wrong", "none"])
async def test_receipts_can_be_badly_signed_and_are_then_not_believed(scene, how):
    await scene.faults(signature=how)
    await scene.gateway.send(TEXT)
    assert await scene.customer.receipts(3) == [None, None, None]


async def test_some_numbers_always_end_badly_and_one_is_never_heard_of_again(scene):
    await scene.gateway.send(Sms(NEVER, "x", "1", 60))
    sid = await scene.gateway.send(Sms("+447700900812", "x", "2", 60))
    *_, last = await scene.customer.receipts(3)
    assert (last["MessageSid"], last["MessageStatus"], last["ErrorCode"]) == (sid, "undelivered", "30005")
    assert all(each["To"] != NEVER for each in await scene.customer.receipts(3))


async def test_a_persons_text_comes_in_signed_and_can_be_repeated(scene):
    first = await asyncio.to_thread(scene.provider.inbound, TO, "4 \U0001f44d\r\n ")
    again = await asyncio.to_thread(scene.provider.inbound, TO, "4", first["sid"])
    assert (first["status"], again["sid"]) == (200, first["sid"])
    fields = (await scene.customer.receipts(2))[0]
    assert (fields["From"], fields["To"], fields["Body"]) == (TO, NUMBER, "4 \U0001f44d\r\n ")


async def test_what_was_taken_outlives_a_kill_and_a_line_cut_short(killable):
    sid = await killable.gateway.send(TEXT)
    await killable.customer.receipts(3)
    killable.provider.kill()
    with pytest.raises((SmsUnreachable, SmsUnknown)):
        await killable.gateway.send(TEXT)
    with killable.provider.ledger.open("ab") as book:
        book.write(b'{"event": "taken", "sid": "SM9')
    assert [line["sid"] for line in killable.provider.taken()] == [sid]
    await asyncio.to_thread(killable.provider.start)
    later = await killable.gateway.send(TEXT)
    assert {found.sid for found in await killable.gateway.search(TO, LONG_AGO)} == {sid, later}
    assert [line["reference"] for line in killable.provider.taken()] == ["5f0c", "5f0c"]


async def test_down_drops_every_call_until_it_is_up_again(scene):
    await scene.faults(down=True)
    for call in (scene.gateway.send(TEXT), scene.gateway.search(TO, LONG_AGO), scene.gateway.fetch("SM1")):
        with pytest.raises(SmsUnknown):
            await call
    await scene.faults(down=False)
    assert list(await scene.gateway.search(TO, LONG_AGO)) == []


async def test_a_text_that_waits_longer_than_we_do_is_taken_all_the_same(scene):
    await scene.faults(delay=3)
    hasty = TwilioSms(account(scene.provider.address), seconds=1)
    with pytest.raises(SmsUnknown):
        await hasty.send(TEXT)
    await hasty.close()
    assert not await scene.gateway.search(TO, LONG_AGO)
    await scene.customer.receipts(1)
    assert len(await scene.gateway.search(TO, LONG_AGO)) == 1


async def test_a_number_can_be_made_to_be_refused(scene):
    await scene.faults(refused={TO: 21610})
    with pytest.raises(SmsRefused) as refusal:
        await scene.gateway.send(TEXT)
    assert refusal.value.code == 21610


async def test_chance_gives_every_fate_its_share_and_the_ledger_counts_only_what_was_taken(scene):
    await scene.faults(odds={"drop_before": 0.25, "drop_after": 0.25, "error_before": 0.1}, receipts=[])
    sent = await asyncio.gather(
        *(scene.gateway.send(Sms(TO, "x", str(n), 60)) for n in range(400)), return_exceptions=True
    )
    answered = {str(n) for n, answer in enumerate(sent) if isinstance(answer, str)}
    taken = [line["reference"] for line in scene.provider.taken()]
    assert len(taken) == len(set(taken))
    assert answered < set(taken)
    assert 110 < len(answered) < 210
    assert 210 < len(taken) < 310


async def test_it_rests_once_what_reached_it_is_done_also_for_a_caller_who_has_gone(scene):
    await scene.faults(script=["late"], late=0.2)
    with pytest.raises(SmsUnknown):
        await scene.gateway.send(TEXT)
    assert scene.provider.taken() == []
    await asyncio.to_thread(scene.provider.rests)
    assert [line["reference"] for line in scene.provider.taken()] == ["5f0c"]


async def test_the_list_is_filtered_as_twilios_is(scene):
    await scene.faults(receipts=[], now="2026-11-23T12:00:00+00:00")
    first = await scene.gateway.send(TEXT)
    await scene.faults(receipts=["sent"], now="2026-11-24T12:00:00+00:00")
    second = await scene.gateway.send(TEXT)
    await scene.customer.receipts(1)
    other = await scene.gateway.send(Sms("+447700900124", "x", "1", 60))
    await scene.customer.receipts(2)
    assert await listed(scene, {"To": TO}) == {first, second}
    assert await listed(scene, {"From": NUMBER, "PageSize": 2}) == {second, other}
    assert await listed(scene, {"DateSent": "2026-11-24"}) == {second, other}  # what is not sent yet has no such date
    assert await listed(scene, {"To": TO, "DateSent<": "2026-11-24"}) == {second}
    assert await listed(scene, {"To": TO, "DateSent>": "2026-11-25"}) == set()


async def listed(scene, query):
    path = f"{scene.provider.address}/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"
    ours = {"Authorization": encode_basic_auth(ACCOUNT_SID, AUTH_TOKEN)}
    async with (
        ClientSession(headers=ours) as asking,
        asking.get(path, params=query) as answer,
    ):
        return {text["sid"] for text in (await answer.json())["messages"]}


def test_it_says_how_it_is_used_and_leaves_no_fault_out():
    said = steering()
    assert all(f"  {name} " in said for name in [*asdict(Faults()), *FATES])


def test_a_fate_or_a_fault_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="no such fate"):
        Faults(script=["vanish"])
    with pytest.raises(TypeError):
        Faults().changed({"rain": True})

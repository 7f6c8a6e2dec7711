"""What goes over the wire to Twilio, and how the gateway keeps to itself (R7, R13)."""

from __future__ import annotations

import asyncio
import logging

import pytest

from integrations import twilio_sms
from integrations.twilio_sms import TwilioSms
from tests.fake_twilio.faults import Faults
from tests.fake_twilio.settings import NUMBER, Settings
from tests.fake_twilio.starting import serving
from tests.integrations.wire import LONG_AGO, TEXT, TO, account, talking
from throughcare.kernel.ports import Sms, SmsRefused, SmsUnknown

pytestmark = pytest.mark.anyio


async def test_a_text_carries_its_receipts_address_with_our_own_id_r7(tmp_path):
    async with talking(tmp_path) as (gateway, provider):
        await gateway.send(TEXT)
    assert list(provider.forms) == [
        {
            "To": TO,
            "From": NUMBER,
            "Body": TEXT.text,
            "StatusCallback": "https://texts.example.org/webhooks/twilio/status/5f0c",
            "ValidityPeriod": "600",
        }
    ]


async def test_a_messaging_service_takes_the_place_of_the_number(tmp_path):
    async with talking(tmp_path, messaging_service_sid="MG" + "0" * 32) as (gateway, provider):
        await gateway.send(TEXT)
    [form] = provider.forms
    assert form["MessagingServiceSid"] == "MG" + "0" * 32
    assert "From" not in form


@pytest.mark.parametrize(("seconds", "sent"), [(-5, "1"), (0, "1"), (1, "1"), (36_000, "36000"), (90_000, "36000")])
async def test_the_time_a_text_may_wait_is_kept_within_twilios_bounds_r13(tmp_path, seconds, sent):
    async with talking(tmp_path) as (gateway, provider):
        await gateway.send(Sms(TO, "x", "5f0c", seconds))
    assert provider.forms[0]["ValidityPeriod"] == sent


async def test_the_sdk_logs_neither_numbers_nor_texts(tmp_path, caplog):
    assert logging.getLogger("twilio").level == logging.WARNING
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, "twilio"):
        async with talking(tmp_path) as (gateway, _):
            await gateway.send(TEXT)
            await gateway.search(TO, LONG_AGO)
    assert "7700" not in caplog.text
    assert "How are things" not in caplog.text


async def test_a_search_reads_every_page(tmp_path, monkeypatch):
    monkeypatch.setattr(twilio_sms, "PAGE", 3)
    async with talking(tmp_path) as (gateway, _):
        sids = {await gateway.send(TEXT) for _ in range(8)}
        assert {found.sid for found in await gateway.search(TO, LONG_AGO)} == sids


async def test_a_search_too_long_to_finish_proves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(twilio_sms, "MOST_FOUND", 4)
    async with talking(tmp_path) as (gateway, _):
        for _ in range(4):
            await gateway.send(TEXT)
        with pytest.raises(SmsUnknown):
            await gateway.search(TO, LONG_AGO)


async def test_a_wrong_token_is_twilios_refusal_20003(tmp_path):
    async with serving(Settings(tmp_path / "ledger", auth_token="e" * 32)) as (address, _):
        gateway = TwilioSms(account(address))
        with pytest.raises(SmsRefused) as refusal:
            await gateway.send(TEXT)
        await gateway.close()
    assert refusal.value.code == 20003


async def test_the_processes_own_environment_changes_nothing(tmp_path, monkeypatch):
    for name in ("TWILIO_REGION", "TWILIO_EDGE", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "http_proxy"):
        monkeypatch.setenv(name, "nowhere")
    async with talking(tmp_path) as (gateway, _):
        assert await gateway.send(TEXT)


async def test_more_texts_than_connections_wait_their_turn(tmp_path):
    async with talking(tmp_path, Faults(receipts=[], delay=0.01)) as (gateway, provider):
        gateway._connections = 2
        await asyncio.gather(*(gateway.send(TEXT) for _ in range(20)))
    assert len(provider.forms) == 20

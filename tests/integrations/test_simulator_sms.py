"""The demonstration's phone speaks to the service by the very calls Twilio would make."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from twilio.request_validator import RequestValidator

from integrations import form_body
from integrations.simulator_sms import Line, Phone, SimulatorSms
from integrations.twilio_signature import TwilioSignature, TwilioWebhooks
from throughcare.kernel.clock import SetClock
from throughcare.kernel.ports import Sms, SmsUnknown

pytestmark = pytest.mark.anyio

LINE = Line("http://127.0.0.1:8000", "d" * 32, "AC" + "0" * 32, "+441632960001")
TO = "+447700900123"


class Service:
    """The web side: what was posted, and what its own check reads in it."""

    def __init__(self) -> None:
        signature = TwilioSignature(LINE.public_base_url, [LINE.auth_token])
        self.webhooks = TwilioWebhooks(signature, LINE.account_sid, [LINE.number])
        self.calls = []

    async def post(self, path, body, headers) -> int:
        fields = self.webhooks.read(path, b"", body, headers["X-Twilio-Signature"])
        self.calls.append((path, fields))
        params = dict(form_body.parse(body))
        assert RequestValidator(LINE.auth_token).validate(
            LINE.public_base_url + path, params, headers["X-Twilio-Signature"]
        )
        return 200 if fields else 403


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def phone(service) -> Phone:
    return Phone(LINE, service.post)


async def test_a_sent_text_reaches_the_screen_and_is_receipted_as_twilio_would(service, phone):
    screen = []
    gateway = SimulatorSms(
        lambda sms, sid: screen.append((sms, sid)), SetClock(datetime(2027, 1, 1, tzinfo=UTC)).now, phone
    )
    text = Sms(TO, "How are things?", "5f0c", 600)
    sid = await gateway.send(text)
    await gateway.close()
    assert screen == [(text, sid)]
    assert {path for path, _ in service.calls} == {"/webhooks/twilio/status/5f0c"}
    assert [fields["MessageStatus"] for _, fields in service.calls] == ["sent", "delivered"]
    assert {fields["MessageSid"] for _, fields in service.calls} == {sid}


async def test_a_reply_comes_through_the_signed_webhook_each_under_its_own_id(service, phone):
    assert await phone.reply(TO, "4 \U0001f44d ") == 200
    assert await phone.reply(TO, "") == 200
    (path, first), (_, second) = service.calls
    assert path == "/webhooks/twilio/messages"
    assert (first["From"], first["To"], first["Body"]) == (TO, LINE.number, "4 \U0001f44d ")
    assert first["MessageSid"] != second["MessageSid"]


async def test_a_line_with_another_token_is_not_believed(service):
    stranger = Line(LINE.public_base_url, "e" * 32, LINE.account_sid, LINE.number)

    async def post(path, body, headers) -> int:
        return 200 if service.webhooks.read(path, b"", body, headers["X-Twilio-Signature"]) else 403

    assert await Phone(stranger, post).reply(TO, "4") == 403


async def test_a_text_the_screen_failed_to_take_is_unknown_and_not_found():
    def broken(sms, sid):
        raise RuntimeError("no screen")

    gateway = SimulatorSms(broken, SetClock(datetime(2027, 1, 1, tzinfo=UTC)).now)
    with pytest.raises(SmsUnknown):
        await gateway.send(Sms(TO, "x", "1", 60))
    assert not await gateway.search(TO, datetime(2026, 1, 1, tzinfo=UTC))

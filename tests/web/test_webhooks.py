"""The provider's calls: only its own are heard, each once, receipts only upward (R16, R17, R19, R20)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from litestar.testing import TestClient
from sqlmodel import select

from config.gateways import carrier_of
from integrations import form_body
from integrations.twilio_signature import sign
from tests.support.lending import whole
from tests.support.texting import NUMBER, dispatch, gateway_of, settled, texted, texts
from throughcare.casework.keyring import Keyring
from throughcare.casework.people import PhoneNumber
from throughcare.casework.rows import Task
from throughcare.checkin.rows import CheckinPlan, InboundText, OptOut, PlanStatus, TextReceived
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.delivery import Delivery, Purpose
from throughcare.kernel.outbox import Message, send
from throughcare.web.webhooks.twilio import Door

OURS = "+441632960000"


@pytest.fixture
def case(desk, world):
    return texted(desk, world)


@pytest.fixture
def client(desk, settings):
    with TestClient(whole(settings, desk)) as made:
        yield made


@pytest.fixture
def call(client, desk, settings):
    """Call a webhook as the provider does; `changed` is what is sent beyond what was signed."""
    account = "AC" + "5" * 32

    def post(path, said, *, token=None, changed=None, signature=True):
        key = token or carrier_token(desk)
        params = {"AccountSid": account, **said}
        mark = sign(settings.public_base_url + path, params, key)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if signature:
            headers["X-Twilio-Signature"] = mark
        answer = client.post(path, content=form_body.encode({**params, **(changed or {})}.items()), headers=headers)
        settled(desk)
        return answer

    return post


def carrier_token(desk):
    return desk.reference[Keyring].mark("simulator", "AC" + "5" * 32)


def said(body, *, sid=None, number=NUMBER):
    return {"MessageSid": sid or f"SM{uuid4().hex}", "From": number, "To": OURS, "Body": body, "NumMedia": "0"}


def rows(desk, kind):
    with desk.work(SYSTEM) as work:
        return list(work.session.exec(select(kind)))


def test_a_genuine_text_is_kept_and_answered_with_nothing(call, desk, case):
    answer = call("/webhooks/twilio/messages", said("4"))
    assert answer.status_code == 200
    assert answer.text.endswith("<Response/>")
    assert "content-security-policy" not in answer.headers  # for browsers, and it was shown to be none
    assert [(text.kind, text.value, text.text) for text in rows(desk, TextReceived)] == [("score", 4, "4")]
    assert [text.body for text in rows(desk, InboundText)] == [""]


@pytest.mark.parametrize(
    "wrong",
    [{"signature": False}, {"token": "f" * 32}, {"changed": {"Body": "5"}}, {"changed": {"AccountSid": "AC0"}}],
)
def test_anything_else_is_refused_and_nothing_is_kept(call, desk, case, wrong):
    assert call("/webhooks/twilio/messages", said("4"), **wrong).status_code == 403
    assert call(f"/webhooks/twilio/status/{uuid4()}", said("4"), **wrong).status_code == 403
    assert rows(desk, InboundText) == []


def test_who_is_refused_may_be_a_browser_and_is_told_what_browsers_are(call):
    headers = call("/webhooks/twilio/messages", said("4"), signature=False).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"


def test_a_fault_of_ours_sends_the_provider_to_its_fallback_r20(call, monkeypatch):
    monkeypatch.setattr(Door, "keep", lambda *_: 1 / 0)
    assert call("/webhooks/twilio/messages", said("4")).status_code == 503


def test_a_body_over_64_kilobytes_is_not_read(call, desk):
    assert call("/webhooks/twilio/messages", said("x" * 70_000)).status_code == 413
    assert rows(desk, InboundText) == []


@pytest.mark.parametrize("path", ["/webhooks/twilio/messages", "/webhooks/twilio/voice"])
def test_only_a_post_is_a_call(client, desk, path):
    assert {client.request(method, path).status_code for method in ("GET", "PUT", "HEAD")} == {405}
    assert rows(desk, InboundText) == []


def test_the_same_text_called_twice_is_one_text(call, desk, case):
    once = said("CALL")
    for _ in range(3):
        assert call("/webhooks/twilio/messages", once).status_code == 200
    assert len(rows(desk, TextReceived)) == 1
    assert len([task for task in rows(desk, Task) if task.kind == "checkin_call_asked"]) == 1


@pytest.mark.parametrize("body", ["", "\x00nul", "🙂" * 900, "<script>alert(1)</script>", "\u202ertl", "A" * 3_000])
def test_odd_texts_are_kept_whole_and_read_by_a_person_r25(call, desk, case, body):
    assert call("/webhooks/twilio/messages", said(body)).status_code == 200
    (text,) = rows(desk, TextReceived)
    assert text.text == body.replace("\x00", "")
    assert text.to_read


def test_receipts_move_a_text_upward_only(call, desk, case):
    dispatch(desk, gateway_of(desk))
    with desk.work(SYSTEM) as work:
        message = Message(
            "k", case, NUMBER, Purpose.REPLY, "staff_message", "en", "Hello", work.now, work.now + timedelta(hours=1)
        )
        message_id = send(work, message).id
    dispatch(desk, gateway_of(desk))
    for status in ("sent", "delivered", "sent", "undelivered", "nonsense"):
        receipt = {"MessageSid": "SM1", "MessageStatus": status, "From": OURS, "To": NUMBER}
        assert call(f"/webhooks/twilio/status/{message_id}", receipt).status_code == 200
    assert next(text.state for text in texts(desk) if text.id == message_id) is Delivery.DELIVERED


def test_a_receipt_for_a_text_we_do_not_know_is_not_an_error(call):
    receipt = {"MessageSid": "SM1", "MessageStatus": "sent", "From": OURS, "To": NUMBER}
    assert call(f"/webhooks/twilio/status/{uuid4()}", receipt).status_code == 200
    assert call("/webhooks/twilio/status/not-an-id", receipt).status_code == 404


def test_a_stop_from_anybody_is_kept(call, desk, case):
    call("/webhooks/twilio/messages", said("STOP"))
    call("/webhooks/twilio/messages", said("STOP", number="+447700900999"))
    assert {line.number for line in rows(desk, OptOut)} == {NUMBER, "+447700900999"}
    assert [plan.status for plan in rows(desk, CheckinPlan)] == [PlanStatus.ACTIVE]


def test_a_ring_is_kept_and_then_not_answered_which_costs_nothing(call, desk, case):
    answer = call("/webhooks/twilio/voice", {"CallSid": "CA1", "From": NUMBER, "To": OURS, "CallStatus": "ringing"})
    assert answer.status_code == 200
    assert '<Response><Reject reason="busy"/></Response>' in answer.text
    assert [(text.kind, text.text) for text in rows(desk, TextReceived)] == [("rang", "")]
    assert call("/webhooks/twilio/voice", said("4")).status_code == 403  # a text, at the wrong door
    assert call("/webhooks/twilio/messages", {"CallSid": "CA2", "From": NUMBER, "To": OURS}).status_code == 403


def test_the_simulators_phone_rings_at_the_same_door(client, desk, case):
    (number,) = rows(desk, PhoneNumber)
    ours = {"sec-fetch-site": "same-origin"}
    assert client.post(f"/simulator/{number.id}/ring", headers=ours, follow_redirects=False).status_code == 303
    assert "Rang in" in client.get(f"/simulator/{number.id}").text
    assert [text.kind for text in rows(desk, TextReceived)] == ["rang"]


def test_the_simulators_phone_goes_through_the_same_door(desk, settings, case):
    carrier = carrier_of(settings, desk)
    assert asyncio.run(carrier.reply_as(NUMBER, "5")) == 200
    assert [text.value for text in rows(desk, TextReceived)] == [5]

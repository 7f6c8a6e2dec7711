"""What each answer of GOV.UK Notify's means, to the byte; that none makes us send twice, and nothing personal is logged (R5, R9, R36)."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import asynccontextmanager

import pytest

from config.bootstrap import toml
from integrations.notify_calls import NotifyCalls
from integrations.notify_sms import NotifyAccount, NotifySms
from integrations.notify_words import notify_words_from
from tests.fake_notify.settings import API_KEY, TEMPLATE_ID
from tests.integrations.wire import LONG_AGO, TEXT, http
from throughcare.kernel.delivery import provider_codes_from
from throughcare.kernel.ports import SmsBusy, SmsRefused, SmsUnknown

pytestmark = pytest.mark.anyio

TABLE = toml("notify_errors.toml")
WORDS = notify_words_from(TABLE)
ID = "740e5834-3a29-46b4-9a6f-16142fde533a"
PATIENCE = 30


def said(status, *errors):
    return http(status, json.dumps({"status_code": status, "errors": [dict(zip(("error", "message"), each)) for each in errors]}))  # fmt: skip  # noqa: B905 - some have no message


@asynccontextmanager
async def answering(answer: bytes, *, drip: bool = False):
    """A gateway whose Notify gives every request this answer, to the byte, or lets it fall drop by drop."""
    requests: list[bytes] = []
    serving: list[asyncio.Task[None]] = []
    left = asyncio.Event()

    async def serve(reader, writer) -> None:
        serving.append(asyncio.current_task())
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        requests.append(head + await reader.readexactly(length))
        for drop in (bytes([each]) for each in answer) if drip else (answer,):
            if left.is_set():
                break
            writer.write(drop)
            await asyncio.sleep(0.05 if drip else 0)
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    gateway = NotifySms(
        NotifyAccount(API_KEY, TEMPLATE_ID, api_base_url=address),
        WORDS,
        connections=1,
        seconds=0.5 if drip else PATIENCE,
    )
    try:
        yield gateway, requests
    finally:
        await gateway.close()
        left.set()
        server.close()
        await asyncio.gather(*serving, return_exceptions=True)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (said(400, ("BadRequestError", "Can't send to this recipient using a team-only API key")), 7401),
        (said(400, ("BadRequestError", "Can’t send to this recipient when service is in trial mode")), 7405),
        (said(400, ("ValidationError", "phone_number Not a UK mobile number")), 7406),
        (said(400, ("InvalidPhoneError", "Enter a number")), 7406),
        (said(400, ("BadRequestError", "Template not found")), 7400),
        (said(400, ("ValidationError", "template_id is not a valid UUID")), 7409),
        (said(403, ("AuthError", "Error: Your system clock must be accurate to within 30 seconds")), 7403),
        (said(403, ("AuthError", "Invalid token: API key not found")), 7402),
        (said(429, ("TooManyRequestsError", "Exceeded send limits (250000) for today")), 7429),
    ],
)
async def test_what_notify_refuses_in_its_own_form_has_a_number_and_is_asked_once_r9(answer, code):
    async with answering(answer) as (gateway, requests):
        with pytest.raises(SmsRefused) as refusal:
            await gateway.send(TEXT)
    assert (refusal.value.code, len(requests)) == (code, 1)
    assert provider_codes_from(TABLE).judge(code)


@pytest.mark.parametrize(
    "answer", [said(429, ("RateLimitError", "Exceeded rate limit for key type LIVE")), http(429, "<html>", "text/html")]
)
async def test_too_many_requests_is_busy_r9(answer):
    async with answering(answer) as (gateway, requests):
        with pytest.raises(SmsBusy):
            await gateway.send(TEXT)
    assert len(requests) == 1


UNREADABLE = {
    "500": said(500, ("Exception", "Internal server error")),
    "503": http(503, "<html>", "text/html"),
    "400 page": http(400, "<html>", "text/html"),
    "403 of something on the way": http(403, '{"message": "Forbidden"}'),
    "404 page": http(404, "<html>", "text/html"),
    "400 of a name nobody knows": said(400, ("TeapotError", "no")),
    "307": http(307, "", more="Location: /elsewhere\r\n"),
    "201 empty": http(201, ""),
    "201 half": http(201, '{"id": "7'),
    "201 without an id": http(201, '{"reference": "r"}'),
    "nothing": b"",
}


@pytest.mark.parametrize("answer", UNREADABLE.values(), ids=UNREADABLE)
async def test_any_other_answer_leaves_it_unknown_and_nothing_is_said_twice_r8(answer, caplog):
    caplog.set_level(logging.DEBUG)
    async with answering(answer) as (gateway, requests):
        with pytest.raises(SmsUnknown):
            await gateway.send(TEXT)
        with pytest.raises(SmsUnknown):
            await gateway.search(TEXT.to, LONG_AGO, TEXT.reference)
    assert len([each for each in requests if each.startswith(b"POST")]) == 1
    assert not [line for line in caplog.messages if TEXT.to in line or TEXT.text in line]


async def test_an_answer_that_falls_drop_by_drop_holds_nobody_longer_than_the_time_out_r5():
    """No single wait is long, so no time-out of the client's would ever end it."""
    async with answering(http(201, json.dumps({"id": ID, "reference": "x" * 2_000})), drip=True) as (gateway, _):
        with pytest.raises(SmsUnknown, match="in time"):
            await gateway.send(TEXT)


def receipt(**more):
    return json.dumps({"id": ID, "reference": ID, "status": "delivered", "to": "x", **more}).encode()


@pytest.mark.parametrize(
    ("token", "genuine"),
    [
        ("Bearer new-token", True),
        ("Bearer old-token", True),
        ("Bearer ", False),
        ("new-token", False),
        ("", False),
        (None, False),
        ("Bearer \xff", False),
    ],
)
def test_either_token_is_believed_while_one_replaces_the_other_and_no_empty_one_r19(token, genuine):
    calls = NotifyCalls(["new-token", "old-token"], WORDS.failures)
    assert (calls.read("/", b"", receipt(), token) is not None) is genuine
    assert NotifyCalls(["", ""], {}).read("/", b"", receipt(), token) is None


def test_a_receipt_that_failed_says_so_by_our_number_and_what_is_no_receipt_is_none():
    calls = NotifyCalls(["t"], WORDS.failures)
    told = calls.read("/", b"", receipt(status="temporary-failure"), "Bearer t")
    assert (told["ErrorCode"], told["Reference"], told["MessageSid"]) == ("7502", ID, ID)
    for body in (b"", b"[]", b"{}", b"null", b"\xff", b"[" * 100_000):
        assert calls.read("/", b"", body, "Bearer t") is None

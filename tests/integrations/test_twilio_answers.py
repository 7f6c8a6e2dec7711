"""What each answer of Twilio's means, to the byte, and that none makes us send twice (R5, R8, R9)."""

from __future__ import annotations

import asyncio

import pytest

from tests.integrations.wire import LONG_AGO, PATIENCE, TEXT, TO, answering, http
from throughcare.kernel.ports import SmsBusy, SmsRefused, SmsUnknown, SmsUnreachable

pytestmark = pytest.mark.anyio

REFUSALS = [
    (http(400, '{"code": 21211, "message": "no"}'), 21211),
    (http(401, '{"code": 20003}'), 20003),
    (http(404, '{"code": 20404}'), 20404),
    (http(400, '{"type": "t", "title": "t", "status": 400, "code": 21610}'), 21610),
]


@pytest.mark.parametrize(("answer", "code"), REFUSALS)
async def test_a_4xx_with_a_code_of_twilios_is_a_refusal_with_that_code_r9(answer, code):
    async with answering(answer) as (gateway, requests):
        with pytest.raises(SmsRefused) as refusal:
            await gateway.send(TEXT)
    assert refusal.value.code == code
    assert len(requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        http(429, '{"code": 20429}'),
        http(429, "<html>slow down</html>", "text/html"),
        http(400, '{"code": 20429}'),
        http(429, '{"type": "t", "title": "t", "status": 429, "code": 20429}'),
    ],
)
async def test_too_many_requests_is_busy_and_not_tried_again_from_here_r9(answer):
    async with answering(answer) as (gateway, requests):
        with pytest.raises(SmsBusy):
            await gateway.send(TEXT)
    assert len(requests) == 1


UNREADABLE = {
    "500": http(500, '{"code": 20500}'),
    "503 with a code": http(503, '{"code": 21211}'),
    "504 page": http(504, "<html>", "text/html"),
    "problem 500": http(500, '{"type": "t", "title": "t", "status": 500, "code": 20500}'),
    "400 page": http(400, "<html>", "text/html"),
    "404 page": http(404, "<html>", "text/html"),
    "403 of something on the way": http(403, '{"message": "Forbidden"}'),
    "408": http(408, ""),
    "400 with a code in words": http(400, '{"code": "21211"}'),
    "400 with no code": http(400, '{"code": null}'),
    "307": http(307, "", more="Location: /elsewhere\r\n"),
    "201 empty": http(201, ""),
    "201 half": http(201, '{"sid": "SM'),
    "201 list": http(201, "[]"),
    "201 null": http(201, "null"),
    "201 without an id": http(201, "{}"),
    "201 with a number for an id": http(201, '{"sid": 5}'),
    "201 cut short": http(201, '{"sid": "SM1"}').replace(b"Length: 14", b"Length: 99"),
    "201 not utf-8": http(201, '{"sid": "__"}').replace(b"__", b"\xff\xfe"),
    "201 not gzip": http(201, '{"sid": "SM1"}', more="Content-Encoding: gzip\r\n"),
    "no http": b"\x00\x01\x02 hello\r\n\r\n",
    "nothing": b"",
}


@pytest.mark.parametrize("answer", UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_any_other_answer_is_unknown_and_the_text_is_sent_once_only_r8_e3(answer):
    async with answering(answer) as (gateway, requests):
        with pytest.raises(SmsUnknown):
            await gateway.send(TEXT)
    assert len(requests) == 1


SLOW = {
    "no answer": b"",
    "half a head": b"HTTP/1.1 201 C",
    "head without body": http(201, '{"sid": "SM1"}')[:-14],
    "half a body": http(201, '{"sid": "SM1"}')[:-5],
}


@pytest.mark.parametrize("answer", SLOW.values(), ids=SLOW.keys())
async def test_a_provider_that_falls_silent_frees_us_in_time_and_leaves_it_unknown_r5_e2(answer):
    async with answering(answer, stay=True) as (gateway, requests), asyncio.timeout(PATIENCE):
        with pytest.raises(SmsUnknown):
            await gateway.send(TEXT)
        with pytest.raises(SmsUnknown):
            await gateway.search(TO, LONG_AGO)
    assert sum(b"POST" in request for request in requests) == 1


async def test_a_text_that_gets_no_connection_in_time_was_not_written_so_is_safe_to_try_again():
    async with answering(b"", stay=True) as (gateway, requests):
        gateway._connections = 1
        first = asyncio.create_task(gateway.send(TEXT))
        await asyncio.sleep(0.05)
        with pytest.raises(SmsUnreachable):
            await gateway.send(TEXT)
        with pytest.raises(SmsUnknown):
            await first
    assert len(requests) == 1


@pytest.mark.parametrize("answer", [http(400, '{"code": 21211, "message": "+447700900123"}'), http(500, TO), b""])
async def test_an_error_says_nothing_of_the_person(answer):
    async with answering(answer) as (gateway, _):
        for call in (gateway.send(TEXT), gateway.search(TO, LONG_AGO), gateway.fetch("SM1"), gateway.redact("SM1")):
            with pytest.raises((SmsRefused, SmsUnknown)) as error:
                await call
            assert "7700" not in str(error.value)
            assert error.value.__suppress_context__


@pytest.mark.parametrize("record", ["{}", '{"sid": "SM1"}', '{"sid": "SM1", "date_created": "soon"}', "[]", "5"])
async def test_a_record_that_cannot_be_read_is_unknown_in_a_search_and_by_itself(record):
    async with answering(http(200, f'{{"messages": [{record}], "page": 0}}')) as (gateway, _):
        with pytest.raises(SmsUnknown):
            await gateway.search(TO, LONG_AGO)
    async with answering(http(200, record)) as (gateway, _):
        with pytest.raises(SmsUnknown):
            await gateway.fetch("SM1")

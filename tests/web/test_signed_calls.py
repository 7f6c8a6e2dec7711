"""Every way in which a call may be signed, under a test client and under uvicorn behind a proxy (R19, R20, T8, T11)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from threading import Barrier

import httpx
import pytest
from litestar import Litestar
from litestar.di import Provide
from litestar.testing import TestClient
from multidict import MultiDict
from sqlmodel import select
from twilio.request_validator import RequestValidator

from config.gateways import carrier_of
from config.settings import SmsSettings, TwilioSettings
from integrations import form_body
from tests.support.serving import listening, served
from tests.support.texting import NUMBER, settled, texted, texts
from throughcare.casework.rows import Task
from throughcare.checkin.rows import InboundText, TextReceived
from throughcare.kernel.actors import SYSTEM
from throughcare.web.webhooks.twilio import NOT_ANSWERED, NOTHING_TO_SAY, TEXTS, VOICE, handlers

BASE = "https://texts.example.org"
NEW, OLD, WRONG = "a" * 32, "b" * 32, "c" * 32
ACCOUNT, OURS = "AC" + "0" * 32, "+441632960001"
PROXIED = {"Host": "10.0.0.7:8000", "X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example", "X-Forwarded-For": "::1"}  # fmt: skip
IDS = count()
QUERY = "a=%20%2B%C3%A9&b=&c=x%2Fy&a=2"

# name: how the call differs from a plain one, and what it is answered
CALLS = {
    "valid": ({}, 200),
    "the old token, while it is changed": ({"token": OLD}, 200),
    "another token": ({"token": WRONG}, 403),
    "no signature": ({"header": None}, 403),
    "an empty signature": ({"header": ""}, 403),
    "a senseless signature": ({"header": "\xff!"}, 403),
    "another host": ({"base": "https://evil.example"}, 403),
    "the port said, which is the usual one": ({"base": f"{BASE}:443"}, 200),
    "another port": ({"base": f"{BASE}:8443"}, 403),
    "another scheme": ({"base": "http://texts.example.org"}, 403),
    "a query with everything in it": ({"query": QUERY}, 200),
    "a query that was not signed": ({"query": QUERY, "signed_query": ""}, 403),
    "a query signed and not sent": ({"signed_query": "a=1"}, 403),
    "blank fields": ({"more": [("FromCity", ""), ("FromState", "")]}, 200),
    "repeated keys": ({"more": [("MediaUrl", "b"), ("MediaUrl", "a"), ("MediaUrl", "b")]}, 200),
    "emoji and line breaks": ({"more": [("Caption", "4 😀🇬🇧 ŵ\r\n  \x00")]}, 200),
    "a field added": ({"added": [("Extra", "1")]}, 403),
    "another account": ({"account": "AC" + "9" * 32}, 403),
    "another number of somebody's": ({"to": "+441632960002"}, 403),
    "nothing to tell it by": ({"named": False}, 403),
}


@pytest.fixture
def live(settings, tmp_path):
    """Two tokens, as while one replaces the other; the address people reach is not the one we listen on."""
    account = TwilioSettings(
        account_sid=ACCOUNT,
        auth_token=NEW,
        auth_token_secondary=OLD,
        from_number=OURS,
        api_base_url="http://127.0.0.1:1",
    )
    return settings.model_copy(
        update={
            "spool": tmp_path / "spool",
            "public_base_url": BASE,
            "sms": SmsSettings(gateway="twilio"),
            "twilio": account,
        }
    )


def door_alone(settings, desk):
    """The provider's door and nothing else: the whole application has it too, and takes longer to build."""
    door = carrier_of(settings, desk).door
    return Litestar(handlers(door), dependencies={"provider_door": Provide(lambda: door, sync_to_thread=False)})


@contextmanager
def under_uvicorn(settings, desk, **more):
    with (
        served(door_alone(settings, desk), listening()) as address,
        httpx.Client(base_url=address, timeout=60, verify=False, **more) as client,
    ):
        yield client


@contextmanager
def behind_a_proxy(settings, desk):
    with under_uvicorn(settings, desk, headers=PROXIED) as client:
        yield client


@contextmanager
def in_process(settings, desk):
    with TestClient(door_alone(settings, desk)) as client:
        yield client


def call(client, path, how):
    """Post as Twilio does, signed by its own SDK; `how` says what is otherwise."""
    name = {TEXTS: "MessageSid", VOICE: "CallSid"}[path]
    fields = [("AccountSid", how.get("account", ACCOUNT)), ("From", NUMBER), ("To", how.get("to", OURS))]
    fields += [(name, how.get("sid") or f"XX{next(IDS)}")] if how.get("named", True) else []
    fields += [("Body", how.get("body", "4")), *how.get("more", [])] if path == TEXTS else how.get("more", [])
    query = how.get("query", "")
    signed = how.get("signed_query", query)
    url = how.get("base", BASE) + path + (f"?{signed}" if signed else "")
    mark = RequestValidator(how.get("token", NEW)).compute_signature(url, MultiDict(fields))
    mark = how.get("header", mark)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    headers |= {} if mark is None else {"X-Twilio-Signature": mark.encode("latin-1")}
    body = form_body.encode([*fields, *how.get("added", [])])
    return client.post(path + (f"?{query}" if query else ""), content=body, headers=headers)


def rows(desk, table):
    with desk.work(SYSTEM) as work:
        return list(work.session.exec(select(table)))


@pytest.mark.parametrize("server", [in_process, behind_a_proxy], ids=["in process", "under uvicorn behind a proxy"])
def test_a_call_is_heard_if_it_was_signed_for_us_and_else_nothing_is_kept_t11(desk, world, live, server):
    texted(desk, world)
    with server(live, desk) as client:
        answered = {
            (path, name): call(client, path, how) for path in (TEXTS, VOICE) for name, (how, _) in CALLS.items()
        }
        settled(desk)
    assert {key: answer.status_code for key, answer in answered.items()} == {
        (path, name): status for path in (TEXTS, VOICE) for name, (_, status) in CALLS.items()
    }
    said = {path: {answer.text for (at, _), answer in answered.items() if at == path} for path in (TEXTS, VOICE)}
    assert said == {TEXTS: {"", NOTHING_TO_SAY}, VOICE: {"", NOT_ANSWERED}}
    genuine = [status for _, status in CALLS.values()].count(200)
    kept = [text.rang for text in rows(desk, InboundText)]
    assert (kept.count(False), kept.count(True)) == (genuine, genuine)


@pytest.mark.parametrize("path", [TEXTS, VOICE])
def test_a_call_replayed_is_answered_and_has_no_second_effect_t11(desk, world, live, path):
    texted(desk, world)
    with in_process(live, desk) as client:
        assert [call(client, path, {"sid": "XXonce", "body": "CALL"}).status_code for _ in range(3)] == [200] * 3
        settled(desk)
    assert len(rows(desk, TextReceived)) == 1


@pytest.mark.parametrize("path", [TEXTS, VOICE])
def test_one_call_made_fifty_times_at_once_is_one_row_and_one_effect_t8(desk, world, live, path):
    case = texted(desk, world)
    at_once = Barrier(50)

    def made(_):
        at_once.wait(60)
        return call(client, path, {"sid": "XXfifty", "body": "CALL"}).status_code

    room = httpx.Limits(max_connections=50)
    with under_uvicorn(live, desk, limits=room) as client, ThreadPoolExecutor(50) as pool:
        assert list(pool.map(made, range(50))) == [200] * 50
        settled(desk)
    assert len(rows(desk, InboundText)) == len(rows(desk, TextReceived)) == 1
    kinds = [task.kind for task in rows(desk, Task) if task.kind.startswith("checkin")]
    assert kinds == ["checkin_call_asked" if path == TEXTS else "checkin_rang"]
    assert [text.template for text in texts(desk, case)].count("call_reply") == (1 if path == TEXTS else 0)

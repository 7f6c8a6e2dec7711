"""The fake provider as a web application: Twilio's paths, and a few of our own to steer it by."""

from __future__ import annotations

import json
import random
from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from uuid import uuid4

from aiohttp import web

from tests.fake_twilio.callbacks import Callbacks
from tests.fake_twilio.faults import Faults
from tests.fake_twilio.ledger import Ledger
from tests.fake_twilio.messages import Provider, error, hang_up
from tests.fake_twilio.settings import Settings

PROVIDER: web.AppKey[Provider] = web.AppKey("provider", Provider)
API = "/2010-04-01/Accounts/{account}/Messages"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def build(settings: Settings, faults: Faults | None = None) -> web.Application:
    """The application; its Provider is under PROVIDER, so that a test in the same process may reach the faults."""
    ledger = Ledger(settings.ledger)
    provider = Provider(
        settings,
        ledger,
        Callbacks(settings, ledger, lambda: provider.faults),
        faults or Faults(),
        random.Random(settings.seed),
    )
    app = web.Application(middlewares=[gate])
    app[PROVIDER] = provider
    app.router.add_post(f"{API}.json", provider.create)
    app.router.add_get(f"{API}.json", provider.list)
    app.router.add_get(f"{API}/{{sid}}.json", provider.fetch)
    app.router.add_post(f"{API}/{{sid}}.json", provider.update)
    app.router.add_put("/faults", set_faults)
    app.router.add_get("/faults", show_faults)
    app.router.add_get("/ledger", show_ledger)
    app.router.add_get("/busy", show_busy)
    app.router.add_post("/inbound", inbound)
    app.on_cleanup.append(close)
    return app


@web.middleware
async def gate(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Drop what is to be dropped, and refuse whoever has not our account and token."""
    provider = request.app[PROVIDER]
    if "account" not in request.match_info:
        return await handler(request)
    provider.calls.update([request.method])
    provider.busy += 1
    try:
        return await answered(provider, request, handler)
    finally:
        provider.busy -= 1


async def answered(provider: Provider, request: web.Request, handler: Handler) -> web.StreamResponse:
    if provider.faults.down or (provider.faults.search_down and request.method == "GET"):
        return hang_up(request)
    settings = provider.settings
    pair = f"{settings.account_sid}:{settings.auth_token}".encode()
    if request.headers.get("Authorization") != f"Basic {b64encode(pair).decode()}":
        return error(401, 20003)
    return await handler(request) if request.match_info["account"] == settings.account_sid else error(404, 20404)


async def set_faults(request: web.Request) -> web.StreamResponse:
    """PUT a JSON object of the faults to change; the rest stay."""
    provider = request.app[PROVIDER]
    try:
        provider.faults = provider.faults.changed(await request.json())
    except (TypeError, ValueError) as wrong:
        return web.json_response({"wrong": str(wrong)}, status=400)
    return web.json_response(asdict(provider.faults))


async def show_faults(request: web.Request) -> web.StreamResponse:
    return web.json_response(asdict(request.app[PROVIDER].faults))


async def show_ledger(request: web.Request) -> web.StreamResponse:
    texts = request.app[PROVIDER].ledger.messages.values()
    return web.json_response([asdict(text) | {"reference": text.reference} for text in texts], dumps=_dumps)


async def show_busy(request: web.Request) -> web.StreamResponse:
    """How many calls are under way, those among them whose caller has gone."""
    return web.json_response({"calls": request.app[PROVIDER].busy})


async def inbound(request: web.Request) -> web.StreamResponse:
    """POST {"from", "body"} (and "sid" to repeat one): a person's text, sent on to the customer's webhook, signed."""
    provider = request.app[PROVIDER]
    text = await request.json()
    sid = text.get("sid") or f"SM{uuid4().hex}"
    params = {
        "MessageSid": sid,
        "SmsSid": sid,
        "SmsMessageSid": sid,
        "AccountSid": provider.settings.account_sid,
        "From": text["from"],
        "To": provider.settings.number,
        "Body": text["body"],
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
        "FromCity": "",
        "ApiVersion": "2010-04-01",
    }
    status = await provider.callbacks.call(provider.settings.inbound_url, params)
    return web.json_response({"sid": sid, "status": status})


async def close(app: web.Application) -> None:
    await app[PROVIDER].callbacks.close()
    app[PROVIDER].ledger.close()


def _dumps(value: object) -> str:

    return json.dumps(value, default=str)

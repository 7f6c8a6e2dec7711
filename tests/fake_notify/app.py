"""The fake Notify as a web application: the calls of Notify's API that the service makes, and a few of our own to steer it by."""

from __future__ import annotations

import asyncio
import json
import random
from collections import deque
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import uuid4

from aiohttp import ClientError, ClientSession, ClientTimeout, web
from notifications_python_client.authentication import decode_jwt_token, get_token_issuer
from notifications_python_client.errors import TokenError

from tests.fake_notify.faults import REFUSED, Faults
from tests.fake_notify.settings import PLACEHOLDER, Settings
from tests.fake_twilio.ledger import Ledger, Message, taken
from tests.fake_twilio.messages import hang_up

MOST_LISTED, LONGEST_TEXT = 250, 918
Shown = dict[str, Any]


@dataclass
class Notify:
    """One service at Notify. The reference of a text is kept in the ledger as the last part of its callback's address."""

    settings: Settings
    ledger: Ledger
    faults: Faults
    dice: random.Random
    asked: deque[Shown] = field(default_factory=lambda: deque(maxlen=1_000))  # the last requests to send
    session: ClientSession | None = None
    telling: set[asyncio.Task[None]] = field(default_factory=set)
    come: asyncio.Event = field(default_factory=asyncio.Event)  # what is late comes at once

    async def create(self, request: web.Request) -> web.StreamResponse:
        said = await request.json()
        self.asked.append(said)
        await asyncio.sleep(self.faults.delay)
        refusal = self._refusal(said)
        if refusal:
            return error(*refusal)
        fate = self.faults.next_fate(self.dice)
        return NOT_TAKEN[fate](request) if fate in NOT_TAKEN else await self._taken(request, said, fate)

    async def _taken(self, request: web.Request, said: Shown, fate: str) -> web.StreamResponse:
        if fate == "late":
            hang_up(request)
            await self._come_late()
        message = await self._accept(said)
        await asyncio.sleep(self.faults.hang if fate == "hang" else 0)
        if fate == "take":
            return web.json_response(self._created(message), status=201)
        if fate == "garbled":
            return web.Response(status=201, text='{"id": "7', content_type="application/json")
        return broken(request) if fate == "error_after" else hang_up(request)

    async def list(self, request: web.Request) -> web.StreamResponse:
        reference = request.query.get("reference")
        found = [each for each in self.ledger.messages.values() if reference in {None, each.reference}]
        found.sort(key=lambda each: each.at, reverse=True)
        links = {"current": str(request.url)}
        return web.json_response({"notifications": [shown(each) for each in found[:MOST_LISTED]], "links": links})

    async def fetch(self, request: web.Request) -> web.StreamResponse:
        message = self.ledger.messages.get(request.match_info["id"])
        return web.json_response(shown(message)) if message else error(404, "NoResultFound", "No result found")

    async def arrive(self) -> None:
        """What is late comes now; returns when it has been taken."""
        self.come.set()
        while not self.ledger.messages:  # noqa: ASYNC110 - the ledger sets no event
            await asyncio.sleep(0.01)

    async def _come_late(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self.come.wait(), self.faults.late)

    async def _accept(self, said: Shown) -> Message:
        message = Message(
            sid=str(uuid4()),
            to=said["phone_number"],
            sender=said.get("sms_sender_id", ""),
            service="",
            body=self.settings.template.replace(PLACEHOLDER, said["personalisation"]["body"]),
            callback=said.get("reference", ""),
            validity=0,
            at=self.settings.now(self.faults.now),
        )
        await self.ledger.write(taken(message))
        message = self.ledger.messages[message.sid]
        message.status = "created"
        task = asyncio.create_task(self._tell(message))
        self.telling.add(task)
        task.add_done_callback(self.telling.discard)
        return message

    async def _tell(self, message: Message) -> None:
        await asyncio.sleep(self.faults.receipt_delay)
        for status, _ in self.faults.story(message.to):
            at = self.settings.now(self.faults.now).isoformat()
            await self.ledger.write({"event": "moved", "sid": message.sid, "status": status, "at": at})
            for _ in range(self.faults.copies):
                await self.receipt(message)

    async def receipt(self, message: Message) -> int:
        """Tell the service what became of one text; the HTTP status, or 0 when nothing answered."""
        if not self.settings.callback_url:
            return 0
        told = {
            "id": message.sid, "reference": message.reference or None, "to": message.to, "status": message.status,
            "created_at": instant(message), "completed_at": instant(message), "sent_at": instant(message),
            "notification_type": "sms", "template_id": self.settings.template_id, "template_version": 1,
        }  # fmt: skip
        token = {"right": self.settings.callback_token, "wrong": "w" * 24, "none": ""}[self.faults.signature]
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        self.session = self.session or ClientSession(timeout=ClientTimeout(total=60))
        try:
            async with self.session.post(self.settings.callback_url, json=told, headers=headers) as answer:
                return answer.status
        except (ClientError, OSError, TimeoutError):
            return 0

    def _refusal(self, said: Shown) -> tuple[int, str, str] | None:
        """What Notify refuses such a request with, or None."""
        body = said.get("personalisation", {}).get("body", "")
        if said.get("template_id") != self.settings.template_id:
            return 400, "BadRequestError", "Template not found"
        if not body:
            return 400, "BadRequestError", "Missing personalisation: body"
        if len(body) > LONGEST_TEXT:
            words = (
                f"Text messages cannot be longer than {LONGEST_TEXT} characters. Your message is {len(body)} characters"
            )
            return 400, "BadRequestError", words
        return REFUSED.get(said["phone_number"])

    def _created(self, message: Message) -> Shown:
        content = {"body": message.body, "from_number": "GOVUK"}
        return {"id": message.sid, "reference": message.reference or None, "content": content}


NOTIFY: web.AppKey[Notify] = web.AppKey("notify", Notify)


def build(settings: Settings, faults: Faults | None = None) -> web.Application:
    """The application; its Notify is under NOTIFY, so that a test in the same process may reach the faults."""
    notify = Notify(settings, Ledger(settings.ledger), faults or Faults(), random.Random(settings.seed))
    app = web.Application(middlewares=[gate])
    app[NOTIFY] = notify
    app.router.add_post("/v2/notifications/sms", notify.create)
    app.router.add_get("/v2/notifications", notify.list)
    app.router.add_get("/v2/notifications/{id}", notify.fetch)
    app.router.add_put("/faults", set_faults)
    app.router.add_get("/ledger", show_ledger)
    app.on_cleanup.append(close)
    return app


@web.middleware
async def gate(request: web.Request, handler: Any) -> web.StreamResponse:
    """Drop what is to be dropped, and refuse whoever has not our key."""
    notify = request.app[NOTIFY]
    if not request.path.startswith("/v2/"):
        return await handler(request)
    if notify.faults.down or (notify.faults.search_down and request.method == "GET"):
        return hang_up(request)
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    try:
        decode_jwt_token(token, notify.settings.api_key[-36:])
        known = get_token_issuer(token) == notify.settings.api_key[-73:-37]
    except TokenError:
        known = False
    return await handler(request) if known else error(403, "AuthError", "Invalid token: API key not found")


async def set_faults(request: web.Request) -> web.StreamResponse:
    """PUT a JSON object of the faults to change; the rest stay."""
    notify = request.app[NOTIFY]
    changed = notify.faults.changed(await request.json())
    notify.faults = Faults(**asdict(changed))
    return web.json_response(asdict(notify.faults))


async def show_ledger(request: web.Request) -> web.StreamResponse:
    texts = request.app[NOTIFY].ledger.messages.values()
    return web.json_response([shown(text) for text in texts])


async def close(app: web.Application) -> None:
    notify = app[NOTIFY]
    for task in notify.telling:
        task.cancel()
    await asyncio.gather(*notify.telling, return_exceptions=True)
    if notify.session is not None:
        await notify.session.close()
    notify.ledger.close()


def shown(message: Message) -> Shown:
    """A text as Notify shows it."""
    return {
        "id": message.sid, "reference": message.reference or None, "phone_number": message.to, "type": "sms",
        "status": message.status, "body": message.body, "created_at": instant(message), "email_address": None,
        "template": {"id": "", "version": 1, "uri": ""}, "sent_at": None, "completed_at": None,
    }  # fmt: skip


def instant(message: Message) -> str:
    return message.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def broken(_: web.Request) -> web.Response:
    return error(500, "Exception", "Internal server error")


def busy(_: web.Request) -> web.Response:
    return error(429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds")


def error(status: int, name: str, message: str) -> web.Response:
    """An error in Notify's shape."""
    said = {"status_code": status, "errors": [{"error": name, "message": message}]}
    return web.Response(status=status, text=json.dumps(said), content_type="application/json")


NOT_TAKEN = {"busy": busy, "drop_before": hang_up, "error_before": broken}  # fates

"""Twilio's form API for messages, as much as the service uses: create, list, fetch, and blanking the words."""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter, deque
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import uuid4

from aiohttp import web

from tests.fake_twilio.callbacks import Callbacks
from tests.fake_twilio.faults import Faults
from tests.fake_twilio.ledger import FINAL, Ledger, Message, taken
from tests.fake_twilio.settings import Settings

E164 = re.compile(r"\+[1-9]\d{7,14}")
LONGEST_TEXT, LONGEST_VALIDITY, MOST_LISTED = 1_600, 36_000, 1_000


@dataclass
class Provider:
    """The parts, held together."""

    settings: Settings
    ledger: Ledger
    callbacks: Callbacks
    faults: Faults
    dice: random.Random
    forms: deque[dict[str, str]] = field(default_factory=lambda: deque(maxlen=1_000))  # the last requests to send
    calls: Counter[str] = field(default_factory=Counter)  # by method: POST to send, GET to look
    busy: int = 0  # calls under way

    async def create(self, request: web.Request) -> web.StreamResponse:
        form = dict(parse_qsl(await request.text(), keep_blank_values=True))
        self.forms.append(form)
        await asyncio.sleep(self.faults.delay)
        code = self._refusal(form)
        if code is not None:
            return error(400, code)
        return await getattr(self, f"_{self.faults.next_fate(self.dice)}")(request, form)

    async def list(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        size = min(int(query.get("PageSize", 50)), MOST_LISTED)
        page = int(query.get("Page", 0))
        found = [each for each in self._candidates(query.get("To")) if _matches(each, query)]
        found.sort(key=lambda each: each.at, reverse=True)
        more = len(found) > size * (page + 1)
        after = urlencode({**query, "PageSize": size, "Page": page + 1, "PageToken": f"PA{uuid4().hex}"})
        listed = {
            "messages": [self._shown(each) for each in found[size * page : size * (page + 1)]],
            "page": page,
            "page_size": size,
            "next_page_uri": f"{request.path}?{after}" if more else None,
            "uri": request.path_qs,
        }
        return web.json_response(listed)

    async def fetch(self, request: web.Request) -> web.StreamResponse:
        message = self.ledger.messages.get(request.match_info["sid"])
        return web.json_response(self._shown(message)) if message else error(404, 20404)

    async def update(self, request: web.Request) -> web.StreamResponse:
        message = self.ledger.messages.get(request.match_info["sid"])
        if message is None:
            return error(404, 20404)
        if message.status not in FINAL:
            return error(400, 20009)
        now = self.settings.now(self.faults.now).isoformat()
        await self.ledger.write({"event": "blanked", "sid": message.sid, "body": "", "at": now})
        return web.json_response(self._shown(message))

    async def _accept(self, form: dict[str, str]) -> Message:
        message = Message(
            sid=f"SM{uuid4().hex}",
            to=form["To"],
            sender=form.get("From", self.settings.number),
            service=form.get("MessagingServiceSid", ""),
            body=form["Body"],
            callback=form.get("StatusCallback", ""),
            validity=int(form.get("ValidityPeriod", LONGEST_VALIDITY)),
            at=self.settings.now(self.faults.now),
        )
        await self.ledger.write(taken(message))
        message = self.ledger.messages[message.sid]
        self.callbacks.follow(message)
        return message

    async def _take(self, _: web.Request, form: dict[str, str]) -> web.StreamResponse:
        return web.json_response(self._shown(await self._accept(form)), status=201)

    async def _busy(self, _: web.Request, __: dict[str, str]) -> web.StreamResponse:
        return error(429, 20429)

    async def _drop_before(self, request: web.Request, _: dict[str, str]) -> web.StreamResponse:
        return hang_up(request)

    async def _drop_after(self, request: web.Request, form: dict[str, str]) -> web.StreamResponse:
        await self._accept(form)
        return hang_up(request)

    async def _late(self, request: web.Request, form: dict[str, str]) -> web.StreamResponse:
        gone = hang_up(request)
        await asyncio.sleep(self.faults.late)
        await self._accept(form)
        return gone

    async def _error_before(self, _: web.Request, __: dict[str, str]) -> web.StreamResponse:
        return error(500, 20500)

    async def _error_after(self, _: web.Request, form: dict[str, str]) -> web.StreamResponse:
        await self._accept(form)
        return error(500, 20500)

    async def _garbled(self, _: web.Request, form: dict[str, str]) -> web.StreamResponse:
        await self._accept(form)
        return web.Response(status=201, text='{"sid": "SM', content_type="application/json")

    async def _hang(self, request: web.Request, form: dict[str, str]) -> web.StreamResponse:
        await self._accept(form)
        await asyncio.sleep(self.faults.hang)
        return hang_up(request)

    def _refusal(self, form: dict[str, str]) -> int | None:
        """The code Twilio refuses such a request with, or None."""
        wrong = (
            (21604, not form.get("To")),
            (21603, not (form.get("From") or form.get("MessagingServiceSid"))),
            (21602, not form.get("Body")),
            (21617, len(form.get("Body", "")) > LONGEST_TEXT),
            (21624, not 1 <= int(form.get("ValidityPeriod", 1)) <= LONGEST_VALIDITY),
            (21211, not E164.fullmatch(form.get("To", ""))),
        )
        return next((code for code, is_so in wrong if is_so), None) or self.faults.refusal(form["To"])

    def _candidates(self, to: str | None) -> list[Message]:
        return list(self.ledger.messages.values()) if to is None else list(self.ledger.by_number.get(to, ()))

    def _shown(self, message: Message) -> dict[str, Any]:
        account = self.settings.account_sid
        return {
            "account_sid": account,
            "api_version": "2010-04-01",
            "body": message.body,
            "date_created": format_datetime(message.at),
            "date_sent": format_datetime(message.sent_at) if message.sent_at else None,
            "date_updated": format_datetime(message.sent_at or message.at),
            "direction": "outbound-api",
            "error_code": message.code,
            "error_message": None,
            "from": message.sender,
            "messaging_service_sid": message.service or None,
            "num_media": "0",
            "num_segments": "1",
            "price": None,
            "price_unit": "GBP",
            "sid": message.sid,
            "status": message.status,
            "subresource_uris": {},
            "to": message.to,
            "uri": f"/2010-04-01/Accounts/{account}/Messages/{message.sid}.json",
        }


def error(status: int, code: int) -> web.Response:
    """An error in Twilio's shape."""
    said = {"code": code, "message": f"fault {code}", "more_info": "", "status": status}
    return web.json_response(said, status=status)


def hang_up(request: web.Request) -> web.Response:
    """Close the connection without a word; the response returned is never written."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _matches(message: Message, query: Any) -> bool:
    """A text not yet sent has no date and so meets no date filter: the worst that Twilio's list may do."""
    day = message.sent_at.date().isoformat() if message.sent_at else None
    asked = (
        ("From", lambda said: message.sender == said),
        ("DateSent", lambda said: day is not None and day == said[:10]),
        ("DateSent<", lambda said: day is not None and day <= said[:10]),
        ("DateSent>", lambda said: day is not None and day >= said[:10]),
    )
    return all(holds(query[name]) for name, holds in asked if name in query)

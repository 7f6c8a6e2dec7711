"""The fake provider's calls to its customer: receipts and inbound texts, signed by the SDK's own RequestValidator."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout
from twilio.request_validator import RequestValidator

from tests.fake_twilio.faults import Faults
from tests.fake_twilio.ledger import FINAL, Ledger, Message
from tests.fake_twilio.settings import Settings

WRONG_TOKEN = "f" * 32


class Callbacks:
    """Tells the customer what became of each text, as the faults of the moment have it."""

    def __init__(self, settings: Settings, ledger: Ledger, faults: Callable[[], Faults]) -> None:
        self._settings = settings
        self._ledger = ledger
        self._faults = faults
        self._dice = random.Random(settings.seed)
        self._session: ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def follow(self, message: Message) -> None:
        """Tell the story of one text, from now on and by itself."""
        if self._faults().story(message.to):
            task = asyncio.create_task(self._tell(message))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def call(self, url: str, params: dict[str, str]) -> int:
        """Post one signed form; the HTTP status, or 0 when nothing answered."""
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
        signature = self._sign(url, params)
        if signature:
            headers["X-Twilio-Signature"] = signature
        if self._session is None:
            self._session = ClientSession(timeout=ClientTimeout(total=15))  # Twilio waits 15 s (docs/errors/11205)
        try:
            async with self._session.post(self._reach(url), data=urlencode(params), headers=headers) as answer:
                return answer.status
        except (ClientError, OSError, TimeoutError):
            return 0

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def _tell(self, message: Message) -> None:
        faults = self._faults()
        await asyncio.sleep(faults.receipt_delay)
        calls = []
        for status, code in faults.story(message.to):
            now = self._settings.now(faults.now).isoformat()
            await self._ledger.write({"event": "moved", "sid": message.sid, "status": status, "code": code, "at": now})
            calls += [self._receipt(message, status, code)] * faults.copies
            if not faults.shuffle:
                await self._send(message, calls)
                calls = []
        self._dice.shuffle(calls)
        await self._send(message, calls)

    async def _send(self, message: Message, calls: list[dict[str, str]]) -> None:
        for params in calls:
            if message.callback:
                await self.call(message.callback, params)

    def _receipt(self, message: Message, status: str, code: int | None) -> dict[str, str]:
        params = {
            "SmsSid": message.sid,
            "SmsStatus": status,
            "MessageStatus": status,
            "To": message.to,
            "MessageSid": message.sid,
            "AccountSid": self._settings.account_sid,
            "From": message.sender,
            "ApiVersion": "2010-04-01",
        }
        if message.service:
            params["MessagingServiceSid"] = message.service
        if status in FINAL and code is not None:
            params["ErrorCode"] = str(code)
        return params

    def _sign(self, url: str, params: dict[str, str]) -> str:
        how = self._faults().signature
        if how == "none":
            return ""
        token = self._settings.auth_token if how == "right" else WRONG_TOKEN
        return str(RequestValidator(token).compute_signature(url, params))

    def _reach(self, url: str) -> str:
        """The address called in place of the signed one, as a proxy would have it."""
        if not self._settings.callback_base:
            return url
        parts, base = urlsplit(url), urlsplit(self._settings.callback_base)
        return parts._replace(scheme=base.scheme, netloc=base.netloc).geturl()

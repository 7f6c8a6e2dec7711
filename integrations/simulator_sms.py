"""The demonstration's provider: texts go to a phone on a screen, and come back as the same signed calls Twilio makes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from integrations import form_body
from integrations.twilio_signature import sign
from throughcare.kernel.ports import Found, Sms, SmsGone, SmsRefused, SmsUnknown

LONGEST_TEXT, TEXT_TOO_LONG, NO_SUCH_TEXT = 1_600, 21617, 20404

Post = Callable[[str, bytes, Mapping[str, str]], Awaitable[int]]  # path, body, headers -> HTTP status; 0 for no answer


@dataclass(frozen=True)
class Line:
    """Our side of the line, with the settings the webhooks are checked against."""

    public_base_url: str
    auth_token: str
    account_sid: str
    number: str


class Phone:
    """Every handset there is: it says what became of a text, and answers."""

    def __init__(self, line: Line, post: Post) -> None:
        self._line = line
        self._post = post

    async def receive(self, sms: Sms, sid: str) -> None:
        """Tell the service that the text was sent, and then that it was delivered."""
        for status in ("sent", "delivered"):
            said = {"MessageSid": sid, "MessageStatus": status, "From": self._line.number, "To": sms.to}
            await self._call(f"/webhooks/twilio/status/{sms.reference}", said)

    async def reply(self, number: str, text: str) -> int:
        """Send `text` from `number` to the service; what its webhook answered."""
        said = {
            "MessageSid": _new_sid(),
            "SmsStatus": "received",
            "From": number,
            "To": self._line.number,
            "Body": text,
            "NumMedia": "0",
        }
        return await self._call("/webhooks/twilio/messages", said)

    async def ring(self, number: str) -> int:
        """Ring the service from `number`; what its webhook answered."""
        said = {
            "CallSid": f"CA{uuid4().hex}",
            "CallStatus": "ringing",
            "Direction": "inbound",
            "From": number,
            "To": self._line.number,
        }
        return await self._call("/webhooks/twilio/voice", said)

    async def _call(self, path: str, said: Mapping[str, str]) -> int:
        params = {**said, "AccountSid": self._line.account_sid}
        url = self._line.public_base_url.rstrip("/") + path
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": sign(url, params, self._line.auth_token),
        }
        return await self._post(path, form_body.encode(params.items()), headers)


class SimulatorSms:
    """The SmsGateway of the demonstration. `deliver` puts a text on the phone's screen, off the event loop.

    It remembers what it took until the process ends; `deliver` may keep more.
    """

    def __init__(
        self, deliver: Callable[[Sms, str], None], now: Callable[[], datetime], phone: Phone | None = None
    ) -> None:
        self._deliver = deliver
        self._now = now
        self._phone = phone
        self._taken: dict[str, Found] = {}
        self._receipts: set[asyncio.Task[None]] = set()

    async def send(self, sms: Sms) -> str:
        """As SmsGateway.send."""
        if len(sms.text) > LONGEST_TEXT:
            raise SmsRefused(TEXT_TOO_LONG)
        sid = _new_sid()
        try:
            await asyncio.to_thread(self._deliver, sms, sid)
        except Exception as error:
            raise SmsUnknown("the screen") from error
        self._taken[sid] = Found(sid, sms.to, sms.text, "delivered", self._now())
        if self._phone is not None:
            task = asyncio.create_task(self._phone.receive(sms, sid))
            self._receipts.add(task)
            task.add_done_callback(self._receipts.discard)
        return sid

    async def search(self, to: str, since: datetime, reference: str = "") -> Sequence[Found]:
        """As SmsGateway.search."""
        del reference
        return [text for text in self._taken.values() if text.to == to and text.created_at >= since]

    async def fetch(self, sid: str) -> Found:
        """As TwilioSms.fetch."""
        if sid not in self._taken:
            raise SmsGone(NO_SUCH_TEXT)
        return self._taken[sid]

    async def redact(self, sid: str) -> None:
        """As TwilioSms.redact."""
        self._taken[sid] = replace(await self.fetch(sid), text="")

    async def close(self) -> None:
        await asyncio.gather(*self._receipts, return_exceptions=True)


def _new_sid() -> str:
    return f"SM{uuid4().hex}"

"""Calls a webhook as a provider would, over sockets that stay open, each call made beforehand so that the caller costs little."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import uuid4

import uvloop

from integrations.twilio_signature import sign
from tests.fake_twilio.settings import ACCOUNT_SID, AUTH_TOKEN, NUMBER

PUBLIC = "https://throughcare.example.org"
PATH = "/webhooks/twilio/messages"
END = b"\r\n\r\n"
NUMBERS = 800  # of those kept for drama, each some person's
PATIENCE = 120  # seconds until all are answered


def text(sid: str, each: int = 0) -> bytes:
    """One text to us as it goes over the wire, with as many fields as Twilio sends of a plain one."""
    fields = {
        "ToCountry": "GB", "ToState": "", "SmsMessageSid": sid, "NumMedia": "0", "ToCity": "", "FromZip": "",
        "SmsSid": sid, "FromState": "", "SmsStatus": "received", "FromCity": "", "Body": f"{1 + each % 5} thanks",
        "FromCountry": "GB", "To": NUMBER, "MessagingServiceSid": "", "ToZip": "", "NumSegments": "1", "MessageSid": sid,
        "AccountSid": ACCOUNT_SID, "From": f"+447700900{each % NUMBERS:03d}", "ApiVersion": "2010-04-01",
    }  # fmt: skip
    body = urlencode(fields).encode()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: throughcare.example.org\r\nX-Twilio-Signature: {sign(PUBLIC + PATH, fields, AUTH_TOKEN)}\r\n"
        f"Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
        "I-Twilio-Idempotency-Token: 0\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n\r\n"
    )
    return head.encode() + body


def texts(many: int) -> list[bytes]:
    """So many, each another."""
    return [text(f"SM{uuid4().hex}", each) for each in range(many)]


@dataclass
class Heard:
    """What was answered, and after how many seconds."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    bodies: set[bytes] = field(default_factory=set)
    lasted: float = 0.0

    def at(self, share: float) -> float:
        """Seconds within which this share of them came."""
        return sorted(self.seconds)[min(int(len(self.seconds) * share), len(self.seconds) - 1)]

    @property
    def a_second(self) -> float:
        return len(self.seconds) / self.lasted


class Line(asyncio.Protocol):
    """One connection: one call at a time, and when it is answered, what `free` says."""

    def __init__(self, heard: Heard, free: Callable[[Line], None]) -> None:
        self.heard, self.free, self.got, self.since = heard, free, b"", 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def call(self, said: bytes, since: float) -> None:
        """`since`: when it was due; that is what its time is counted from, also when no line was free."""
        self.since = since
        self.transport.write(said)

    def data_received(self, data: bytes) -> None:
        self.got += data
        head, end, body = self.got.partition(END)
        if not end or len(body) < length(head):
            return
        self.got = b""
        self.heard.seconds.append(time.perf_counter() - self.since)
        self.heard.statuses[int(head[9:12])] += 1
        self.heard.bodies.add(body)
        self.free(self)


def length(head: bytes) -> int:
    """Of the body, as the answer's head says."""
    return int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])


@dataclass
class Caller:
    """So many lines to a port of this machine."""

    port: int
    lines: int

    def at_once(self, calls: Sequence[bytes]) -> Heard:
        """Every line calls again as soon as it is answered, until there is nothing left to say."""
        return uvloop.run(self._at_once(iter(calls), len(calls)))

    def each_second(self, calls: Sequence[bytes], rate: float) -> Heard:
        """At this rate, whether or not those before were answered."""
        return uvloop.run(self._each_second(calls, rate))

    async def _at_once(self, calls: Iterator[bytes], many: int) -> Heard:
        heard, done = Heard(), asyncio.get_running_loop().create_future()

        def free(line: Line) -> None:
            if len(heard.seconds) == many:
                done.set_result(None)
            elif said := next(calls, None):
                line.call(said, time.perf_counter())

        lines = await self._open(heard, free)
        began = time.perf_counter()
        for line in lines:
            line.call(next(calls), time.perf_counter())
        await asyncio.wait_for(done, PATIENCE)
        return closed(lines, heard, began)

    async def _each_second(self, calls: Sequence[bytes], rate: float) -> Heard:
        heard, done = Heard(), asyncio.Event()
        waiting: deque[tuple[bytes, float]] = deque()
        idle: deque[Line] = deque()  # each in its turn, so that none is unused for so long that it is closed

        def free(line: Line) -> None:
            if waiting:
                line.call(*waiting.popleft())
            else:
                idle.append(line)
            if len(heard.seconds) == len(calls):
                done.set()

        lines = await self._open(heard, free)
        idle += lines
        began = time.perf_counter()
        for each, said in enumerate(calls):
            await asyncio.sleep(max(0.0, began + each / rate - time.perf_counter()))
            if idle:
                idle.popleft().call(said, began + each / rate)
            else:
                waiting.append((said, began + each / rate))
        await asyncio.wait_for(done.wait(), PATIENCE)
        return closed(lines, heard, began)

    async def _open(self, heard: Heard, free: Callable[[Line], None]) -> list[Line]:
        loop = asyncio.get_running_loop()
        made = [
            await loop.create_connection(lambda: Line(heard, free), "127.0.0.1", self.port) for _ in range(self.lines)
        ]
        return [line for _, line in made]


def closed(lines: Sequence[Line], heard: Heard, began: float) -> Heard:
    heard.lasted = time.perf_counter() - began
    for line in lines:
        line.transport.close()
    return heard

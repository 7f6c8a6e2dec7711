"""A Twilio gateway at either end of a test: before the whole fake provider, or before bytes the test wrote itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from integrations.twilio_sms import TwilioAccount, TwilioSms
from tests.fake_twilio.faults import Faults
from tests.fake_twilio.messages import Provider
from tests.fake_twilio.settings import ACCOUNT_SID, AUTH_TOKEN, NUMBER, Settings
from tests.fake_twilio.starting import serving
from throughcare.kernel.ports import Sms

TO = "+447700900123"
PATIENCE = 30  # seconds that no answer takes, however busy the machine
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
TEXT = Sms(TO, "How are things? \U0001f44d", "5f0c", 600)


def account(address: str, **changed: str) -> TwilioAccount:
    values = {"from_number": NUMBER, "api_base_url": address, "public_base_url": "https://texts.example.org/"}
    return TwilioAccount(account_sid=ACCOUNT_SID, auth_token=AUTH_TOKEN, **values | changed)


@asynccontextmanager
async def talking(tmp_path, faults: Faults | None = None, **changed: str) -> AsyncIterator[tuple[TwilioSms, Provider]]:
    async with serving(Settings(tmp_path / "ledger"), faults or Faults(receipts=[])) as (address, provider):
        gateway = TwilioSms(account(address, **changed), seconds=PATIENCE)
        try:
            yield gateway, provider
        finally:
            await gateway.close()


@asynccontextmanager
async def answering(answer: bytes, *, stay: bool = False) -> AsyncIterator[tuple[TwilioSms, list[bytes]]]:
    """A gateway whose provider gives every request this answer, to the byte, and closes unless it is to `stay`."""
    requests: list[bytes] = []
    leave = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        requests.append(head + await reader.readexactly(length))
        writer.write(answer)
        if stay:
            await leave.wait()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    gateway = TwilioSms(account(address), seconds=1 if stay else PATIENCE)
    try:
        yield gateway, requests
    finally:
        await gateway.close()
        leave.set()
        server.close()


def http(status: int, body: str, kind: str = "application/json", more: str = "") -> bytes:
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return (head + body).encode()

"""`python -m tests.fake_twilio --port N --ledger FILE`: runs until it is told to stop, or killed.

Port 0 takes a free one; the first line printed is the address.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import signal
from pathlib import Path

import uvloop
from aiohttp import web

from tests.fake_twilio.app import build
from tests.fake_twilio.faults import Faults
from tests.fake_twilio.settings import ACCOUNT_SID, AUTH_TOKEN, NUMBER, Settings


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fake_twilio", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--ledger", type=Path, required=True)
    parser.add_argument("--account-sid", default=ACCOUNT_SID)
    parser.add_argument("--auth-token", default=AUTH_TOKEN)
    parser.add_argument("--number", default=NUMBER)
    parser.add_argument("--callback-base", default="", help="where receipts go, whatever address they are signed for")
    parser.add_argument("--inbound-url", default="", help="the signed address of the webhook for texts to us")
    parser.add_argument("--faults", type=json.loads, default={}, help="a JSON object, as for PUT /faults")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


async def serve(given: argparse.Namespace) -> None:
    settings = Settings(
        ledger=given.ledger,
        account_sid=given.account_sid,
        auth_token=given.auth_token,
        number=given.number,
        callback_base=given.callback_base,
        inbound_url=given.inbound_url,
        seed=given.seed,
    )
    runner = web.AppRunner(build(settings, Faults(**given.faults)), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", given.port)
    await site.start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)  # noqa: T201 - what the starter waits for
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    await stop.wait()
    await runner.cleanup()


with contextlib.suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
    loop.run(serve(arguments()))

"""A provider of texts on this machine that speaks as GOV.UK Notify does, keeps a book of what it took, and fails as it is told to.

    python -m tests.fake_notify --port 8091 --ledger var/notify.jsonl \\
        --callback-url http://127.0.0.1:8000/webhooks/notify/receipts

runs until it is told to stop. Port 0 takes a free one; the first line printed is the address. To have the service send by it:
SMS__GATEWAY=notify, SMS__ONE_WAY=true, NOTIFY__API_BASE_URL=(that address), and NOTIFY__API_KEY, NOTIFY__TEMPLATE_ID and
NOTIFY__CALLBACK_TOKEN as --api-key, --template-id and --callback-token have them.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
from pathlib import Path

from aiohttp import web

from tests.fake_notify.app import build
from tests.fake_notify.faults import NOT_DELIVERED, REFUSED, SILENT, Faults
from tests.fake_notify.settings import API_KEY, CALLBACK_TOKEN, TEMPLATE_ID, Settings
from tests.fake_twilio.faults import FATES
from tests.fake_twilio.serving import serve

STEERING = f"""
  GET  /ledger                     every text it took, and what became of it
  PUT  /faults {{"down": true}}      what it does wrong; what is not named stays

The fates of a text, for "script" (the next ones, in order) and "odds" (fate -> chance): {", ".join(FATES)}.
Numbers that always end badly: refused {", ".join(REFUSED)}; not delivered {", ".join(NOT_DELIVERED)}; never heard of {SILENT}.
"""


def arguments() -> argparse.Namespace:
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="fake_notify", description=__doc__, epilog=STEERING, formatter_class=shape)
    parser.add_argument("--port", type=int, required=True, help="of 127.0.0.1; 0 takes a free one")
    parser.add_argument("--ledger", type=Path, required=True, help="its book: one JSON line an event")
    parser.add_argument("--api-key", default=API_KEY)
    parser.add_argument("--template-id", default=TEMPLATE_ID)
    parser.add_argument("--callback-url", default="", help="where receipts go")
    parser.add_argument("--callback-token", default=CALLBACK_TOKEN)
    parser.add_argument("--faults", type=json.loads, default={}, help="a JSON object, as for PUT /faults")
    parser.add_argument("--seed", type=int, default=0, help="of its chances")
    return parser.parse_args()


def provider(given: argparse.Namespace) -> web.Application:
    named = {name: value for name, value in vars(given).items() if name not in {"port", "faults"}}
    return build(Settings(**named), Faults(**given.faults))


if __name__ == "__main__":
    asked = arguments()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(provider(asked), asked.port))

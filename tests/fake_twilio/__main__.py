"""A provider of texts on this machine that speaks as Twilio does, keeps a book of what it took, and fails as it is told to.

    python -m tests.fake_twilio --port 8090 --ledger var/fake.jsonl --callback-base http://127.0.0.1:8000 \\
        --inbound-url http://127.0.0.1:8000/webhooks/twilio/messages

runs until it is told to stop, or killed. Port 0 takes a free one; the first line printed is the address. To have the service send
by it: SMS__GATEWAY=twilio, TWILIO__API_BASE_URL=(that address), and TWILIO__ACCOUNT_SID, TWILIO__AUTH_TOKEN and
TWILIO__FROM_NUMBER as --account-sid, --auth-token and --number have them.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
from dataclasses import asdict
from pathlib import Path

import uvloop
from aiohttp import web

from tests.fake_twilio.app import build
from tests.fake_twilio.faults import FATES, MEANS, NOT_DELIVERED, REFUSED, SILENT, Faults
from tests.fake_twilio.serving import serve
from tests.fake_twilio.settings import ACCOUNT_SID, AUTH_TOKEN, NUMBER, Settings

STEERING = """
Twilio's own calls, with the account and token as user and password:
  POST /2010-04-01/Accounts/{account}/Messages.json        To, From or MessagingServiceSid, Body, StatusCallback, ValidityPeriod
  GET  /2010-04-01/Accounts/{account}/Messages.json        filtered by To, From, DateSent, DateSent<, DateSent>; in pages
  GET  /2010-04-01/Accounts/{account}/Messages/{sid}.json  one text; POST with an empty Body blanks its words

To steer it:
  GET  /ledger                                             every text it took, and what became of it
  GET  /busy                                               how many calls are under way
  POST /inbound  {"from": "+447700900123", "body": "4"}    a person's text, sent on to --inbound-url, signed; "sid" repeats one
  GET  /faults, PUT /faults {"down": true}                 what it does wrong; a PUT changes what it names, and the rest stays

Faults, by PUT or at the start by --faults (with what they are when nothing is said):
"""
FATES_SAID = """
The fates of a text, for "script" (the next ones, in order) and "odds" (fate -> chance):
"""
NUMBERS = """
Numbers that always end badly: refused {refused}; not delivered {lost}; never heard of again {silent}.
Example: curl -X PUT http://127.0.0.1:8090/faults -d '{{"odds": {{"drop_after": 0.02, "late": 0.005}}}}'
"""


def steering() -> str:
    """The faults as they are declared, so that nothing is missing here."""
    faults = (f"  {name:15} {json.dumps(value):10} {MEANS[name]}" for name, value in asdict(Faults()).items())
    fates = (f"  {name:15} {means}" for name, means in FATES.items())
    badly = NUMBERS.format(refused=_by_code(REFUSED), lost=_by_code(NOT_DELIVERED), silent=SILENT)
    return "\n".join([STEERING.rstrip(), *faults, FATES_SAID.rstrip(), *fates, badly])


def _by_code(numbers: dict[str, int]) -> str:
    return ", ".join(f"{number} ({code})" for number, code in numbers.items())


def arguments() -> argparse.Namespace:
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="fake_twilio", description=__doc__, epilog=steering(), formatter_class=shape)
    parser.add_argument("--port", type=int, required=True, help="of 127.0.0.1; 0 takes a free one")
    parser.add_argument(
        "--ledger", type=Path, required=True, help="its book: one JSON line an event, read again at the start"
    )
    parser.add_argument("--account-sid", default=ACCOUNT_SID)
    parser.add_argument("--auth-token", default=AUTH_TOKEN)
    parser.add_argument("--number", default=NUMBER, help="what a messaging service sends from, and persons text to")
    parser.add_argument("--callback-base", default="", help="where receipts go, whatever address they are signed for")
    parser.add_argument("--inbound-url", default="", help="the signed address of the webhook for texts to us")
    parser.add_argument("--faults", type=json.loads, default={}, help="a JSON object, as for PUT /faults")
    parser.add_argument("--seed", type=int, default=0, help="of its chances")
    return parser.parse_args()


def provider(given: argparse.Namespace) -> web.Application:
    settings = Settings(
        ledger=given.ledger,
        account_sid=given.account_sid,
        auth_token=given.auth_token,
        number=given.number,
        callback_base=given.callback_base,
        inbound_url=given.inbound_url,
        seed=given.seed,
    )
    return build(settings, Faults(**given.faults))


if __name__ == "__main__":
    asked = arguments()
    with contextlib.suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
        loop.run(serve(provider(asked), asked.port))

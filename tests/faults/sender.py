"""`python -m tests.faults.sender`: a scheduler to be killed. It loads once, then forks one dispatcher for each line it reads.

Its clock starts at noon when the test starts, so that no run falls into quiet hours.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from datetime import datetime, timedelta

from sqlalchemy import select

from config.bootstrap import load_reference
from config.gateways import carrier_of
from config.settings import Settings
from config.tables import all_tables
from scheduler.dispatch import Dispatcher
from tests.fake_twilio.settings import ACCOUNT_SID, AUTH_TOKEN, NUMBER
from throughcare.checkin import sending
from throughcare.journey.reactions import REACTIONS
from throughcare.kernel.database import open_engine
from throughcare.kernel.delivery import Delivery
from throughcare.kernel.moves import OUTBOX, Moved, move
from throughcare.kernel.work import Desk


class Ticking:
    """A clock that stood at `noon` when the machine's monotonic clock stood at `began`."""

    def __init__(self, noon: datetime, began: float) -> None:
        self.noon, self.began = noon, began

    def now(self) -> datetime:
        return self.noon + timedelta(seconds=time.monotonic() - self.began)


def settings(provider: str) -> Settings:
    """The real order of times, shortened: the provider's slowest accept < settle, the HTTP time-out < lease."""
    return Settings(
        environment="demo",
        _env_file=None,
        sms={
            "gateway": "twilio", "http_timeout": 2, "lease": 4, "callback_wait": 0.4, "settle": 2.5,
            "per_second": 40, "in_flight": 12,
        },
        twilio={
            "account_sid": ACCOUNT_SID, "auth_token": AUTH_TOKEN, "from_number": NUMBER, "api_base_url": provider,
        },
    )  # fmt: skip


def naive(work) -> int:
    """The broken twin's way: whatever was not heard of is put back in the queue, and nobody looks at the provider."""
    lost = select(OUTBOX.c.id, OUTBOX.c.state).where(
        OUTBOX.c.state.in_([Delivery.CLAIMED, Delivery.SENDING, Delivery.AMBIGUOUS]), OUTBOX.c.lease_until <= work.now
    )
    rows = work.session.connection().execute(lost).all()
    move(work.session, [Moved(row.id, row.state, Delivery.PLANNED, "naive") for row in rows], work.now)
    return len(rows)


async def nothing() -> None:
    """The broken twin does not reconcile."""


def dispatch(asked: argparse.Namespace, held: Settings, reference) -> None:
    desk = Desk(
        open_engine(asked.database), Ticking(datetime.fromisoformat(asked.noon), asked.began), REACTIONS, reference
    )
    dispatcher = Dispatcher(desk, carrier_of(held, desk).open(), idle=0.05)
    if asked.naive:
        sending.sweep = naive
        dispatcher._reconcile = nothing
    asyncio.run(dispatcher.run(asyncio.Event()))


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("database", "provider", "noon"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--began", type=float, required=True)
    parser.add_argument("--naive", action="store_true")
    asked = parser.parse_args()
    all_tables()
    held = settings(asked.provider)
    reference = load_reference(held)
    print("ready", flush=True)  # noqa: T201 - what the test waits for
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            dispatch(asked, held, reference)
            os._exit(0)
        print(pid, flush=True)  # noqa: T201 - what the test is to kill
        os.waitpid(pid, 0)
        print("gone", flush=True)  # noqa: T201 - it is dead


if __name__ == "__main__":
    main()

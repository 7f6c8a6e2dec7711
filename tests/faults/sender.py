"""`python -m tests.faults.sender --door PATH`: schedulers to be killed. It loads once and then forks.

Whoever calls at the door (a Unix socket) gets a scheduler of its own. The first line it reads is a JSON object that says of which
database, provider and clock; it answers "ready". For each line after that, {"point": where it is to die of itself, or "", "nth":
at which time, "per_second": its pace}, it forks a dispatcher, says its process id, and when that is dead, "gone". The clock is
the test's: see `Leaping`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import mmap
import os
import signal
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import event, select

from config.bootstrap import load_reference
from config.gateways import carrier_of
from config.settings import Settings
from config.tables import all_tables
from scheduler.dispatch import Dispatcher
from tests.fake_twilio.settings import ACCOUNT_SID, AUTH_TOKEN, NUMBER
from throughcare.checkin import sending
from throughcare.checkin.service import Pacing
from throughcare.journey.reactions import REACTIONS
from throughcare.kernel.database import open_engine
from throughcare.kernel.delivery import Delivery
from throughcare.kernel.moves import OUTBOX, Moved, move
from throughcare.kernel.reference import Reference
from throughcare.kernel.work import Desk

# Where a dispatcher may be told to die. The first two are between any two transactions, and before any commit.
POINTS = ("begin", "commit", "claimed", "begun", "taken", "written")
LEFT_BEHIND = {  # what a commit has just left in the database, that was not there before it
    "claimed": "SELECT count(*) FROM outbox WHERE state = 'claimed'",
    "begun": "SELECT count(*) FROM outbox WHERE state = 'sending'",
    "written": "SELECT count(*) FROM outbox WHERE sid IS NOT NULL",
}


class Ticking:
    """A clock that stood at `noon` when the machine's monotonic clock stood at `began`."""

    def __init__(self, noon: datetime, began: float) -> None:
        self.noon, self.began = noon, began

    def now(self) -> datetime:
        return self.noon + timedelta(seconds=time.monotonic() - self.began)


class Leaping:
    """A clock that ticks from an instant which the test keeps in a file and moves on, also while a process is stopped."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), 8)
        self.began = time.monotonic()

    @classmethod
    def starting(cls, path: Path, at: datetime) -> Leaping:
        path.write_bytes(struct.pack("d", at.timestamp()))
        return cls(path)

    def now(self) -> datetime:
        return self.stands + timedelta(seconds=time.monotonic() - self.began)

    @property
    def stands(self) -> datetime:
        return datetime.fromtimestamp(struct.unpack("d", self._shared[:])[0], UTC)

    def leap(self, by: timedelta) -> None:
        self._shared[:] = struct.pack("d", (self.stands + by).timestamp())


def settings(provider: str, **sms: Any) -> Settings:
    """The times of the product; only the pace is another for each dispatcher."""
    return Settings(
        environment="demo",
        _env_file=None,
        sms={"gateway": "twilio", "in_flight": 12} | sms,
        twilio={
            "account_sid": ACCOUNT_SID, "auth_token": AUTH_TOKEN, "from_number": NUMBER, "api_base_url": provider,
        },
    )  # fmt: skip


@dataclass
class Death:
    """Ends (or stops) this very process at the nth time that its point is reached."""

    point: str
    nth: int
    sign: signal.Signals = signal.SIGKILL

    def reached(self) -> None:
        self.nth -= 1
        if self.nth == 0:
            os.kill(os.getpid(), self.sign)

    def watch(self, engine) -> None:
        """Of the points that the database sees."""
        if self.point in {"begin", "commit"}:
            event.listen(engine, self.point, lambda _: self.reached())
        elif self.point in LEFT_BEHIND:
            event.listen(engine, "checkin", self._looking(LEFT_BEHIND[self.point]))

    def _looking(self, query: str) -> Callable[[Any, Any], None]:
        before: list[int] = []

        def look(connection: Any, _: Any) -> None:
            """After each transaction, on its own connection, once it is over."""
            if connection is None:
                return
            count = connection.cursor().execute(query).fetchone()[0]
            connection.rollback()
            if before and count > before[-1]:
                self.reached()
            before[:] = [count]

        return look


class Watched:
    """The gateway, as it is; its process may die once the provider has answered, before that is written down."""

    def __init__(self, gateway, death: Death) -> None:
        self._gateway, self._death = gateway, death

    async def send(self, sms):
        sid = await self._gateway.send(sms)
        if self._death.point == "taken":
            self._death.reached()
        return sid

    def __getattr__(self, name: str) -> Any:
        return getattr(self._gateway, name)


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


def dispatch(desk: Desk, held: Settings, asked: dict[str, Any], *, broken: bool) -> None:
    """One life: until it dies of itself or is killed."""
    desk.clock.began = time.monotonic()
    pacing = replace(desk.reference[Pacing], per_second=asked["per_second"])
    desk = replace(desk, reference=Reference({**desk.reference.held, Pacing: pacing}))
    death = Death(asked["point"], asked["nth"], signal.Signals[asked.get("sign", "SIGKILL")])
    death.watch(desk.engine)
    dispatcher = Dispatcher(desk, Watched(carrier_of(held, desk).open(), death), idle=0.02)
    if broken:
        sending.sweep = naive
        dispatcher._reconcile = nothing
    asyncio.run(dispatcher.run(asyncio.Event()))


def warmed(desk: Desk, held: Settings) -> None:
    """Sends one text before anything is forked: what is loaded and compiled then need not be in every life."""
    pacing = replace(desk.reference[Pacing], per_second=1)
    first = replace(desk, reference=Reference({**desk.reference.held, Pacing: pacing}))

    async def once() -> None:
        gateway = carrier_of(held, first).open()
        dispatcher = Dispatcher(first, gateway)
        await dispatcher.send_due()
        await dispatcher.drain()
        await gateway.close()

    asyncio.run(once())
    desk.engine.dispose()


def serve(said: TextIO, answers: TextIO) -> None:
    """One caller: its scheduler, one life after another."""
    given = json.loads(said.readline())
    held = settings(given["provider"])
    desk = Desk(open_engine(given["database"]), Leaping(Path(given["clock"])), REACTIONS, load_reference(held))
    warmed(desk, held)
    print("ready", file=answers, flush=True)
    for line in said:
        pid = os.fork()
        if pid == 0:
            dispatch(desk, held, json.loads(line), broken=given["naive"])
            os._exit(0)
        print(pid, file=answers, flush=True)
        while os.waitid(os.P_PID, pid, os.WEXITED | os.WSTOPPED).si_code == os.CLD_STOPPED:
            print("stopped", file=answers, flush=True)
        print("gone", file=answers, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--door", required=True)
    all_tables()
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(parser.parse_args().door)
        door.listen()
        print("open", flush=True)  # noqa: T201 - what the test waits for
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a caller's process
        while True:
            caller, _ = door.accept()
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                with contextlib.suppress(BrokenPipeError), caller:
                    serve(caller.makefile("r"), caller.makefile("w"))
                os._exit(0)
            caller.close()


if __name__ == "__main__":
    main()

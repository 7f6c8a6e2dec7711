"""The service as it runs: a web server on a port of this machine, and the scheduler's work whenever a test says it wakes."""

from __future__ import annotations

import asyncio
import socket
import threading
import time as machine
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import uvicorn
from litestar import Litestar

from config.gateways import carrier_of
from config.settings import Settings
from scheduler.dispatch import Dispatcher
from scheduler.ticks import TICKS
from tests.support.lending import whole
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.work import Desk


@contextmanager
def serving(settings: Settings, desk: Desk) -> Iterator[str]:
    """The address it answers at."""
    with served(whole(settings, desk), listening()) as address:
        yield address


def listening() -> socket.socket:
    """A door of this machine that nobody else can have."""
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    return door


@contextmanager
def served(app: Litestar, door: socket.socket) -> Iterator[str]:
    """The address it answers at, as soon as it does."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=server.run, args=([door],))
    thread.start()
    try:
        while not server.started and thread.is_alive():
            machine.sleep(0.02)
        yield address_of(door)
    finally:
        server.should_exit = True
        thread.join()
        door.close()


def address_of(door: socket.socket) -> str:
    return f"http://127.0.0.1:{door.getsockname()[1]}"


class Scheduler:
    """What the scheduler's process does, on the test's clock: every round there is, then the sending of what is due.

    The texts go to the phones of the demonstration, which say by signed calls what became of them.
    """

    def __init__(self, settings: Settings, desk: Desk) -> None:
        self.desk, self.carrier = desk, carrier_of(settings, desk)

    def wakes(self) -> None:
        for tick in TICKS:
            with self.desk.work(SYSTEM) as work:
                tick.do(work)
        with ThreadPoolExecutor(1) as aside:  # a browser's driver has a loop running on the test's own thread
            aside.submit(asyncio.run, self._send()).result()

    async def _send(self) -> None:
        gateway = self.carrier.open()
        dispatcher = Dispatcher(self.desk, gateway)
        await dispatcher.send_due()
        await dispatcher.drain()
        await gateway.close()

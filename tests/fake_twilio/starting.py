"""Starts the fake provider from a test, as a program or inside the test's own loop."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from aiohttp import web

from tests.fake_twilio.app import PROVIDER, build
from tests.fake_twilio.faults import Faults
from tests.fake_twilio.ledger import read
from tests.fake_twilio.messages import Provider
from tests.fake_twilio.settings import Settings

ROOT = Path(__file__).parents[2]


@dataclass
class Program:
    """The provider running as a process of its own; `flags` are those of the command, without the dashes."""

    ledger: Path
    flags: dict[str, str] = field(default_factory=dict)
    port: int = 0
    address: str = ""

    def start(self) -> None:
        """Start it, or start it again on the port it had, after `kill`."""
        command = [sys.executable, "-m", "tests.fake_twilio", "--port", str(self.port), "--ledger", str(self.ledger)]
        command += [f"--{name}={value}" for name, value in self.flags.items()]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        self.port = int(self.address.rpartition(":")[2])

    def stop(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=60)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def faults(self, **changed: Any) -> dict[str, Any]:
        """Change some faults; the rest stay."""
        return self._ask("PUT", "/faults", changed)

    def inbound(self, number: str, body: str, sid: str = "") -> dict[str, Any]:
        """A person's text to us; the answer holds its sid and what our webhook answered."""
        return self._ask("POST", "/inbound", {"from": number, "body": body, "sid": sid})

    def rests(self) -> None:
        """Returns when nothing that reached it is under way any more: what was to be taken has been taken."""
        while self._ask("GET", "/busy")["calls"]:
            time.sleep(0.005)

    def taken(self) -> list[dict[str, Any]]:
        """Every text it took, oldest first, from its ledger file: true even while it is down."""
        return [line for line in read(self.ledger) if line["event"] == "taken"]

    def _ask(self, method: str, path: str, said: dict[str, Any] | None = None) -> Any:
        asked = Request(self.address + path, json.dumps(said).encode() if said else None, method=method)
        with urlopen(asked, timeout=60) as answer:
            return json.load(answer)


@contextmanager
def program(ledger: Path, **flags: str) -> Iterator[Program]:
    """The provider as a program, ended on leaving. Underscores in the flags' names become dashes."""
    running = Program(ledger, {name.replace("_", "-"): value for name, value in flags.items()})
    running.start()
    try:
        yield running
    finally:
        running.stop()


@asynccontextmanager
async def serving(settings: Settings, faults: Faults | None = None) -> AsyncIterator[tuple[str, Provider]]:
    """The provider inside the running loop: its address and itself."""
    app = build(settings, faults)
    async with at_an_address(app) as address:
        yield address, app[PROVIDER]


@asynccontextmanager
async def at_an_address(app: web.Application) -> AsyncIterator[str]:
    """An application on a port of this machine, inside the running loop."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()

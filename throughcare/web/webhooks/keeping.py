"""Calls that come while others are being written down are written down together after them: one commit for all (R20)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from throughcare.kernel.ports import Said

MOST = 200  # calls in one commit
GATHER = 0.002  # seconds in which others may come too
CROWD = 4  # calls in one commit: so many come that there is hardly a moment between two commits
QUIET = 0.02  # seconds after a crowd, in which more are likely to come
Write = Callable[[Sequence[Said]], Sequence[str]]
Waiting = list[tuple[Said, asyncio.Future[str]]]


@dataclass
class Together:
    """Those who wait, on the loop that serves. `write` says of each call what became of it, once that is lasting."""

    write: Write
    thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "keeping"))
    _waiting: Waiting = field(default_factory=list)
    _writing: asyncio.Task[None] | None = None
    _loop: asyncio.AbstractEventLoop | None = None
    _crowd: float = 0.0  # when there last was one

    @property
    def busy(self) -> bool:
        """Does somebody wait, or is it likely?"""
        return self._writing is not None or time.monotonic() - self._crowd < QUIET

    async def keep(self, said: Said) -> str:
        """What became of it."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:  # whoever waited on another is no longer there
            self._loop, self._waiting, self._writing = loop, [], None
        done: asyncio.Future[str] = loop.create_future()
        self._waiting.append((said, done))
        if self._writing is None:
            self._writing = loop.create_task(self._write_all(loop))
        return await done

    async def _write_all(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            await asyncio.sleep(GATHER)
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                written = loop.run_in_executor(self.thread, self.write, [said for said, _ in batch])
                await asyncio.wait([written])
                for each, (_, done) in enumerate(batch):
                    _tell(done, written, each)
                if len(batch) >= CROWD:
                    self._crowd = time.monotonic()
        finally:
            self._writing = None


def _tell(done: asyncio.Future[str], written: asyncio.Future[Sequence[str]], each: int) -> None:
    """Whoever still waits."""
    fault = written.exception()
    if done.done():
        return
    if fault:
        done.set_exception(fault)
    else:
        done.set_result(written.result()[each])

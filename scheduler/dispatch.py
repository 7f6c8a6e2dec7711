"""Sends what is due, on a loop of its own: as many at once as allowed, no transaction open while the provider is spoken to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar
from uuid import uuid4

import structlog

from scheduler.breaker import Breaker
from scheduler.reconcile import ask_after, look_for_lost
from throughcare.checkin import outages, receipts, sending
from throughcare.checkin.sending import Answer, Going
from throughcare.checkin.service import Pacing
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.heartbeat import SENDING, beat
from throughcare.kernel.ports import SmsBusy, SmsGateway, SmsRefused, SmsUnknown, SmsUnreachable
from throughcare.kernel.work import Desk, Work

log = structlog.get_logger()
T = TypeVar("T")
FLUSH = 0.02  # seconds between batches of completions
ROOM_WORTH_FILLING = 8  # of all that may be in flight, the share free before more is claimed: one in eight


@dataclass
class Dispatcher:
    """One process's part in the sending. Any number may run side by side: the rows say whose is whose."""

    desk: Desk
    gateway: SmsGateway
    idle: float = 0.5  # seconds between looks when nothing is due
    who: str = field(default_factory=lambda: uuid4().hex[:12])
    flying: set[asyncio.Task[None]] = field(default_factory=set)
    answers: list[Answer] = field(default_factory=list)
    breaker: Breaker = field(default_factory=Breaker)

    @property
    def pacing(self) -> Pacing:
        return self.desk.reference[Pacing]

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop; then what is in the air is waited for and written down."""
        helpers = [
            asyncio.create_task(self._every(self._flush, FLUSH)),
            asyncio.create_task(self._every(self._sweep, min(self.pacing.lease.total_seconds() / 2, 10))),
            asyncio.create_task(self._every(self._reconcile, min(self.pacing.callback_wait.total_seconds() / 4, 15))),
        ]
        while not stop.is_set():
            if not await self._guarded(self.send_due):
                await _pause(stop, self.idle)
        await self.drain()
        for helper in helpers:
            helper.cancel()
        await asyncio.gather(*helpers, return_exceptions=True)
        await self._guarded(self._flush)
        await self.gateway.close()

    async def send_due(self) -> int:
        """Claim what there is room for and let it fly; how many went."""
        room = self.pacing.in_flight - len(self.flying)
        if room * ROOM_WORTH_FILLING < self.pacing.in_flight:
            await asyncio.wait(self.flying, return_when=asyncio.FIRST_COMPLETED, timeout=1)
            return 1
        room = self.breaker.allows(self.desk.clock.now(), room)
        if not room:
            return 0
        ids = await self.in_work(lambda work: sending.claim(work, self.who, room))
        going = await self.in_work(lambda work: sending.begin(work, ids, self.who)) if ids else []
        for text in going:
            task = asyncio.create_task(self._send(text))
            self.flying.add(task)
            task.add_done_callback(self.flying.discard)
        return len(ids)

    async def drain(self) -> None:
        """Wait for what is in the air, and write it down."""
        if self.flying:
            await asyncio.wait(self.flying)
        await self._guarded(self._flush)

    async def in_work(self, do: Callable[[Work], T]) -> T:
        """One unit of work, off the loop."""

        def whole() -> T:
            with self.desk.work(SYSTEM) as work:
                return do(work)

        return await asyncio.to_thread(whole)

    async def _send(self, text: Going) -> None:
        """One call. A text that could not leave within its lease is given back unsent: another may hold it by then."""
        if self.desk.clock.now() >= text.until:
            self.answers.append(Answer(text.id, not_taken=True, why="held_up"))
            return
        answer = await self._call(text)
        self.answers.append(answer)

    async def _call(self, text: Going) -> Answer:
        try:
            sid = await self.gateway.send(text.sms)
        except SmsRefused as no:
            self.breaker.well()
            return Answer(text.id, code=no.code)
        except SmsUnreachable:
            self.breaker.ill(self.desk.clock.now())
            return Answer(text.id, not_taken=True, why="unreachable")
        except SmsBusy:
            return Answer(text.id, not_taken=True, why="busy")
        except SmsUnknown as unknown:
            self.breaker.ill(self.desk.clock.now())
            return Answer(text.id, why=str(unknown)[:40] or "unknown")
        except Exception:
            log.exception("a text failed in a way nobody foresaw", message_id=str(text.id))
            return Answer(text.id, why="fault")
        self.breaker.well()
        return Answer(text.id, sid=sid)

    async def _flush(self) -> None:
        """What became of the texts, in one transaction; what cannot be written now is kept and tried again."""
        batch, self.answers = self.answers, []
        if not batch:
            return
        try:
            refusals = await self.in_work(lambda work: sending.complete(work, batch))
        except Exception:
            self.answers = batch + self.answers
            raise
        await self._look_into(refusals)

    async def _look_into(self, refusals: Sequence[Answer]) -> None:
        """Each in its own transaction, so that none can hold up another (R10)."""
        for answer in refusals:
            await self._guarded(partial(self.in_work, partial(receipts.refuse, answer=answer)))

    async def _sweep(self) -> None:
        await self.in_work(sending.sweep)
        down = self.breaker.down_since
        await self.in_work(lambda work: outages.note(work, down))
        await self.in_work(lambda work: beat(work, SENDING))

    async def _reconcile(self) -> None:
        await look_for_lost(self.in_work, self.gateway)
        await ask_after(self.in_work, self.gateway)

    async def _every(self, do: Callable[[], Any], seconds: float) -> None:
        while True:
            await self._guarded(do)
            await asyncio.sleep(seconds)

    async def _guarded(self, do: Callable[[], Any]) -> Any:
        """A fault in one round is logged; the next round comes all the same."""
        try:
            return await do()
        except Exception:
            log.exception("dispatch round failed", who=self.who)
            return None


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return

"""Sends what is due, on a loop of its own: as many at once as allowed, no transaction open while the provider is spoken to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar
from uuid import UUID, uuid4

import structlog

from scheduler.breaker import Breaker
from scheduler.reconcile import ask_after, look_for_lost
from scheduler.redacting import redact
from throughcare.checkin import outages, receipts, sending, setting_aside
from throughcare.checkin.doorstep import UNREACHABLE as AWAY
from throughcare.checkin.sending import Answer, Going
from throughcare.checkin.service import Pacing
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.heartbeat import SENDING, beat
from throughcare.kernel.ports import SmsBusy, SmsGateway, SmsRefused, SmsUnknown, SmsUnreachable
from throughcare.kernel.work import Desk, Work

log = structlog.get_logger()
T = TypeVar("T")
BLANKING = 60.0  # seconds between looks for copies that the provider is to blank
TOGETHER = 0.1  # seconds: what became of texts is written down with what else came so soon after
BATCHES = 2  # each as many as may be in flight: one in the air, and one begun that goes as soon as there is room


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
    told: asyncio.Event = field(default_factory=asyncio.Event)  # something is to be written down
    much: asyncio.Event = field(default_factory=asyncio.Event)  # so much that it is written at once
    landed: asyncio.Event = field(default_factory=asyncio.Event)  # there may be room for more

    def __post_init__(self) -> None:
        self.turn = asyncio.Semaphore(self.pacing.in_flight)

    @property
    def pacing(self) -> Pacing:
        return self.desk.reference[Pacing]

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop; then what is in the air is waited for and written down."""
        helpers = [
            asyncio.create_task(self._every(self._flush_together, 0)),
            asyncio.create_task(self._every(self._sweep, min(self.pacing.lease.total_seconds() / 2, 10))),
            asyncio.create_task(self._every(self._reconcile, min(self.pacing.callback_wait.total_seconds() / 4, 15))),
            asyncio.create_task(self._every(partial(redact, self.in_work, self.gateway), BLANKING)),
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
        """Claim what there is room for and let it fly; how many went.

        No more is begun than twice what may be in flight: that is what a kill leaves to be looked for.
        """
        room = BATCHES * self.pacing.in_flight - len(self.flying) - len(self.answers)
        if room * BATCHES < self.pacing.in_flight:
            self.landed.clear()
            await _pause(self.landed, 1)
            return 1
        probe = self.breaker.down_since is not None
        room = self.breaker.allows(self.desk.clock.now(), min(room, self.pacing.in_flight))
        if not room:
            return 0
        ids = await self.in_work(lambda work: sending.claim(work, self.who, room))
        for text in await self._begin(ids) if ids else []:
            task = asyncio.create_task(self._send(text, probe=probe))
            self.flying.add(task)
            task.add_done_callback(self._down)
        return len(ids)

    async def _begin(self, ids: Sequence[UUID]) -> Sequence[Going]:
        """Those that may go. Where a whole batch cannot be asked about, each is asked about alone (R10)."""
        try:
            return await self.in_work(lambda work: sending.begin(work, ids, self.who))
        except AWAY:
            raise
        except Exception:
            log.exception("a batch could not be begun, and is begun one by one", count=len(ids))
        return [text for each in ids for text in await self._begin_alone(each)]

    async def _begin_alone(self, message_id: UUID) -> Sequence[Going]:
        try:
            return await self.in_work(lambda work: sending.begin(work, [message_id], self.who))
        except AWAY:
            raise
        except Exception:
            log.exception("a text could not be begun", message_id=str(message_id))
        await self._guarded(lambda: self.in_work(lambda work: setting_aside.fault(work, message_id, self.who)))
        return []

    def _down(self, task: asyncio.Task[None]) -> None:
        self.flying.discard(task)
        self.landed.set()

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

    async def _send(self, text: Going, *, probe: bool) -> None:
        """One call, when it is its turn. A text that cannot leave within its lease is given back unsent: another may hold
        it by then. So is what was begun before the provider fell ill.
        """
        async with self.turn:
            ill = self.breaker.down_since is not None and not probe
            if ill or self.desk.clock.now() >= text.until:
                answer = Answer(text.id, not_taken=True, why="provider_ill" if ill else "held_up")
            else:
                answer = await self._call(text)
        self.answers.append(answer)
        self.told.set()
        if len(self.answers) * BATCHES >= self.pacing.in_flight:
            self.much.set()

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

    async def _flush_together(self) -> None:
        await self.told.wait()
        await _pause(self.much, TOGETHER)
        self.told.clear()
        self.much.clear()
        await self._flush()
        self.landed.set()

    async def _flush(self) -> None:
        """What became of the texts, in one transaction; what cannot be written now is kept and tried again."""
        batch, self.answers = self.answers, []
        if not batch:
            return
        try:
            refusals = await self.in_work(lambda work: sending.complete(work, batch))
        except Exception:
            self.answers = batch + self.answers
            self.told.set()
            raise
        await self._look_into(refusals)

    async def _look_into(self, refusals: Sequence[Answer]) -> None:
        """Each in its own transaction, so that none can hold up another (R10)."""
        for answer in refusals:
            await self._guarded(partial(self.in_work, partial(receipts.refuse, answer=answer)))

    async def _sweep(self) -> None:
        await self.in_work(sending.sweep)
        down = self.breaker.known_down(self.desk.clock.now())
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

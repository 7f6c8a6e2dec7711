"""Asks the provider about texts: those of which nobody can say whether they were sent (R8), and those unheard of since (R18)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog

from scheduler.carriers import who_took
from throughcare.checkin import doubt, unheard
from throughcare.checkin.doubt import Doubt
from throughcare.checkin.unheard import Unheard
from throughcare.kernel.ports import Found, SmsGateway, SmsRefused, SmsUnknown
from throughcare.kernel.work import Work

InWork = Callable[[Callable[[Work], Any]], Awaitable[Any]]
AT_ONCE = 10  # questions
log = structlog.get_logger()


async def look_for_lost(in_work: InWork, gateway: SmsGateway) -> int:
    """Look for each, and settle what the search says; how many were looked for."""
    doubts: list[Doubt] = await in_work(doubt.take)
    gate = asyncio.Semaphore(AT_ONCE)

    async def look(each: Doubt) -> None:
        async with gate:
            found = await _search(who_took(gateway, each.provider), each)
        await in_work(lambda work: doubt.resolve(work, each, found))

    await asyncio.gather(*(look(each) for each in doubts))
    return len(doubts)


async def _search(gateway: SmsGateway, each: Doubt) -> Sequence[Found] | None:
    try:
        return await gateway.search(each.to, each.since, str(each.id))
    except SmsUnknown:
        return None


async def ask_after(in_work: InWork, gateway: SmsGateway) -> int:
    """Ask for each what has become of it, and take the answer as a receipt; how many were asked after."""
    waiting: list[Unheard] = await in_work(unheard.take)
    gate = asyncio.Semaphore(AT_ONCE)

    async def ask(each: Unheard) -> None:
        async with gate:
            found = await _fetch(who_took(gateway, each.provider), each)
        if found:
            await in_work(lambda work: unheard.told(work, each, found))

    await asyncio.gather(*(ask(each) for each in waiting))
    return len(waiting)


async def _fetch(gateway: SmsGateway, each: Unheard) -> Found | None:
    """None where there is no answer, now or ever: it is asked again, until it is old enough to be called unconfirmed."""
    try:
        return await gateway.fetch(each.sid)
    except SmsUnknown:
        return None
    except SmsRefused as no:
        log.warning("the provider does not know a text it took", message_id=str(each.id), code=no.code)
        return None

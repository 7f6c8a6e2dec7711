"""Looks at the provider for texts of which nobody can say whether they were sent (R8)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from throughcare.checkin import doubt
from throughcare.checkin.doubt import Doubt
from throughcare.kernel.ports import Found, SmsGateway, SmsUnknown
from throughcare.kernel.work import Work

InWork = Callable[[Callable[[Work], Any]], Awaitable[Any]]
AT_ONCE = 10  # searches


async def look_for_lost(in_work: InWork, gateway: SmsGateway) -> int:
    """Look for each, and settle what the search says; how many were looked for."""
    doubts: list[Doubt] = await in_work(doubt.take)
    gate = asyncio.Semaphore(AT_ONCE)

    async def look(each: Doubt) -> None:
        async with gate:
            found = await _search(gateway, each)
        await in_work(lambda work: doubt.resolve(work, each, found))

    await asyncio.gather(*(look(each) for each in doubts))
    return len(doubts)


async def _search(gateway: SmsGateway, each: Doubt) -> Sequence[Found] | None:
    try:
        return await gateway.search(each.to, each.since)
    except SmsUnknown:
        return None

"""Asks the provider to blank its copies of what was said, once each text has come to rest (R36)."""

from __future__ import annotations

import asyncio

import structlog

from scheduler.carriers import who_took
from scheduler.reconcile import AT_ONCE, InWork
from throughcare.checkin import redacting
from throughcare.checkin.redacting import Copy, Outcome
from throughcare.kernel.ports import SmsGateway, SmsGone, SmsKept, SmsRefused

log = structlog.get_logger()


async def redact(in_work: InWork, gateway: SmsGateway) -> int:
    """Ask for each that is due, and write down what was said; how many were asked for."""
    copies: list[Copy] = await in_work(redacting.take)
    gate = asyncio.Semaphore(AT_ONCE)

    async def ask(copy: Copy) -> tuple[Copy, Outcome]:
        async with gate:
            return copy, await _asked(who_took(gateway, copy.provider), copy)

    outcomes = await asyncio.gather(*(ask(copy) for copy in copies))
    if outcomes:
        await in_work(lambda work: redacting.note(work, outcomes))
    return len(outcomes)


async def _asked(gateway: SmsGateway, copy: Copy) -> Outcome:
    """Whatever goes wrong, the copy is asked for again later: 20009 says that the text is still on its way."""
    try:
        await gateway.redact(copy.sid)
    except SmsGone:
        return Outcome.GONE
    except SmsKept:
        return Outcome.KEPT
    except SmsRefused:
        return Outcome.NOT_YET
    except Exception as fault:  # noqa: BLE001 - one copy's fault stops no other
        log.warning("a copy at the provider could not be blanked", message_id=str(copy.id), error=type(fault).__name__)
        return Outcome.NOT_YET
    return Outcome.BLANKED

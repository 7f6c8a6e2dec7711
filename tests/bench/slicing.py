"""`python -m tests.bench.slicing DATABASE PROVIDER SECONDS`: a dispatcher for so long, and then the most memory it held, in bytes."""

from __future__ import annotations

import asyncio
import resource
import sys
import time

from config.bootstrap import load_reference
from config.gateways import carrier_of
from config.tables import all_tables
from scheduler.dispatch import Dispatcher
from tests.bench.dispatching import settings
from tests.faults.killing import MORNING
from tests.faults.sender import Ticking
from throughcare.journey.reactions import REACTIONS
from throughcare.kernel.database import open_engine
from throughcare.kernel.work import Desk


async def main(url: str, provider: str, seconds: float) -> None:
    held = settings(url, provider)
    desk = Desk(open_engine(url), Ticking(MORNING, time.monotonic()), REACTIONS, load_reference(held))
    stop = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, stop.set)
    await Dispatcher(desk, carrier_of(held, desk).open()).run(stop)


if __name__ == "__main__":
    all_tables()
    asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3])))
    sys.stdout.write(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}\n")

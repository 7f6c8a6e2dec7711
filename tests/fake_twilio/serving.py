"""How a provider runs as a program of its own: it says where it answers, and answers until it is told to stop."""

from __future__ import annotations

import asyncio
import signal

from aiohttp import web


async def serve(app: web.Application, port: int) -> None:
    """On this port, or for 0 on a free one; the first line printed is the address."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)  # noqa: T201 - what the starter waits for
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    await stop.wait()
    await runner.cleanup()

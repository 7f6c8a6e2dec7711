"""Procrastinate, one job a text: puts them in its queue, and works them until it is ended."""

from __future__ import annotations

import uvloop
from procrastinate import App, PsycopgConnector

from tests.bench.queues.job import CONNECTIONS, IN_FLIGHT, URL, Sending, texts

app = App(connector=PsycopgConnector(conninfo=URL, min_size=CONNECTIONS, max_size=CONNECTIONS))


async def main() -> None:
    sending = Sending()
    send = app.task(sending.send, name="send")
    async with app.open_async(), sending.pool:
        await app.schema_manager.apply_schema_async()
        await send.batch_defer_async(*texts())
        await app.run_worker_async(concurrency=IN_FLIGHT, install_signal_handlers=False)


if __name__ == "__main__":
    uvloop.run(main())

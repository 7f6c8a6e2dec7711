"""PgQueuer, one job a text: puts them in its queue, and works them until it is ended."""

from __future__ import annotations

import json

import psycopg
import uvloop
from pgqueuer import Job, PgQueuer
from pgqueuer.db import PsycopgDriver
from pgqueuer.queries import Queries

from tests.bench.queues.job import IN_FLIGHT, URL, Sending, texts


async def main() -> None:
    connection = await psycopg.AsyncConnection.connect(URL, autocommit=True)
    queue, sending = PgQueuer(PsycopgDriver(connection)), Sending()
    queries = Queries(PsycopgDriver(connection))
    await queries.install(create_schema=False)
    told = [json.dumps(text).encode() for text in texts()]
    await queries.enqueue(["send"] * len(told), told, [0] * len(told))

    @queue.entrypoint("send")
    async def send(job: Job) -> None:
        await sending.send(**json.loads(job.payload or b""))

    async with sending.pool:
        await queue.run(batch_size=IN_FLIGHT)


if __name__ == "__main__":
    uvloop.run(main())

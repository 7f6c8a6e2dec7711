"""The same in FastAPI: asynchronous, with a pool of connections."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl

from fastapi import FastAPI, Request, Response
from psycopg_pool import AsyncConnectionPool

from tests.bench.webhooks.work import ANSWER, AT_ONCE, KEEP, PATH, SIGNATURE, URL, XML, genuine, sealed

pool = AsyncConnectionPool(URL, min_size=AT_ONCE, max_size=AT_ONCE, open=False)


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    async with pool:
        yield


app = FastAPI(lifespan=lifespan)


@app.post(PATH)
async def text(request: Request) -> Response:
    fields = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
    if not genuine(fields, request.headers.get(SIGNATURE, "")):
        return Response(status_code=403)
    async with pool.connection() as connection:
        await connection.execute(KEEP, sealed(fields))
    return Response(ANSWER, media_type=XML)

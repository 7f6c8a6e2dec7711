"""The service's pages without a network: the whole application is called as a server calls it, and what it asks of the database kept."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import uuid4

import psycopg
import uvloop
from sqlalchemy import event

from config.bootstrap import open_desk
from config.serving import web
from config.settings import Settings


class Asked(NamedTuple):
    """One page asked for, by the token of who asks."""

    path: str
    token: str


class Answered(NamedTuple):
    """What came back, and after how many seconds."""

    status: int
    body: str
    seconds: float


class Said(NamedTuple):
    """One thing said to the database; without words, the end of a transaction."""

    words: str
    values: Any = None


@dataclass
class Service:
    """The service in this process, over a database."""

    url: str
    heard: list[Said] | None = None  # what is being said to the database, where that is kept
    runner: asyncio.Runner = field(default_factory=lambda: asyncio.Runner(loop_factory=uvloop.new_event_loop))

    def __post_init__(self) -> None:
        settings = Settings(environment="demo", database_url=self.url, log_level="WARNING", _env_file=None)
        self.desk = open_desk(settings)
        event.listen(self.desk.engine, "before_cursor_execute", self._hear)
        event.listen(self.desk.engine, "commit", self._hear_end)
        self.app = web(settings, self.desk)
        self.runner.run(self._start())

    def get(self, asked: Asked) -> Answered:
        """One page, timed from the call to its last byte."""
        return self.runner.run(self._get(asked))

    def all(self, pages: list[Asked]) -> list[float]:
        """How long each page took, one after the other."""
        return self.runner.run(self._all(pages))

    def said_for(self, asked: Asked) -> list[Said]:
        """What one page says to the database."""
        self.heard = heard = []
        answered = self.get(asked)
        self.heard = None
        assert answered.status == 200, answered
        return heard

    def close(self) -> None:
        self.runner.close()
        self.desk.engine.dispose()

    async def _start(self) -> None:
        for each in self.app.on_startup:
            each()

    async def _all(self, pages: list[Asked]) -> list[float]:
        return [(await self._get(asked)).seconds for asked in pages]

    async def _get(self, asked: Asked) -> Answered:
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        began = time.perf_counter()
        await self.app(scope_of(asked), receive, send)
        seconds = time.perf_counter() - began
        body = b"".join(message.get("body", b"") for message in sent[1:])
        return Answered(sent[0]["status"], body.decode(), seconds)

    def _hear(self, _connection, _cursor, words, values, _context, _many) -> None:
        if self.heard is not None:
            self.heard.append(Said(words, values))

    def _hear_end(self, _connection) -> None:
        if self.heard is not None:
            self.heard.append(Said(""))


def scope_of(asked: Asked) -> dict[str, Any]:
    """The request as a server hands it over."""
    path, _, query = asked.path.partition("?")
    headers = [(b"host", b"127.0.0.1:8000"), (b"accept", b"text/html"), (b"cookie", f"session={asked.token}".encode())]
    return {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET",
        "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
        "headers": headers, "client": ("127.0.0.1", 50000), "server": ("127.0.0.1", 8000), "state": {}, "extensions": {},
    }  # fmt: skip


class BareSql:
    """The same statements with the same values over one connection, their rows fetched and dropped."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url.replace("+psycopg", "", 1))

    def all(self, pages: list[list[Said]]) -> list[float]:
        """How long each page's statements took."""
        return [self._timed(page) for page in pages]

    def _timed(self, page: list[Said]) -> float:
        began = time.perf_counter()
        for said in page:
            if not said.words:
                self.connection.commit()
                continue
            self._say(said)
        return time.perf_counter() - began

    def _say(self, said: Said) -> None:
        """A row that is written again gets an identifier of its own."""
        if said.words.startswith("INSERT"):
            rows = said.values if isinstance(said.values, list) else [said.values]
            self.connection.cursor().executemany(said.words, [row | {"id": uuid4()} for row in rows])
            return
        cursor = self.connection.execute(said.words, said.values)
        if cursor.description:
            cursor.fetchall()

    def close(self) -> None:
        self.connection.close()

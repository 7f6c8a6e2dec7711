"""The fake provider's own book: one JSON line per event, on disk before any answer, read at the start."""

from __future__ import annotations

import asyncio
import json
import os
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FINAL = frozenset({"delivered", "undelivered", "failed", "canceled"})


@dataclass
class Message:
    sid: str
    to: str
    sender: str
    service: str
    body: str
    callback: str
    validity: int
    at: datetime
    status: str = "queued"
    code: int | None = None
    sent_at: datetime | None = None

    @property
    def reference(self) -> str:
        """The last part of the receipts' address: the sender's own id of the text."""
        return self.callback.rstrip("/").rpartition("/")[2]


class Ledger:
    """Append-only. All that waits is written and synced together, off the loop."""

    def __init__(self, path: Path) -> None:
        self.messages: dict[str, Message] = {}
        self.by_number: dict[str, list[Message]] = defaultdict(list)
        _mend(path)
        for line in read(path):
            self._apply(line)
        self._file = path.open("ab")
        self._waiting: list[tuple[dict[str, Any], asyncio.Future[None]]] = []
        self._flusher: asyncio.Task[None] | None = None

    async def write(self, line: dict[str, Any]) -> None:
        """Returns when the line is on disk and can be found."""
        written = asyncio.get_running_loop().create_future()
        self._waiting.append((line, written))
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.create_task(self._flush())
        await written

    def close(self) -> None:
        self._file.close()

    async def _flush(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            await asyncio.to_thread(self._sync, b"".join(_encode(line) for line, _ in batch))
            for line, written in batch:
                self._apply(line)
                if not written.done():
                    written.set_result(None)

    def _sync(self, lines: bytes) -> None:
        self._file.write(lines)
        self._file.flush()
        os.fsync(self._file.fileno())

    def _apply(self, line: dict[str, Any]) -> None:
        values = {key: value for key, value in line.items() if key not in {"event", "reference"}}
        at = datetime.fromisoformat(values.pop("at"))
        if line["event"] == "taken":
            message = self.messages[line["sid"]] = Message(**values, at=at)
            self.by_number[message.to].append(message)
            return
        message = self.messages[line["sid"]]
        for key, value in values.items():
            setattr(message, key, value)
        if values.get("status") == "sent":
            message.sent_at = at


def read(path: Path) -> list[dict[str, Any]]:
    """The events of a ledger file, without a last line that is cut short or still being written."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_bytes().rpartition(b"\n")[0].splitlines()]


def _mend(path: Path) -> None:
    """Remove a last line cut short by a kill: nobody was told of it."""
    if path.exists():
        os.truncate(path, path.read_bytes().rfind(b"\n") + 1)


def taken(message: Message) -> dict[str, Any]:
    """The line that says a text was taken."""
    return {
        "event": "taken",
        "reference": message.reference,
        "sid": message.sid,
        "to": message.to,
        "sender": message.sender,
        "service": message.service,
        "body": message.body,
        "callback": message.callback,
        "validity": message.validity,
        "at": message.at.astimezone(UTC).isoformat(),
    }


def _encode(line: dict[str, Any]) -> bytes:
    return json.dumps(line).encode() + b"\n"

"""What a line of a journal says, as bytes, and the mark that only the service can put to it (R51). Pure."""

from __future__ import annotations

import json
import os
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

PURPOSE = "journal"
AUDIT = ("id", "name", "subject_id", "case_id", "actor_id", "actor_role", "actor_agency_id", "at", "created_at", "body")
MOVES = ("id", "message_id", "old", "new", "why", "at", "created_at")
SIZE = 16
LOW_62 = (1 << 62) - 1


def id_at(at: datetime) -> UUID:
    """A new id that begins with its millisecond (version 7): the lines of an hour stand side by side in their index."""
    chance = int.from_bytes(os.urandom(10), "big")
    return UUID(int=_milliseconds(at) << 80 | 7 << 76 | chance >> 68 << 64 | 2 << 62 | chance & LOW_62)


def first_id(at: datetime) -> UUID:
    """No id made from then on is smaller."""
    return UUID(int=max(_milliseconds(at), 0) << 80)


def made_at(line: UUID) -> datetime:
    """The millisecond an id was made in."""
    return datetime.fromtimestamp((line.int >> 80) / 1000, UTC)


def packed(ids: Iterable[UUID]) -> bytes:
    """Sixteen bytes each."""
    return b"".join(each.bytes for each in ids)


def unpacked(ids: bytes) -> list[UUID]:
    return [UUID(bytes=ids[start : start + SIZE]) for start in range(0, len(ids), SIZE)]


def from_on(ids: bytes, first: UUID) -> bytes:
    """Of ids packed in their order, those that are not smaller, without taking them out of the pack."""
    found = bisect_left(range(len(ids) // SIZE), first.bytes, key=lambda at: ids[at * SIZE : (at + 1) * SIZE])
    return ids[found * SIZE :]


def audit_said(line: Mapping[str, Any]) -> bytes:
    """A line of the journal as bytes: the same before it is written and after it is read, on every database."""
    said = [_plain(line[name]) for name in AUDIT]
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


def move_said(line: Mapping[str, Any]) -> bytes:
    """The move of a text as bytes. There are several to each text that is sent, so that this is quick."""
    at, created = instant(line["at"]), instant(line["created_at"])
    return (
        f"{line['id'].hex}|{line['message_id'].hex}|{line['old']}|{line['new']}|{line['why']}|{at}|{created}".encode()
    )


@lru_cache(maxsize=64)
def instant(at: datetime) -> str:
    """In UTC, to the microsecond. A batch has one."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    return instant(value) if isinstance(value, datetime) else value


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)

"""A long list a page at a time, each page from the last line of the one before: nothing is lost between two, or shown twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, true

from throughcare.kernel.clock import FIRST_YEAR, LAST_YEAR

BETWEEN = "~"
MOST_RANKS = 100


def rank(typed: str) -> int:
    """A small number out of an address."""
    found = int(typed)
    if not 0 <= found < MOST_RANKS:
        raise ValueError("not a rank")
    return found


def instant(typed: str) -> datetime:
    """An instant out of an address, of our time and with its offset."""
    at = datetime.fromisoformat(typed)
    if at.tzinfo is None or not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError("not an instant of ours")
    return at


@dataclass(frozen=True)
class Key:
    """One thing a list is in order of. `read` takes its value out of an address; `falling`: the greatest comes first."""

    column: Any
    read: Callable[[str], Any]
    falling: bool = False


@dataclass(frozen=True)
class Order:
    """What a list is in order of, the last of it unique: two rows are never equal, so every page begins where one ended."""

    keys: tuple[Key, ...]

    @property
    def columns(self) -> list[Any]:
        """For ORDER BY."""
        return [key.column.desc() if key.falling else key.column.asc() for key in self.keys]

    def after(self, place: str) -> ColumnElement[bool]:
        """Of rows: that they come after this place. One that cannot be read is the beginning."""
        values = self._read(place)
        if values is None:
            return true()
        return or_(*(self._parted(at, values) for at in range(len(self.keys))))

    def _parted(self, at: int, values: Sequence[Any]) -> ColumnElement[bool]:
        """Alike in all before this key, and beyond it in this one."""
        alike = [key.column == value for key, value in zip(self.keys[:at], values, strict=False)]
        key = self.keys[at]
        return and_(*alike, key.column < values[at] if key.falling else key.column > values[at])

    def _read(self, place: str) -> list[Any] | None:
        parts = place.split(BETWEEN)
        if len(parts) != len(self.keys):
            return None
        try:
            return [key.read(part) for key, part in zip(self.keys, parts, strict=True)]
        except ValueError:
            return None


def place(*values: Any) -> str:
    """Where a row stands, as an address says it."""
    return BETWEEN.join(value.isoformat() if isinstance(value, datetime) else str(value) for value in values)


def newest_first(at: Any, row_id: Any) -> Order:
    """By its instant, the newest first; of one instant by what tells the rows apart."""
    return Order((Key(at, instant, falling=True), Key(row_id, UUID, falling=True)))

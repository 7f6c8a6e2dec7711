"""Rows that come by the thousand are put in their table by one statement that is its own transaction, with no unit of work around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.exc import SQLAlchemyError

from throughcare.kernel.among import put_new
from throughcare.kernel.work import Desk


class Straight:
    """A way into the database for one writer at a time. On PostgreSQL it stays open: to ask each time whether a connection
    still holds, to begin and to commit cost more than to write a few rows. One that fails is not used again.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._held: Connection | None = None

    def put_new(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> set[Any]:
        """As among.put_new; lasting once it returns."""
        with self._lock:
            if self._engine.dialect.name != "postgresql":
                with self._engine.begin() as connection:
                    return put_new(connection, table, rows)
            try:
                return put_new(self._open(), table, rows)
            except BaseException:
                self._drop(broken=True)
                raise

    def close(self) -> None:
        """It is opened again when it is needed."""
        with self._lock:
            self._drop()

    def _open(self) -> Connection:
        if self._held is None:
            self._held = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        return self._held

    def _drop(self, *, broken: bool = False) -> None:
        held, self._held = self._held, None
        with suppress(SQLAlchemyError):
            if held and broken:
                held.invalidate()
            if held:
                held.close()


def straight(desk: Desk) -> Straight:
    """This desk's."""
    found: Straight = desk.kept.setdefault(Straight, Straight(desk.engine))
    return found

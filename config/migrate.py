"""Bringing a database's schema to head, and asking whether it is there.

Asking needs no more than a look at the database: Alembic, slow to load, is loaded only to change something.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, inspect, text

import throughcare

if TYPE_CHECKING:
    from alembic.config import Config

SCRIPTS = Path(throughcare.__file__).parent / "migrations"


def _config() -> Config:
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return config


def upgrade(engine: Engine, to: str = "head") -> None:
    """Run every migration up to `to`."""
    from alembic import command  # noqa: PLC0415 - see above

    config = _config()
    with engine.connect() as connection, _tables_may_be_made_anew(connection), connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, to)


@contextmanager
def _tables_may_be_made_anew(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew and dropping the old one, which rows that point to it would forbid.

    Its foreign keys are turned off for as long as that takes; it hears of that only outside a transaction.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    raw: Any = connection.connection.driver_connection
    raw.execute("PRAGMA foreign_keys=OFF").close()
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON").close()


@cache
def head() -> str:
    """The newest revision the code knows: migrations follow each other in the order of their numbers."""
    return max(script.name.partition("_")[0] for script in (SCRIPTS / "versions").glob("[0-9]*_*.py"))


def at_head(engine: Engine) -> bool:
    """Whether the database's schema is the one this code expects."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return connection.scalars(text("SELECT version_num FROM alembic_version")).all() == [head()]


def write(engine: Engine, number: str, message: str) -> None:
    """Draft a migration by comparing the database at head with the tables; read it before committing it."""
    from alembic import command  # noqa: PLC0415 - see above

    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.revision(config, message=message, rev_id=number, autogenerate=True)

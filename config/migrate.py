"""Bringing a database's schema to head, and asking whether it is there.

Asking needs no more than a look at the database: Alembic, slow to load, is loaded only to change something.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, text

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
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)


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

"""How Alembic reaches the database: always through a connection it is handed."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlmodel import AutoString, SQLModel

from throughcare.kernel.rows import Instant
from throughcare.kernel.sealing import Sealed, SealedObject


def plain(kind: str, item: Any, _: object) -> str | Literal[False]:
    """Write our own column types as what they are in the database, so that a migration never imports the code."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString | Sealed):
        return "sa.String()"
    if kind == "type" and isinstance(item, SealedObject):
        return "sa.Text()"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=plain,
)
with context.begin_transaction():
    context.run_migrations()

"""How the database is opened, so that SQLite and PostgreSQL behave alike."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event


def open_engine(url: str, **options: Any) -> Engine:
    """An engine whose errors never show bound values, and whose transactions take their lock at the start on SQLite."""
    engine = create_engine(url, hide_parameters=True, **_defaults(url) | options)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
    return engine


def _defaults(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {"connect_args": {"check_same_thread": False, "timeout": 30}}
    settings = (
        "-c timezone=UTC -c statement_timeout=60000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000"
    )
    return {"pool_size": 10, "max_overflow": 20, "pool_pre_ping": True, "connect_args": {"options": settings}}


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's begin event below opens every transaction
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=30000", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")

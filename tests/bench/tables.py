"""Fills one table as fast as PostgreSQL can: without its keys and indexes, which are built when it is full."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, text


def fill_table(engine: Engine, table: str, inserts: list[str]) -> None:
    """One table, emptied in the transaction that fills it, so that nothing of it is written to the log as well; statistics gathered."""
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL maintenance_work_mem = '256MB'"))
        connection.execute(text("SET LOCAL max_parallel_maintenance_workers = 0"))
        again = without(connection, "pu", table)
        connection.execute(text(f'TRUNCATE "{table}"'))
        for statement in (*inserts, *(statement for _, statement in again)):
            connection.execute(text(statement))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text(f'VACUUM (ANALYZE, PARALLEL 0) "{table}"'))


def without(connection: Connection, kinds: str, table: str = "") -> list[tuple[str, str]]:
    """Drop a table's keys of these kinds and its indexes, or every table's foreign keys, and give what makes them again.

    Built at the end they cost a third.
    """
    one = f"AND conrelid = '\"{table}\"'::regclass" if table else ""
    keys = connection.execute(text(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint "
        f"WHERE contype = ANY('{{{','.join(kinds)}}}') AND connamespace = 'public'::regnamespace {one} ORDER BY contype DESC"
    )).all()  # fmt: skip
    for where, name, _ in keys:
        connection.execute(text(f"ALTER TABLE {where} DROP CONSTRAINT {name}"))
    again = [(where, f"ALTER TABLE {where} ADD CONSTRAINT {name} {told}") for where, name, told in keys]
    if not table:
        return again
    indexes = f"SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = '{table}'"
    for name, told in connection.execute(text(indexes)).all():
        connection.execute(text(f"DROP INDEX {name}"))
        again.append((table, told))
    return again

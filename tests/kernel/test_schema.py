"""The migrations and the tables say the same, on every database."""

from __future__ import annotations

from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from config.migrate import SCRIPTS, at_head, head, upgrade
from config.tables import all_tables
from tests.support.postgres import database_url
from throughcare.kernel.database import open_engine

ID = "0" * 32


def described(engine):
    """The schema as the database tells it: columns, checks, indexes, keys."""
    look = inspect(engine)
    out = {}
    for table in sorted(look.get_table_names()):
        if table != "alembic_version":
            out[table] = {
                "columns": sorted((c["name"], str(c["type"]), c["nullable"]) for c in look.get_columns(table)),
                "checks": sorted((c["name"], c["sqltext"]) for c in look.get_check_constraints(table)),
                "indexes": sorted((i["name"], tuple(i["column_names"]), i["unique"]) for i in look.get_indexes(table)),
                "unique": sorted((u["name"], tuple(u["column_names"])) for u in look.get_unique_constraints(table)),
                "foreign": sorted((f["name"] or "", f["referred_table"]) for f in look.get_foreign_keys(table)),
            }
    return out


def engines(database, tmp_path):
    if database == "sqlite":
        return [open_engine(f"sqlite:///{tmp_path / name}.db") for name in ("made", "migrated")]
    return [open_engine(database_url(f"schema_{name}")) for name in ("made", "migrated")]


def test_upgrading_to_head_gives_the_tables_the_code_has(database, tmp_path):
    made, migrated = engines(database, tmp_path)
    all_tables().create_all(made)
    assert not at_head(migrated)
    upgrade(migrated)
    assert at_head(migrated)
    ours, theirs = described(made), described(migrated)
    assert ours.keys() == theirs.keys()
    for table, shape in ours.items():
        assert theirs[table] == shape, table
    for engine in (made, migrated):
        engine.dispose()


def test_the_newest_number_is_the_one_head_that_every_migration_leads_to():
    scripts = ScriptDirectory(str(SCRIPTS))
    assert scripts.get_heads() == [head()]
    for script in scripts.walk_revisions():
        assert script.path.rpartition("/")[2].startswith(f"{script.revision}_")


def test_a_database_with_rows_that_point_at_each_other_comes_to_head(tmp_path):
    """SQLite makes a changed table anew: what points at it must neither stop that nor be lost by it."""
    engine = open_engine(f"sqlite:///{tmp_path / 'full'}.db")
    upgrade(engine, "0028")
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        for pragma in ("foreign_keys=OFF", "ignore_check_constraints=ON"):
            raw.execute(f"PRAGMA {pragma}")
        fill(raw, "appointment", status="booked")
        fill(raw, "handover", appointment_id=ID)
        for pragma in ("foreign_keys=ON", "ignore_check_constraints=OFF"):
            raw.execute(f"PRAGMA {pragma}")
    upgrade(engine)
    assert at_head(engine)
    with engine.connect() as connection:
        told = connection.exec_driver_sql(
            "SELECT appointment_id FROM handover JOIN appointment ON appointment.id = appointment_id"
        )
        assert told.scalars().all() == [ID]
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


def fill(raw, table, **given):
    """A row with something in every column that may not be empty; which something does not matter here."""
    needed = [row for row in raw.execute(f"PRAGMA table_info({table})") if row[3] and row[4] is None]
    values = {row[1]: ID if "CHAR(32)" in row[2] else "1" for row in needed} | given
    marks = ", ".join("?" for _ in values)
    raw.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", list(values.values()))

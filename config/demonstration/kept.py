"""The demonstration as it was made this morning: kept beside the one in use, so that starting again takes a moment."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

from sqlalchemy import event

from config.demonstration import load
from config.migrate import head, upgrade
from throughcare.kernel.clock import london_day
from throughcare.kernel.database import open_engine
from throughcare.kernel.sealing import Safe
from throughcare.kernel.work import Desk

HERE = Path(__file__).parent
PREFIX = "sqlite:///"


def make_ready(desk: Desk) -> None:
    """A demonstration as new. On SQLite it is played once a day and copied after that; elsewhere it is played again."""
    url = desk.engine.url.render_as_string(hide_password=False)
    if not url.startswith(PREFIX):
        upgrade(desk.engine)
        load(desk)
        return
    path = Path(url.removeprefix(PREFIX))
    kept = path.with_suffix(f".{stamp(desk)}.kept")
    if not kept.is_file():
        _make(desk, kept)
    desk.engine.dispose()
    for leftover in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        leftover.unlink(missing_ok=True)
    path.write_bytes(kept.read_bytes())


def stamp(desk: Desk) -> str:
    """Today, and what the stories, the schema and the key are: any of them changed means playing again."""
    sources = b"".join(source.read_bytes() for source in sorted(HERE.glob("*.py")))
    made_of = hashlib.sha256(sources + f"{head()} {desk.reference[Safe].newest}".encode()).hexdigest()[:12]
    return f"{london_day(desk.clock.now()).isoformat()}-{made_of}"


def _make(desk: Desk, kept: Path) -> None:
    """Play it into a file of its own, whole or not at all."""
    for old in kept.parent.glob("*.kept*"):
        old.unlink()
    begun = kept.with_suffix(".begun")
    begun.unlink(missing_ok=True)
    engine = open_engine(f"{PREFIX}{begun}")
    event.listen(engine, "connect", _without_waiting)
    upgrade(engine)
    load(Desk(engine, desk.clock, desk.reactions, desk.reference))
    engine.dispose()
    with sqlite3.connect(begun) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    begun.rename(kept)


def _without_waiting(connection: sqlite3.Connection, _: object) -> None:
    """Nothing is lost when this file is: it is made again. So no write waits for the disk."""
    connection.execute("PRAGMA synchronous=OFF").close()

"""The desk every test works at: a clock that stands still, and an empty database of each kind asked for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import event

from config.bootstrap import load_reference
from config.settings import Settings
from config.tables import all_tables
from tests.factories import World
from tests.support.dealing import dealt
from tests.support.postgres import Emptying, database_url
from throughcare.casework import passwords
from throughcare.journey.reactions import REACTIONS
from throughcare.kernel.clock import SetClock
from throughcare.kernel.database import open_engine
from throughcare.kernel.straight import straight
from throughcare.kernel.work import Desk

STATEMENTS = 5_000  # kept compiled; an engine keeps 500 unless told
FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def pytest_addoption(parser):
    parser.addoption("--databases", default="sqlite", help="sqlite, postgresql or both, comma-separated")


def asked(config) -> list[str]:
    return config.getoption("--databases").split(",")


def pytest_generate_tests(metafunc):
    """A test of the database is done on each, unless it is marked `on_database`, or its module has its own `database`."""
    if "database" not in metafunc.fixturenames or hasattr(metafunc.module, "database"):
        return
    databases, marked = asked(metafunc.config), metafunc.definition.get_closest_marker("on_database")
    chosen = [databases[place] for place in marked.args] if marked else databases
    metafunc.parametrize("database", chosen, scope="session")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """The longest first, by each worker, so that none is begun when all else is done."""
    items[:] = dealt(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


@pytest.fixture(scope="session")
def databases(pytestconfig) -> list[str]:
    """Those that were asked for."""
    return asked(pytestconfig)


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory) -> Path:
    """A SQLite file with every table and no rows, to be copied."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    engine = open_engine(f"sqlite:///{path}")
    all_tables().create_all(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_engine():
    """This worker's own PostgreSQL database, with every table."""
    url = database_url(os.environ.get("PYTEST_XDIST_WORKER", "main"))
    engine = open_engine(url, query_cache_size=STATEMENTS, pool_pre_ping=False)  # it is not going to go away
    all_tables().drop_all(engine)
    all_tables().create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def emptying(postgresql_engine) -> Emptying:
    with postgresql_engine.begin() as connection:
        return Emptying(connection, [table.name for table in all_tables().sorted_tables])


@pytest.fixture(scope="session")
def sqlite_engine(empty_sqlite):
    """This worker's own engine: what it has compiled serves every test, though each has a file of its own."""
    engine = open_engine(f"sqlite:///{empty_sqlite}", query_cache_size=STATEMENTS)
    event.listen(engine, "do_connect", to_its_own_file(engine))
    event.listen(engine, "connect", hurried_and_turned)
    return engine


def to_its_own_file(engine):
    """Connects to the file that the engine's address names now."""

    def connects(_, __, named, ___):
        named[0] = engine.url.database

    return connects


def hurried_and_turned(connection, _):
    """A test's file is thrown away: no write waits for the disk. Rows asked for in no order come last first."""
    for pragma in ("synchronous=OFF", "reverse_unordered_selects=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


@pytest.fixture
def engine(database, request, tmp_path):
    if database == "postgresql":
        engine, emptied = request.getfixturevalue("postgresql_engine"), request.getfixturevalue("emptying")
        yield engine
        with engine.begin() as connection:
            emptied(connection)
        return
    engine = request.getfixturevalue("sqlite_engine")
    path = shutil.copy(request.getfixturevalue("empty_sqlite"), tmp_path / "test.db")
    engine.url = engine.url.set(database=str(path))
    yield engine
    engine.dispose()


@pytest.fixture(scope="session", autouse=True)
def quick_sums():
    """The sums of passwords are slow by design, which tests/rules/test_passwords.py holds them to; here they are quick."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture
def clock() -> SetClock:
    return SetClock(FRIDAY)


@pytest.fixture(scope="session")
def settings(tmp_path_factory) -> Settings:
    """The demonstration's settings: drama numbers allowed, texts to the simulator."""
    spool = tmp_path_factory.mktemp("spool")
    return Settings(environment="demo", test_numbers_allowed=True, spool=spool, _env_file=None)


@pytest.fixture(scope="session")
def reference(settings):
    return load_reference(settings)


@pytest.fixture
def desk(engine, clock, reference) -> Iterator[Desk]:
    desk = Desk(engine, clock, REACTIONS, reference)
    yield desk
    straight(desk).close()


@pytest.fixture
def world(desk) -> World:
    """A small partnership: one agency of each kind with a worker in each role, to be added to."""
    return World(desk)

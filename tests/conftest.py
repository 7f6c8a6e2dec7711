"""The desk every test works at: a clock that stands still, and an empty database of each kind asked for."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import event

from config.bootstrap import load_reference
from config.settings import Settings
from config.tables import all_tables
from tests.factories import World
from tests.support.postgres import database_url, empty
from throughcare.journey.reactions import REACTIONS
from throughcare.kernel.clock import SetClock
from throughcare.kernel.database import open_engine
from throughcare.kernel.work import Desk

hypothesis_settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("suite")  # a busy machine is not a broken rule

FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def pytest_addoption(parser):
    parser.addoption("--databases", default="sqlite", help="sqlite, postgresql or both, comma-separated")


def pytest_generate_tests(metafunc):
    if "database" in metafunc.fixturenames:
        metafunc.parametrize("database", metafunc.config.getoption("--databases").split(","), scope="session")


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
    engine = open_engine(database_url(os.environ.get("PYTEST_XDIST_WORKER", "main")))
    all_tables().drop_all(engine)
    all_tables().create_all(engine)
    yield engine
    engine.dispose()


def hurried_and_turned(connection, _):
    """A test's file is thrown away: no write waits for the disk. Rows asked for in no order come last first."""
    for pragma in ("synchronous=OFF", "reverse_unordered_selects=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


@pytest.fixture
def engine(database, request, tmp_path):
    if database == "postgresql":
        engine = request.getfixturevalue("postgresql_engine")
        yield engine
        with engine.begin() as connection:
            empty(connection, [table.name for table in all_tables().sorted_tables])
        return
    path = tmp_path / "test.db"
    shutil.copy(request.getfixturevalue("empty_sqlite"), path)
    engine = open_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", hurried_and_turned)
    yield engine
    engine.dispose()


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
def desk(engine, clock, reference) -> Desk:
    return Desk(engine, clock, REACTIONS, reference)


@pytest.fixture
def world(desk) -> World:
    """A small partnership: one agency of each kind with a worker in each role, to be added to."""
    return World(desk)

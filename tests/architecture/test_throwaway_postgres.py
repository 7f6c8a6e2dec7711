"""The suite's own database server, held to what the suite trusts it with."""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg
import pytest

from tests.support.postgres import binaries, database_url, version


def native(url: str) -> str:
    return url.replace("+psycopg", "", 1)


def test_one_label_is_one_database_and_two_labels_are_two():
    mine = f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_labels"
    with psycopg.connect(native(database_url(mine))) as connection:
        connection.execute("CREATE TABLE seen (x int)")
    with psycopg.connect(native(database_url(mine))) as connection:
        assert connection.execute("SELECT count(*) FROM seen").fetchone() == (0,)
    with (
        psycopg.connect(native(database_url(f"{mine}_other"))) as connection,
        pytest.raises(psycopg.errors.UndefinedTable),
    ):
        connection.execute("SELECT count(*) FROM seen")


def test_the_server_is_one_that_the_service_supports():
    assert version(database_url("version")) >= 15


def test_the_server_listens_on_no_network_address():
    with psycopg.connect(native(database_url("version"))) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_a_run_that_ends_leaves_no_server_and_no_folder_behind():
    program = "from tests.support.postgres import database_url; print(database_url('brief'))"
    lone = {name: value for name, value in os.environ.items() if name != "PYTEST_XDIST_TESTRUNUID"}
    done = subprocess.run([sys.executable, "-c", program], env=lone, capture_output=True, text=True, check=True)
    folder = done.stdout.strip().rsplit("host=", 1)[1]
    assert not os.path.exists(folder)  # noqa: PTH110 - a plain question of the file system


def test_folder_without_binaries_is_refused_in_words(monkeypatch, tmp_path):
    monkeypatch.setenv("THROUGHCARE_TEST_POSTGRES", str(tmp_path))
    with pytest.raises(RuntimeError, match="make setup-test"):
        binaries()

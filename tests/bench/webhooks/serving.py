"""The services that take a text, each in one process of its own: ours as it is run, and those beside it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from tests.bench.starting import free_port
from tests.bench.webhooks.calling import PUBLIC
from tests.bench.webhooks.work import AT_ONCE, SEALING_KEY
from tests.fake_twilio.settings import ACCOUNT_SID, AUTH_TOKEN, NUMBER

ROOT = Path(__file__).parents[3]
UVICORN = "--no-access-log --no-server-header --log-level warning --host 127.0.0.1 --port {port}"
GUNICORN = f"--workers 1 --worker-class gthread --threads {AT_ONCE} --keep-alive 60 --log-level warning --bind 127.0.0.1:{{port}}"
COMMANDS = {
    "ours": "config.cli web",
    "Litestar": f"uvicorn tests.bench.webhooks.twin_litestar:app {UVICORN}",
    "FastAPI": f"uvicorn tests.bench.webhooks.twin_fastapi:app {UVICORN}",
    "Flask": f"gunicorn tests.bench.webhooks.twin_flask:app {GUNICORN}",
    "Django": f"gunicorn tests.bench.webhooks.twin_django:app {GUNICORN}",
}
LONGEST = 120  # seconds until one answers


@contextmanager
def served(name: str, url: str, folder: Path) -> Iterator[int]:
    """The service's port, while it runs."""
    port = free_port()
    ours = {
        "ENVIRONMENT": "production", "DATABASE_URL": url, "SECRET_KEY": "a secret of the bench alone, and long enough",
        "SEALING__KEYS": SEALING_KEY, "PUBLIC_BASE_URL": PUBLIC, "PORT": str(port),
        "SMS__GATEWAY": "twilio", "TWILIO__ACCOUNT_SID": ACCOUNT_SID, "TWILIO__AUTH_TOKEN": AUTH_TOKEN,
        "TWILIO__FROM_NUMBER": NUMBER, "SPOOL": str(folder / "spool"), "JOURNAL_WITNESS": str(folder / "journal.txt"),
        "LOG_LEVEL": "WARNING",
    }  # fmt: skip
    env = os.environ | {f"THROUGHCARE_{key}": value for key, value in ours.items()}
    command = [sys.executable, "-m", *COMMANDS[name].format(port=port).split()]
    env["BENCH_DATABASE"] = url.replace("+psycopg", "", 1)
    with subprocess.Popen(command, cwd=ROOT, env=env) as process:
        try:
            wait(process, port)
            yield port
        finally:
            process.send_signal(signal.SIGTERM)


def wait(process: subprocess.Popen[bytes], port: int) -> None:
    """Until it answers anything at all."""
    end = time.monotonic() + LONGEST
    while process.poll() is None and time.monotonic() < end:
        try:
            with urlopen(f"http://127.0.0.1:{port}/health/live", timeout=5):
                return
        except HTTPError:
            return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("a service did not start")

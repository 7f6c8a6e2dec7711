"""How long `make run` takes until the service says it is ready: the first time in a fresh copy, and again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]
LONGEST = 600  # seconds


def measure() -> tuple[float, float]:
    """Seconds of the first start and of the second. The Python packages are those already installed."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "throughcare"
        copied(copy)
        return started(copy), started(copy)


def copied(into: Path) -> None:
    """The checkout as it stands, without what was built, and with the installed packages lent to it."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, into / name)
    (into / ".venv").symlink_to(Path(sys.prefix).resolve())


def started(copy: Path) -> float:
    """Seconds from the command to the first word that it is ready."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    settings = {
        "THROUGHCARE_PORT": str(port), "THROUGHCARE_PUBLIC_BASE_URL": address,
        "THROUGHCARE_DATABASE_URL": f"sqlite:///{copy}/var/bench.db",
    }  # fmt: skip
    began = time.perf_counter()
    with (copy.parent / "said.log").open("w+") as said:
        process = subprocess.Popen(
            ["make", "run"], cwd=copy, env=os.environ | settings, stdout=said, stderr=said, start_new_session=True
        )
        try:
            while not ready(address):
                if process.poll() is not None or time.perf_counter() - began > LONGEST:
                    said.seek(0)
                    raise RuntimeError(f"make run did not get ready: {said.read()[-2000:]}")
                time.sleep(0.05)
            return time.perf_counter() - began
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=60)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def ready(address: str) -> bool:
    try:
        with urlopen(f"{address}/health/ready", timeout=5) as answer:
            return answer.status == 200
    except (URLError, OSError):
        return False

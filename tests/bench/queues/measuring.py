"""Texts by our dispatcher beside the same texts as one job each in other queues, of the same PostgreSQL, to the same provider."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from sqlalchemy import Engine, text

from tests.bench.dispatching import Queue, by_engine, settings
from tests.bench.queues.job import FILL, TABLE
from tests.fake_twilio.starting import Program, program
from tests.support.postgres import database_url
from throughcare.kernel.database import open_engine

ROOT = Path(__file__).parents[3]
OTHERS = {"PgQueuer": "by_pgqueuer", "Procrastinate": "by_procrastinate", "Celery": "by_celery"}
PATIENCE = 600  # seconds for one turn
DONE = """
    SELECT count(sid), (count(sid) - 1) / nullif(extract(epoch FROM max(sent_at) - min(sent_at)), 0) FROM bench_text
"""


def measure(many: int, runs: int) -> list[str]:
    """Sentences. `many` texts a turn; each queue is timed from its first row written to its last, which leaves out its start."""
    engine = open_engine(database_url("bench_queues"))
    with tempfile.TemporaryDirectory() as folder, program(Path(folder) / "ledger", faults='{"receipts": []}') as fake:
        ours = Queue(settings(database_url("bench_beside"), fake.address), many)
        got: dict[str, list[float]] = {name: [] for name in OTHERS}
        speeds = []
        for _ in range(runs):
            speeds.append(ours.sent(by_engine).a_second)
            for name, module in OTHERS.items():
                got[name].append(turn(engine, module, fake, many))
        ours.engine.dispose()
    engine.dispose()
    return [said(median(speeds), {name: median(each) for name, each in got.items()})]


def turn(engine: Engine, module: str, fake: Program, many: int) -> float:
    """Texts a second."""
    with engine.begin() as connection:
        connection.execute(text(TABLE))
        connection.execute(text(FILL), {"many": many})
    env = os.environ | {
        "BENCH_DATABASE": engine.url.set(drivername="postgresql").render_as_string(hide_password=False),
        "BENCH_PROVIDER": fake.address,
        "BENCH_MANY": str(many),
    }
    command = [sys.executable, "-W", "ignore", "-m", f"tests.bench.queues.{module}"]
    with (
        tempfile.TemporaryFile("w+") as heard,
        subprocess.Popen(command, cwd=ROOT, env=env, stdout=heard, stderr=heard) as process,
    ):
        if (a_second := speed(engine, process, many)) is None:
            heard.seek(0)
            raise RuntimeError(f"{module} did not come to its end: {heard.read()[-2_000:]}")
        return a_second


def speed(engine: Engine, process: subprocess.Popen[bytes], many: int) -> float | None:
    """Once all are written down; None where that does not happen. Then it is ended."""
    end, done, a_second = time.monotonic() + PATIENCE, 0, None
    while done < many and process.poll() is None and time.monotonic() < end:
        with engine.connect() as connection:
            done, a_second = connection.execute(text(DONE)).one()
        time.sleep(0.2)
    process.terminate()
    return float(a_second) if done == many else None


def said(ours: float, others: dict[str, float]) -> str:
    """As the table's sentence."""
    beside = ", ".join(f"{ours / each:.1f} times {name} ({each:,.0f})" for name, each in others.items())
    return f"- Beside other queues of one job a text, same provider and PostgreSQL: {ours:,.0f} a second, {beside}."

"""What it costs to look for the texts that are due, with few and with ten million that were sent before: a part of the outbox is indexed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import Engine, event, text

from config.tables import all_tables
from tests.bench.dispatching import Queue, settings
from tests.bench.tables import fill_table
from throughcare.checkin import sending
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.moves import OUTBOX

FEW, DUE, BATCH = 10_000, 1_000, 400
INDEX = "ix_outbox_due"
TIMES = 15  # each plan is run, and its middle time taken
SCANNED = re.compile(r'"Seq Scan"[^{}]*"Relation Name": "outbox"')
READS = re.compile(r"FROM outbox\b")


@dataclass(frozen=True)
class Cost:
    """Of all that one claim asks, as PostgreSQL's EXPLAIN (ANALYZE, BUFFERS) tells it."""

    pages: int  # of eight kilobytes, found in memory or read
    milliseconds: float


def measure(url: str, many: int) -> list[str]:
    """A sentence; AssertionError where a plan does not use the index."""
    queue = Queue(settings(url, "http://127.0.0.1:1"), DUE)
    all_tables()
    few, all_of_them = (cost(queue, size) for size in (min(FEW, many), many))
    queue.engine.dispose()
    ratios = [getattr(all_of_them, name) / max(getattr(few, name), 0.001) for name in ("pages", "milliseconds")]
    beside = "{:.2f} in pages read, {:.2f} in time".format(*ratios)
    return [
        f"- Looking for what is due among {many:,} texts sent before uses its index: {all_of_them.milliseconds:.1f} ms; of that among {FEW:,} {beside}."
    ]


def cost(queue: Queue, history: int) -> Cost:
    """Of a claim, with so many texts at rest beside those that are due."""
    queue.fill()
    grow(queue.engine, history)
    said = list(claims(queue))
    runs = [[explained(queue.engine, *each, indexed=history > FEW) for each in said] for _ in range(TIMES)]
    together = [total(each) for each in runs]
    return Cost(together[-1].pages, median(each.milliseconds for each in together))


def grow(engine: Engine, history: int) -> None:
    """As many texts as that, long since delivered, before those that are due."""
    other = {
        "id": "gen_random_uuid()", "key": "'h' || n", "state": "'delivered'", "text": "''", "sid": "'SM' || n",
        "not_before": "not_before - n * interval '1 second'", "created_at": "created_at - n * interval '1 second'",
        "ended_at": "not_before", "redacted_at": "not_before",
    }  # fmt: skip
    copies(engine, other, history)


def copies(engine: Engine, other: Mapping[str, str], many: int, of: int = 1) -> None:
    """So many of each of some texts in the outbox, but for these columns, made by the database itself; those there come last."""
    names = [column.name for column in OUTBOX.columns]
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(other.get(name, f'"{name}"') for name in names)
    made = f"INSERT INTO outbox ({columns}) SELECT {values} FROM (SELECT * FROM kept LIMIT {of}) one, generate_series(1, {many}) n"
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS kept"))
        connection.execute(text("CREATE TABLE kept AS SELECT * FROM outbox"))
    fill_table(engine, "outbox", [made, f"INSERT INTO outbox ({columns}) SELECT {columns} FROM kept"])


def claims(queue: Queue) -> Iterator[tuple[str, Any]]:
    """What a claim says to the outbox, as it is said, and taken back afterwards."""
    said: list[tuple[str, Any]] = []

    def hear(_connection, _cursor, words, values, _context, _many) -> None:
        if READS.search(words):
            said.append((words, values))

    event.listen(queue.engine, "before_cursor_execute", hear)
    desk = queue.desk()
    with desk.work(SYSTEM) as work:
        assert sending.claim(work, "bench", BATCH)
        work.session.rollback()
    event.remove(queue.engine, "before_cursor_execute", hear)
    assert said
    return iter(said)


def explained(engine: Engine, words: str, values: Any, *, indexed: bool) -> Cost:
    """One statement carried out and taken back; AssertionError where it must find what is due by its index and does not."""
    asked = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {words}"
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(asked, values)
        (answer,) = cursor.fetchone()
    finally:
        connection.rollback()
        connection.close()
    plan = answer[0]["Plan"]
    told = json.dumps(plan)
    assert not indexed or (INDEX in told and not SCANNED.search(told)), told
    pages = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return Cost(pages, answer[0]["Execution Time"] + answer[0]["Planning Time"])


def total(costs: list[Cost]) -> Cost:
    return Cost(
        sum(each.pages for each in costs),
        sum(each.milliseconds for each in costs),
    )

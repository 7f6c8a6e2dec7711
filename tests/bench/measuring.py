"""Times the same pages three ways in turn, at every size at once: the service, its SQL alone, and Django."""

from __future__ import annotations

import gc
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import cycle, islice
from pathlib import Path
from statistics import mean, median

from tests.bench.filling import Reader, Size, fill, sign_in
from tests.bench.serving import Asked, BareSql, Service
from throughcare.kernel.clock import SystemClock
from throughcare.kernel.database import open_engine

ROOT = Path(__file__).parents[2]
SIDES = ("sql", "service", "django")
KINDS = ("My work", "Cases", "A case")
Timings = dict[tuple[str, int, str], list[list[float]]]  # page, cases and side -> the seconds of each run
NAME = re.compile(r'href="/cases/([0-9a-f-]{36})"')


class Twin:
    """Django in a process of its own, over a database."""

    def __init__(self, url: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.django_twin", url], cwd=ROOT, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout.readline().strip() == "ready"

    def all(self, pages: list[Asked]) -> list[float]:
        """How long each page took, one after the other."""
        return self._ask(pages)[0]

    def get(self, asked: Asked) -> str:
        """One page's HTML."""
        return self._ask([asked])[1]

    def _ask(self, pages: list[Asked]) -> tuple[list[float], str]:
        self.process.stdin.write(json.dumps(pages) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=10)


@dataclass
class Course:
    """One size set up to be timed: the database full, everyone signed in, each side warm."""

    size: Size
    url: str
    pages: int
    twin: Callable[[str], Twin] | None = Twin  # None: without Django
    readers: list[Reader] = field(init=False)

    def __post_init__(self) -> None:
        engine = open_engine(self.url)
        fill(engine, self.size, SystemClock().now())
        self.readers = sign_in(engine, self.size, SystemClock().now())
        engine.dispose()
        self.asked = {kind: list(self.asked_for(kind)) for kind in KINDS}
        self.service, self.bare = Service(self.url), BareSql(self.url)
        self.django = self.twin(self.url) if self.twin else None
        self.said = {kind: [self.service.said_for(one) for one in pages] for kind, pages in self.asked.items()}

    def asked_for(self, kind: str) -> Iterator[Asked]:
        """As many pages of a kind as a run has, of all the readers in turn."""
        for turn, reader in enumerate(islice(cycle(self.readers), self.pages)):
            path = {"My work": "/", "Cases": "/cases"}.get(kind)
            case = reader.cases[turn // len(self.readers) % len(reader.cases)]
            yield Asked(path or f"/cases/{case}", reader.token)

    def agree(self) -> None:
        """Raise unless Django's pages lead to the same cases as ours: then it is the same page that is timed."""
        for kind, pages in self.asked.items():
            ours, theirs = (set(NAME.findall(unescape(body))) for body in self.both(pages[0]))
            assert ours == theirs, (kind, len(ours), len(theirs), ours ^ theirs)

    def both(self, asked: Asked) -> tuple[str, str]:
        """A page's HTML from us and from Django."""
        return self.service.get(asked).body, self.django.get(asked)

    def timed(self, kind: str, side: str) -> list[float]:
        """One run of one side over the pages of a kind, in seconds."""
        if side == "sql":
            return self.bare.all(self.said[kind])
        return (self.service if side == "service" else self.django).all(self.asked[kind])

    def still_here(self) -> None:
        """The readers go on being signed in however long the whole takes."""
        sign_in_again = "UPDATE web_session SET used_at = now()"
        self.bare.connection.execute(sign_in_again)
        self.bare.connection.commit()

    def close(self) -> None:
        for part in (self.service, self.bare, self.django):
            if part:
                part.close()


def measure(courses: list[Course], runs: int) -> Timings:
    """Every page of every size on every side, in turn, so that what else the machine does falls on all alike."""
    timings: Timings = {}
    gc.collect()
    gc.freeze()  # what is kept here to be replayed is no part of the service
    for run in range(runs + 1):
        for course in courses:
            course.still_here()
            for kind in KINDS:
                for side in SIDES if course.django else SIDES[:2]:
                    seconds = course.timed(kind, side)
                    if run:  # the first is to warm up
                        timings.setdefault((kind, course.size.cases, side), []).append(seconds)
    return timings


def at(timings: Timings, kind: str, cases: int, side: str, share: float) -> float:
    """Milliseconds below which this share of the pages came, the middle one of the runs."""
    runs = timings[kind, cases, side]
    return 1000 * median(sorted(run)[min(int(len(run) * share), len(run) - 1)] for run in runs)


def a_second(timings: Timings, kind: str, cases: int, side: str) -> float:
    """Pages a second on one core, the middle one of the runs."""
    return median(1 / mean(run) for run in timings[kind, cases, side])


def table(timings: Timings, sizes: list[int]) -> list[str]:
    """The lines of the table in Markdown."""
    lines = [
        "| page | cases | SQL alone | p50 | p95 | p99 | times the SQL | p99 / p50 | pages a second | Django | times Django | growth |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for kind in KINDS:
        for cases in sizes:
            middle, bare = (at(timings, kind, cases, side, 0.5) for side in ("service", "sql"))
            last = at(timings, kind, cases, "service", 0.99)
            ours, theirs = (a_second(timings, kind, cases, side) for side in ("service", "django"))
            growth = middle / at(timings, kind, sizes[0], "service", 0.5)
            lines.append(
                f"| {kind} | {cases:,} | {bare:.1f} ms | {middle:.1f} ms | {at(timings, kind, cases, 'service', 0.95):.1f} ms "
                f"| {last:.1f} ms | {middle / bare:.1f} | {last / middle:.1f} | {ours:.0f} | {theirs:.0f} "
                f"| {ours / theirs:.1f} | {growth:.2f} |"
            )
    return lines

"""`make bench`: one table of what the service costs, printed, and kept in README.md when all of it was measured."""

from __future__ import annotations

import argparse
import re
import sys
import time
from pathlib import Path

from tests.bench import dispatching, enduring, history, measuring, starting
from tests.bench.filling import Size
from tests.bench.queues import measuring as queues
from tests.bench.webhooks import measuring as webhooks
from tests.support.postgres import database_url

README = Path(__file__).parents[2] / "README.md"
SIZES = [10_000, 100_000, 1_000_000]
PARTS = ["pages", "dispatch", "queues", "webhooks", "history", "limits", "starts"]
RUNS, PAGES = 5, 60  # fewer pages a run and its slowest hundredth says nothing
KEPT = re.compile(r"(?<=<!-- measured: make bench -->\n).*?(?=<!-- measured -->)", re.DOTALL)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--sizes", type=lambda said: [int(size) for size in said.split(",")], default=SIZES)
    parser.add_argument("--parts", type=lambda said: said.split(","), default=PARTS)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--pages", type=int, default=PAGES, help="pages a run")
    parser.add_argument(
        "--share", type=float, default=1, help="of the texts, seconds and history of the parts about texts"
    )
    parser.add_argument("--keep", action="store_true", help="write the table to README.md even so")
    return parser.parse_args()


def whole(asked: argparse.Namespace) -> bool:
    """Whether all of it is measured, often enough to be kept."""
    enough = asked.runs >= RUNS and asked.pages >= PAGES and asked.share >= 1
    return (asked.sizes, asked.parts) == (SIZES, PARTS) and enough


def say(part: str) -> None:
    """How far it has come, for whoever waits."""
    print(f"{time.strftime('%H:%M:%S')} {part}", file=sys.stderr, flush=True)  # noqa: T201 - the table itself goes out


def pages(asked: argparse.Namespace) -> list[str]:
    """The table of the pages."""
    courses = []
    for size in asked.sizes:
        say(f"fill {size:,} cases")
        course = measuring.Course(Size(size), database_url(f"bench_{size}"), asked.pages)
        course.agree()
        courses.append(course)
    say("pages")
    timings = measuring.measure(courses, asked.runs)
    for course in courses:
        course.close()
    return ["", *measuring.table(timings, asked.sizes)]


def dispatch(asked: argparse.Namespace) -> list[str]:
    """Sentences on sending."""
    say("texts")
    return ["", *dispatching.measure(database_url("bench_texts"), 3_000, asked.runs)]


def beside(asked: argparse.Namespace) -> list[str]:
    """A sentence on sending beside other queues."""
    say("queues")
    return queues.measure(round(1_500 * asked.share), asked.runs)


def inbound(asked: argparse.Namespace) -> list[str]:
    """Sentences on texts to us."""
    say("webhooks")
    seconds = max(round(60 * asked.share), 1)
    return webhooks.measure(database_url("bench_webhooks"), round(1_500 * asked.share), seconds, asked.runs)


def claims(asked: argparse.Namespace) -> list[str]:
    """A sentence on looking for what is due."""
    say("history")
    return history.measure(database_url("bench_history"), round(10_000_000 * asked.share))


def limits(asked: argparse.Namespace) -> list[str]:
    """Sentences on memory, pace, rest and sudden death."""
    say("limits")
    return enduring.measure(database_url("bench_limits"), asked.share)


def starts(_: argparse.Namespace) -> list[str]:
    """A sentence on starting."""
    say("starts")
    first, second = starting.measure()
    return [
        "",
        f"`make run` is ready after {first:.0f} s the first time, with the Python packages installed, and {second:.1f} s after that.",
    ]


def main() -> None:
    asked = arguments()
    doing = {
        "pages": pages, "dispatch": dispatch, "queues": beside, "webhooks": inbound, "history": claims, "limits": limits,
        "starts": starts,
    }  # fmt: skip
    head = f"Two cores, PostgreSQL, one process; the middle of {asked.runs} alternating runs of {asked.pages} pages, from request to last byte."
    lines = [head]
    for part in asked.parts:
        told = doing[part](asked)
        say("\n".join(told).strip())  # what is found is not lost to a fault in what comes after
        lines += told
    print("\n".join(lines))  # noqa: T201 - what was asked for
    if asked.keep or whole(asked):
        table = "\n".join(lines) + "\n"
        README.write_text(KEPT.sub(lambda _: table, README.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()

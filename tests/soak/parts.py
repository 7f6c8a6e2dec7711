"""`make soak`, or `python -m tests.soak --only weeks --share 0.1`: the sizes that do not fit in the suite, on PostgreSQL.

kills: 3,000 kills of the sender over 10,000 texts, 2 in 100 answers lost and 1 in 200 taken late: none lost, none doubled (T1).
pair: ten days of two schedulers and two dispatchers at once, nothing sent twice (T4).
weeks: twelve weeks of 5,000 people, every rule checked at every minute at which anything can change (T26). Half of them in the
  autumn, with the clocks put back, and half in the spring, each in a process of its own.
race: 1,000 times a reply and the call for want of one at the same instant: never both answered and called about (T10).
`--share` takes a part of each; `--minutes` ends a part that takes longer, and says how far it came; `--seed` is printed.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from config.bootstrap import load_reference
from config.logging import set_up_logging
from config.settings import Settings
from config.tables import all_tables
from tests.factories import World
from tests.fake_twilio.starting import program
from tests.faults.killing import EVENING, MORNING, PAST_ALL_WAITS, doubled, fill, nursery, sent_to_the_end, victim
from tests.faults.sender import POINTS, Leaping
from tests.soak.town import shares
from tests.soak.weeks import SPRING, START, Weeks
from tests.steps import test_silence_is_followed as silence
from tests.support.at_once import at_once
from tests.support.postgres import database_url
from tests.support.texting import texted
from throughcare.checkin import chasing
from throughcare.checkin.service import Texted
from throughcare.journey.reactions import REACTIONS
from throughcare.kernel.clock import SetClock
from throughcare.kernel.database import open_engine
from throughcare.kernel.delivery import Delivery
from throughcare.kernel.moves import OUTBOX
from throughcare.kernel.reference import Reference
from throughcare.kernel.work import Desk

KILLS, TEXTS, PEOPLE, RACES = 3_000, 10_000, 5_000, 1_000
SEED, STATEMENTS = 5_000, 5_000
BYSTANDERS = (
    "task (created_at)", "task (due_at) WHERE status = 'open'", "outbox (delivered_at)", "outbox (accepted_at) WHERE state IN ('accepted', 'sent')",
    "outbox (not_before) WHERE state = 'planned'", "outbox (expires_at) WHERE state = 'planned'",
)  # fmt: skip
ILL = '{{"now": "{now}", "late": 0.3, "receipts": [], "odds": {{"drop_after": 0.02, "late": 0.005}}}}'
OFTEN, SELDOM = timedelta(seconds=4), 100  # between two lives; and once in so many, longer than every wait


class TimeIsUpError(Exception):
    """As far as the minutes went."""


class Progress:
    """Says where it stands, and ends what takes too long."""

    def __init__(self, minutes: float, name: str) -> None:
        self.began, self.minutes, self.name = time.monotonic(), minutes, name

    def __call__(self, said: str) -> None:
        passed = time.monotonic() - self.began
        print(f"{passed / 60:6.1f} min  {self.name}: {said}", flush=True)  # noqa: T201 - somebody is watching
        if passed > self.minutes * 60:
            raise TimeIsUpError


def opened(label: str = "soak") -> Engine:
    """An empty database, with what a bystander of thousands of people needs to find what is new."""
    engine = open_engine(database_url(label), query_cache_size=STATEMENTS)
    all_tables().drop_all(engine)
    all_tables().create_all(engine)
    with engine.begin() as connection:
        for helped in BYSTANDERS:
            connection.exec_driver_sql(f"CREATE INDEX ON {helped}")
    return engine


def loaded() -> Reference:
    return load_reference(Settings(environment="demo", test_numbers_allowed=True, _env_file=None))


def settled(reference: Reference) -> Reference:
    """The numbers of thousands, which are nobody's and of no country, are texted too."""
    texted = reference[Texted]
    return Reference({**reference.held, Texted: replace(texted, countries=texted.countries | {""})})


def kills(share: float, say: Progress) -> bool:
    engine, dice = opened(), random.Random(SEED)
    say(f"seed {SEED}")
    made = World(Desk(engine, SetClock(MORNING), REACTIONS, loaded()))
    ids = fill(engine, made, round(TEXTS * share))
    with tempfile.TemporaryDirectory() as named:
        folder = Path(named)
        clock = Leaping.starting(folder / "clock", MORNING)
        faults = ILL.format(now=EVENING.isoformat())
        with nursery(folder) as door, program(folder / "ledger", faults=faults) as provider:
            with victim(door, engine, provider, folder / "clock") as killed:
                done = killed_often(killed, provider, dice, round(KILLS * share), say)
                clock.leap(PAST_ALL_WAITS)
                sent_to_the_end(engine, killed, provider)
            taken = {line["reference"] for line in provider.taken()}
            twice = doubled(provider)
    with engine.connect() as connection:
        states = Counter(str(state) for state in connection.scalars(select(OUTBOX.c.state)))
    lost = set(ids) - taken
    table({"kills": done, "texts": len(ids), "taken": len(taken), "lost": len(lost), "doubled": len(twice), **states})
    return not lost and not twice and states == {str(Delivery.ACCEPTED): len(ids)}


def killed_often(killed, provider, dice, many, say) -> int:
    for each in range(1, many + 1):
        point = dice.choice([*POINTS, "", ""])
        killed.live(point, dice.randint(1, 3) if point in {"begin", "commit"} else 1, per_second=3)
        if point:
            killed.dies()
        else:
            time.sleep(dice.uniform(0, 0.2))
            killed.die()
        provider.rests()
        killed.clock.leap(OFTEN if each % SELDOM else PAST_ALL_WAITS)
        if each % SELDOM == 0:
            try:
                say(f"{each} kills, {len(provider.taken())} taken, {len(doubled(provider))} doubled")
            except TimeIsUpError:
                return each
    return many


def weeks(share: float, say: Progress) -> bool:
    """Two towns at once, one on either side of the winter; what is printed is told apart by the number of its process."""
    half = max(16, round(PEOPLE * share / 2))
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pair_of:
        towns = [
            pair_of.submit(town, half, *each, say.minutes) for each in (("autumn", START, 0), ("spring", SPRING, 1))
        ]
        return all(tuple(each.result() for each in towns))


def town(many: int, name: str, start: datetime, apart: int, minutes: float) -> bool:
    played = Played(shares(many), Progress(minutes, name), start, SEED + apart, f"soak_{name}")
    return played.through()


def pair(share: float, say: Progress) -> bool:
    many = max(16, round(200 * share))
    return Played(shares(many), say, START, SEED).through(days=10, downs=((6, 2),), aways=(), both=True)


@dataclass
class Played:
    """One town, and what is said of it."""

    ways: list[str]
    say: Progress
    start: datetime
    seed: int
    label: str = "soak"

    def through(self, **how: Any) -> bool:
        engine, clock = opened(self.label), SetClock(self.start)
        desk = Desk(engine, clock, REACTIONS, settled(loaded()))
        played = Weeks(desk, clock, World(desk), self.ways, seed=self.seed, said=self.say, **how)
        whole = True
        try:
            played.play()
        except TimeIsUpError:
            whole = False
        wrong = played.watch.wrong
        table({
            "seed": self.seed, "people": len(played.people), "days": (clock.at - self.start).days,
            "minutes looked at": played.minutes, "texts": len(played.post.texts),
            "instants in between shown to be idle": played.proven, "read by probation": played.watch.read_by_probation,
            "seconds of this process": round(time.process_time()), "rules broken": len(wrong),
        })  # fmt: skip
        for each in wrong[:50]:
            print(f"  {each}")  # noqa: T201 - the report
        return whole and not wrong


def race(share: float, say: Progress) -> bool:
    """Nothing but the locks keeps the two apart: the ladders do not look for a text that waits to be read."""
    engine, clock = opened("soak_race"), SetClock(MORNING)
    desk = Desk(engine, clock, REACTIONS, loaded())
    case_id, torn, done = texted(desk, World(desk)), 0, 0
    looks, chasing.wrote_in = chasing.wrote_in, lambda *_: False
    try:
        for done in range(1, round(RACES * share) + 1):
            prompt_id = silence.waiting(desk, case_id)
            at_once(*[partial(silence.reply, desk), partial(silence.climb, desk)][:: (1, -1)[done % 2]])
            torn += silence.both(desk, prompt_id) != (True, False)
            if done % SELDOM == 0:
                say(f"{done} races, {torn} both answered and called about")
    except TimeIsUpError:
        pass
    finally:
        chasing.wrote_in = looks
    table({"races": done, "both answered and called about": torn})
    return done >= round(RACES * share) and not torn


def table(rows: dict[str, int]) -> None:
    for name, value in rows.items():
        print(f"| {name:38} | {value:>10,} |", flush=True)  # noqa: T201 - the report


PARTS = {"kills": kills, "pair": pair, "weeks": weeks, "race": race}


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="soak", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default=",".join(PARTS), help="one of them, or several with commas between")
    parser.add_argument("--share", type=float, default=1, help="of the whole size: 0.1 is a tenth")
    parser.add_argument("--minutes", type=float, default=180, help="that a part may take")
    asked = parser.parse_args()
    set_up_logging("ERROR")
    held = {name: PARTS[name](asked.share, Progress(asked.minutes, name)) for name in asked.only.split(",")}
    for name, holds in held.items():
        print(f"| {name:38} | {'held' if holds else 'NOT SHOWN':>10} |")  # noqa: T201 - the report
    return 0 if all(held.values()) else 1

"""`make soak`, or `python -m tests.soak --parts kills,pair,weeks --share 1 --minutes 120`: the sizes that do not fit in the suite, on PostgreSQL.

kills: 3,000 kills of the sender over 10,000 texts, 2 in 100 answers lost and 1 in 200 taken late: none lost, none doubled (T1).
pair: ten days of two schedulers and two dispatchers at once, nothing sent twice (T4).
weeks: twelve weeks of 5,000 people, every rule checked at every minute at which anything can change (T26).
`--share` takes a part of each; `--minutes` ends a part that takes longer, and says how far it came.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from config.bootstrap import load_reference
from config.settings import Settings
from config.tables import all_tables
from tests.factories import World
from tests.fake_twilio.starting import program
from tests.faults.killing import EVENING, MORNING, PAST_ALL_WAITS, doubled, fill, nursery, sent_to_the_end, victim
from tests.faults.sender import POINTS, Leaping
from tests.soak.town import shares
from tests.soak.weeks import START, Weeks
from tests.support.postgres import database_url
from throughcare.checkin.service import Pacing, Texted
from throughcare.journey.reactions import REACTIONS
from throughcare.kernel.clock import SetClock
from throughcare.kernel.database import open_engine
from throughcare.kernel.delivery import Delivery
from throughcare.kernel.moves import OUTBOX
from throughcare.kernel.reference import Reference
from throughcare.kernel.work import Desk

KILLS, TEXTS, PEOPLE = 3_000, 10_000, 5_000
ILL = '{{"now": "{now}", "late": 0.3, "receipts": [], "odds": {{"drop_after": 0.02, "late": 0.005}}}}'
OFTEN, SELDOM = timedelta(seconds=4), 100  # between two lives; and once in so many, longer than every wait


class TimeIsUpError(Exception):
    """As far as the minutes went."""


class Progress:
    """Says where it stands, and ends what takes too long."""

    def __init__(self, minutes: float) -> None:
        self.began, self.most = time.monotonic(), minutes * 60

    def __call__(self, said: str) -> None:
        passed = time.monotonic() - self.began
        print(f"{passed / 60:6.1f} min  {said}", flush=True)  # noqa: T201 - somebody is watching
        if passed > self.most:
            raise TimeIsUpError


def opened() -> Engine:
    engine = open_engine(database_url("soak"))
    all_tables().drop_all(engine)
    all_tables().create_all(engine)
    return engine


def loaded() -> Reference:
    return load_reference(Settings(environment="demo", test_numbers_allowed=True, _env_file=None))


def settled(reference: Reference) -> Reference:
    """No pace, and the numbers of thousands, which are nobody's and of no country."""
    texted, pacing = reference[Texted], replace(reference[Pacing], per_second=1_000_000)
    return Reference({**reference.held, Pacing: pacing, Texted: replace(texted, countries=texted.countries | {""})})


def kills(share: float, say: Progress) -> bool:
    engine, dice = opened(), random.Random(3_000)
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
    return played_through(shares(round(PEOPLE * share)), say)


def pair(share: float, say: Progress) -> bool:
    return played_through(shares(max(10, round(200 * share))), say, days=10, downs=((6, 2),), both=True)


def played_through(ways: list[str], say: Progress, **how: Any) -> bool:
    engine, clock = opened(), SetClock(START)
    desk = Desk(engine, clock, REACTIONS, settled(loaded()))
    played = Weeks(desk, clock, World(desk), ways, seed=5_000, said=say, **how)
    whole = True
    try:
        played.play()
    except TimeIsUpError:
        whole = False
        played.watch.journal()
        played.watch.twice(played.post.references)
    wrong = played.watch.wrong
    days = (clock.at - START).days
    table({
        "people": len(played.people), "days": days, "minutes looked at": played.minutes, "texts": len(played.post.texts),
        "minutes in between shown to be idle": played.proven, "rules broken": len(wrong),
    })  # fmt: skip
    for each in wrong[:50]:
        print(f"  {each}")  # noqa: T201 - the report
    return whole and not wrong


def table(rows: dict[str, int]) -> None:
    for name, value in rows.items():
        print(f"| {name:38} | {value:>10,} |", flush=True)  # noqa: T201 - the report


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="soak", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--parts", default="kills,pair,weeks")
    parser.add_argument("--share", type=float, default=1, help="of the whole size: 0.1 is a tenth")
    parser.add_argument("--minutes", type=float, default=120, help="that a part may take")
    asked = parser.parse_args()
    parts = {"kills": kills, "weeks": weeks, "pair": pair}
    held = [parts[name](asked.share, Progress(asked.minutes)) for name in asked.parts.split(",")]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())

"""A text to us, signed, and durable before it is answered: ours beside others that do the same work, in one run."""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import Engine, insert, text

from config.bootstrap import load_reference
from config.migrate import upgrade
from config.settings import Settings
from config.tables import all_tables
from tests.bench.webhooks import calling
from tests.bench.webhooks.calling import Caller, Heard
from tests.bench.webhooks.serving import COMMANDS, served
from tests.bench.webhooks.work import SEALING_KEY, TABLE
from tests.factories import World
from tests.faults.killing import person
from throughcare.casework.people import PhoneNumber
from throughcare.journey.reactions import REACTIONS
from throughcare.kernel.clock import SystemClock
from throughcare.kernel.database import open_engine
from throughcare.kernel.sealing import Safe, unlock
from throughcare.kernel.work import Desk

NUMBERS = PhoneNumber.__table__
DAY = timedelta(days=1)
LINES, CROWD = 32, 100
RATE = 200  # texts a second (T28)
REST = 3  # seconds, in which it finds that there is nothing left to read


def measure(url: str, many: int, seconds: int, runs: int) -> list[str]:
    """Sentences: as many a second as can be, how soon at a steady rate, and one text called a hundred times at once."""
    engine = open_engine(url)
    all_tables()
    upgrade(engine)
    people(engine)
    with engine.begin() as connection:
        connection.execute(text(TABLE))
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        ports = {name: stack.enter_context(served(name, url, Path(folder))) for name in COMMANDS}
        got: dict[str, list[float]] = {name: [] for name in ports}
        for run in range(runs + 1):
            for name, port in ports.items():
                heard = well(Caller(port, LINES).at_once(calling.texts(many if run else 4 * LINES)))
                if name == "ours":
                    rest(engine)
                if run:  # the first is to warm up
                    got[name].append(heard.a_second)
        before = kept(engine)
        steady = well(Caller(ports["ours"], LINES).each_second(calling.texts(RATE * seconds), RATE))
        assert kept(engine) == before + RATE * seconds, "a text was lost or doubled"
        rest(engine)
        crowd = well(Caller(ports["ours"], CROWD).at_once([calling.text("SM" + "1" * 32)] * CROWD))
        assert kept(engine) == before + RATE * seconds + 1, "one text was kept more than once, or not at all"
        assert len(crowd.bodies) == 1, crowd.bodies
        rest(engine)
    engine.dispose()
    return said({name: median(each) for name, each in got.items()}, steady)


def people(engine: Engine) -> None:
    """Whose numbers they are: released, consenting, with a plan, so that their texts are read as texts are."""
    unlock(engine, Safe([SEALING_KEY]))
    world = World(Desk(engine, SystemClock(), REACTIONS, load_reference(Settings(environment="demo", _env_file=None))))
    rows = [person(each, world) for each in range(calling.NUMBERS)]
    for each in rows:  # what comes before a number is proven is read by somebody else
        each[NUMBERS] |= {"from_at": world.desk.clock.now() - DAY, "proven_at": world.desk.clock.now() - DAY}
    with engine.begin() as connection:
        for table in rows[0]:
            connection.execute(insert(table), [each[table] for each in rows])


def well(heard: Heard) -> Heard:
    """AssertionError unless every call was answered, and with 200."""
    assert set(heard.statuses) == {200}, heard.statuses
    return heard


def kept(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM inbound_text")) or 0)


def rest(engine: Engine) -> None:
    """What is read after the answer is no part of another's turn: what still waits for it is taken out of the way."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE inbound_text SET settled_at = now() WHERE settled_at IS NULL"))
    time.sleep(REST)


def said(got: dict[str, float], steady: Heard) -> list[str]:
    """As the table's sentences."""
    ours = got["ours"]
    beside = ", ".join(f"{ours / got[name]:.1f} of {name}'s" for name in ("FastAPI", "Flask", "Django"))
    return [
        f"- Texts to us on {LINES} connections, signed, and durable before they are answered: {ours:,.0f} a second; {beside} that do the same work.",
        f"- That is {ours / got['Litestar']:.2f} of a Litestar handler that checks the signature and stores nothing.",
        f"- At {RATE} a second: half within {1000 * steady.at(0.5):.0f} ms, 99 of 100 within {1000 * steady.at(0.99):.0f} ms, none lost.",
        f"- One text called by {CROWD} connections at once is kept once, and all have the same answer.",
    ]

"""What the sending keeps to: memory however much is due, its pace, how soon it begins, what it costs at rest, what a kill leaves."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from statistics import linear_regression

from sqlalchemy import func, insert, select, text

from config.gateways import carrier_of
from scheduler.dispatch import Dispatcher
from tests.bench.dispatching import Queue, settings
from tests.bench.history import copies
from tests.fake_twilio.starting import Program, program
from tests.faults.killing import (
    EVENING,
    MORNING,
    PAST_ALL_WAITS,
    PEOPLE,
    doubled,
    nursery,
    sent_to_the_end,
    victim,
    wait,
)  # fmt: skip
from tests.faults.killing import text as due
from tests.faults.sender import Leaping
from throughcare.casework.people import PhoneNumber
from throughcare.kernel.delivery import Delivery
from throughcare.kernel.heartbeat import SENDING, Heartbeat
from throughcare.kernel.moves import OUTBOX

ROOT = Path(__file__).parents[2]
FEW, MANY = 5_000, 500_000  # texts due
SLICE, WARM, RESTS = 10, 20, 60  # seconds of sending, of starting, and of rest
PACES, PACED = (10, 100), 30  # texts a second, and for how many seconds
FIRSTS = 10
KILLED_IN_FLIGHT = 12  # as tests.faults has it
Sentence = Callable[[Queue, Program, float], str]


def measure(url: str, share: float) -> list[str]:
    """Sentences. `share` of the full sizes."""
    queue = Queue(settings(url, "http://127.0.0.1:1"), 0)
    parts: tuple[Sentence, ...] = (memory, pace, firsts, rest, kill)
    with tempfile.TemporaryDirectory() as folder:
        said = [alone(queue, Path(folder) / part.__name__, part, share) for part in parts]
    queue.engine.dispose()
    return said


def alone(queue: Queue, folder: Path, part: Sentence, share: float) -> str:
    """Each with a provider whose book is empty."""
    folder.mkdir()
    with program(folder / "ledger", faults='{"receipts": []}') as fake:
        queue.held = settings(queue.held.database_url, fake.address)
        return part(queue, fake, share)


def memory(queue: Queue, fake: Program, share: float) -> str:
    """Of a process that sends a slice of them."""
    held = []
    for many in (FEW, round(MANY * share)):
        queue.many = PEOPLE
        queue.fill()
        copies(queue.engine, {"id": "gen_random_uuid()", "key": "key || '-' || n"}, many // PEOPLE - 1, PEOPLE)
        url = queue.engine.url.render_as_string(hide_password=False)
        command = [sys.executable, "-m", "tests.bench.slicing", url, fake.address, str(SLICE)]
        held.append(int(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout))
    few, much = held
    return f"- Memory of the dispatcher with {round(MANY * share):,} due: {much / 2**20:.0f} MB, {much / few:.2f} of that with {FEW:,}."


def pace(queue: Queue, fake: Program, share: float) -> str:
    """As the provider's book has it: the slope of a line through the texts, so that those sent together do not count double."""
    kept = []
    for each in PACES:
        seconds = max(PACED * share, 8)
        queue.many = round(each * (seconds + 4))
        queue.held = settings(queue.held.database_url, fake.address, per_second=each)
        queue.fill()
        before = len(fake.taken())
        asyncio.run(send_for(queue, seconds + 1))
        at = [datetime.fromisoformat(line["at"]).timestamp() for line in fake.taken()[before:]]
        at = [since for since in sorted(at) if since > at[0] + 2]  # the first second's are there to be sent at once
        kept.append(linear_regression(at, range(len(at))).slope / each)
    said = " and ".join(f"{100 * (ratio - 1):+.1f} %" for ratio in kept)
    return f"- Held to {PACES[0]} and {PACES[1]} texts a second, it is off by {said}."


async def send_for(queue: Queue, seconds: float) -> None:
    stop, desk = asyncio.Event(), queue.desk()
    asyncio.get_running_loop().call_later(seconds, stop.set)
    await Dispatcher(desk, carrier_of(queue.held, desk).open()).run(stop)


def firsts(queue: Queue, fake: Program, share: float) -> str:
    """From when it is due to when it is written down that the provider has it, with nothing else to do."""
    queue.many = 0
    late = asyncio.run(first_ones(queue, max(round(FIRSTS * share), 2)))
    return f"- A text that becomes due while nothing is sent is at the provider after {max(late):.2f} s at the latest, of {len(late)}."


async def first_ones(queue: Queue, many: int) -> list[float]:
    with queue.engine.begin() as connection:
        for table in ("outbox", "message_event", "sender_pace"):
            connection.execute(text(f"DELETE FROM {table}"))
    stop, desk = asyncio.Event(), queue.desk()
    sending = asyncio.create_task(Dispatcher(desk, carrier_of(queue.held, desk).open()).run(stop))
    late = []
    for each in range(many):
        await asyncio.sleep(1 + each * 0.137)  # not always as far from its looks
        row = due(each, queue.people[each % PEOPLE][PhoneNumber.__table__]) | {
            "not_before": desk.clock.now() + timedelta(seconds=1)
        }
        with queue.engine.begin() as connection:
            connection.execute(insert(OUTBOX), [row])
        late.append(await asyncio.to_thread(accepted, queue, row))
    stop.set()
    await sending
    return late


def accepted(queue: Queue, row: dict) -> float:
    asked = select(OUTBOX.c.accepted_at).where(OUTBOX.c.id == row["id"], OUTBOX.c.accepted_at.is_not(None))
    found: list[datetime] = []

    def there() -> bool:
        with queue.engine.connect() as connection:
            found.extend(connection.scalars(asked))
        return bool(found)

    wait(there)
    return (found[0] - row["not_before"]).total_seconds()


def rest(queue: Queue, fake: Program, share: float) -> str:
    """Of the scheduler as it is run, all its rounds among it, with nothing to do."""
    with queue.engine.begin() as connection:
        connection.execute(text("DELETE FROM heartbeat"))
    ours = {
        "ENVIRONMENT": "demo", "DATABASE_URL": queue.held.database_url, "LOG_LEVEL": "WARNING",
        "SPOOL": str(fake.ledger.parent / "spool"),
    }  # fmt: skip
    env = os.environ | {f"THROUGHCARE_{key}": value for key, value in ours.items()}
    queue.many = 0
    with subprocess.Popen([sys.executable, "-m", "config.cli", "scheduler"], cwd=ROOT, env=env) as process:
        wait(lambda: beating(queue))
        time.sleep(WARM)
        before, seconds = spent(process.pid), max(RESTS * share, 10)
        time.sleep(seconds)
        used = spent(process.pid) - before
        process.terminate()
    return f"- At rest the scheduler takes {100 * used / seconds:.1f} % of a core."


def beating(queue: Queue) -> bool:
    with queue.engine.connect() as connection:
        return connection.scalar(select(func.count()).where(Heartbeat.tick == SENDING)) > 0


def spent(pid: int) -> float:
    """Seconds of a core, so far."""
    parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def kill(queue: Queue, fake: Program, share: float) -> str:
    """AssertionError where a text is lost or doubled, or one that was being sent is not looked for."""
    queue.many = max(round(2_000 * share), 200)
    queue.fill()
    fake.faults(delay=0.05, now=EVENING.isoformat())  # its clock is not ours
    clock = fake.ledger.parent / "clock"
    moved = Leaping.starting(clock, MORNING)
    with nursery(fake.ledger.parent) as door, victim(door, queue.engine, fake, clock) as killed:
        killed.live(per_second=10_000)
        wait(lambda: len(fake.taken()) > queue.many / 4)
        killed.die()
        fake.rests()
        doubted = count(queue, Delivery.SENDING)
        assert count(queue, Delivery.PLANNED), "all was sent before the kill: it proved nothing"
        moved.leap(timedelta(minutes=1))  # past its leases
        killed.live(per_second=10_000)
        wait(lambda: not count(queue, Delivery.PLANNED, Delivery.CLAIMED, Delivery.SENDING))
        looked_for, others = count(queue, Delivery.AMBIGUOUS), count(queue, Delivery.ACCEPTED)
        killed.die()
        assert (looked_for, others) == (doubted, queue.many - doubted), (looked_for, others, doubted)
        moved.leap(PAST_ALL_WAITS)
        assert moved.now() < EVENING
        sent_to_the_end(queue.engine, killed, fake)
    assert count(queue, Delivery.ACCEPTED) == queue.many == len(fake.taken())
    assert doubled(fake) == {}
    ratio = doubted / KILLED_IN_FLIGHT
    return (
        f"- Killed with {KILLED_IN_FLIGHT} in flight it leaves {doubted} texts in doubt, {ratio:.1f} times as many, all of which are looked for; "
        "all others go after a restart, and none twice."
    )


def count(queue: Queue, *states: Delivery) -> int:
    with queue.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(OUTBOX).where(OUTBOX.c.state.in_(states)))

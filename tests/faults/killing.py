"""People who may be texted and texts that are due, and a dispatcher of them that is killed over and over."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, and_, func, insert, or_, select

from tests.fake_twilio.starting import Program
from tests.faults.sender import Leaping
from throughcare.casework.people import Case, Consent, ConsentState, Language, Person, PhoneNumber, SafeContact
from throughcare.checkin.rows import CheckinPlan, PlanStatus
from throughcare.kernel.actors import Jurisdiction
from throughcare.kernel.delivery import REINS, Delivery, Purpose
from throughcare.kernel.moves import OUTBOX
from throughcare.kernel.outbox import OutboxRow

ROOT = Path(__file__).parents[2]
MORNING = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
EVENING = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
PATIENCE = 300  # seconds, where the machine is busy; what did not come by then is for the test to say
ROUNDS = 30
PEOPLE = 800  # of the thousand mobile numbers kept for drama, those that the provider always takes
UNDER_WAY = [Delivery.PLANNED, Delivery.CLAIMED, Delivery.SENDING, Delivery.AMBIGUOUS]
LOOKING = timedelta(minutes=1)  # a search holds its text for half of it; one that found nothing waits for longer
PAST_ALL_WAITS = timedelta(minutes=6)  # a lease, a wait for a receipt, and the time until a search is believed


@dataclass
class Victim:
    """A scheduler that forks dispatchers, the one now living, and the clock they share."""

    line: socket.socket
    clock: Leaping
    pid: int = 0

    def live(self, point: str = "", nth: int = 1, per_second: float = 8, **more: Any) -> None:
        self.tell({"point": point, "nth": nth, "per_second": per_second} | more)
        self.pid = int(self.hear())

    def die(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        self.dies()

    def dies(self) -> None:
        """Of itself, at its point."""
        assert self.hear() == "gone"
        self.pid = 0

    def tell(self, what: dict[str, Any]) -> None:
        self.line.sendall(json.dumps(what).encode() + b"\n")

    def hear(self) -> str:
        """A line; TimeoutError where none comes, because a point was never reached."""
        heard = b""
        while not heard.endswith(b"\n"):
            heard += self.line.recv(1) or b"\n"
        return heard.decode().strip()


@contextmanager
def nursery(folder: Path) -> Iterator[Path]:
    """The program that loads once for them all: its door."""
    door = folder / "door"
    command = [sys.executable, "-m", "tests.faults.sender", "--door", str(door)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline().strip() == b"open"
        yield door
        process.kill()


@contextmanager
def victim(door: Path, engine: Engine, provider: Program, clock: Path, *, naive: bool = False) -> Iterator[Victim]:
    """A scheduler of this database, whose clock is kept in this file."""
    url = engine.url.render_as_string(hide_password=False)
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(PATIENCE)
        line.connect(str(door))
        made = Victim(line, Leaping(clock))
        made.tell({"database": url, "provider": provider.address, "clock": str(clock), "naive": naive})
        assert made.hear() == "ready"
        try:
            yield made
        finally:
            if made.pid:
                os.kill(made.pid, signal.SIGKILL)


def fill(engine: Engine, world, many: int) -> list[str]:
    """So many texts due now, each of its own words, to people released, consenting and proven; the texts' ids."""
    people = [person(each, world) for each in range(min(many, PEOPLE))]
    texts = [text(each, people[each % PEOPLE][PhoneNumber.__table__]) for each in range(many)]
    with engine.begin() as connection:
        for table in people[0]:
            connection.execute(insert(table), [each[table] for each in people])
        connection.execute(insert(OUTBOX), texts)
    return [str(each["id"]) for each in texts]


def person(each: int, world) -> dict:
    case_id = uuid4()
    ours = {"id": case_id, "version": 1, "created_at": MORNING}
    about = {"case_id": case_id, "version": 1, "created_at": MORNING}
    filled = {
        Case: {
            **ours, "reference": f"TC-{each}", "jurisdiction": Jurisdiction.ENGLAND_WALES, "stage": "released",
            "owner_agency_id": world.agencies["prison"], "owner_team_id": world.teams["prison"],
            "closed_because": "", "is_synthetic": True,
        },
        Person: {**about, "id": uuid4(), "given": "Ash", "family": f"Rowan{each}", "birth_date": date(1990, 1, 1)},
        Consent: {
            **about, "id": uuid4(), "purpose": "texts", "state": ConsentState.GIVEN, "given_at": MORNING,
            "recorded_by": world.officer.id, "categories": [],
        },
        SafeContact: {**about, "id": uuid4()},
        PhoneNumber: {
            **about, "id": uuid4(), "number": f"+447700900{each:03d}", "from_at": MORNING - timedelta(days=1),
            "proven_at": MORNING,
        },
        CheckinPlan: {**about, "id": uuid4(), "status": PlanStatus.ACTIVE, "language": Language.ENGLISH},
    }  # fmt: skip
    return {kind.__table__: complete(kind, values) for kind, values in filled.items()}


def text(each: int, phone: dict) -> dict:
    about = {"case_id": phone["case_id"], "version": 1, "created_at": MORNING}
    filled = {
        **about, "id": uuid4(), "key": f"k{each}", "to": phone["number"], "purpose": Purpose.CHECKIN,
        "priority": REINS[Purpose.CHECKIN].priority, "template": "checkin_question", "language": "en",
        "text": f"How are things today? {each}", "not_before": MORNING, "expires_at": EVENING,
        "state": Delivery.PLANNED, "facts": {},
    }  # fmt: skip
    return complete(OutboxRow, filled)


def complete(kind, values) -> dict:
    """Every column, those not given as the table's class has them."""
    return {each.name: values.get(each.name, default(kind, each.name)) for each in kind.__table__.columns}


def default(kind, name):
    field = kind.model_fields[name]
    return None if field.is_required() else field.get_default(call_default_factory=True)


def left(engine: Engine) -> int:
    """Texts of which it is not yet settled what became of them."""
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(OUTBOX).where(OUTBOX.c.state.in_(UNDER_WAY)))


def in_hand(engine: Engine, now: datetime) -> tuple[int, int]:
    """Texts that a dispatcher living now still sends or looks for, and those that wait to be looked for."""
    due = and_(OUTBOX.c.state == Delivery.PLANNED, OUTBOX.c.not_before <= now)
    going = OUTBOX.c.state.in_([Delivery.CLAIMED, Delivery.SENDING])
    doubted, until = OUTBOX.c.state == Delivery.AMBIGUOUS, OUTBOX.c.lease_until
    looked_for = and_(doubted, until > now, until <= now + LOOKING)
    count = select(func.count()).select_from(OUTBOX)
    with engine.connect() as connection:
        sent = connection.scalar(count.where(or_(due, going, looked_for)))
        return sent, connection.scalar(count.where(doubted, until <= now))


def settled(engine: Engine, now: datetime, doubted: int) -> bool:
    """Whether all that can be done at this instant has been: of many that are in doubt a first part is looked for."""
    sent, waiting = in_hand(engine, now)
    return not sent and waiting < max(doubted, 1)


def sent_to_the_end(engine: Engine, killed: Victim, provider: Program, but: int = 0) -> None:
    """Left in peace, with time going by between one life and the next, until nothing (but so many) is left to settle."""
    for _ in range(ROUNDS):
        now = killed.clock.stands
        _, doubted = in_hand(engine, now)
        killed.live(per_second=10_000)
        wait(partial(settled, engine, now, doubted))
        killed.die()
        if left(engine) <= but:
            return
        provider.rests()
        killed.clock.leap(PAST_ALL_WAITS)


def wait(until: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not until() and time.monotonic() < end:
        time.sleep(0.02)


def doubled(provider: Program) -> dict[str, int]:
    """What the provider took more than once."""
    taken = Counter(line["reference"] for line in provider.taken())
    return {reference: many for reference, many in taken.items() if many > 1}

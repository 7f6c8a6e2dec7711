"""A scheduler killed twenty times in the middle of its sending loses nothing and doubles nothing (R1-R8, T1, T2)."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, insert, select

from tests.fake_twilio.starting import program
from throughcare.casework.people import Case, Consent, ConsentState, Language, Person, PhoneNumber, SafeContact
from throughcare.checkin.rows import CheckinPlan, PlanStatus
from throughcare.kernel.actors import Jurisdiction
from throughcare.kernel.delivery import REINS, Delivery, Purpose
from throughcare.kernel.moves import OUTBOX
from throughcare.kernel.outbox import OutboxRow

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
UNDER_WAY = [Delivery.PLANNED, Delivery.CLAIMED, Delivery.SENDING, Delivery.AMBIGUOUS]


@dataclass
class Victim:
    """The program that forks dispatchers, and the one now living."""

    process: subprocess.Popen[str]
    pid: int = 0

    def live(self) -> None:
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        self.pid = int(self.process.stdout.readline())

    def die(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        assert self.process.stdout.readline().strip() == "gone"


@contextmanager
def victim(engine, provider: str, *flags: str):
    url = engine.url.render_as_string(hide_password=False)
    command = [
        sys.executable, "-m", "tests.faults.sender", "--database", url, "--provider", provider,
        "--noon", NOON.isoformat(), "--began", str(time.monotonic()), *flags,
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline().strip() == "ready"
        yield Victim(process)
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def due(engine, clock, reference, world):
    """`due(n)`: n people released, consenting and proven, each with a check-in text due now; gives the texts' ids."""

    def make(many: int) -> list[str]:
        made = [row(each, world) for each in range(many)]
        with engine.begin() as connection:
            for table in made[0]:
                connection.execute(insert(table), [each[table] for each in made])
        return [str(each[OUTBOX]["id"]) for each in made]

    return make


def row(each: int, world) -> dict:
    case_id, number = uuid4(), f"+4477009{each:05d}"
    ours = {"id": case_id, "version": 1, "created_at": NOON}
    about = {"case_id": case_id, "version": 1, "created_at": NOON}
    filled = {
        Case: {
            **ours, "reference": f"TC-{each}", "jurisdiction": Jurisdiction.ENGLAND_WALES, "stage": "released",
            "owner_agency_id": world.agencies["prison"], "owner_team_id": world.teams["prison"],
            "closed_because": "", "is_synthetic": True,
        },
        Person: {**about, "id": uuid4(), "given": "Ash", "family": f"Rowan{each}", "birth_date": date(1990, 1, 1)},
        Consent: {
            **about, "id": uuid4(), "purpose": "texts", "state": ConsentState.GIVEN, "given_at": NOON,
            "recorded_by": world.officer.id, "categories": [],
        },
        SafeContact: {**about, "id": uuid4()},
        PhoneNumber: {**about, "id": uuid4(), "number": number, "from_at": NOON - timedelta(days=1), "proven_at": NOON},
        CheckinPlan: {**about, "id": uuid4(), "status": PlanStatus.ACTIVE, "language": Language.ENGLISH},
    }  # fmt: skip
    texts = {
        **about, "id": uuid4(), "key": f"k{each}", "to": number, "purpose": Purpose.CHECKIN,
        "priority": REINS[Purpose.CHECKIN].priority, "template": "checkin_question", "language": "en",
        "text": "How are things today?", "not_before": NOON, "expires_at": NOON + timedelta(hours=6),
        "state": Delivery.PLANNED, "facts": {},
    }  # fmt: skip
    return {kind.__table__: complete(kind, values) for kind, values in filled.items()} | {OUTBOX: whole(texts)}


def complete(kind, values) -> dict:
    """Every column, those not given as the table's class has them."""
    return {each.name: values.get(each.name, default(kind, each.name)) for each in kind.__table__.columns}


def default(kind, name):
    field = kind.model_fields[name]
    return None if field.is_required() else field.get_default(call_default_factory=True)


def whole(values) -> dict:
    return complete(OutboxRow, values)


def left(engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(OUTBOX).where(OUTBOX.c.state.in_(UNDER_WAY)))


def wait(until: Callable[[], object]) -> None:
    """Minutes, where the machine is busy; what did not come by then is for the test to say."""
    end = time.monotonic() + 300
    while not until() and time.monotonic() < end:
        time.sleep(0.2)


def doubled(provider) -> dict[str, int]:
    """What the provider took more than once."""
    taken = Counter(line["reference"] for line in provider.taken())
    return {reference: many for reference, many in taken.items() if many > 1}


FAULTS = '{{"now": "{now}", "delay": 0.06, "receipts": [], "odds": {odds}}}'
AHEAD = (NOON + timedelta(minutes=5)).isoformat()  # the provider's clock is not ours


@pytest.mark.slow
def test_twenty_kills_in_five_hundred_texts_lose_none_and_double_none(engine, due, tmp_path):
    ids, dice = due(500), random.Random(20)
    faults = FAULTS.format(
        now=AHEAD, odds='{"drop_after": 0.03, "error_after": 0.03, "drop_before": 0.03, "busy": 0.02}'
    )
    with program(tmp_path / "ledger", faults=faults) as provider, victim(engine, provider.address) as killed:
        for _ in range(20):
            killed.live()
            time.sleep(dice.uniform(0.05, 0.6))
            killed.die()
        assert left(engine), "all was sent before the last kill: the kills proved nothing"
        killed.live()
        wait(lambda: not left(engine))
        killed.die()
        taken = {line["reference"] for line in provider.taken()}
        sent = {line["sid"] for line in provider.taken()}
        assert doubled(provider) == {}
    assert left(engine) == 0
    assert set(ids) - taken == set(), "lost"
    with engine.connect() as connection:
        states = Counter(connection.scalars(select(OUTBOX.c.state)))
        sids = set(connection.scalars(select(OUTBOX.c.sid)))
    assert states == {Delivery.ACCEPTED: 500}
    assert sids == sent


def test_a_scheduler_that_puts_back_what_it_did_not_hear_of_doubles(engine, due, tmp_path):
    due(30)
    faults = FAULTS.format(now=AHEAD, odds='{"drop_after": 0.3}')
    with (
        program(tmp_path / "ledger", faults=faults) as provider,
        victim(engine, provider.address, "--naive") as killed,
    ):
        killed.live()
        time.sleep(0.4)
        killed.die()
        killed.live()
        wait(lambda: doubled(provider))
        killed.die()
        assert doubled(provider)

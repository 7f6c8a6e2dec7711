"""A scheduler killed fifty times in the middle of its sending loses nothing and doubles nothing (R1-R8, T1, T2, T13).

The provider's own ledger says what was sent. Between one life and the next the provider comes to rest before the clock is moved
on, so that nothing here hangs on how fast the machine is.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from tests.fake_twilio.starting import program
from tests.faults.killing import (
    EVENING,
    MORNING,
    PAST_ALL_WAITS,
    doubled,
    fill,
    left,
    nursery,
    sent_to_the_end,
    victim,
    wait,
)
from tests.faults.sender import POINTS, Leaping
from throughcare.kernel.delivery import Delivery
from throughcare.kernel.moves import OUTBOX

TEXTS, AT_EACH_POINT, AT_RANDOM = 450, 5, 20
FAULTS = '{{"now": "{now}", "late": 0.3, "receipts": [], "odds": {odds}}}'
ILL = '{"drop_after": 0.02, "error_after": 0.02, "garbled": 0.01, "drop_before": 0.02, "busy": 0.02, "late": 0.01}'
WAITS = (timedelta(seconds=5), timedelta(seconds=50), PAST_ALL_WAITS)  # before the next life


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    with nursery(tmp_path_factory.mktemp("nursery")) as opened:
        yield opened


@pytest.fixture
def ticking(tmp_path):
    return Leaping.starting(tmp_path / "clock", MORNING)


@pytest.fixture
def scheduler(door, engine, provider, ticking, tmp_path):
    """`scheduler()`: another one of this database and clock."""

    def opened(**how):
        return victim(door, engine, provider, tmp_path / "clock", **how)

    return opened


@pytest.fixture
def provider(tmp_path):
    """Its clock is not ours: it stands at the evening."""
    with program(tmp_path / "ledger", faults=FAULTS.format(now=EVENING.isoformat(), odds=ILL)) as running:
        yield running


def deaths(dice):
    """Every point as often, and moments that nobody chose."""
    named = [
        (point, dice.randint(1, 6 if point in {"begin", "commit", "taken"} else 1)) for point in POINTS * AT_EACH_POINT
    ]
    ways = [*named, *[("", 0)] * AT_RANDOM]
    dice.shuffle(ways)
    return ways


@pytest.mark.slow(20)
def test_fifty_kills_lose_no_text_and_double_none_t1(engine, world, provider, ticking, scheduler):
    ids, dice = fill(engine, world, TEXTS), random.Random(50)
    ways = deaths(dice)
    assert len(ways) == 50
    with scheduler() as killed:
        for point, nth in ways:
            killed.live(point, nth)
            if point:
                killed.dies()
            else:
                time.sleep(dice.uniform(0, 0.25))
                killed.die()
            provider.rests()
            ticking.leap(dice.choice(WAITS))
        assert left(engine), "all was sent before the last kill: the kills proved nothing"
        ticking.leap(PAST_ALL_WAITS)
        sent_to_the_end(engine, killed, provider)
    lines = provider.taken()
    assert doubled(provider) == {}
    assert set(ids) - {line["reference"] for line in lines} == set(), "lost"
    with engine.connect() as connection:
        assert Counter(connection.scalars(select(OUTBOX.c.state))) == {Delivery.ACCEPTED: TEXTS}
        assert set(connection.scalars(select(OUTBOX.c.sid))) == {line["sid"] for line in lines}


def test_a_scheduler_that_puts_back_what_it_did_not_hear_of_doubles(engine, world, provider, ticking, scheduler):
    """The broken twin of the test above: one kill, and it is caught."""
    fill(engine, world, 30)
    with scheduler(naive=True) as killed:
        killed.live("taken", 3)
        killed.dies()
        provider.rests()
        ticking.leap(PAST_ALL_WAITS)
        killed.live()
        wait(lambda: doubled(provider))
        killed.die()
        assert doubled(provider)


def test_a_scheduler_asleep_for_six_hours_sends_nothing_when_it_wakes_t13(engine, world, provider, ticking, scheduler):
    """It was stopped with texts committed as being sent, none of which had left; another one saw to them meanwhile."""
    *ids, last = fill(engine, world, 20)
    due(engine, last, EVENING)
    with scheduler() as killed:
        killed.live("begun", 1, sign="SIGSTOP")
        assert killed.hear() == "stopped"
        before = len(provider.taken())
        ticking.leap(timedelta(hours=6))
        with scheduler() as other:
            sent_to_the_end(engine, other, provider, but=1)
        assert sorted(ids) == sorted(line["reference"] for line in provider.taken())
        assert len(ids) > before
        due(engine, last, MORNING)
        os.kill(killed.pid, signal.SIGCONT)
        wait(lambda: last in {line["reference"] for line in provider.taken()})  # it is awake, and has gone on
        killed.die()
    provider.rests()
    assert sorted([*ids, last]) == sorted(line["reference"] for line in provider.taken())


def due(engine, message_id, instant):
    with engine.begin() as connection:
        connection.execute(update(OUTBOX).where(OUTBOX.c.id == UUID(message_id)).values(not_before=instant))

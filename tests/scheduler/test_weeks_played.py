"""Twelve weeks played from end to end, every rule looked at in every minute at which anything can change (T26)."""

from __future__ import annotations

import pytest

from tests.soak.weeks import SPRING, START, Weeks

pytestmark = pytest.mark.slow(60)
# The clocks go back in the one town, and on in the other.
TOWNS = {"sqlite": (START, ["stops_and_starts"]), "postgresql": (SPRING, ["welsh"])}


def test_twelve_weeks_break_no_rule_in_any_minute_t26(desk, clock, world, database):
    """One person on each database here; `make soak ONLY=weeks` plays thousands.

    Two in 100 answers lost, 1 in 200 texts taken late, receipts lost, doubled and backwards, the provider and the database
    away for hours, the sender killed every five days, silence, and STOP and START.
    """
    clock.at, town = TOWNS[database]
    weeks = Weeks(desk, clock, world, town, seed=26, downs=((9, 2), (30, 1))).play()
    assert weeks.watch.wrong == []
    assert (clock.at - weeks.start).days >= 80
    assert weeks.watch.checked > 100
    assert weeks.proven > 2
    assert weeks.watch.read_by_probation > 50

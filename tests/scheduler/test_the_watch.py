"""What watches over the twelve weeks of `make soak` is not blind: each rule broken before its eyes is seen (T26)."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import uuid4

import pytest

from tests.soak.town import Someone
from tests.soak.watch import Watch
from tests.soak.weeks import START
from throughcare.kernel.clock import SetClock
from throughcare.kernel.ports import Sms

HOUR = timedelta(hours=1)


@pytest.fixture
def clock():
    return SetClock(START)


def somebody(world, **how):
    return Someone(uuid4(), "+447700900123", "answers", world.officer, START, (time(12), time(14)), inside=False, **how)


@pytest.mark.parametrize(
    ("how", "hour", "said"),
    [
        ({}, 12, None),
        ({}, 7, "in quiet hours"),
        ({}, 15, "outside their safe times"),
        ({"out_since": START}, 12, "after STOP"),
        ({"suspended": True}, 12, "somebody else has"),
    ],
)
def test_a_broken_rule_is_seen_t26(desk, clock, world, how, hour, said):
    """The twins of what is watched: each text that may not leave is seen to leave."""
    each = somebody(world, **how)
    watch = Watch(desk, {each.number: [each]}, {each.case_id: each})
    clock.at = START.replace(hour=hour - 1)  # British Summer Time
    watch._routine(Sms(each.number, "How are things?", f"{uuid4()}", 60), "checkin_question", each)
    assert [each for each in watch.wrong if said and said in each] or not (said or watch.wrong)


def test_a_text_taken_twice_and_a_number_of_two_people_are_seen_t26(desk, world):
    one, other = somebody(world), somebody(world)
    other.inside = True
    watch = Watch(desk, {one.number: [one, other]}, {one.case_id: one, other.case_id: other})
    watch._routine(Sms(one.number, "How are things?", f"{uuid4()}", 60), "checkin_question", other)
    watch.twice({"a": 1, "b": 2})
    said = " ".join(watch.wrong)
    assert all(each in said for each in ("of two people", "not in the community", "text b went 2 times"))

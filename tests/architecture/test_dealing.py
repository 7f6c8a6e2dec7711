"""What takes long is begun first, by each worker its share; nothing is left out, and nothing done twice."""

from __future__ import annotations

from itertools import islice
from types import SimpleNamespace

import pytest

from tests.support.dealing import dealt, stretches

LONG = {3: 140, 7: 90, 8: 80, 15: 5}


def item(number):
    mark = SimpleNamespace(args=(LONG[number],)) if number in LONG else None
    return SimpleNamespace(number=number, get_closest_marker=lambda _: mark)


@pytest.mark.parametrize(
    ("workers", "begins"), [(1, [[3, 7, 8, 15]]), (2, [[3, 15], [7, 8]]), (3, [[3], [7], [8, 15]])]
)
def test_each_worker_begins_with_its_share_of_the_longest(workers, begins):
    order = [each.number for each in dealt([item(number) for number in range(20)], workers)]
    assert sorted(order) == list(range(20))
    ahead = iter(order)
    found = [list(islice(ahead, size)) for size in stretches(20, workers)]
    assert [stretch[: len(first)] for stretch, first in zip(found, begins, strict=True)] == begins

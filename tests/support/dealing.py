"""Who begins with which test: what takes long is begun first, and by each worker its share, so that none is left with it at the end.

xdist's `worksteal` gives each worker one stretch of the list to begin with, and whoever is done takes from the end of another's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import pytest


def seconds(item: pytest.Item) -> int:
    """How long it takes, about, as its mark `slow(seconds)` says. Where that is not said it stays with its neighbours,
    with whom it may share what was costly to make.
    """
    marked = item.get_closest_marker("slow")
    return next(iter(marked.args), 0) if marked else 0


def dealt(items: Sequence[pytest.Item], workers: int) -> Iterator[pytest.Item]:
    """The same items: in each worker's stretch its share of the slow ones, the longest first, and then of the others."""
    shares: list[list[pytest.Item]] = [[] for _ in range(workers)]
    for item in sorted(filter(seconds, items), key=seconds, reverse=True):
        min(shares, key=lambda share: sum(map(seconds, share))).append(item)
    quick = (item for item in items if not seconds(item))
    for share, size in zip(shares, stretches(len(items), workers), strict=True):
        yield from share
        yield from islice(quick, max(size - len(share), 0))
    yield from quick


def stretches(many: int, workers: int) -> Iterator[int]:
    """How many xdist gives each to begin with."""
    for left in range(workers, 0, -1):
        yield many // left
        many -= many // left

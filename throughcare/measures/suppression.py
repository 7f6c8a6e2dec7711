"""Which numbers must stay unshown so that nobody is known by a small count, nor by taking one number from another. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Sum(Generic[K]):
    """A number that is the sum of others: knowing all but one of them is knowing it too."""

    total: K
    parts: tuple[K, ...]


@dataclass
class Table(Generic[K]):
    """Numbers, the sums that bind them, and the least that may be shown.

    None is not shown either, but it is nobody's secret: there is nobody it could tell of, so nothing is hidden for its
    sake and it hides nothing. `last` are hidden only where hiding another would not do: the base of many rates is worth
    more than one count. `unprinted` are hidden first: they stand on no page, and are had by subtraction or not at all.
    """

    values: Mapping[K, int]
    sums: Sequence[Sum[K]]
    least: int
    last: Collection[K] = frozenset()
    unprinted: Collection[K] = frozenset()
    hidden: set[K] = field(default_factory=set)

    def settle(self) -> frozenset[K]:
        """Hide what is small; then the next smallest of every sum that would still give it away, until none does.

        The same table always hides the same cells, in every process: two pages that chose differently would tell
        together what neither may. So nothing here goes through a set in the set's own order.
        """
        small = [cell for cell, value in self.values.items() if value < self.least]
        self.hidden = set(small)
        touching = self._touching()
        waiting = [each for cell in small for each in touching.get(cell, ())]
        while waiting:
            each = waiting.pop()
            if self.gives_away(each):
                open_ones = [cell for cell in (*each.parts, each.total) if cell not in self.hidden]
                chosen = min(open_ones, key=lambda cell: self._cost(cell, each))
                self.hidden.add(chosen)
                waiting += touching[chosen]
        return frozenset(self.hidden)

    def _touching(self) -> Mapping[K, Sequence[Sum[K]]]:
        """The sums each number is in."""
        found: dict[K, list[Sum[K]]] = defaultdict(list)
        for each in self.sums:
            for cell in (*each.parts, each.total):
                if self.values[cell]:
                    found[cell].append(each)
        return found

    def _cost(self, cell: K, each: Sum[K]) -> tuple[bool, bool, bool, int]:
        return cell not in self.unprinted, cell in self.last, cell == each.total, self.values[cell]

    def gives_away(self, each: Sum[K]) -> bool:
        """Whether the numbers of this sum still shown tell one that is hidden, or tell that several make a small one."""
        parts = [cell for cell in each.parts if cell in self.hidden and self.values[cell]]
        if each.total in self.hidden:
            return not parts and self.values[each.total] > 0
        return bool(parts) and (len(parts) == 1 or sum(self.values[cell] for cell in parts) < self.least)


def hidden(table: Table[K]) -> frozenset[K]:
    """The cells of the table that may not be shown."""
    return table.settle()


def rate(count: int | None, out_of: int | None) -> float | None:
    """Per cent, to one place, a half rounded up; None where either number may not be shown."""
    if count is None or not out_of:
        return None
    return int(1000 * count / out_of + 0.5) / 10

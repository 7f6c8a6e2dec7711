"""Small counts, and the numbers that would give them away."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from throughcare.measures.suppression import Sum, Table, hidden, rate


def kept_back(values, *sums, **more):
    return hidden(Table(values, [Sum(total, tuple(parts)) for total, parts in sums], 5, **more))


def test_a_count_under_five_is_not_shown_and_five_is():
    assert kept_back({"a": 4, "b": 5, "c": 0}) == {"a", "c"}


def test_the_next_smallest_goes_with_a_small_count_that_a_total_would_give_away():
    values = {"a": 3, "b": 9, "c": 7, "all": 19}
    assert kept_back(values, ("all", "abc")) == {"a", "c"}


def test_two_small_counts_that_make_a_small_count_together_need_a_third():
    values = {"a": 1, "b": 2, "c": 9, "d": 20, "all": 32}
    assert kept_back(values, ("all", "abcd")) == {"a", "b", "c"}


def test_two_small_counts_that_make_five_together_need_no_third():
    values = {"a": 2, "b": 3, "c": 9, "all": 14}
    assert kept_back(values, ("all", "abc")) == {"a", "b"}


def test_a_small_total_is_not_had_by_adding_up_its_parts():
    values = {"a": 6, "b": 7, "all": 13, "rest": 2, "more": 15}
    assert kept_back(values, ("all", "ab"), ("more", ("all", "rest"))) == {"rest", "all", "a"}


def test_a_number_left_over_by_subtraction_hides_the_smaller_of_the_two_that_make_it():
    values = {"seen": 38, "held": 40, "unseen": 2}
    assert kept_back(values, ("held", ("seen", "unseen"))) == {"unseen", "seen"}


def test_nothing_left_over_is_nobodys_secret():
    values = {"seen": 40, "held": 40, "unseen": 0}
    assert kept_back(values, ("held", ("seen", "unseen"))) == {"unseen"}


def test_none_is_not_shown_and_neither_gives_another_away_nor_hides_one():
    assert kept_back({"a": 0, "b": 30, "all": 30}, ("all", "ab")) == {"a"}
    assert kept_back({"a": 0, "b": 3, "c": 30, "all": 33}, ("all", "abc")) == {"a", "b", "c"}


class Named(str):
    """A name that a set keeps where it is told to: another process may keep it anywhere."""

    __slots__ = ()
    turned = False

    def __hash__(self):
        return 1000 - ord(self) if Named.turned else ord(self)


def test_the_same_numbers_hide_the_same_cells_in_every_process(monkeypatch):
    values = {"a": 2, "b": 9, "c": 8, "d": 3, "e": 5, "f": 8, "x": 19, "y": 16, "p": 5, "q": 14, "s": 16, "t": 35}
    sums = [("x", "abc"), ("y", "def"), ("p", "ad"), ("q", "be"), ("s", "cf"), ("t", "xy"), ("t", "pqs")]

    def kept():
        table = {Named(name): n for name, n in values.items()}
        return set(map(str, kept_back(table, *((Named(total), map(Named, parts)) for total, parts in sums))))

    first = kept()
    monkeypatch.setattr(Named, "turned", True)
    assert kept() == first


def test_the_base_of_many_rates_is_hidden_last():
    values = {"screened": 38, "received": 40, "rest": 2}
    kept = kept_back(values, ("received", ("screened", "rest")), last={"screened"})
    assert kept == {"rest", "received"}


def test_what_is_hidden_in_one_total_is_hidden_in_the_other_too():
    """Prisons across, quarters down: one small cell takes a rectangle with it."""
    rows = {"a1": 2, "b1": 30, "a2": 10, "b2": 11}
    values = rows | {"a": 12, "b": 41, "1": 32, "2": 21, "all": 53}
    sums = [
        ("1", ("a1", "b1")),
        ("2", ("a2", "b2")),
        ("a", ("a1", "a2")),
        ("b", ("b1", "b2")),
        ("all", "ab"),
        ("all", "12"),
    ]
    assert kept_back(values, *sums) == {"a1", "b1", "a2", "b2"}


@pytest.mark.parametrize(
    ("count", "out_of", "said"),
    [(30, 71, 42.3), (5, 8, 62.5), (7, 7, 100.0), (None, 71, None), (30, None, None), (None, None, None), (5, 0, None)],
)
def test_a_rate_over_or_under_a_hidden_count_is_hidden(count, out_of, said):
    assert rate(count, out_of) == said


def solved(values, sums, known):
    """Everything a reader can work out from what is shown: any number of a sum whose others are all known."""
    known, more = set(known), True
    while more:
        more = False
        for each in sums:
            lacking = [cell for cell in (*each.parts, each.total) if cell not in known]
            if len(lacking) == 1:
                known.add(lacking[0])
                more = True
    return known


@settings(max_examples=60)
@given(st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=4))
def test_no_small_count_can_be_worked_out_from_what_is_shown(rows):
    values = {(r, c): n for r, row in enumerate(rows) for c, n in enumerate(row)}
    down = {("all", c): sum(row[c] for row in rows) for c in range(3)}
    across = {(r, "all"): sum(row) for r, row in enumerate(rows)}
    totals = [((r, "all"), [(r, c) for c in range(3)]) for r in range(len(rows))]
    totals += [(("all", c), [(r, c) for r in range(len(rows))]) for c in range(3)]
    totals += [(("all", "all"), list(across)), (("all", "all"), list(down))]
    values |= down | across | {("all", "all"): sum(across.values())}
    table = Table(values, [Sum(total, tuple(parts)) for total, parts in totals], 5)
    kept = hidden(table)
    none = {cell for cell, value in values.items() if value == 0}
    known = solved(values, table.sums, (set(values) - kept) | none)
    assert not {cell for cell in known if 0 < values[cell] < 5}
    for each in table.sums:
        missing = [values[cell] for cell in each.parts if cell not in known]
        assert each.total not in known or not missing or sum(missing) >= 5

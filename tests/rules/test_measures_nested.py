"""What is left over between two numbers that are shown is nobody, or five people at least."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from throughcare.measures.grid import LEFT_OVER, NAMES, NESTED, PART_OF, Cell, nested, parted
from throughcare.measures.suppression import Table, hidden

LEAST = 5


def cell(name):
    return Cell(name, "2026", "all")


def settled(**told):
    """The numbers of one page, and which of them are shown."""
    values, sums = parted({cell(name): told.get(name, 0) for name in NAMES})
    return values, set(values) - hidden(
        Table(values, sums, LEAST, unprinted={each for each in values if each.name not in NAMES})
    )


def read(values, shown, name):
    """A number that a reader has: printed, or taken by subtraction from two that are."""
    if "-" not in name:
        return values[cell(name)] if cell(name) in shown else None
    whole, part = (read(values, shown, each) for each in name.split("-"))
    return None if whole is None or part is None else whole - part


def small_differences(told):
    values, shown = settled(**told)
    for part, whole in (*NESTED, *LEFT_OVER):
        low, high = read(values, shown, part), read(values, shown, whole)
        if low is not None and high is not None and 0 < high - low < LEAST:
            yield part, whole, high - low


def test_the_one_person_unseen_who_also_uses_drugs_cannot_be_worked_out():
    told = {
        "received": 90, "alcohol_screened": 80, "alcohol_need": 60, "alcohol_held": 50, "alcohol_seen": 44,
        "alcohol_only_unseen": 5, "alcohol_wanting": 20, "alcohol_wanting_seen": 15,
    }  # fmt: skip
    assert list(small_differences(told)) == []
    values, shown = settled(**told)
    assert cell("alcohol_only_unseen") not in shown or cell("alcohol_held-alcohol_seen") not in shown
    assert values[cell("alcohol_held-alcohol_seen-alcohol_only_unseen")] == 1


def test_a_count_hidden_between_two_others_does_not_open_a_small_gap():
    assert list(small_differences({"received": 50, "alcohol_screened": 48, "alcohol_need": 46})) == []


@st.composite
def pages(draw):
    """Counts that can be: each part no larger than any whole it is part of, and those left over no more than there are."""
    wholes: dict[str, list[str]] = {}
    for part, whole in PART_OF:
        wholes.setdefault(part, []).append(whole)
    told: dict[str, int] = {}

    def count(name):
        if name not in told:
            most = min((count(whole) for whole in wholes.get(name, ())), default=60)
            told[name] = draw(st.one_of(st.integers(max(0, most - 6), most), st.integers(0, most)))
        return told[name]

    for name in sorted(NAMES):
        count(name)
    for side in ("alcohol", "drugs"):
        held, seen, wanting = (told[f"{side}_{what}"] for what in ("held", "seen", "wanting"))
        told[f"{side}_wanting_seen"] = draw(st.integers(max(0, wanting + seen - held), min(wanting, seen)))
    unseen = told["alcohol_held"] - told["alcohol_seen"]
    told["alcohol_only_unseen"] = draw(st.integers(0, unseen))
    return told


@given(pages())
@settings(max_examples=60)
def test_every_difference_of_nested_numbers_that_are_shown_is_none_or_five_at_least(told):
    assert list(small_differences(told)) == []


def test_a_part_of_a_part_is_a_part():
    assert set(nested([("a", "b"), ("b", "c"), ("c", "d")])) == {
        ("a", "b"), ("b", "c"), ("c", "d"), ("a", "c"), ("b", "d"), ("a", "d"),
    }  # fmt: skip

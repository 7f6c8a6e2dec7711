"""People are found by how a name begins, whatever order the database keeps its letters in."""

from __future__ import annotations

import pytest

from throughcare.casework import search
from throughcare.casework.forms import CaseFilter
from throughcare.casework.search import first_above


def test_what_lies_above_a_beginning_is_never_a_mark():
    told = {"ash": "asi", "az": "b", "z": "", "azz9": "b", "8": "9", "9": "", "þór": "", "ashþ": ""}
    assert {word: first_above(word) for word in told} == told


@pytest.mark.parametrize(
    ("typed", "found"),
    [("z", {"Zimmer"}), ("zi", {"Zimmer"}), ("az", {"Azzam"}), ("azzam", {"Azzam"}), ("þ", {"Þórr"})],
)
def test_everybody_whose_name_begins_so_and_nobody_else(desk, world, typed, found):
    for number, family in enumerate(("Zimmer", "Azzam", "Aøst", "Bell", "Þórr")):
        world.case(given="Rowan", family=family, prison_number=f"A123{number}BC")
    with desk.work(world.officer) as work:
        rows = search.find(work, CaseFilter(q=typed)).cases
    assert {
        family for family in ("Zimmer", "Azzam", "Aøst", "Bell", "Þórr") for row in rows if family in str(row)
    } == found

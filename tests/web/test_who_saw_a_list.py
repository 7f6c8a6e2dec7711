"""Being one line of a list is a reading too: the Sharing page says who saw it, when, where and on what basis."""

from __future__ import annotations

from datetime import timedelta

import pytest

from throughcare.casework import sharing
from throughcare.casework.sharing import show
from throughcare.disclosure.policy import Basis
from throughcare.kernel.actors import SYSTEM


@pytest.fixture
def case(desk, world):
    """Two cases, so that a list is a list; probation has standing in both."""
    cases = [world.case(family=name) for name in ("Ashdown", "Birch")]
    with desk.work(SYSTEM) as work:
        for each in cases:
            world.involve(work, each, "probation", Basis.TASK)
    return cases[0]


def test_a_reading_from_the_cases_list_is_told_in_plain_words(client_for, world, case):
    probation = client_for(world.probation)
    assert probation.get("/cases").status_code == 200
    page = client_for(world.officer).get(f"/cases/{case}/sharing").text
    assert "Who has seen them on a list" in page
    lists = page[page.index("Who has seen them on a list") :]
    assert "Probation, Probation practitioner, Ashby Probation Office" in lists
    assert "The cases list: " in lists
    assert "Statutory task" in lists
    assert "Who has seen them on a list" not in probation.get(f"/cases/{case}/sharing").text


def test_the_newest_come_first_one_line_a_worker_day_and_list(client_for, desk, world, case, clock):
    for _ in range(2):
        client_for(world.probation).get("/cases")
    clock.forward(timedelta(days=1))
    client_for(world.prison_manager).get("/cases")
    with desk.work(world.officer) as work:
        listed = show(work, case).listed
    assert [(row.worker, row.times) for row in listed] == [("Prison Manager", 1), ("Probation", 2)]


def test_a_list_they_were_not_on_is_not_told(client_for, desk, world, case):
    others = [world.case(where="scottish_prison", officer="scottish_officer", family=name) for name in ("Elm", "Oak")]
    client_for(world.scottish_officer).get("/cases")
    with desk.work(world.officer) as work:
        assert show(work, case).listed == ()
    with desk.work(world.scottish_officer) as work:
        assert len(show(work, others[0]).listed) == 1


def test_so_many_lists_are_looked_through_at_a_time_and_the_next_page_goes_on(
    client_for, desk, world, case, clock, monkeypatch
):
    monkeypatch.setattr(sharing, "SCANNED", 2)
    for who in ("probation", "prison_manager", "officer"):
        client_for(world.actors[who]).get("/cases")
        clock.forward(timedelta(minutes=1))
    with desk.work(world.officer) as work:
        first = show(work, case)
        assert [row.worker for row in first.listed] == ["Officer", "Prison Manager"]
        assert [row.worker for row in show(work, case, "", first.listed_before).listed] == ["Probation"]
    assert "Earlier lists" in client_for(world.officer).get(f"/cases/{case}/sharing").text


def test_two_readings_of_one_instant_are_each_on_a_page(client_for, desk, world, case, clock, monkeypatch):
    """The next page begins after a reading, not after its instant: the other of that instant is not lost."""
    for who in ("probation", "prison_manager", "other_officer"):
        client_for(world.actors[who]).get("/cases")
        client_for(world.actors[who]).get(f"/api/cases/{case}")
    clock.forward(timedelta(minutes=1))
    monkeypatch.setattr(sharing, "SCANNED", 1)
    monkeypatch.setattr(sharing, "LOOKED_BACK", 1)

    def all_of(rows, place, begin):
        found, at = [], ""
        for _ in range(40):
            with desk.work(world.officer) as work:
                page = show(work, case, **{begin: at})
            found += [row.worker for row in getattr(page, rows)]
            at = getattr(page, place)
            if not at:
                return found
        return []

    assert {"Probation", "Prison Manager", "Other Officer"} <= set(all_of("readings", "before", "before"))
    lists = all_of("listed", "listed_before", "listed_before")
    assert sorted(lists) == ["Other Officer", "Prison Manager", "Probation"]

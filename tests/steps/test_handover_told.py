"""What is urgent about somebody, and that they are handed over at all, told to those who may know it."""

from __future__ import annotations

import pytest

from tests.support.handovers import Handing
from throughcare.disclosure.policy import Basis
from throughcare.handover import doors, listing, views
from throughcare.handover.forms import HandoverQuery
from throughcare.kernel.categories import Category

PREGNANT = "Pregnancy or concern for an unborn child"


@pytest.fixture
def handing(world):
    return Handing(world, case=world.case(pregnant=True)).sent(flags=("no_address",))


def tab(desk, actor, handing):
    with desk.work(actor) as work:
        return listing.of_case(work, handing.case_id).handovers


@pytest.mark.parametrize("reader", ["probation", "probation_manager"])
def test_probation_is_told_of_a_handover_and_not_what_for(desk, world, handing, reader):
    with desk.work(world.officer) as work:
        world.involve(work, handing.case_id, "probation", Basis.TASK)
    (line,) = tab(desk, world.actors[reader], handing)
    assert line.label == "Sent"
    assert (line.flags, line.fast_track, line.sought) == ((), False, "")
    assert {"flags", "fast_track", "sought"} <= set(line.withheld)


def test_a_sender_reads_what_they_ticked_and_not_the_pregnancy_that_was_added(desk, world, handing):
    for reader, told in (("officer", ()), ("prison_manager", ()), ("treatment", (PREGNANT,))):
        (line,) = tab(desk, world.actors[reader], handing)
        assert line.flags == ("No address for the first night", *told)
        assert line.fast_track is bool(told)
        with desk.work(world.actors[reader]) as work:
            listed = listing.listed(work, HandoverQuery(urgent=True)).lines
        assert bool(listed) is bool(told)


def test_a_sender_who_says_so_themselves_reads_it(desk, world):
    handing = Handing(world).sent(flags=("pregnancy",))
    (line,) = tab(desk, world.officer, handing)
    assert (line.flags, line.fast_track) == ((PREGNANT,), True)
    with desk.work(world.officer) as work:
        assert listing.listed(work, HandoverQuery(urgent=True)).lines


@pytest.mark.parametrize("reader", ["provider", "provider_manager"])
def test_a_team_that_is_still_deciding_reads_what_is_urgent(desk, world, handing, reader):
    with desk.work(world.actors[reader]) as work:
        told = views.show(work, doors.find(work, handing.id))
    assert set(told.flags) == {PREGNANT, "No address for the first night"}
    assert (told.fast_track, told.sought, "sought" in told.withheld) == (True, "Key working", False)
    assert Category.IDENTITY not in told.withheld

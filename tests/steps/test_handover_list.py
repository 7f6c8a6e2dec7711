"""The handovers list: who waits for the reader first, the longest wait first, and nothing lost between two pages."""

from __future__ import annotations

from datetime import timedelta

from tests.support.handovers import Handing
from throughcare.handover import listing
from throughcare.handover.forms import HandoverQuery


def made(world, clock):
    """In the order they were made: settled, sent, sent, settled, with the sender's draft last."""
    for name, far in (
        ("Ash", "active"),
        ("Birch", "sent"),
        ("Cedar", "received"),
        ("Elm", "active"),
        ("Fir", "drafted"),
    ):
        getattr(Handing(world, case=world.case(family=name)), far)()
        clock.forward(timedelta(hours=1))


def named(desk, who, page=50):
    """Every family name on the list, page after page."""
    found, before = [], ""
    while True:
        with desk.work(who) as work:
            told = listing.listed(work, HandoverQuery(before=before))
        found += [line.initials for line in told.lines]
        if not told.older:
            return found
        assert len(told.lines) == page
        before = told.older


def test_who_waits_longest_for_the_reader_comes_first_and_what_is_settled_last(desk, world, clock, monkeypatch):
    made(world, clock)
    whole = named(desk, world.provider)
    assert [name[-2] for name in whole] == ["B", "C", "E", "A"]
    assert [name[-2] for name in named(desk, world.officer)] == ["B", "C", "F", "E", "A"]
    monkeypatch.setattr(listing, "SHOWN", 1)
    assert named(desk, world.provider, page=1) == whole

"""Whose a text is that nobody has placed: whom a worker may choose from, and how the others are found (R24)."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from tests.support.texting import forward, texted
from throughcare.casework.people import Case
from throughcare.checkin import actions, inbound, unplaced
from throughcare.checkin.forms import Place
from throughcare.checkin.rows import InboundText
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.refusals import Invalid


@pytest.fixture
def case(desk, world):
    return texted(desk, world)


def hear(desk):
    """A crisis from a number that nobody has."""
    forward(desk.clock, seconds=1)
    with desk.work(SYSTEM) as work:
        said = {"From": "+447700900998", "To": "+441632960000", "Body": "I want to end it"}
        inbound.store(work, {"MessageSid": uuid4().hex} | said)
        inbound.settle_number(work, "+447700900998")


def test_whoever_wrote_may_be_of_any_of_our_cases_the_readers_own_come_first_and_others_by_reference(desk, case, world):
    hear(desk)
    others = [world.case(given="Sorrel", family="Marsh") for _ in range(3)]
    with desk.work(SYSTEM) as work:
        (text,) = work.session.exec(select(InboundText)).all()
        for other, day in zip(others, (3, 1, 2), strict=True):
            row = work.session.get_one(Case, other)
            row.owner_worker_id = row.officer_id = None
            row.release_on = work.today + timedelta(days=day)
            work.session.add(row)
        theirs = work.session.get_one(Case, others[1])
        reference = theirs.reference
    with desk.work(world.officer) as work:
        assert unplaced.people(work, text) == [case, others[0], others[2], others[1]]
    for wrong in ({}, {"reference": "TC-NOBODY"}):
        with pytest.raises(Invalid), desk.work(world.officer) as work:
            actions.place(work, text.id, Place(**wrong))
    with desk.work(world.officer) as work:
        heard = actions.place(work, text.id, Place(reference=f" {reference.lower()}", new_number=True))
    assert heard.case_id == others[1]


def test_a_reference_tells_nobody_of_a_case_that_is_not_theirs(desk, case, world):
    hear(desk)
    with desk.work(SYSTEM) as work:
        (text,) = work.session.exec(select(InboundText)).all()
        reference = work.session.get_one(Case, case).reference
    with pytest.raises(Invalid), desk.work(world.provider) as work:
        actions.place(work, text.id, Place(reference=reference))

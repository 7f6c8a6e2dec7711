"""Every step from every status for every side, and one owner of the case at every instant of any walk."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from tests.support.handovers import Handing
from throughcare.casework.people import Case
from throughcare.handover import answering, doors, expiry, offering, passing, views
from throughcare.handover.forms import (
    Answering,
    Asking,
    Completing,
    Declining,
    Recalling,
    RefusingReturn,
    Returning,
    Waiting,
)
from throughcare.handover.rows import Handover
from throughcare.handover.steps import MACHINE, OF_SENDER, moves
from throughcare.handover.words import LIVE, OVER, Status
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.refusals import NotFound, NotPermitted, Refusal, WrongState

FORMS = {
    "ask": (answering.ask, lambda _: Asking(asked=("wishes",))),
    "answer": (offering.answer, lambda _: Answering(words="They want to stop")),
    "waiting_list": (answering.wait, lambda _: Waiting(review_on=date(2027, 3, 1))),
    "accept": (answering.accept, lambda h: h.acceptance(on=date(2027, 3, 2))),
    "decline": (answering.decline, lambda _: Declining(declined_by="person", reason="moving_away")),
    "recall": (offering.recall, lambda _: Recalling(reason="other")),
    "first_contact": (passing.first_contact, lambda h: h.contact()),
    "complete": (passing.complete, lambda _: Completing(outcome="transferred")),
    "offer_return": (passing.offer_return, lambda _: Returning(reason="other", words="Please")),
    "decline_return": (passing.decline_return, lambda _: RefusingReturn(reason="other")),
    "receive": (answering.receive, None),
    "accept_return": (passing.accept_return, None),
    "discard": (offering.discard, None),
}
TRIED = [*FORMS, "expire", "wait_a_day"]
SEEN_BY_BOTH = sorted(set(Status) - {Status.DRAFT, Status.DISCARDED})


def attempt(handing, name, actor):
    verb, form = FORMS[name]
    handing.do(actor, verb, *([form(handing)] if form else []))


@pytest.fixture
def sent(world):
    return Handing(world).sent()


def put(desk, handing, status):
    with desk.work(SYSTEM) as work:
        row = work.session.get_one(Handover, handing.id)
        row.status = status
        work.session.add(row)


@pytest.mark.parametrize("status", SEEN_BY_BOTH)
def test_from_each_status_a_side_has_its_own_moves_and_every_other_is_refused(sent, world, desk, status):
    """R6: the refusal is a 409 that names the moves there are; the other side's moves are not theirs to make."""
    put(desk, sent, status)
    for actor, ours in ((world.officer, True), (world.provider, False)):
        open_now = {step.label.lower() for step in moves(sent.row, actor)}
        for step in MACHINE.steps:
            if step.name not in FORMS or status in step.frm:
                continue
            with pytest.raises((NotPermitted, WrongState)) as refused:
                attempt(sent, step.name, actor)
            theirs = (step.name in OF_SENDER) == ours
            assert isinstance(refused.value, WrongState if theirs else NotPermitted), step.name
            if theirs:
                assert refused.value.status == 409
                assert all(label in refused.value.sentence for label in open_now)
    assert sent.row.status is status


@pytest.mark.parametrize("status", [Status.DRAFT, Status.DISCARDED])
def test_before_sending_the_receiver_has_no_moves_at_all(sent, world, desk, status):
    put(desk, sent, status)
    for name in FORMS:
        with pytest.raises(NotFound):
            attempt(sent, name, world.provider)


def test_what_is_over_stays_over_and_the_rest_has_a_way_on():
    for status in Status:
        leads = [step for step in MACHINE.steps if status in step.frm]
        assert bool(leads) == (status in LIVE), status
    assert {step.to for step in MACHINE.steps} >= OVER


def test_every_button_shown_is_a_move_that_works(sent, world, desk):
    told = sent.do(world.provider, lambda work, row_id: views.show(work, doors.find(work, row_id)))
    assert [move.name for move in told.moves] == ["receive"]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(walk=st.lists(st.sampled_from(TRIED), min_size=6, max_size=14), second=st.booleans())
def test_the_case_has_one_owner_at_every_instant_of_any_walk(desk, world, walk, second):
    """Ownership moves on first contact and on an accepted return, between the two sides, and is never nobody's."""
    handings = [Handing(world).sent()]
    if second:
        handings.append(Handing(world, case=handings[0].case_id, to="other_provider").sent())
    for place, name in enumerate(["receive", *walk]):
        handing = handings[place % len(handings)]
        before = owner(desk, handing)
        moved = step_on(desk, world, handing, name)
        after = owner(desk, handing)
        assert after is not None
        passes = moved and name in {"first_contact", "accept_return"}
        assert after == before or passes, (name, walk)
        assert_shared_only_until_contact(desk, handing)


def step_on(desk, world, handing, name):
    """Try a move by whoever's it is; whether it went through."""
    if name == "wait_a_day":
        desk.clock.forward(timedelta(days=1))
        return False
    if name == "expire":
        with desk.work(SYSTEM) as work:
            return bool(expiry.expire_due(work))
    try:
        attempt(handing, name, world.officer if name in OF_SENDER else handing.receiver)
    except Refusal:
        return False
    return True


def owner(desk, handing):
    with desk.work(SYSTEM) as work:
        return work.session.get_one(Case, handing.case_id).owner_agency_id


def assert_shared_only_until_contact(desk, handing):
    """Somebody shares responsibility exactly while a handover the owner sent is accepted and not yet begun."""
    with desk.work(SYSTEM) as work:
        case = work.session.get_one(Case, handing.case_id)
        rows = work.session.exec(select(Handover).where(Handover.case_id == case.id)).all()
        coming = [
            row
            for row in rows
            if row.from_agency_id == case.owner_agency_id
            and (row.status is Status.ACCEPTED or (row.status is Status.RETURN_OFFERED and not row.first_contact_at))
        ]
        assert bool(case.co_agency_id) == bool(coming)
        assert case.co_agency_id != case.owner_agency_id


def test_a_careless_first_contact_that_empties_the_owner_would_be_noticed(desk, world):
    """The broken twin of the walk: passing a case by clearing its owner first leaves nobody's case."""
    handing = Handing(world).accepted()
    with pytest.raises(Refusal), desk.work(SYSTEM) as work:
        lose_the_owner(work, handing)


def lose_the_owner(work, handing):
    case = work.session.get_one(Case, handing.case_id)
    case.owner_agency_id = None
    work.session.add(case)
    work.session.flush()

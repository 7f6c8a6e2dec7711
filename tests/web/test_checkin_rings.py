"""What the pages say of a ring, of a text from before the proof, and of what a person chose by text (R22-R24, R52)."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from sqlmodel import select

from tests.support.texting import NUMBER, dispatch, forward, gateway_of, reachable, release, texted
from throughcare.casework.people import PhoneNumber
from throughcare.checkin import inbound
from throughcare.checkin.planning import plan_texts
from throughcare.kernel.actors import SYSTEM

OURS = "+441632960000"


def comes(desk, ago=timedelta(), **fields):
    forward(desk.clock, seconds=1)
    with desk.work(SYSTEM) as work:
        inbound.store(work, {"From": NUMBER, "To": OURS, **fields}, work.now - ago)
        inbound.settle_number(work, fields.get("From", NUMBER))


def test_a_ring_is_said_in_the_thread_the_table_and_the_timeline(desk, world, clock, client_for):
    case = texted(desk, world)
    forward(clock, hours=26)
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    dispatch(desk, gateway_of(desk), rounds=2)
    comes(desk, CallSid="CA1")
    page = client_for(world.officer).get(f"/cases/{case}/check-ins").text
    assert page.count("Rang in") == 1
    assert "Answered: rang in" in page
    assert "No score" in page
    assert "Rang in" in client_for(world.officer).get(f"/cases/{case}/timeline").text


def test_a_ring_nobody_has_placed_is_shown_and_placed_without_a_word_to_it(desk, world, client_for):
    texted(desk, world)
    comes(desk, CallSid="CA1", From="+447700900998")
    page = client_for(world.prison_manager).get("/check-ins").text
    assert "Rang in" in page
    assert "An empty text" not in page


def test_a_text_from_before_the_proof_says_so(desk, world, client_for):
    case = world.case()
    reachable(desk, case)
    release(desk, case)
    forward(desk.clock, hours=1)
    with desk.work(SYSTEM) as work:
        for number in work.session.exec(select(PhoneNumber)):
            number.proven_at = work.now
    comes(desk, timedelta(minutes=5), MessageSid=uuid4().hex, Body="3")
    assert "From before the number was proven theirs" in client_for(world.officer).get("/check-ins").text


def test_what_they_chose_is_on_the_page_with_what_was_before(desk, world, client_for):
    case = texted(desk, world)
    for body in ("HOUR 14", "HOUR 10"):
        comes(desk, MessageSid=uuid4().hex, Body=body)
    page = client_for(world.officer).get(f"/cases/{case}/check-ins").text
    assert "What they chose by text" in page
    assert "The hour of the texts: 10:00 (was 14:00)" in page

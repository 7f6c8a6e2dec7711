"""The whole of it beside the web part: planned, sent, received on the phone, and stopped without losing anything."""

from __future__ import annotations

import time

from sqlmodel import select

from config.running import running, sending
from config.settings import Settings
from scheduler.ticks import TICKS
from tests.support.texting import reachable, release, texts
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.delivery import Delivery
from throughcare.kernel.outbox import MessageEvent


def wait_for(holds, seconds=120):
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)
    return holds()


def test_a_text_leaves_by_itself_and_its_receipts_come_back_by_the_signed_door(desk, world, settings):
    case = world.case()
    reachable(desk, case)
    release(desk, case)
    with sending(settings, desk):
        assert wait_for(lambda: [text.state for text in texts(desk)] == [Delivery.DELIVERED])
    with desk.work(SYSTEM) as work:
        assert "delivered" in {event.new for event in work.session.exec(select(MessageEvent))}


def test_it_starts_and_stops_with_nothing_to_do(desk, world):
    with running(Settings(environment="demo", _env_file=None), desk):
        pass


def test_every_round_of_check_ins_is_on_the_timetable():
    assert {"plan_texts", "settle_inbound", "climb_ladders", "confirm_old_texts", "resume_check_ins"} <= {
        tick.name for tick in TICKS
    }

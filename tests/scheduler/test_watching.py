"""Somebody outside knows when the service has stopped: by silence, and never because it could still speak (R50)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from config.settings import Settings
from integrations.watcher import watcher
from scheduler.deadman import PERIODS, late, tell
from scheduler.dispatch import Dispatcher
from scheduler.ticks import TICKS, run
from scheduler.timetable import start_ticking
from tests.support.texting import NUMBER, dispatch, forward, gateway_of, proven, reachable, release
from throughcare.checkin import inbound
from throughcare.checkin.pulse import pulse
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.delivery import Purpose
from throughcare.kernel.heartbeat import SENDING, beat
from throughcare.kernel.outbox import Message, send


@pytest.fixture
def well(desk):
    """Every round has just been done."""
    with desk.work(SYSTEM) as work:
        for name in PERIODS:
            beat(work, name)


class Pinged(list):
    def __call__(self):
        self.append("well")


def stopped(desk):
    with desk.work(SYSTEM) as work:
        return late(work)


def test_a_service_that_never_ran_is_not_called_well(desk):
    pinged = Pinged()
    assert tell(desk, pinged) is False
    assert pinged == []
    assert set(stopped(desk)) == {tick.name for tick in TICKS} | {SENDING}


def test_all_is_well_until_any_one_round_stops(desk, well, clock):
    pinged = Pinged()
    assert tell(desk, pinged)
    forward(clock, minutes=5, seconds=31)
    assert SENDING in stopped(desk)
    assert "sweep_sessions" not in stopped(desk)
    assert not tell(desk, pinged)
    with desk.work(SYSTEM) as work:
        for name in stopped(desk):
            beat(work, name)
    assert tell(desk, pinged)
    assert pinged == ["well", "well"]


@pytest.mark.parametrize("name", PERIODS)
def test_each_round_is_missed(desk, well, clock, name):
    forward(clock, seconds=300 + 3 * PERIODS[name].total_seconds())
    assert name not in stopped(desk)
    forward(clock, seconds=1)
    assert name in stopped(desk)


def test_the_dispatcher_says_that_it_lives(desk):
    asyncio.run(Dispatcher(desk, gateway_of(desk))._sweep())
    assert SENDING not in stopped(desk)


def test_a_watcher_who_cannot_be_told_stops_nothing(desk, well):
    assert tell(desk, lambda: 1 / 0) is False


def test_it_is_on_the_timetable_where_somebody_watches(desk):
    for ping in (Pinged(), None):
        ticker = start_ticking(desk, ping)
        assert ("tell" in {job.id for job in ticker.get_jobs()}) is (ping is not None)
        ticker.shutdown(wait=True)


def test_the_watcher_is_called_and_an_unwilling_one_is_a_fault():
    statuses, called = [200, 500], []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            called.append(self.path)
            self.send_response(statuses[len(called) - 1])
            self.end_headers()

        def log_message(self, *_): ...

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        call = watcher(f"http://127.0.0.1:{server.server_port}/here")
        call()
        with pytest.raises(OSError, match="500"):
            call()
        server.shutdown()
    assert called == ["/here", "/here"]
    assert watcher("") is None


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org", "somewhere"])
def test_only_an_address_of_the_web_is_called(url):
    with pytest.raises(ValueError, match="watcher_url"):
        Settings(watcher_url=url, _env_file=None)


def test_how_far_behind_the_texts_are(desk, world, clock):
    with desk.work(SYSTEM) as work:
        assert set(pulse(work).values()) == {None}
    case = world.case()
    reachable(desk, case)
    release(desk, case)
    proven(desk, case)
    with desk.work(SYSTEM) as work:
        window = {"not_before": work.now, "expires_at": work.now + timedelta(hours=6)}
        for key in "abc":
            send(work, Message(key, case, NUMBER, Purpose.REPLY, "staff_message", "en", f"Hello {key}", **window))
        inbound.store(work, {"MessageSid": "SM1", "From": NUMBER, "Body": "5"})
    dispatch(desk, gateway_of(desk, script=["drop_after", "take", "busy"]))
    forward(clock, seconds=90)
    with desk.work(SYSTEM) as work:
        told = pulse(work)
    assert told["oldest_in_doubt"] == told["oldest_without_receipt"] == told["oldest_unread_by_us"] == 90
    assert 80 < told["oldest_due"] < 90
    assert told["provider_down"] is None


def test_a_round_done_by_two_at_once_is_done(desk, well, clock):
    forward(clock, minutes=1)
    assert [run(desk, tick) for tick in TICKS[:2] for _ in range(2)] == [0, 0, 0, 0]

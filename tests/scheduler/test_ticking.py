"""Every round is on the timetable, is written down when it ends well, and cannot end the scheduler by failing."""

from __future__ import annotations

import pytest

from scheduler.ticks import TICKS, Tick, run
from scheduler.timetable import start_ticking
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.heartbeat import heartbeats


@pytest.mark.parametrize("tick", TICKS, ids=lambda tick: tick.name)
def test_every_round_runs_on_an_empty_service_and_is_written_down(desk, tick):
    assert run(desk, tick) == 0
    with desk.work(SYSTEM) as work:
        assert heartbeats(work) == {tick.name: work.now}


def test_a_round_that_fails_leaves_nothing_and_does_not_raise(desk):
    def fall(work):
        raise RuntimeError("a fault of ours")

    assert run(desk, Tick("falls", 60, fall)) == 0
    with desk.work(SYSTEM) as work:
        assert heartbeats(work) == {}


def test_every_round_is_on_the_timetable_once_and_survives_being_late(desk):
    ticker = start_ticking(desk)
    try:
        jobs = {job.id: job for job in ticker.get_jobs()}
        assert jobs.keys() == {tick.name for tick in TICKS}
        assert all(job.misfire_grace_time is None and job.coalesce and job.max_instances == 1 for job in jobs.values())
    finally:
        ticker.shutdown(wait=True)

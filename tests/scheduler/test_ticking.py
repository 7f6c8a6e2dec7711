"""Every round is on the timetable, is written down when it ends well, and cannot end the scheduler by failing."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path

import pytest

import throughcare
from scheduler.ticks import TICKS, Tick, run
from scheduler.timetable import start_ticking
from tests.support.requirements import released
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.heartbeat import heartbeats
from throughcare.requirement import orders
from throughcare.requirement.forms import RecordRequirement
from throughcare.requirement.rows import Requirement
from throughcare.requirement.words import OrderKind

SOURCE = Path(throughcare.__file__).parent
OF_THE_DISPATCHER = {"throughcare.checkin.sending.sweep"}  # which calls it between two batches


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


def counts_what_it_did(found):
    """Whether a function is given nothing but the work, and says how much it did."""
    return isinstance(found, ast.FunctionDef) and signature(found) == ("work: Work", "int")


def signature(found):
    return ast.unparse(found.args), ast.unparse(found.returns) if found.returns else ""


def test_whatever_only_time_sets_off_is_on_the_timetable():
    """A public function of the work alone that counts what it did has nobody to call it but a round."""
    waiting = {
        ".".join(("throughcare", *path.relative_to(SOURCE).with_suffix("").parts, found.name))
        for path in SOURCE.rglob("*.py")
        for found in ast.parse(path.read_text("utf-8")).body
        if counts_what_it_did(found) and not found.name.startswith("_")
    }
    called = {f"{tick.do.__module__}.{tick.do.__name__}" for tick in TICKS}
    assert waiting - called == OF_THE_DISPATCHER


def test_an_order_begins_and_its_period_ends_when_the_day_comes_and_nobody_presses_anything(desk, world):
    case = released(desk, world)
    starts = desk.clock.at.date() + timedelta(days=2)
    with desk.work(world.provider) as work:
        form = RecordRequirement(
            kind="drr",
            order=OrderKind.COMMUNITY_ORDER,
            reference="T2026/9",
            starts_on=starts,
            officer_id=world.probation.id,
        )
        order = orders.record(work, case, form).id
    assert rounds(desk, "begin_supervision", "end_report_periods") == [0, 0]
    desk.clock.forward(timedelta(days=2))
    assert rounds(desk, "begin_supervision", "end_report_periods") == [1, 0]
    with desk.work(SYSTEM) as work:
        assert work.session.get_one(Requirement, order).supervision_from == starts
    desk.clock.forward(timedelta(days=32))
    assert rounds(desk, "begin_supervision", "end_report_periods") == [0, 1]
    assert rounds(desk, "end_report_periods") == [0]


def rounds(desk, *names):
    return [run(desk, tick) for name in names for tick in TICKS if tick.name == name]

"""The stage is what the facts amount to, whatever order they come in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import select

from tests.kernel.test_clocks_running import event
from throughcare.casework.people import Case
from throughcare.casework.rows import CustodyEpisode
from throughcare.casework.stage import Stage
from throughcare.journey.keeping_stage import keep_stages
from throughcare.kernel.actors import SYSTEM


@pytest.fixture
def after(desk, world):
    def stage(case_id, *names, clock=None):
        for name in names:
            with desk.work(world.officer) as work:
                if name == "custody.released":
                    stay = work.session.exec(select(CustodyEpisode).where(CustodyEpisode.case_id == case_id)).one()
                    stay.ended_at = work.now
                    work.session.add(stay)
                work.record(event(name, case_id))
        with desk.work(world.officer) as work:
            return work.session.get_one(Case, case_id).stage

    return stage


def test_a_case_walks_from_reception_to_the_provider(after, world, clock):
    case = world.case()
    walk = [
        ("custody.received", Stage.RECEPTION),
        ("screening.completed", Stage.IN_CUSTODY),
        ("plan.started", Stage.PLANNING),
        ("plan.agreed", Stage.READY),
        ("custody.released", Stage.RELEASED),
        ("handover.activated", Stage.WITH_PROVIDER),
        ("handover.return_accepted", Stage.RELEASED),
    ]
    for name, expected in walk:
        clock.forward(timedelta(minutes=1))
        assert after(case, name) == expected, name


def test_a_plan_opened_again_is_not_ready(after, world, clock):
    case = world.case()
    after(case, "custody.received")
    for name in ("plan.started", "plan.agreed", "plan.reopened"):
        clock.forward(timedelta(minutes=1))
        last = after(case, name)
    assert last == Stage.PLANNING


def test_a_release_within_twelve_weeks_is_planning_even_before_a_plan(after, world, desk):
    case = world.case()
    with desk.work(world.officer) as work:
        row = work.session.get_one(Case, case)
        row.release_on = date(2026, 11, 20) + timedelta(days=84)
        work.session.add(row)
    assert after(case, "custody.received", "screening.completed") == Stage.PLANNING


def test_twelve_weeks_before_release_begin_by_themselves(after, world, desk, clock):
    case = world.case()
    assert after(case, "custody.received", "screening.completed") == Stage.IN_CUSTODY
    with desk.work(world.officer) as work:
        row = work.session.get_one(Case, case)
        row.release_on = date(2026, 11, 20) + timedelta(days=90)
        work.session.add(row)
    for days, expected in ((0, 0), (6, 1), (7, 0)):
        clock.at = clock.at.replace(day=20) + timedelta(days=days)
        with desk.work(SYSTEM) as work:
            assert keep_stages(work) == expected
    assert after(case) == Stage.PLANNING

"""Rounds over many rows: one that cannot be worked stops no other, and none waits behind others for ever (R10)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from tests.support.handovers import Handing
from tests.support.requirements import BEGAN, ordered, released
from throughcare.checkin import climbing, planning
from throughcare.checkin.rows import CheckinPlan, CheckinPrompt, PlanStatus
from throughcare.handover import expiry
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.rounds import each_alone
from throughcare.requirement import periods, reports
from throughcare.requirement.forms_reports import BeginReport
from throughcare.requirement.rows import ComplianceReport
from throughcare.requirement.rules import untold


def day(number):
    return date(2026, 11, number)


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ([], [(1, 30)]),
        ([(1, 10)], [(11, 30)]),
        ([(20, 30)], [(1, 19)]),
        ([(12, 15), (5, 6)], [(1, 4), (7, 11), (16, 30)]),
        ([(1, 30), (1, 30)], []),
        ([(3, 8), (6, 30)], [(1, 2)]),
    ],
)
def test_the_days_no_report_is_about(told, left):
    known = [(day(first), day(last)) for first, last in told]
    assert untold(day(1), day(30), known) == [(day(first), day(last)) for first, last in left]


def test_nor_are_days_outside_the_period_counted():
    assert untold(day(10), day(20), [(day(1), day(12)), (day(25), day(28))]) == [(day(13), day(20))]


def test_a_report_begun_by_hand_leaves_the_rest_of_its_month_and_every_other_order(desk, world):
    case_id, other = released(desk, world), released(desk, world, prison_number="A1234BD")
    requirement, of_another = ordered(desk, world, case_id), ordered(desk, world, other)
    with desk.work(world.provider) as work:
        until = BEGAN + timedelta(days=9)
        reports.begin(work, case_id, requirement, BeginReport(period_from=BEGAN, period_to=until))
    desk.clock.at += timedelta(days=2)
    with desk.work(SYSTEM) as work:
        assert periods.end_periods(work) == 2
        assert periods.end_periods(work) == 0
    with desk.work(SYSTEM) as work:
        told = select(ComplianceReport).order_by(col(ComplianceReport.period_from))
        rows = work.session.exec(told).all()
        mine = [(row.period_from, row.period_to) for row in rows if row.requirement_id == requirement]
        theirs = [(row.period_from, row.period_to) for row in rows if row.requirement_id == of_another]
    ends = date(2026, 11, 20)
    assert mine == [(BEGAN, until), (until + timedelta(days=1), ends)]
    assert theirs == [(BEGAN, ends)]


def test_one_that_fails_is_undone_alone(desk, world):
    handings = [Handing(world, case=world.case(prison_number=f"A123{n}BC")).sent() for n in range(3)]

    def expire_but_one(work, handover_id):
        expiry._expire(work, handover_id)
        if handover_id == handings[1].id:
            raise RuntimeError("cannot be worked")
        return 1

    with desk.work(SYSTEM) as work:
        assert each_alone(work, [each.id for each in handings], expire_but_one) == 2
    assert [each.row.status for each in handings] == ["expired", "sent", "expired"]


@pytest.fixture
def whose(desk, world):
    """Five people whose check-ins are due, the more pressing the later their case comes; by row, the case."""
    cases, found = sorted((world.case(prison_number=f"A123{n}BC") for n in range(5)), key=str, reverse=True), {}
    with desk.work(SYSTEM) as work:
        for late, case_id in enumerate(cases):
            due = work.now - timedelta(hours=9 - late)
            plan = work.add(CheckinPlan(case_id=case_id, status=PlanStatus.ACTIVE, next_at=due))
            made = {"step": "day_1", "day": 1, "on": work.today, "not_before": due, "expires_at": due, "look_at": due}
            prompt = work.add(CheckinPrompt(case_id=case_id, plan_id=plan.id, **made))
            found |= {plan.id: case_id, prompt.id: case_id}
    return found


@pytest.mark.parametrize(
    ("module", "step", "do"), [(planning, "_plan_one", planning.plan_texts), (climbing, "look", climbing.climb_ladders)]
)
def test_what_is_due_first_is_taken_first_and_worked_in_the_order_in_which_every_round_locks_cases_t4(
    desk, whose, monkeypatch, module, step, do
):
    worked, most_pressing = [], list(dict.fromkeys(whose.values()))[:3]
    monkeypatch.setattr(module, "AT_ONCE", 3)
    monkeypatch.setattr(module, step, lambda _, row_id: worked.append(whose[row_id]) or 1)
    with desk.work(SYSTEM) as work:
        do(work)
    assert worked == sorted(most_pressing, key=str)


def test_a_reminder_that_is_due_waits_for_none_that_is_not(desk, world, monkeypatch):
    monkeypatch.setattr(expiry, "AT_ONCE", 1)
    first = Handing(world, case=world.case(prison_number="A1230BC")).sent()
    desk.clock.at += timedelta(days=7)
    for number in range(1, 4):
        Handing(world, case=world.case(prison_number=f"A123{number}BC")).sent()
    with desk.work(SYSTEM) as work:
        assert expiry.remind_due(work) == 1
    assert first.row.reminded > 0

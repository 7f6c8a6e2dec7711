"""No work is put, or left, on a list that nobody reads: it goes to the narrowest list of that agency that somebody does."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlmodel import select

from tests.support.texting import NUMBER, forward, texted
from throughcare.casework import workers, worklist
from throughcare.casework.agencies import Membership, Team
from throughcare.casework.people import Case
from throughcare.casework.rows import ServiceClock
from throughcare.casework.worklist import WorkQuery
from throughcare.checkin import errands, inbound, overdue
from throughcare.kernel.actors import SYSTEM
from throughcare.screening import asking
from throughcare.screening.forms import SafetyAnswers
from throughcare.screening.rules import SafetyAnswer


@pytest.fixture
def case_id(desk, world):
    return texted(desk, world)


@pytest.fixture
def crisis(desk, case_id):
    def crisis():
        forward(desk.clock, seconds=1)
        with desk.work(SYSTEM) as work:
            told = {"MessageSid": uuid4().hex, "From": NUMBER, "To": "+441632960000", "Body": "I want to end it"}
            inbound.store(work, told)
            inbound.settle_number(work, NUMBER)

    return crisis


def membership(desk, actor, **change):
    with desk.work(SYSTEM) as work:
        held = work.session.exec(select(Membership).where(Membership.worker_id == actor.id)).one()
        for name, value in change.items():
            setattr(held, name, value)
        work.session.add(held)
        return held.id


def on_list_of(desk, actor):
    with desk.work(actor) as work:
        mine = worklist.my_work(work, WorkQuery())
    return [item.words for item in (*mine.overdue, *mine.today, *mine.soon)]


def test_a_crisis_after_the_owner_has_left_is_on_the_list_of_their_team(desk, world, clock, case_id, crisis):
    membership(desk, world.officer, to_on=clock.at.date())
    crisis()
    assert errands.CRISIS.words in on_list_of(desk, world.other_officer)


def test_a_crisis_in_a_case_of_a_team_without_members_is_on_the_managers_list(desk, world, case_id, crisis):
    with desk.work(SYSTEM) as work:
        empty = work.add(Team(agency_id=world.agencies["prison"], name="Nobody yet"))
        case = work.session.get_one(Case, case_id)
        case.owner_worker_id, case.owner_team_id = None, empty.id
        work.session.add(case)
    crisis()
    assert errands.CRISIS.words in on_list_of(desk, world.prison_manager)
    assert errands.CRISIS.words not in on_list_of(desk, world.other_officer)


def test_what_goes_to_the_manager_finds_one_who_is_in_no_team(desk, world, case_id, crisis):
    membership(desk, world.prison_manager, team_id=None)
    crisis()
    forward(desk.clock, hours=3)
    with desk.work(SYSTEM) as work:
        overdue.escalate(work)
    assert errands.UNANSWERED.words in on_list_of(desk, replace(world.prison_manager, team_id=None))


def test_where_there_is_no_manager_it_is_everybodys(desk, world, case_id, crisis):
    for gone in (world.prison_manager, world.officer):
        membership(desk, gone, to_on=desk.clock.at.date())
    crisis()
    forward(desk.clock, hours=3)
    with desk.work(SYSTEM) as work:
        overdue.escalate(work)
    assert errands.UNANSWERED.words in on_list_of(desk, world.other_officer)


@pytest.mark.parametrize("leaves", ["role ended", "disabled"])
def test_work_on_the_list_of_somebody_who_leaves_goes_to_their_team_at_once(desk, world, crisis, leaves):
    crisis()
    assert errands.CRISIS.words not in on_list_of(desk, world.other_officer)
    held = membership(desk, world.officer)
    with desk.work(world.admin) as work:
        if leaves == "disabled":
            workers.disable(work, world.officer.id)
        else:
            workers.end_membership(work, held)
    assert errands.CRISIS.words in on_list_of(desk, world.other_officer)


def test_a_deadline_of_the_only_one_of_a_role_goes_to_the_manager_when_they_leave(desk, world):
    case_id = world.case()
    with desk.work(world.officer) as work:
        asking.ask_safety(work, case_id, SafetyAnswers(answers={"daily_alcohol": SafetyAnswer.YES}))
    held = membership(desk, world.healthcare)
    with desk.work(world.admin) as work:
        workers.end_membership(work, held)
    with desk.work(SYSTEM) as work:
        of_the_prison = select(ServiceClock).where(ServiceClock.code == "healthcare_today")
        clock = work.session.exec(of_the_prison).one()
    assert (clock.role, clock.worker_id) == (world.prison_manager.role, None)


def test_work_stays_with_somebody_who_has_another_role_there(desk, world, case_id, crisis):
    crisis()
    held = membership(desk, world.officer)
    with desk.work(SYSTEM) as work:
        more = {"worker_id": world.officer.id, "agency_id": world.agencies["prison"]}
        work.add(Membership(**more, role=world.treatment.role, from_on=work.today))
    with desk.work(world.admin) as work:
        workers.end_membership(work, held)
    assert errands.CRISIS.words in on_list_of(desk, world.officer)

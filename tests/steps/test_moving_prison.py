"""Another prison holds them: what the first had still to do, and its side of what is under way, is that prison's to do."""

from __future__ import annotations

from datetime import time

import pytest
from sqlmodel import col, select

from tests.support.handovers import Handing
from tests.support.texting import forward
from throughcare.casework import custody, worklist
from throughcare.casework.agencies import Membership
from throughcare.casework.forms_custody import Recall, Release, Transfer
from throughcare.casework.people import Case
from throughcare.casework.rows import ClockState, ServiceClock, Task, TaskStatus
from throughcare.casework.worklist import WorkQuery
from throughcare.kernel.actors import SYSTEM, Role
from throughcare.safeguarding import actions as safeguarding
from throughcare.safeguarding.forms import ConcernForm, JustDo, ReferralForm
from throughcare.safeguarding.rows import Referral, ReferralStatus
from throughcare.safeguarding.rules import Level
from throughcare.screening import asking
from throughcare.screening.forms import SafetyAnswers
from throughcare.screening.rules import SafetyAnswer


@pytest.fixture
def moved(desk, world):
    """Somebody who drinks every day, and is moved on the day they say so."""
    case_id = world.case()
    with desk.work(world.officer) as work:
        asking.ask_safety(work, case_id, SafetyAnswers(answers={"daily_alcohol": SafetyAnswer.YES}))
    with desk.work(world.officer) as work:
        custody.transfer(work, case_id, Transfer(prison_id=world.agencies["scottish_prison"], moved_on=work.today))
    return case_id


def open_work(desk, case_id):
    with desk.work(SYSTEM) as work:
        tasks = select(Task).where(Task.case_id == case_id, Task.status == TaskStatus.OPEN)
        clocks = select(ServiceClock).where(ServiceClock.case_id == case_id, ServiceClock.state == ClockState.RUNNING)
        return [*work.session.exec(tasks.order_by(col(Task.kind))), *work.session.exec(clocks)]


def test_no_work_and_no_deadline_stays_at_the_prison_that_was_left(desk, world, moved):
    left = open_work(desk, moved)
    assert {"healthcare_today"} <= {getattr(each, "code", "") for each in left}
    assert {each.agency_id for each in left} == {world.agencies["scottish_prison"]}
    assert {each.worker_id for each in left} == {None}


def test_the_deadline_of_today_is_on_a_list_that_somebody_at_the_new_prison_reads(desk, world, moved):
    with desk.work(world.scottish_officer) as work:
        mine = worklist.my_work(work, WorkQuery())
    assert any(item.kind == "clock" for item in (*mine.overdue, *mine.today))


def test_where_the_new_prison_has_the_role_its_deadline_keeps_it(desk, world):
    with desk.work(SYSTEM) as work:
        nurse = {"worker_id": world.healthcare.id, "role": Role.HEALTHCARE, "from_on": work.today}
        work.add(Membership(**nurse, agency_id=world.agencies["scottish_prison"]))
    case_id = world.case()
    with desk.work(world.officer) as work:
        asking.ask_safety(work, case_id, SafetyAnswers(answers={"daily_alcohol": SafetyAnswer.YES}))
    with desk.work(world.officer) as work:
        custody.transfer(work, case_id, Transfer(prison_id=world.agencies["scottish_prison"], moved_on=work.today))
    roles = {each.code: each.role for each in open_work(desk, case_id) if isinstance(each, ServiceClock)}
    assert roles["healthcare_today"] is Role.HEALTHCARE


def test_the_new_prison_sees_a_referral_through_that_the_first_one_made(desk, world):
    case_id = world.case()
    with desk.work(world.treatment) as work:
        level = Level.SIGNIFICANT_HARM
        told = safeguarding.record_concern(work, case_id, ConcernForm(level=level, what="Alone at night"))
        said = {"spoke_to": "A duty worker", "child_details": "Sam, 4", "concerns": "Alone", "availability": "Any"}
        form = ReferralForm(front_door_id=world.agencies["front_door"], family_knows=True, **said)
        made = safeguarding.refer(work, case_id, told.concerns[0].id, form).referrals[0].id
    with desk.work(world.officer) as work:
        custody.transfer(work, case_id, Transfer(prison_id=world.agencies["scottish_prison"], moved_on=work.today))
    with desk.work(world.scottish_officer) as work:
        safeguarding.send_form(work, case_id, made, JustDo())
    with desk.work(SYSTEM) as work:
        assert work.session.get_one(Referral, made).status is ReferralStatus.SENT


def test_a_case_nobody_took_is_asked_about_at_the_new_prison_alone(desk, world):
    case_id = world.case()
    for actor, prison in ((world.officer, "scottish_prison"), (world.scottish_officer, "prison")):
        forward(desk.clock, seconds=1)
        with desk.work(actor) as work:
            custody.transfer(work, case_id, Transfer(prison_id=world.agencies[prison], moved_on=work.today))
    asked = [each for each in open_work(desk, case_id) if getattr(each, "kind", "") == "allocate_case"]
    assert [each.agency_id for each in asked] == [world.agencies["prison"]]


def test_a_provider_goes_on_with_its_own_work(desk, world):
    handing = Handing(world).received()
    with desk.work(world.officer) as work:
        custody.transfer(
            work, handing.case_id, Transfer(prison_id=world.agencies["scottish_prison"], moved_on=work.today)
        )
    assert {each.agency_id for each in open_work(desk, handing.case_id)} >= {world.agencies["provider"]}


def test_a_recall_to_another_prison_takes_the_sending_side_of_a_handover_with_it(desk, world):
    handing = Handing(world).active()
    with desk.work(world.officer) as work:
        custody.release(work, handing.case_id, Release(released_on=work.today, released_at=time(9)))
    forward(desk.clock, days=3)
    with desk.work(world.provider) as work:
        recalled = Recall(prison_id=world.agencies["scottish_prison"], received_on=work.today)
        custody.recall(work, handing.case_id, recalled)
    assert handing.row.from_agency_id == world.agencies["scottish_prison"]
    with desk.work(SYSTEM) as work:
        assert work.session.get_one(Case, handing.case_id).owner_agency_id == world.agencies["provider"]

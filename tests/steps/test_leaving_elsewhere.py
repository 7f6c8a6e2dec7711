"""A release that did not lead into the community starts nothing; a death ends everything, and names nothing as missed."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from sqlmodel import select

from tests.support.handovers import Handing
from tests.support.texting import dispatch, gateway_of, proven, reachable, texts
from throughcare.casework import custody, whereabouts
from throughcare.casework.forms_custody import Came, Death, Release, WasReleased
from throughcare.casework.rows import (
    Appointment,
    AppointmentStatus,
    ClockState,
    LeftFor,
    ServiceClock,
    Task,
    TaskStatus,
)
from throughcare.checkin.planning import plan_texts
from throughcare.checkin.rows import CheckinPlan, CheckinPrompt, PlanStatus
from throughcare.checkin.views import checkins
from throughcare.handover.words import OVER, Status
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.delivery import Delivery
from throughcare.kernel.refusals import Invalid, NotPermitted
from throughcare.requirement import orders
from throughcare.requirement.forms import RecordRequirement
from throughcare.requirement.rows import Requirement
from throughcare.requirement.words import OrderKind
from throughcare.safeguarding import actions, forms
from throughcare.safeguarding.rules import Level

AWAY = sorted(set(LeftFor) - {LeftFor.COMMUNITY})
COUNTED = {"treatment_first_contact", "continuity_of_care"}


@pytest.fixture
def case(desk, world):
    made = world.case()
    reachable(desk, made)
    return made


def test_the_answer_that_they_were_released_says_where_to_as_well(desk, world, case):
    """A person in hospital is not texted because the release was recorded by an answer."""
    with desk.work(world.officer) as work:
        form = WasReleased(released=True, released_on=work.today, released_at=time(9), left_for=LeftFor.HOSPITAL)
        assert custody.answer(work, case, form).left_for is LeftFor.HOSPITAL
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    assert texts(desk, case) == []


def leave(desk, world, case, left_for=LeftFor.COMMUNITY):
    with desk.work(world.officer) as work:
        custody.release(work, case, Release(released_on=work.today, released_at=time(9), left_for=left_for))


def come(desk, world, case, on, who="officer"):
    with desk.work(world.actors[who]) as work:
        whereabouts.came(work, case, Came(on=on), custody.RELEASERS)


def rows(desk, kind, *where):
    with desk.work(SYSTEM) as work:
        return work.session.exec(select(kind).where(*where)).all()


def counted(desk, case):
    clocks = rows(desk, ServiceClock, ServiceClock.case_id == case, ServiceClock.state == ClockState.RUNNING)
    return {clock.code for clock in clocks} & COUNTED


def send(desk):
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    gateway = gateway_of(desk)
    dispatch(desk, gateway)
    return gateway.texts


@pytest.mark.parametrize("where", AWAY)
def test_nobody_is_texted_and_no_deadline_runs_where_a_release_led_elsewhere(desk, world, case, clock, where):
    """R6."""
    leave(desk, world, case, where)
    proven(desk, case)
    clock.forward(timedelta(days=2))
    assert send(desk) == []
    assert rows(desk, CheckinPlan, CheckinPlan.status == PlanStatus.ACTIVE) == []
    assert counted(desk, case) == set()
    with desk.work(world.officer) as work:
        assert checkins(work, case).cannot_text == "The person is in hospital, other custody, detention or abroad"


def test_check_ins_and_deadlines_begin_when_they_come_into_the_community(desk, world, case, clock):
    leave(desk, world, case, LeftFor.HOSPITAL)
    clock.forward(timedelta(days=10))
    come(desk, world, case, clock.at.date())
    (plan,) = rows(desk, CheckinPlan)
    assert (plan.status, plan.released_on) == (PlanStatus.ACTIVE, clock.at.date())
    assert counted(desk, case) == COUNTED
    with desk.work(world.officer) as work:
        assert checkins(work, case).cannot_text != "The person is in hospital, other custody, detention or abroad"


def test_a_release_elsewhere_stops_a_plan_that_runs_with_its_reason_and_what_waits_is_not_sent(
    desk, world, case, clock
):
    """T25."""
    leave(desk, world, case)
    proven(desk, case)
    clock.forward(timedelta(days=1))
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    with desk.work(SYSTEM) as work:
        stay = whereabouts.last_stay(work, case)
        stay.left_for = LeftFor.IMMIGRATION
        work.session.add(stay)
        work.session.flush()
        work.record(whereabouts.events.Released(subject_id=stay.id, case_id=case, on=work.today))
    (plan,) = rows(desk, CheckinPlan)
    assert (plan.status, plan.ended_because) == (PlanStatus.ENDED, "left_for_immigration")
    assert {text.state for text in texts(desk, case)} <= {Delivery.CANCELLED, Delivery.SUPPRESSED, Delivery.DELIVERED}
    assert all(prompt.look_at is None for prompt in rows(desk, CheckinPrompt))
    assert send(desk) == []


@pytest.mark.parametrize("days", [-1, 1])
def test_the_day_they_came_is_not_before_they_left_nor_tomorrow(desk, world, case, clock, days):
    leave(desk, world, case, LeftFor.HOSPITAL)
    with pytest.raises(Invalid):
        come(desk, world, case, clock.at.date() + timedelta(days=days))


def test_it_is_recorded_once_by_those_who_record_releases(desk, world, case, clock):
    leave(desk, world, case, LeftFor.HOSPITAL)
    with pytest.raises(NotPermitted):
        come(desk, world, case, clock.at.date(), "privacy")
    come(desk, world, case, clock.at.date())
    with pytest.raises(whereabouts.NotAway):
        come(desk, world, case, clock.at.date())


def die(desk, actor, case):
    with desk.work(actor) as work:
        custody.record_death(work, case, Death(died_on=work.today))


def open_kinds(desk, case):
    return {task.kind for task in rows(desk, Task, Task.case_id == case, Task.status == TaskStatus.OPEN)}


@pytest.mark.parametrize("reached", ["sent", "received", "accepted", "active"])
def test_a_death_ends_every_handover_and_leaves_no_work_and_no_appointment(desk, world, reached):
    handing = getattr(Handing(world), reached)()
    die(desk, world.healthcare, handing.case_id)
    assert handing.row.status is (Status.COMPLETED if reached == "active" else Status.RECALLED)
    assert handing.row.status in OVER
    assert handing.case.co_agency_id is None
    assert open_kinds(desk, handing.case_id) == {"they_have_died"}
    booked = rows(desk, Appointment, Appointment.case_id == handing.case_id)
    assert all(one.status is AppointmentStatus.NOT_REQUIRED for one in booked)
    running = rows(
        desk, ServiceClock, ServiceClock.case_id == handing.case_id, ServiceClock.state == ClockState.RUNNING
    )
    assert running == []


def test_those_responsible_are_told_once_and_whoever_recorded_it_is_not(desk, world):
    handing = Handing(world).accepted()
    die(desk, world.officer, handing.case_id)
    told = rows(desk, Task, Task.kind == "they_have_died")
    assert {task.worker_id for task in told} == {world.provider.id}


def test_work_about_a_child_goes_on_after_a_death(desk, world, case):
    with desk.work(world.treatment) as work:
        actions.record_concern(work, case, forms.ConcernForm(level=Level.SIGNIFICANT_HARM, what="Alone"))
    die(desk, world.officer, case)
    assert "child_refer" in open_kinds(desk, case)


@pytest.mark.parametrize("order", [OrderKind.LICENCE, OrderKind.COMMUNITY_ORDER])
def test_supervision_begins_when_they_come_and_not_when_a_release_led_elsewhere(desk, world, case, clock, order):
    with desk.work(world.officer) as work:
        form = RecordRequirement(
            kind="licence_condition" if order is OrderKind.LICENCE else "atr",
            order=order,
            reference="T1",
            starts_on=work.today,
            officer_id=world.probation.id,
        )
        if order is OrderKind.COMMUNITY_ORDER:
            form = form.model_copy(update={"starts_on": work.today + timedelta(days=1)})
        made = orders.record(work, case, form).id
    leave(desk, world, case, LeftFor.HOSPITAL)
    clock.forward(timedelta(days=2))
    with desk.work(SYSTEM) as work:
        assert orders.begin_due(work) == 0
        assert work.session.get_one(Requirement, made).supervision_from is None
    come(desk, world, case, clock.at.date())
    with desk.work(SYSTEM) as work:
        assert work.session.get_one(Requirement, made).supervision_from == clock.at.date()

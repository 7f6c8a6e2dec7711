"""Deadlines end where they are made pointless, move with their day, and count the working days of whoever must act."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import col, select

from tests.support.handovers import Handing
from throughcare.casework import custody, dates
from throughcare.casework.agencies import Membership
from throughcare.casework.forms_custody import Confirmation, Release, Sentence, WasReleased
from throughcare.casework.rows import ClockState, LeftFor, ServiceClock, Task, TaskStatus
from throughcare.disclosure.policy import Basis
from throughcare.handover import answering, expiry, offering, workers
from throughcare.handover.forms import Answering, Asking, Waiting
from throughcare.handover.words import Status
from throughcare.intervention import actions as intervention
from throughcare.kernel.actors import SYSTEM, Jurisdiction
from throughcare.release import plans
from throughcare.release.owners import owners
from throughcare.safeguarding import actions, pregnancy
from throughcare.safeguarding.forms import ConcernForm, JustDo
from throughcare.safeguarding.rules import Level

PLANNED = {"release_plan_start", "appointment_confirmed", "plan_signoff"}


@pytest.fixture
def case(world):
    return world.case()


def rows(desk, kind, *where):
    with desk.work(SYSTEM) as work:
        return list(work.session.exec(select(kind).where(*where).order_by(kind.created_at)))


def clocks(desk, case, *codes):
    found = rows(desk, ServiceClock, ServiceClock.case_id == case)
    return {clock.code: clock for clock in found if not codes or clock.code in codes}


def tasks(desk, kind):
    return rows(desk, Task, Task.kind == kind)


def confirm(desk, world, case, day):
    with desk.work(world.officer) as work:
        return dates.confirm(work, case, Confirmation(confirmed_release_date=day, source="Prison"))


def unconfirm(desk, world, case):
    with desk.work(world.officer) as work:
        custody.answer(work, case, WasReleased(released=False, source="Prison"))


def release(desk, world, case, on, wall=time(9, 30), left_for=LeftFor.COMMUNITY):
    with desk.work(world.officer) as work:
        custody.release(work, case, Release(released_on=on, released_at=wall, left_for=left_for))


def suggest(desk, world, case, day):
    told = {"custody_status": "sentenced", "sentence_type": "determinate", "release_type": "automatic", "source": "x"}
    with desk.work(world.officer) as work:
        dates.record_sentence(work, case, Sentence(**told, sentence_release_date=day))


@pytest.fixture
def fast(world):
    return Handing(world, case=world.case(pregnant=True)).received()


def expire(desk):
    with desk.work(SYSTEM) as work:
        return expiry.expire_due(work)


def ask_and_answer(fast, world, clock, days):
    fast.do(world.provider, answering.ask, Asking(asked=("medication",)))
    clock.forward(timedelta(days=days))
    seen = fast.do(world.provider, lambda work, row_id: expiry.running(work, row_id)[0].paused_at)
    fast.do(world.officer, offering.answer, Answering(words="Methadone, 40 ml each day"))
    return seen


def test_a_fast_track_answer_stands_still_while_the_sender_owes_information(fast, world, desk, clock):
    assert ask_and_answer(fast, world, clock, 7) is not None
    answer = clocks(desk, fast.case_id)["handover_fast_track"]
    assert (answer.state, answer.due_at.date()) == (ClockState.RUNNING, date(2026, 11, 30))
    assert expire(desk) == 0
    assert fast.row.status is not Status.EXPIRED


def test_a_waiting_list_answers_a_fast_track_handover(fast, world, desk, clock):
    ask_and_answer(fast, world, clock, 3)
    fast.do(world.provider, answering.wait, Waiting(review_on=date(2026, 12, 4)))
    assert clocks(desk, fast.case_id)["handover_fast_track"].state is ClockState.STOPPED
    clock.forward(timedelta(days=4))
    assert expire(desk) == 0


def test_confirming_the_day_that_is_today_keeps_the_urgent_work(desk, world, case):
    suggest(desk, world, case, date(2026, 12, 15))
    suggest(desk, world, case, date(2026, 11, 20))
    confirm(desk, world, case, date(2026, 11, 20))
    assert [task.status for task in tasks(desk, "release_moved_to_today")] == [TaskStatus.OPEN]


def test_a_release_ahead_of_its_planned_day_is_urgent_work(desk, world, case):
    confirm(desk, world, case, date(2026, 12, 15))
    release(desk, world, case, date(2026, 11, 20))
    (early,) = tasks(desk, "released_early")
    assert (early.urgent, early.worker_id, early.due_at.date()) == (True, world.officer.id, date(2026, 11, 20))


def test_a_release_on_its_day_or_into_hospital_calls_for_no_such_work(desk, world, case):
    confirm(desk, world, case, date(2026, 11, 20))
    release(desk, world, case, date(2026, 11, 20))
    other = world.case()
    confirm(desk, world, other, date(2026, 12, 15))
    release(desk, world, other, date(2026, 11, 20), left_for=LeftFor.HOSPITAL)
    assert tasks(desk, "released_early") == []


def test_the_clocks_of_the_plan_end_with_the_release_and_the_handover_still_owed_does_not(desk, world, case, clock):
    confirm(desk, world, case, date(2026, 12, 15))
    with desk.work(world.officer) as work:
        plans.start(work, case)
    clock.forward(timedelta(hours=1))
    confirm(desk, world, case, date(2026, 12, 16))
    clock.forward(timedelta(hours=1))
    release(desk, world, case, date(2026, 11, 20))
    states = {code: one.state for code, one in clocks(desk, case, *PLANNED, "referral_sent").items()}
    assert {states[code] for code in PLANNED} <= {ClockState.CANCELLED, ClockState.STOPPED}
    assert states["plan_signoff"] is ClockState.CANCELLED
    assert states["referral_sent"] is ClockState.RUNNING


def test_a_release_date_taken_away_cancels_what_counted_from_it_and_keeps_it_on_record(desk, world, case, clock):
    confirm(desk, world, case, date(2027, 3, 31))
    clock.forward(timedelta(hours=1))
    unconfirm(desk, world, case)
    held = rows(desk, ServiceClock, ServiceClock.case_id == case, ServiceClock.code == "release_plan_start")
    assert [(one.state, one.stopped_at) for one in held] == [(ClockState.CANCELLED, clock.at)]
    clock.forward(timedelta(hours=1))
    confirm(desk, world, case, date(2027, 4, 7))
    assert clocks(desk, case)["release_plan_start"].due_at.date() == date(2027, 1, 13)
    assert clocks(desk, case)["release_not_recorded"].state is ClockState.RUNNING


def test_a_day_only_suggested_is_never_asked_about_as_if_it_were_confirmed(desk, world, case, clock):
    suggest(desk, world, case, date(2027, 2, 5))
    confirm(desk, world, case, date(2026, 12, 15))
    clock.forward(timedelta(hours=1))
    unconfirm(desk, world, case)
    assert clocks(desk, case)["release_not_recorded"].state is ClockState.CANCELLED
    assert clocks(desk, case)["release_plan_start"].state is ClockState.RUNNING


def test_a_late_clock_is_not_made_on_time_by_moving_the_date(desk, world, case, clock):
    confirm(desk, world, case, date(2026, 12, 15))  # T-84 has gone: due today
    clock.forward(timedelta(days=3))
    confirm(desk, world, case, date(2026, 12, 16))
    assert clocks(desk, case)["release_plan_start"].due_at.date() == date(2026, 11, 20)


@pytest.fixture
def scottish(world, clock):
    """Friday 27 November: Monday is St Andrew's Day in Scotland, and a working day in England (DOMAIN H)."""
    clock.at = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
    case = world.case(where="scottish_prison", officer="scottish_officer", pregnant=None)
    with world.desk.work(SYSTEM) as work:
        world.involve(work, case, "provider", Basis.CARE)
    return case


def known(desk, actor, case):
    with desk.work(actor) as work:
        pregnancy.pregnancy_known(work, case, JustDo())


def test_a_providers_working_day_is_its_own_wherever_the_person_came_from(desk, world, scottish):
    known(desk, world.scottish_officer, scottish)
    booking, (task,) = clocks(desk, scottish)["pregnant_fast_track"], tasks(desk, "pregnancy_book")
    assert booking.due_at.date() == task.due_at.date() == date(2026, 11, 30)
    assert booking.agency_id == task.agency_id == world.agencies["provider"]


def test_a_scottish_provider_counts_scottish_days(desk, world, scottish):
    with desk.work(SYSTEM) as work:
        row = work.session.get_one(actions.Agency, world.agencies["provider"])
        row.jurisdiction = Jurisdiction.SCOTLAND
        work.session.add(row)
    known(desk, world.scottish_officer, scottish)
    assert clocks(desk, scottish)["pregnant_fast_track"].due_at.date() == date(2026, 12, 1)


def test_a_consultation_is_due_on_the_next_working_day_and_not_in_24_hours(desk, world, case):
    with desk.work(world.officer) as work:
        actions.record_concern(work, case, ConcernForm(level=Level.MULTIPLE, what="Missed school"))
    (consult,) = tasks(desk, "child_consult")
    assert consult.due_at == datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC)


def test_nobody_is_named_on_the_day_their_membership_ends(desk, world, case):
    """`to_on` is the first day on which it no longer holds."""
    with desk.work(world.provider) as work:
        assert world.provider.id in {who.id for who in workers.of_team(work, world.teams["provider"])}
    with desk.work(SYSTEM) as work:
        ending = select(Membership).where(col(Membership.worker_id).in_([world.provider.id, world.treatment.id]))
        for membership in work.session.exec(ending):
            membership.to_on = work.today
            work.session.add(membership)
    with desk.work(world.provider_manager) as work:
        assert world.provider.id not in {who.id for who in workers.of_team(work, world.teams["provider"])}
        assert workers.still_at(work, world.provider.id, world.agencies["provider"]) is None
    with desk.work(world.officer) as work:
        assert world.treatment.id not in intervention.colleagues(work)
        assert f"worker:{world.treatment.id}" not in {choice.value for choice in owners(work, case)}

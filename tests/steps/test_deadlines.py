"""Deadlines: late by the day a thing happened, met elsewhere by their owner, and running again when that was wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

import pytest
from sqlmodel import select

from throughcare.casework import elsewhere
from throughcare.casework.elsewhere_rows import Known, MetForm
from throughcare.casework.rows import ClockState, ServiceClock
from throughcare.casework.timeline import Strike, TimelineQuery, Wrong, strike, timeline
from throughcare.kernel.audit import Event
from throughcare.kernel.refusals import Invalid, NotFound, NotPermitted

RECEIVED = date(2026, 11, 20)
MET = MetForm(on=RECEIVED, known=Known.RECORD, where="The prison's health record")


def event(name, case_id, **more):
    kind = type("Told", (Event,), {"name": name, "__annotations__": {"name": ClassVar[str]}})
    return kind(subject_id=more.pop("subject_id", case_id), case_id=case_id, **more)


@pytest.fixture
def case(desk, world):
    made = world.case(received_on=RECEIVED)
    tell(desk, world.officer, "custody.received", made, on=RECEIVED)
    return made


def tell(desk, actor, name, case, **more):
    with desk.work(actor) as work:
        work.record(event(name, case, **more))


def clock_of(desk, case, code):
    with desk.work(None) as work:
        found = select(ServiceClock).where(ServiceClock.case_id == case, ServiceClock.code == code)
        return work.session.exec(found.order_by(ServiceClock.created_at.desc())).first()


def met(desk, actor, case, code="reception_health_check", form=MET):
    with desk.work(actor) as work:
        return elsewhere.meet_elsewhere(work, case, clock_of(desk, case, code).id, form)


def struck(desk, actor, case):
    with desk.work(actor) as work:
        entries = timeline(work, case, TimelineQuery()).entries
        entry = next(entry for entry in entries if "met elsewhere" in entry.words and not entry.struck)
        return strike(work, case, entry.id, Strike(why=Wrong.MISTAKE))


def test_its_owner_records_that_a_deadline_was_met_elsewhere_and_it_is_judged_by_that_day(desk, world, clock, case):
    clock.forward(timedelta(days=3))
    view = met(desk, world.healthcare, case)
    ended = clock_of(desk, case, "reception_health_check")
    assert (ended.state, ended.happened_on, ended.stopped_at) == (ClockState.STOPPED, RECEIVED, clock.at)
    (told,) = view.elsewhere
    assert (told.worker, told.on, told.known, told.where) == ("Healthcare", RECEIVED, Known.RECORD, MET.where)
    assert [one.by_hand for one in view.deadlines if one.words == "Second-stage health assessment"] == [True]


def test_a_deadline_met_elsewhere_too_late_is_late(desk, world, clock, case):
    clock.forward(timedelta(days=3))
    met(desk, world.healthcare, case, form=MET.model_copy(update={"on": date(2026, 11, 21)}))
    assert clock_of(desk, case, "reception_health_check").state is ClockState.STOPPED_LATE


def test_it_stands_on_the_timeline_by_name_and_probation_is_not_told_of_health(desk, world, case):
    with desk.work(world.officer) as work:
        world.involve(work, case, "probation", elsewhere.access.Basis.TASK)
    met(desk, world.healthcare, case)
    words = "A deadline for healthcare was recorded as met elsewhere: Reception health check."
    with desk.work(world.officer) as work:
        assert words in [entry.words for entry in timeline(work, case, TimelineQuery()).entries]
        assert elsewhere.deadlines(work, case).elsewhere[0].where is None  # what healthcare wrote is healthcare's
    with desk.work(world.probation) as work:
        assert words not in [entry.words for entry in timeline(work, case, TimelineQuery()).entries]
        assert "Reception health check" not in [one.words for one in elsewhere.deadlines(work, case).deadlines]


def test_marking_the_entry_as_wrong_sets_the_clock_running_again_and_keeps_what_was_written(desk, world, case):
    met(desk, world.healthcare, case)
    struck(desk, world.healthcare, case)
    again = clock_of(desk, case, "reception_health_check")
    assert (again.state, again.stopped_at, again.happened_on) == (ClockState.RUNNING, None, None)
    with desk.work(world.healthcare) as work:
        assert elsewhere.deadlines(work, case).elsewhere[0].struck_at
    met(desk, world.healthcare, case)
    assert clock_of(desk, case, "reception_health_check").state is ClockState.STOPPED


def test_what_its_own_event_starts_begins_and_ends_with_the_record(desk, world, case):
    tell(desk, world.officer, "safeguarding.strategy_discussion", case)
    met(desk, world.officer, case, "cp_conference", MET)
    group = clock_of(desk, case, "first_core_group")
    assert (group.state, group.started_on) == (ClockState.RUNNING, RECEIVED)
    struck(desk, world.officer, case)
    assert clock_of(desk, case, "first_core_group").state is ClockState.CANCELLED
    assert clock_of(desk, case, "cp_conference").state is ClockState.RUNNING


@pytest.mark.parametrize("who", ["officer", "privacy", "treatment"])
def test_nobody_but_its_owner_may_record_it(desk, world, case, who):
    with pytest.raises(NotPermitted):
        met(desk, world.actors[who], case)


def test_a_manager_of_the_agency_that_holds_it_may(desk, world, case):
    met(desk, world.prison_manager, case)
    assert clock_of(desk, case, "reception_health_check").state is ClockState.STOPPED


def test_one_with_no_standing_finds_nothing_and_another_case_has_no_such_clock(desk, world, case):
    with pytest.raises(NotFound):
        met(desk, world.provider, case)
    other, of_case = world.case(), clock_of(desk, case, "reception_health_check").id
    with pytest.raises(NotFound), desk.work(world.healthcare) as work:
        elsewhere.meet_elsewhere(work, other, of_case, MET)


def test_a_deadline_the_service_itself_meets_is_not_met_by_hand(desk, world, case):
    with pytest.raises(elsewhere.NotByHand):
        met(desk, world.officer, case, "substance_screen")


def test_a_deadline_is_met_once(desk, world, case):
    met(desk, world.healthcare, case)
    with pytest.raises(elsewhere.Over):
        met(desk, world.healthcare, case)


@pytest.mark.parametrize("day", [date(2026, 11, 19), date(2026, 11, 21)])
def test_it_was_met_after_it_began_and_not_tomorrow(desk, world, case, day):
    with pytest.raises(Invalid):
        met(desk, world.healthcare, case, form=MET.model_copy(update={"on": day}))


def test_a_thing_done_in_time_and_written_down_later_is_in_time(desk, world, clock, case):
    tell(desk, world.officer, "screening.substance_need_found", case)
    clock.at = datetime(2026, 12, 21, 9, 0, tzinfo=UTC)
    tell(desk, world.treatment, "intervention.seen_by_substance_team", case, on=date(2026, 12, 11))
    seen = clock_of(desk, case, "seen_by_substance_team")
    assert (seen.state, seen.happened_on, seen.stopped_at) == (ClockState.STOPPED, date(2026, 12, 11), clock.at)


def test_a_thing_done_late_is_late_whenever_it_was_written_down(desk, world, clock, case):
    tell(desk, world.officer, "screening.substance_need_found", case)
    clock.at = datetime(2026, 12, 21, 9, 0, tzinfo=UTC)
    tell(desk, world.treatment, "intervention.seen_by_substance_team", case, on=date(2026, 12, 12))
    assert clock_of(desk, case, "seen_by_substance_team").state is ClockState.STOPPED_LATE


def test_a_clock_about_recording_is_judged_by_the_record(desk, world, clock):
    leaving = world.case(received_on=date(2026, 10, 1))
    with desk.work(world.officer) as work:
        work.session.get_one(elsewhere.Case, leaving).release_on = RECEIVED
        work.session.flush()
        work.record(event("custody.release_date_confirmed", leaving))
    clock.forward(timedelta(days=1))
    tell(desk, world.officer, "custody.released", leaving, on=RECEIVED)
    assert clock_of(desk, leaving, "release_not_recorded").state is ClockState.STOPPED_LATE


def test_a_clock_that_stood_still_when_it_was_met_is_in_time_unless_it_had_run_out_before(desk, world, clock, case):
    turn = {"subject_id": case, "for_agency_id": world.agencies["provider"]}
    tell(desk, world.officer, "handover.sent", case, **turn)
    tell(desk, world.officer, "handover.information_requested", case, **turn)
    clock.forward(timedelta(days=30))
    tell(desk, world.officer, "handover.accepted", case, **turn)
    assert clock_of(desk, case, "handover_accepted_or_refused").state is ClockState.STOPPED

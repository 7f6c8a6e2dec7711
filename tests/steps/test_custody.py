"""Release dates, release, recall, transfer and death: what each changes, what it leaves, and who is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from sqlmodel import select

from throughcare.casework import access, asking, custody, dates, stays
from throughcare.casework.forms_custody import Confirmation, Death, Recall, Release, Sentence, Transfer, WasReleased
from throughcare.casework.people import Case, Person
from throughcare.casework.release_day import NotInCustody, open_stay
from throughcare.casework.rows import (
    Appointment,
    ClockState,
    CustodyEpisode,
    DateChange,
    EpisodeStatus,
    Involvement,
    ReleaseType,
    SentenceType,
    ServiceClock,
    Task,
    TaskStatus,
)
from throughcare.casework.standing import end
from throughcare.disclosure.policy import Basis
from throughcare.kernel.actors import SYSTEM, Role
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.refusals import Invalid, NotFound, NotPermitted, WrongState

FRIDAY = date(2026, 11, 20)
SENTENCED = {
    "custody_status": "sentenced",
    "sentence_type": "determinate",
    "release_type": "automatic",
    "days_served_by_release": 90,
    "sentence_release_date": date(2027, 1, 1),
    "source": "Sentence calculation",
}


@pytest.fixture
def case(world):
    return world.case()


@pytest.fixture
def does(desk, world, case):
    """Each verb on the case, by whom it is done."""

    def run(verb, form, by="officer", case_id=None):
        with desk.work(world.actors[by]) as work:
            return verb(work, case_id or case, form)

    return SimpleNamespace(
        sentence=lambda by="officer", case_id=None, **more: run(
            dates.record_sentence, Sentence(**SENTENCED | more), by, case_id
        ),
        confirm=lambda day, by="officer": run(
            dates.confirm, Confirmation(confirmed_release_date=day, source="Prison"), by
        ),
        release=lambda on=FRIDAY, wall=time(9, 30), by="officer": run(
            custody.release, Release(released_on=on, released_at=wall), by
        ),
        recall=lambda on=FRIDAY, prison="prison", by="officer": run(
            custody.recall, Recall(prison_id=world.agencies[prison], received_on=on), by
        ),
        transfer=lambda prison="scottish_prison", on=FRIDAY, by="officer": run(
            custody.transfer, Transfer(prison_id=world.agencies[prison], moved_on=on), by
        ),
        die=lambda on=FRIDAY, by="officer": run(custody.record_death, Death(died_on=on), by),
        answer=lambda by="officer", **given: run(custody.answer, WasReleased(**given), by),
    )


def rows(desk, kind, *where):
    with desk.work(SYSTEM) as work:
        return list(work.session.exec(select(kind).where(*where).order_by(kind.created_at)))


def the_case(desk, case):
    return rows(desk, Case, Case.id == case)[0]


def happened(desk, name):
    return rows(desk, AuditRow, AuditRow.name == name)


def test_the_suggested_date_is_worked_out_with_its_reasons(does):
    told = does.sentence()
    assert told.suggested_release_date == date(2026, 12, 30)  # DOMAIN C.3: Friday 1 January 2027
    assert "Wednesday 30 December 2026" in told.reasons[0]


def test_where_nothing_can_be_suggested_the_sentences_date_is_planned_on_and_the_reason_said(does, desk, case):
    told = does.sentence(days_served_by_release=None)
    assert told.suggested_release_date is None
    assert told.reasons == ("No move is suggested because the number of days served has not been recorded.",)
    assert the_case(desk, case).release_on == date(2027, 1, 1)


def test_scotlands_own_rule_is_used_in_a_scottish_case(does, world):
    case_id = world.case(where="scottish_prison", officer="scottish_officer")
    told = does.sentence(by="scottish_officer", case_id=case_id, sentence_release_date=date(2026, 11, 30))
    assert told.suggested_release_date == date(2026, 11, 26)  # St Andrew's Day


def test_each_date_keeps_its_source_and_its_history(does, desk, world):
    does.sentence()
    does.confirm(date(2026, 12, 30))
    does.confirm(date(2026, 12, 29))
    changes = rows(desk, DateChange, DateChange.field == "confirmed_release_date")
    assert {(change.old, change.new, change.source, change.by) for change in changes} == {
        (None, date(2026, 12, 30), "Prison", world.officer.id),
        (date(2026, 12, 30), date(2026, 12, 29), "Prison", world.officer.id),
    }
    suggested = rows(desk, DateChange, DateChange.field == "suggested_release_date")
    assert [change.source for change in suggested] == [dates.RULES]


def test_the_same_date_again_is_no_change(does, desk):
    does.sentence()
    does.sentence()
    assert len(rows(desk, DateChange)) == 2


def test_the_case_is_planned_on_the_confirmed_then_the_suggested_then_the_sentences_date(does, desk, case):
    does.sentence()
    assert the_case(desk, case).release_on == date(2026, 12, 30)
    does.confirm(date(2027, 1, 5))
    assert the_case(desk, case).release_on == date(2027, 1, 5)
    does.sentence(sentence_release_date=date(2027, 2, 5))
    assert the_case(desk, case).release_on == date(2027, 1, 5)
    does.answer(released=False, source="Prison")
    assert the_case(desk, case).release_on == date(2027, 2, 4)  # the Thursday before a Friday


def test_a_change_lists_the_clocks_that_moved_with_it(does, desk, clock):
    first = {moved.what: moved for moved in does.confirm(date(2027, 3, 31)).moved}
    assert first["Start the release plan"].now == date(2027, 1, 6)  # DOMAIN H: T-84 of 31 March 2027
    clock.forward(timedelta(days=1))
    again = {moved.what: (moved.was, moved.now) for moved in does.confirm(date(2027, 4, 7)).moved}
    assert again["Start the release plan"] == (date(2027, 1, 6), date(2027, 1, 13))
    states = [c.state for c in rows(desk, ServiceClock, ServiceClock.code == "release_plan_start")]
    assert sorted(states) == [ClockState.REISSUED, ClockState.RUNNING]


def booked(desk, world, case, at, agency="provider"):
    with desk.work(SYSTEM) as work:
        world.involve(work, case, agency, Basis.CARE)
        row = Appointment(case_id=case, agency_id=world.agencies[agency], kind="first_treatment", at=at)
        return work.add(row).id


def test_an_appointment_that_now_falls_before_the_release_is_listed_and_is_work(does, desk, world, case):
    does.confirm(date(2026, 12, 1))
    appointment = booked(desk, world, case, datetime(2026, 12, 2, 10, tzinfo=UTC))
    told = does.confirm(date(2026, 12, 9))
    assert "An appointment, now before the release" in [moved.what for moved in told.moved]
    task = rows(desk, Task, Task.kind == "appointment_before_release")
    assert [(one.subject_id, one.worker_id) for one in task] == [(appointment, world.officer.id)]


def test_an_appointment_after_the_release_or_in_the_prison_stays(does, desk, world, case):
    booked(desk, world, case, datetime(2026, 12, 10, 10, tzinfo=UTC))
    booked(desk, world, case, datetime(2026, 12, 2, 10, tzinfo=UTC), "prison")
    assert not [one for one in does.confirm(date(2026, 12, 9)).moved if one.now is None]


@pytest.mark.parametrize("day", [FRIDAY - timedelta(days=1), date(2026, 10, 1)])
def test_a_day_that_has_passed_cannot_be_confirmed(does, day):
    with pytest.raises(Invalid) as no:
        does.confirm(day)
    assert no.value.field == "confirmed_release_date"


def test_a_release_brought_forward_to_today_is_urgent_work_for_owner_and_officer(does, desk, world, case):
    with desk.work(SYSTEM) as work:
        row = work.session.get_one(Case, case)
        row.officer_id = world.other_officer.id
        work.session.add(row)
    does.confirm(date(2026, 12, 1))
    assert not rows(desk, Task, Task.kind == "release_moved_to_today")
    does.confirm(FRIDAY)
    told = rows(desk, Task, Task.kind == "release_moved_to_today")
    assert {task.worker_id for task in told} == {world.officer.id, world.other_officer.id}
    assert all(task.urgent and task.status is TaskStatus.OPEN for task in told)
    assert len(happened(desk, "custody.release_brought_forward_to_today")) == 1


def test_a_release_moved_off_today_again_takes_the_urgent_work_away(does, desk):
    does.confirm(FRIDAY)
    does.confirm(date(2026, 12, 1))
    assert {task.status for task in rows(desk, Task, Task.kind == "release_moved_to_today")} == {TaskStatus.CANCELLED}


def test_a_release_is_the_moment_on_londons_clock_and_ends_the_stay_alone(does, desk, case, world):
    does.confirm(FRIDAY)
    does.release(wall=time(9, 30))
    stay = rows(desk, CustodyEpisode)[0]
    assert (stay.status, stay.released_at, stay.ended_at) == (
        EpisodeStatus.RELEASED,
        datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
    )
    row = the_case(desk, case)
    assert (row.release_on, row.closed_at, row.owner_worker_id) == (FRIDAY, None, world.officer.id)
    assert all(one.until_at is None for one in rows(desk, Involvement))
    assert happened(desk, "custody.released")[0].body["on"] == "2026-11-20"


def test_the_release_starts_the_clocks_that_count_from_it(does, desk):
    does.release(on=date(2026, 11, 19))
    due = {c.code: c.due_at.date() for c in rows(desk, ServiceClock, ServiceClock.state == ClockState.RUNNING)}
    assert due["continuity_of_care"] == date(2026, 12, 10)


@pytest.mark.parametrize(
    ("on", "wall"), [(FRIDAY, time(10, 1)), (FRIDAY + timedelta(days=1), time(9)), (date(2026, 10, 1), time(9))]
)
def test_a_release_in_the_future_or_before_reception_is_refused(does, on, wall):
    with pytest.raises(Invalid) as no:
        does.release(on=on, wall=wall)
    assert no.value.field == "released_on"


def test_a_release_can_be_recorded_once(does):
    does.release()
    with pytest.raises(NotInCustody):
        does.release()


def test_a_recall_opens_another_stay_and_keeps_the_old_one_as_it_was(does, desk, case, clock):
    does.confirm(FRIDAY)
    does.release()
    clock.forward(timedelta(days=20))
    does.recall(on=date(2026, 12, 9))
    old, new = rows(desk, CustodyEpisode)
    assert (old.status, old.confirmed_release_date) == (EpisodeStatus.RELEASED, FRIDAY)
    assert (new.status, new.custody_status, new.received_on, new.ended_at) == (
        EpisodeStatus.HELD,
        "recalled",
        date(2026, 12, 9),
        None,
    )
    assert the_case(desk, case).release_on is None
    assert happened(desk, "custody.recalled")[0].subject_id == new.id
    assert [row.body["on"] for row in happened(desk, "custody.received")] == ["2026-12-09"]


def test_after_a_recall_the_next_release_is_planned_and_recorded_as_the_first_was(does, desk, clock):
    does.release()
    clock.forward(timedelta(days=20))
    does.recall(on=date(2026, 12, 9))
    does.sentence(sentence_release_date=date(2027, 2, 3))
    does.confirm(date(2027, 2, 3))
    clock.forward(timedelta(days=56))
    does.release(on=date(2027, 2, 3))
    assert [stay.status for stay in rows(desk, CustodyEpisode)] == [EpisodeStatus.RELEASED] * 2


def test_a_recall_opens_a_closed_case_again(does, desk, case):
    does.release()
    with desk.work(SYSTEM) as work:
        row = work.session.get_one(Case, case)
        row.closed_at = work.now
        work.session.add(row)
    does.recall()
    assert the_case(desk, case).closed_at is None
    assert len(happened(desk, "case.reopened")) == 1


def test_nobody_is_recalled_who_is_in_custody_or_before_they_left(does):
    with pytest.raises(custody.AlreadyInCustody):
        does.recall()
    does.release()
    with pytest.raises(Invalid):
        does.recall(on=date(2026, 11, 19))


def test_a_recall_to_another_prison_gives_it_standing_and_leaves_a_providers_case_with_the_provider(
    does, desk, world, case
):
    does.release()
    with desk.work(SYSTEM) as work:
        row = work.session.get_one(Case, case)
        row.owner_agency_id, row.owner_team_id = world.agencies["provider"], world.teams["provider"]
        row.owner_worker_id = world.provider.id
        work.session.add(row)
        world.involve(work, case, "provider", Basis.CARE)
    does.recall(prison="scottish_prison", by="provider")
    row = the_case(desk, case)
    assert (row.owner_worker_id, row.officer_id) == (world.provider.id, None)
    with desk.work(world.scottish_officer) as work:
        assert access.find_case(work, case).jurisdiction == "scotland"


def test_a_transfer_moves_standing_ownership_and_the_country_whose_rules_hold(does, desk, world, case):
    does.sentence(sentence_release_date=date(2026, 12, 11))
    does.transfer()
    row = the_case(desk, case)
    assert (row.owner_agency_id, row.owner_team_id, row.owner_worker_id, row.officer_id) == (
        world.agencies["scottish_prison"],
        world.teams["scottish_prison"],
        None,
        None,
    )
    stay = rows(desk, CustodyEpisode)[0]
    assert (stay.prison_id, stay.status) == (world.agencies["scottish_prison"], EpisodeStatus.HELD)
    assert (row.jurisdiction, stay.suggested_release_date) == ("scotland", date(2026, 12, 10))
    with pytest.raises(NotFound):
        does.confirm(date(2026, 12, 9))
    with desk.work(world.scottish_officer) as work:
        assert access.find_case(work, case)
    assert [task.team_id for task in rows(desk, Task, Task.kind == "allocate_case")] == [world.teams["scottish_prison"]]
    assert happened(desk, "case.owner_changed")
    assert len(happened(desk, "involvement.ended")) == 2


def test_a_transfer_to_the_same_prison_is_refused(does):
    with pytest.raises(Invalid):
        does.transfer("prison")


def test_a_transfer_to_something_that_is_no_prison_is_refused(does):
    with pytest.raises(Invalid):
        does.transfer("provider")


def test_a_death_ends_the_stay_and_stops_every_clock(does, desk, case):
    does.confirm(FRIDAY)
    does.die()
    assert rows(desk, Person)[0].deceased_on == FRIDAY
    assert rows(desk, CustodyEpisode)[0].status is EpisodeStatus.DIED
    assert not rows(desk, ServiceClock, ServiceClock.state == ClockState.RUNNING)
    assert not rows(desk, Task, Task.kind == "release_moved_to_today", Task.status == TaskStatus.OPEN)
    with pytest.raises(custody.HasDied):
        does.recall()


def test_a_death_after_release_leaves_the_stay_as_it_ended(does, desk):
    does.release()
    does.die()
    assert rows(desk, CustodyEpisode)[0].status is EpisodeStatus.RELEASED
    assert len(happened(desk, "person.died")) == 1
    with pytest.raises(custody.HasDied):
        does.die()


def test_a_death_before_birth_or_in_the_future_is_refused(does):
    for day in (date(1990, 4, 1), FRIDAY + timedelta(days=1)):
        with pytest.raises(Invalid):
            does.die(on=day)


@pytest.mark.parametrize("who", ["probation", "provider"])
def test_only_prison_staff_keep_the_dates(does, desk, world, case, who):
    with desk.work(SYSTEM) as work:
        world.involve(work, case, who, Basis.TASK)
    with pytest.raises(NotPermitted):
        does.confirm(date(2026, 12, 1), by=who)


def test_a_reader_without_standing_finds_nothing_to_change(does, world):
    with pytest.raises(NotFound):
        does.release(by="scottish_officer")


@pytest.fixture
def ask(desk, clock):
    def asked(at):
        clock.at = at
        with desk.work(SYSTEM) as work:
            return asking.ask_if_released(work)

    return asked


def test_a_release_not_recorded_by_two_is_asked_about_once(does, desk, ask, case):
    does.confirm(FRIDAY)
    assert ask(datetime(2026, 11, 20, 13, 59, tzinfo=UTC)) == 0
    assert ask(datetime(2026, 11, 20, 14, 0, tzinfo=UTC)) == 1
    assert ask(datetime(2026, 11, 20, 14, 1, tzinfo=UTC)) == 0
    task = rows(desk, Task, Task.kind == "was_released")[0]
    assert (task.urgent, task.due_at) == (True, datetime(2026, 11, 20, 14, tzinfo=UTC))


def test_two_oclock_is_londons_in_summer_too(does, desk, ask, clock):
    clock.at = datetime(2027, 6, 1, 8, tzinfo=UTC)
    does.confirm(date(2027, 6, 1))
    assert ask(datetime(2027, 6, 1, 12, 59, tzinfo=UTC)) == 0
    assert ask(datetime(2027, 6, 1, 13, 0, tzinfo=UTC)) == 1


def test_a_recorded_release_and_an_unconfirmed_date_are_never_asked_about(does, ask):
    does.sentence(sentence_release_date=FRIDAY, days_served_by_release=None)
    assert ask(datetime(2026, 11, 21, 15, tzinfo=UTC)) == 0
    does.confirm(date(2026, 11, 21))
    does.release(on=date(2026, 11, 21), wall=time(9))
    assert ask(datetime(2026, 11, 22, 15, tzinfo=UTC)) == 0


def test_yes_records_the_release_and_answers_the_question(does, desk, ask):
    does.confirm(FRIDAY)
    ask(datetime(2026, 11, 20, 14, 30, tzinfo=UTC))
    does.answer(released=True, released_on=FRIDAY, released_at=time(11))
    assert rows(desk, CustodyEpisode)[0].released_at == datetime(2026, 11, 20, 11, tzinfo=UTC)
    assert rows(desk, Task, Task.kind == "was_released")[0].status is TaskStatus.DONE


def test_no_gives_the_new_date_and_that_is_asked_about_in_its_turn(does, desk, ask):
    does.confirm(FRIDAY)
    ask(datetime(2026, 11, 20, 14, 30, tzinfo=UTC))
    does.answer(released=False, new_date=date(2026, 11, 23), source="Prison")
    assert rows(desk, Task, Task.kind == "was_released")[0].status is TaskStatus.DONE
    assert ask(datetime(2026, 11, 23, 14, 30, tzinfo=UTC)) == 1


def test_the_officer_is_asked_too_when_somebody_else_owns_the_case(does, desk, ask, world, case):
    does.confirm(FRIDAY)
    with desk.work(SYSTEM) as work:
        row = work.session.get_one(Case, case)
        row.owner_agency_id, row.owner_worker_id = world.agencies["provider"], world.provider.id
        work.session.add(row)
        world.involve(work, case, "provider", Basis.CARE)
    assert ask(datetime(2026, 11, 20, 14, 30, tzinfo=UTC)) == 2
    does.answer(by="provider", released=True, released_on=FRIDAY, released_at=time(11))
    assert {task.status for task in rows(desk, Task, Task.kind == "was_released")} == {TaskStatus.DONE}


STATUSES = list(EpisodeStatus)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("step", custody.MACHINE.steps, ids=lambda step: step.name)
def test_every_step_is_open_from_its_own_statuses_and_refused_from_the_others(desk, world, case, status, step):
    given = {
        "leave": (datetime(2026, 11, 20, 9, tzinfo=UTC),),
        "move": (world.agencies["scottish_prison"], FRIDAY),
        "die": (rows(desk, Person)[0].id, FRIDAY),
    }[step.name]
    with desk.work(world.officer) as work:
        stay = open_stay(work, case)
        stay.status = status
        work.session.add(stay)
        work.session.flush()
        if status in step.frm:
            step(stay, work, *given)
            assert stay.status is step.to
            return
        with pytest.raises(WrongState, match="stay in custody"):
            step(stay, work, *given)


@pytest.mark.parametrize("role", list(Role))
def test_a_step_is_refused_to_every_role_it_is_not_for(desk, world, case, role):
    with desk.work(world.officer) as work:
        stay = open_stay(work, case)
        for step in custody.MACHINE.steps:
            assert step.open_to(stay, role) is (role in step.by)


def test_the_page_offers_what_can_be_done_and_nothing_else(does, desk, world, case):
    def offered(who):
        with desk.work(world.actors[who]) as work:
            return stays.show(work, case).moves

    with desk.work(SYSTEM) as work:
        world.involve(work, case, "probation", Basis.TASK)
    assert offered("officer") == ("dates", "confirm", "release", "transfer", "death")
    assert offered("probation") == ("death",)
    does.release()
    assert offered("officer") == offered("probation") == ("recall", "death")
    does.die()
    assert offered("officer") == ()


def test_standing_that_ended_is_over_at_once(desk, world, case):
    with desk.work(SYSTEM) as work:
        for row in work.session.exec(select(Involvement)).all():
            end(work, row)
    with pytest.raises(NotFound), desk.work(world.officer) as work:
        access.find_case(work, case)


def test_a_sentence_that_cannot_be_is_refused_by_the_form():
    with pytest.raises(ValueError, match="on remand"):
        Sentence(**SENTENCED | {"custody_status": "remand"})
    assert SentenceType.NONE
    assert ReleaseType.COURT

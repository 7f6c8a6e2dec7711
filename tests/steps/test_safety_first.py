"""In custody no screen begins until the reception safety questions were asked, or it is on record why they could not be."""

from __future__ import annotations

from datetime import date, time, timedelta
from threading import Barrier, Thread

import pytest
from sqlmodel import select

from tests.support.screening import NOBODY_AT_RISK, safety_first
from throughcare.casework import custody
from throughcare.casework.forms_custody import Recall, Release, Transfer
from throughcare.casework.people import Consent
from throughcare.casework.rows import ClockState, CustodyStatus, ServiceClock
from throughcare.casework.timeline import TimelineQuery, timeline
from throughcare.disclosure.policy import Basis
from throughcare.journey.reactions import REACTIONS
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.clock import LONDON
from throughcare.kernel.refusals import Invalid, NotFound, NotPermitted, Refusal
from throughcare.screening import actions, asking, views
from throughcare.screening.asked_first import AskSafetyFirst
from throughcare.screening.forms import Answers, NotScreened, SafetyAnswers, SafetyNotAskedForm, StartScreening
from throughcare.screening.rows import SafetyCheck, SafetyStatus, Screening
from throughcare.screening.rules import SafetyAnswer, Status

AUDIT_C = {"q1": 3, "q2": 2, "q3": 2}
TODAY = date(2026, 11, 20)


@pytest.fixture
def case(world):
    return world.case()


def start(desk, actor, case, instrument="audit", **more):
    with desk.work(actor) as work:
        return actions.start(work, case, StartScreening(instrument=instrument, **more))


def cannot(desk, actor, case, because="unwell"):
    with desk.work(actor) as work:
        return asking.safety_not_asked(work, case, SafetyNotAskedForm(because=because))


def ask(desk, actor, case, *, on=None, **changed):
    with desk.work(actor) as work:
        return asking.ask_safety(work, case, SafetyAnswers(answers=NOBODY_AT_RISK | changed, on=on))


def clocks(desk, case, code):
    with desk.work(SYSTEM) as work:
        found = select(ServiceClock).where(ServiceClock.case_id == case, ServiceClock.code == code)
        rows = work.session.exec(found.order_by(ServiceClock.created_at)).all()
        return [(row.state, row.due_at.astimezone(LONDON).date()) for row in rows]


def screens(desk, case):
    with desk.work(SYSTEM) as work:
        return work.session.exec(select(Screening.id).where(Screening.case_id == case)).all()


@pytest.mark.parametrize("instrument", ["audit", "audit_c", "fast", "dudit"])
def test_no_screen_begins_in_custody_before_the_safety_questions(desk, world, case, instrument):
    with pytest.raises(AskSafetyFirst) as refused:
        start(desk, world.officer, case, instrument)
    assert refused.value.status == 409
    assert refused.value.first[1] == f"/cases/{case}/screening/safety"
    assert screens(desk, case) == []


def test_neither_a_nurses_scale_nor_a_providers_screen_inside_is_an_exception(desk, world, case):
    with desk.work(world.officer) as work:
        world.involve(work, case, "provider", Basis.CARE)
    with pytest.raises(AskSafetyFirst):
        start(desk, world.healthcare, case, "ciwa_ar")
    with pytest.raises(AskSafetyFirst):
        start(desk, world.provider, case)


def test_a_paper_form_of_an_earlier_day_waits_for_them_too_and_keeps_its_own_day(desk, world, case):
    with pytest.raises(AskSafetyFirst):
        start(desk, world.officer, case, on=TODAY - timedelta(days=3))
    ask(desk, world.officer, case, on=TODAY - timedelta(days=3))
    assert start(desk, world.officer, case, on=TODAY - timedelta(days=3)).on == TODAY - timedelta(days=3)


def test_that_screening_was_offered_and_not_done_may_be_recorded_all_the_same(desk, world, case):
    with desk.work(world.officer) as work:
        assert actions.not_screened(work, case, NotScreened(status=Status.NOT_ABLE)).reoffer_on


@pytest.mark.parametrize("answer", list(SafetyAnswer))
def test_any_answer_lets_a_screen_begin(desk, world, case, answer):
    ask(desk, world.officer, case, withdrawal_now=answer)
    assert start(desk, world.officer, case).status is Status.STARTED


@pytest.mark.parametrize("because", ["unwell", "refused", "no_interpreter", "moved"])
def test_that_they_cannot_be_asked_lets_a_screen_begin_and_calls_healthcare_today(desk, world, case, because):
    shown = cannot(desk, world.officer, case, because)
    assert (shown.status, shown.answered, shown.not_asked_because) == (SafetyStatus.HEALTHCARE_TODAY, False, because)
    assert (shown.asker, shown.asked_at) == ("Officer", desk.clock.now())
    assert clocks(desk, case, "healthcare_today") == [(ClockState.RUNNING, TODAY)]
    assert start(desk, world.officer, case).status is Status.STARTED


def test_they_are_asked_again_every_day_until_they_are_answered(desk, world, case):
    cannot(desk, world.officer, case)
    assert clocks(desk, case, "safety_questions_again") == [(ClockState.RUNNING, TODAY + timedelta(days=1))]
    desk.clock.forward(timedelta(days=1))
    cannot(desk, world.officer, case, "refused")
    assert clocks(desk, case, "safety_questions_again") == [
        (ClockState.STOPPED, TODAY + timedelta(days=1)),
        (ClockState.RUNNING, TODAY + timedelta(days=2)),
    ]
    desk.clock.forward(timedelta(hours=1))
    ask(desk, world.officer, case)
    assert {state for state, _ in clocks(desk, case, "safety_questions_again")} == {ClockState.STOPPED}


def test_healthcare_seeing_them_does_not_answer_the_questions(desk, world, case):
    check = cannot(desk, world.officer, case)
    with desk.work(world.healthcare) as work:
        asking.healthcare_saw(work, check.id)
    assert clocks(desk, case, "healthcare_today")[0][0] is ClockState.STOPPED
    assert clocks(desk, case, "safety_questions_again")[0][0] is ClockState.RUNNING


def test_answers_that_are_all_no_do_not_take_back_that_healthcare_was_asked(desk, world, case):
    first = cannot(desk, world.officer, case)
    desk.clock.forward(timedelta(hours=2))
    assert ask(desk, world.officer, case).status is SafetyStatus.CLEAR
    with desk.work(world.healthcare) as work:
        page = views.page(work, case)
        assert (page.safety.answered, page.waiting.id) == (True, first.id)
        asking.healthcare_saw(work, page.waiting.id)
    with desk.work(world.healthcare) as work:
        assert views.page(work, case).waiting is None
    assert {state for state, _ in clocks(desk, case, "healthcare_today")} == {ClockState.STOPPED}


def test_seen_once_healthcare_has_seen_them_for_every_time_it_was_asked(desk, world, case):
    cannot(desk, world.officer, case)
    desk.clock.forward(timedelta(hours=1))
    newest = ask(desk, world.officer, case, withdrawal_now=SafetyAnswer.YES)
    with desk.work(world.healthcare) as work:
        asking.healthcare_saw(work, newest.id)
        assert set(work.session.exec(select(SafetyCheck.status))) == {SafetyStatus.SEEN}


def test_what_was_answered_is_never_hidden_by_a_later_not_asked(desk, world, case):
    ask(desk, world.officer, case, daily_opioids=SafetyAnswer.YES)
    with pytest.raises(asking.AlreadyAnswered):
        cannot(desk, world.officer, case)
    with desk.work(world.officer) as work:
        assert views.page(work, case).safety.answered is True


def test_a_reason_that_is_not_configured_is_refused(desk, world, case):
    with pytest.raises(Invalid, match="Select why"):
        cannot(desk, world.officer, case, "in_a_hurry")
    with pytest.raises(AskSafetyFirst):
        start(desk, world.officer, case)


@pytest.mark.parametrize(
    ("on", "said"), [(TODAY + timedelta(days=1), "future"), (date(2026, 10, 1), "before they came")]
)
def test_the_day_they_were_asked_lies_in_this_stay(desk, world, case, on, said):
    with pytest.raises(Invalid, match=said):
        ask(desk, world.officer, case, on=on)


def test_the_day_they_were_asked_is_what_the_reception_deadline_is_judged_by(desk, world):
    case = world.case(received_on=TODAY - timedelta(days=2))
    with desk.work(SYSTEM) as work:
        work.record(
            custody.events.Received(
                subject_id=case, case_id=case, on=TODAY - timedelta(days=2), prison_id=world.agencies["prison"]
            )
        )
    assert clocks(desk, case, "safety_questions") == [(ClockState.RUNNING, TODAY - timedelta(days=2))]
    assert ask(desk, world.officer, case, on=TODAY - timedelta(days=2)).asked_on == TODAY - timedelta(days=2)
    assert clocks(desk, case, "safety_questions")[0][0] is ClockState.STOPPED


def release(desk, world, case):
    with desk.work(world.officer) as work:
        custody.release(work, case, Release(released_on=TODAY, released_at=time(9)))


def recall(desk, world, case):
    with desk.work(world.officer) as work:
        custody.recall(work, case, Recall(
            prison_id=world.agencies["prison"], received_on=TODAY, custody_status=CustodyStatus.RECALLED,
        ))  # fmt: skip


def test_out_of_prison_nobody_is_held_up_and_nothing_is_due(desk, world, case):
    cannot(desk, world.officer, case)
    release(desk, world, case)
    assert clocks(desk, case, "safety_questions_again")[0][0] is ClockState.CANCELLED
    with pytest.raises(asking.NotInPrison):
        cannot(desk, world.officer, case)
    assert start(desk, world.officer, case).period == "the last year"


def test_a_second_stay_asks_again_even_on_the_day_of_the_release(desk, world, case):
    ask(desk, world.officer, case)
    begun = start(desk, world.officer, case, "audit_c")
    release(desk, world, case)
    recall(desk, world, case)
    with pytest.raises(AskSafetyFirst):
        start(desk, world.officer, case)
    with pytest.raises(AskSafetyFirst), desk.work(world.officer) as work:
        actions.answer(work, begun.id, Answers(answers=AUDIT_C))
    with desk.work(world.officer) as work:
        assert views.page(work, case).safety is None
    safety_first(desk, world.officer, case)
    with desk.work(world.officer) as work:
        assert actions.answer(work, begun.id, Answers(answers=AUDIT_C)).status is Status.COMPLETED


def test_a_short_screen_of_an_earlier_stay_goes_on_only_after_them(desk, world, case):
    ask(desk, world.officer, case)
    short = start(desk, world.officer, case, "audit_c")
    with desk.work(world.officer) as work:
        actions.answer(work, short.id, Answers(answers=AUDIT_C))
    release(desk, world, case)
    recall(desk, world, case)
    with pytest.raises(AskSafetyFirst), desk.work(world.officer) as work:
        actions.go_on(work, short.id)
    safety_first(desk, world.officer, case)
    with desk.work(world.officer) as work:
        assert actions.go_on(work, short.id).missing[0] == "q4"


def test_asked_outside_before_a_recall_they_do_not_stand_for_the_stay_that_follows(desk, world, case):
    release(desk, world, case)
    ask(desk, world.officer, case)
    recall(desk, world, case)
    with pytest.raises(AskSafetyFirst):
        start(desk, world.officer, case)


def test_another_prisons_worker_finds_nothing_and_after_a_transfer_the_stay_and_its_answers_go_along(desk, world, case):
    for tried in (ask, cannot, start):
        with pytest.raises(NotFound):
            tried(desk, world.scottish_officer, case)
    ask(desk, world.officer, case)
    with desk.work(world.officer) as work:
        custody.transfer(work, case, Transfer(prison_id=world.agencies["scottish_prison"], moved_on=TODAY))
    with pytest.raises(NotFound):
        start(desk, world.officer, case)
    assert start(desk, world.scottish_officer, case).status is Status.STARTED


def test_moved_before_they_could_be_asked_the_prison_they_go_to_asks_and_its_healthcare_sees_them(desk, world, case):
    cannot(desk, world.officer, case, "moved")
    with desk.work(world.officer) as work:
        custody.transfer(work, case, Transfer(prison_id=world.agencies["scottish_prison"], moved_on=TODAY))
    with desk.work(SYSTEM) as work:
        running = select(ServiceClock).where(ServiceClock.case_id == case, ServiceClock.state == ClockState.RUNNING)
        found = {clock.code: (clock.agency_id, clock.worker_id) for clock in work.session.exec(running)}
    there = (world.agencies["scottish_prison"], None)
    assert {code: found[code] for code in ("healthcare_today", "safety_questions_again")} == {
        "healthcare_today": there,
        "safety_questions_again": there,
    }


@pytest.mark.parametrize("who", ["probation", "prison_manager", "privacy"])
def test_only_those_who_screen_say_that_they_could_not_be_asked(desk, world, case, who):
    with desk.work(world.officer) as work:
        world.involve(work, case, "probation", Basis.TASK)
    with pytest.raises(NotPermitted):
        cannot(desk, getattr(world, who), case)


def test_the_reason_is_read_by_those_who_may_read_the_answers_and_that_it_was_not_done_by_the_rest(desk, world, case):
    cannot(desk, world.officer, case, "unwell")
    with desk.work(world.healthcare) as work:
        assert views.page(work, case).safety.reason == "Unwell or intoxicated"
    with desk.work(world.other_officer) as work:
        other = views.page(work, case).safety
        assert work.session.exec(select(Consent.id)).all() == []
    assert (other.answered, other.reason, other.not_asked_because) == (False, None, None)
    assert {"reason", "not_asked_because"} <= set(other.withheld)


def test_the_timeline_says_that_they_could_not_be_asked_and_not_that_they_were(desk, world, case):
    cannot(desk, world.officer, case)
    with desk.work(world.officer) as work:
        said = [entry.words for entry in timeline(work, case, TimelineQuery()).entries]
    assert "The reception safety questions could not be asked." in said
    assert "The reception safety questions were answered." not in said


def at_once(desk, *acts):
    """Each act in a thread of its own, all let go together; what each was refused with."""
    gate, refused = Barrier(len(acts)), []

    def run(act):
        gate.wait()
        try:
            act()
        except Refusal as no:
            refused.append(type(no).__name__)

    threads = [Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def test_of_one_who_answers_and_one_who_could_not_ask_at_once_the_answers_stand(desk, world, case):
    assert desk.reactions is REACTIONS
    at_once(desk, lambda: ask(desk, world.officer, case), lambda: cannot(desk, world.healthcare, case))
    with desk.work(world.officer) as work:
        assert views.page(work, case).safety.answered is True
    assert clocks(desk, case, "safety_questions_again") in ([], [(ClockState.STOPPED, TODAY + timedelta(days=1))])


def test_a_screen_that_begins_at_the_moment_they_are_asked_never_comes_before_them(desk, world, case):
    refused = at_once(desk, lambda: ask(desk, world.healthcare, case), lambda: start(desk, world.officer, case))
    assert len(screens(desk, case)) == 1 - len(refused)
    assert refused in ([], ["AskSafetyFirst"])

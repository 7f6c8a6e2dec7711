"""A person asks by text when texts come, and changes hour, language and pause: their own choice, kept with what was before (R52)."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from tests.support.asked import ask, hear, open_tasks, rows, said
from tests.support.texting import NUMBER, forward, reachable, release, texted, texts
from throughcare.casework.people import Language, SafeContact
from throughcare.checkin import choosing, optouts, planning, views
from throughcare.checkin.plans import CheckinPlans
from throughcare.checkin.rows import CheckinChoice, CheckinPlan, CheckinPrompt, Choice, PlanStatus
from throughcare.checkin.schedule import ANY_HOURS, Hours
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.clock import LONDON


@pytest.fixture
def case(desk, world):
    return texted(desk, world)


def plan_of(desk):
    return rows(desk, CheckinPlan)[-1]


def chosen(desk):
    return [(line.what, line.was, line.became) for line in rows(desk, CheckinChoice)]


def hours_ahead(desk):
    with desk.work(SYSTEM) as work:
        plan = work.session.get_one(CheckinPlan, plan_of(desk).id)
        return {slot.not_before.astimezone(LONDON).hour for slot in planning.upcoming(work, plan).checkins}


@pytest.mark.parametrize(("body", "answer"), [("ALLMSG", "tomorrow"), ("hanes", "from 9 to 19"), ("allmsg", "CYMRAEG")])
def test_whoever_asks_is_told_when_texts_come_and_how_to_change_it(desk, case, body, answer):
    hear(desk, body)
    (text,) = [text for text in texts(desk, case) if text.template == "hours_reply"]
    assert answer in text.text
    assert "PAUSE" in text.text
    assert open_tasks(desk) == []


@pytest.mark.parametrize("body", ["HOUR 14", "awr 14", "hour 2pm please"])
def test_the_hour_changes_and_what_is_ahead_is_planned_anew(desk, case, body):
    hear(desk, body)
    assert plan_of(desk).hour == 14
    assert hours_ahead(desk) == {14}
    assert chosen(desk) == [(Choice.HOUR, "", "14")]
    assert "2pm" in texts(desk, case)[-1].text
    assert open_tasks(desk) == []


def test_each_change_is_kept_beside_what_was_before_and_told_to_the_team(desk, case, world):
    for body in ("HOUR 14", "HOUR 10", "CYMRAEG", "PAUSE 3"):
        hear(desk, body)
    assert chosen(desk)[:3] == [(Choice.HOUR, "", "14"), (Choice.HOUR, "14", "10"), (Choice.LANGUAGE, "en", "cy")]
    assert chosen(desk)[3][0] is Choice.PAUSE
    told = [row.body for row in rows(desk, AuditRow, name="checkin.chose")]
    assert told == [{"what": what} for what in ("hour", "hour", "language", "pause")]  # no value in the journal
    with desk.work(world.officer) as work:
        shown = [each.said for each in views.checkins(work, case).chosen]
    assert "The hour of the texts: 10:00 (was 14:00)" in shown
    assert "The language of the texts: Welsh (was English)" in shown


def test_a_check_in_asked_today_is_not_asked_again_at_the_new_hour(desk, case, clock):
    forward(clock, hours=26)
    ask(desk)
    hear(desk, "4")
    hear(desk, "HOUR 18")
    forward(clock, hours=7)
    ask(desk)
    assert [prompt.step for prompt in rows(desk, CheckinPrompt)].count("day_1") == 1
    assert said(desk, case).count("checkin_question") == 1


@pytest.mark.parametrize("body", ["HOUR 2", "hour", "HOUR 20", "hour 8", "hour 10 or 11", "awr 23"])
def test_an_hour_that_is_not_one_is_asked_for_again_once_and_then_a_person_reads(desk, case, body):
    hear(desk, body)
    hear(desk, body)
    assert plan_of(desk).hour is None
    assert said(desk, case).count("hour_again") == 1
    assert open_tasks(desk) == ["checkin_read", "checkin_read"]


def test_an_hour_outside_the_safe_times_is_not_to_be_had(desk, case):
    with desk.work(SYSTEM) as work:
        (safe,) = rows(desk, SafeContact)
        safe = work.session.get_one(SafeContact, safe.id)
        safe.safe_from, safe.safe_until = "10:00", "14:00"
        work.session.add(safe)
    hear(desk, "HOUR 15")
    assert plan_of(desk).hour is None
    assert "from 10 to 13" in texts(desk, case)[-1].text
    hear(desk, "HOUR 13")
    assert plan_of(desk).hour == 13


def test_the_language_changes_and_is_confirmed_in_the_new_one(desk, case):
    hear(desk, "Cymraeg plîs")
    assert plan_of(desk).language is Language.WELSH
    assert (texts(desk, case)[-1].language, texts(desk, case)[-1].template) == ("cy", "chose_welsh")
    hear(desk, "ENGLISH")
    assert (texts(desk, case)[-1].language, texts(desk, case)[-1].template) == ("en", "chose_english")


@pytest.mark.parametrize(("body", "days"), [("PAUSE 3", 3), ("saib 14", 14), ("PAUSE", 7), ("pause 30", 14)])
def test_a_pause_is_as_long_as_they_say_and_never_over_a_fortnight(desk, case, clock, body, days):
    hear(desk, body)
    plan = plan_of(desk)
    assert (plan.status, plan.paused_until) == (PlanStatus.PAUSED, (clock.now() + timedelta(days=days)).date())
    assert chosen(desk) == [(Choice.PAUSE, "", str(plan.paused_until))]


IN_ENGLISH = (("PAUSE 3", "ALLMSG", "HOUR 14", "CYMRAEG"), ("until Monday 23 November", "at about 2pm", "yn Gymraeg"))
IN_WELSH = (("SAIB 3", "HANES", "AWR 14", "ENGLISH"), ("tan dydd Llun 23 Tachwedd", "tua 2pm", "in English"))


@pytest.mark.parametrize(("bodies", "told"), [IN_ENGLISH, IN_WELSH])
def test_what_is_asked_or_chosen_in_a_pause_is_answered_for_what_it_is_and_the_pause_goes_on_r52(
    desk, case, clock, bodies, told
):
    if bodies[0] == "SAIB 3":
        hear(desk, "CYMRAEG")
    hear(desk, bodies[0])
    until = plan_of(desk).paused_until
    forward(clock, hours=2)
    for body in bodies[1:]:
        hear(desk, body)
    assert said(desk, case)[-3:-1] == ["hours_paused", "hour_paused"]
    assert all(words in text.text for words, text in zip(told, texts(desk, case)[-3:], strict=True))
    assert (plan_of(desk).status, plan_of(desk).paused_until, plan_of(desk).hour) == (PlanStatus.PAUSED, until, 14)
    assert hours_ahead(desk) == {14}


def test_whoever_asks_in_a_pause_without_end_or_with_no_plan_is_told_that_nothing_comes(desk, case):
    hear(desk, "please stop texting me")
    hear(desk, "ALLMSG")
    assert said(desk, case)[-2:] == ["soft_stop_reply", "nothing_planned"]
    with desk.work(SYSTEM) as work:
        plan = work.session.get_one(CheckinPlan, plan_of(desk).id)
        plan.status = PlanStatus.ENDED
        work.session.add(plan)
    forward(desk.clock, hours=2)
    for body in ("ALLMSG", "PAUSE 3", "HOUR 10"):
        hear(desk, body)
    assert said(desk, case)[-3:] == ["nothing_planned"] * 3
    assert "checkin_operations" not in open_tasks(desk)


@pytest.mark.parametrize("body", ["HOUR 14", "CYMRAEG", "PAUSE 14"])
def test_a_number_that_is_not_proven_changes_nothing_and_is_read_by_a_person(desk, world, body):
    case = world.case()
    reachable(desk, case)
    release(desk, case)
    hear(desk, body)
    plan = plan_of(desk)
    assert (plan.hour, plan.language, plan.status) == (None, Language.ENGLISH, PlanStatus.ACTIVE)
    assert chosen(desk) == []
    assert "checkin_read" in open_tasks(desk)


def test_a_choice_after_a_stop_un_stops_nothing(desk, case):
    hear(desk, "STOP")
    hear(desk, "HOUR 14")
    with desk.work(SYSTEM) as work:
        assert optouts.opted_out(work, case, NUMBER)
    assert said(desk, case)[-1] == "stop_confirmation"


def test_the_hours_to_choose_leave_time_to_send(reference):
    window = reference[CheckinPlans].window
    the_clocks_change = date(2027, 3, 28)
    assert choosing.hours_within(window, ANY_HOURS, the_clocks_change) == tuple(range(9, 20))
    assert choosing.hours_within(window, Hours(None, time(19, 45), time(20)), the_clocks_change) == ()
    assert choosing.hours_within(window, None, the_clocks_change) == ()

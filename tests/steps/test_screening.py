"""Screening as it is done and kept: safety first, answers, result, pathway, and who may read what."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

import pytest
from sqlmodel import select

from tests.support.screening import safety_first
from throughcare.casework.people import Person, Sex
from throughcare.casework.rows import ClockState, CustodyEpisode, ServiceClock
from throughcare.casework.sides import Side
from throughcare.disclosure.policy import Basis
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import AuditRow, Event
from throughcare.kernel.clock import LONDON
from throughcare.kernel.reference import Reference
from throughcare.kernel.refusals import Invalid, NotFound, NotPermitted
from throughcare.kernel.work import Desk
from throughcare.screening import actions, asking, views
from throughcare.screening.forms import (
    Answers,
    AskedBesideForm,
    ClinicianViewForm,
    NotScreened,
    OverrideForm,
    SafetyAnswers,
    StartScreening,
    Stopped,
)
from throughcare.screening.reckoning import reckon
from throughcare.screening.rows import SafetyStatus, Screening, ScreeningOutcome, ToldUs
from throughcare.screening.rules import (
    BadAnswers,
    InstrumentClosed,
    Local,
    Pathway,
    SafetyAnswer,
    Status,
    WantsHelp,
)
from throughcare.screening.steps import SCREENERS, Superseded

AUDIT_12 = dict(zip([f"q{n}" for n in range(1, 11)], [3, 2, 2, 1, 1, 0, 1, 2, 0, 0], strict=True))
AUDIT_20 = dict(zip([f"q{n}" for n in range(1, 11)], [4, 4, 4, 1, 1, 0, 1, 1, 2, 2], strict=True))
DUDIT_0 = {f"q{n}": 0 for n in range(1, 12)}
DUDIT_5 = DUDIT_0 | {"q1": 2, "q3": 3}


@pytest.fixture
def case(world):
    return world.case(sex=Sex.FEMALE)


def started(desk, actor, case, instrument, **more):
    if actor.role in SCREENERS:
        safety_first(desk, actor, case)
    desk.clock.forward(timedelta(minutes=5))
    with desk.work(actor) as work:
        return actions.start(work, case, StartScreening(instrument=instrument, **more))


def screened(desk, actor, case, instrument, answers, **more):
    opened = started(desk, actor, case, instrument, **more)
    with desk.work(actor) as work:
        return actions.answer(work, opened.id, Answers(answers=answers))


def safe(desk, actor, case, **changed):
    with desk.work(actor) as work:
        no = {question.code: SafetyAnswer.NO for question in work.reference[Local].safety}
        return asking.ask_safety(work, case, SafetyAnswers(answers=no | changed))


def outcome(desk, actor, case, side=Side.ALCOHOL):
    with desk.work(actor) as work:
        return next((it for it in views.page(work, case).outcomes if it.side is side), None)


def recorded(desk, case, prefix=""):
    with desk.work(SYSTEM) as work:
        found = select(AuditRow.name).where(AuditRow.case_id == case).order_by(AuditRow.created_at)
        return [name for name in work.session.exec(found) if name.startswith(prefix)]


def test_a_finished_audit_is_scored_banded_and_stored_with_what_it_rests_on(desk, world, case):
    done = screened(desk, world.officer, case, "audit", AUDIT_12)
    assert (done.status, done.total, done.band, done.band_set) == (Status.COMPLETED, 12, "increasing", "uk")
    assert done.band_label == "Increasing risk (zone II)"
    assert done.period == "the year before prison"
    assert done.subscales == {"consumption": 7, "dependence": 2, "harm": 3}
    assert done.screener == "Officer"


def test_recomputing_a_stored_screening_gives_the_stored_score(desk, world, case):
    screened(desk, world.officer, case, "audit", AUDIT_12)
    screened(desk, world.officer, case, "dudit", DUDIT_5)
    screened(desk, world.treatment, case, "sds", {f"q{n}": 1 for n in range(1, 6)}, substance="Heroin")
    screened(desk, world.officer, case, "fast", {"q1": 4})
    with desk.work(world.officer) as work:
        rows = work.session.exec(select(Screening)).all()
        assert len(rows) == 4
        for row in rows:
            again = reckon(work, row)
            assert (again.total, again.positive, again.basis.threshold) == (row.total, row.positive, row.threshold)
            assert (again.band.code if again.band else "") == row.band


def test_a_partial_set_is_kept_and_has_no_total_and_no_band(desk, world, case):
    opened = started(desk, world.officer, case, "audit")
    with desk.work(world.officer) as work:
        kept = actions.answer(work, opened.id, Answers(answers={"q1": 3, "q2": 2}))
    assert (kept.status, kept.total, kept.band) == (Status.STARTED, None, "")
    assert kept.missing[0] == "q3"
    assert kept.answers == {"q1": 3, "q2": 2}
    assert outcome(desk, world.officer, case) is None


def test_skipped_questions_are_stored_as_not_asked(desk, world, case):
    done = screened(desk, world.officer, case, "audit", {"q1": 0, "q9": 2, "q10": 2})
    assert (done.total, done.answers) == (4, {"q1": 0, "q9": 2, "q10": 2})


def test_contradictory_answers_are_refused_until_they_are_confirmed(desk, world, case):
    opened = started(desk, world.officer, case, "audit")
    odd = dict.fromkeys(AUDIT_12, 0) | {"q4": 1}
    with pytest.raises(actions.ContradictoryAnswers, match=r"question 4 scores 1"), desk.work(world.officer) as work:
        actions.answer(work, opened.id, Answers(answers=odd))
    with desk.work(world.officer) as work:
        done = actions.answer(work, opened.id, Answers(answers=odd, confirmed=True))
    assert done.status is Status.COMPLETED
    assert len(done.warnings) == 1


def test_a_bad_answer_leaves_nothing_behind(desk, world, case):
    opened = started(desk, world.officer, case, "audit")
    with pytest.raises(BadAnswers), desk.work(world.officer) as work:
        actions.answer(work, opened.id, Answers(answers={"q9": 1}))
    with desk.work(world.officer) as work:
        assert work.session.get(Screening, opened.id).answers == {}


def test_a_finished_screening_cannot_be_answered_again(desk, world, case):
    done = screened(desk, world.officer, case, "audit", AUDIT_12)
    with pytest.raises(actions.AlreadyFinished), desk.work(world.officer) as work:
        actions.answer(work, done.id, Answers(answers=AUDIT_20))


def test_audit_twelve_calls_for_a_brief_intervention_once(desk, world, case):
    screened(desk, world.officer, case, "audit", AUDIT_12)
    assert outcome(desk, world.officer, case).pathway is Pathway.BRIEF
    names = recorded(desk, case, "screening.")
    assert names.count("screening.brief_intervention_due") == 1
    assert names.count("screening.substance_need_found") == 1
    assert "screening.specialist_assessment_due" not in names


def test_audit_twenty_calls_for_a_specialist_and_for_no_brief_intervention(desk, world, case):
    screened(desk, world.officer, case, "audit", AUDIT_20)
    assert outcome(desk, world.officer, case).pathway is Pathway.SPECIALIST
    names = recorded(desk, case, "screening.")
    assert "screening.specialist_assessment_due" in names
    assert "screening.brief_intervention_due" not in names


def test_alcohol_and_drugs_have_an_outcome_each_and_both_finish_the_screen(desk, world, case):
    screened(desk, world.officer, case, "audit", AUDIT_12)
    assert "screening.completed" not in recorded(desk, case)
    screened(desk, world.officer, case, "dudit", DUDIT_5)
    assert outcome(desk, world.officer, case, Side.ALCOHOL).pathway is Pathway.BRIEF
    assert outcome(desk, world.officer, case, Side.DRUGS).pathway is Pathway.SUBSTANCE_TEAM
    assert recorded(desk, case).count("screening.completed") == 1


def test_dudit_uses_the_recorded_sex_and_says_when_there_is_none(desk, world):
    man, unknown = world.case(sex=Sex.MALE), world.case(sex=Sex.NOT_RECORDED)
    assert screened(desk, world.officer, man, "dudit", DUDIT_5).positive is False
    done = screened(desk, world.officer, unknown, "dudit", DUDIT_5)
    assert (done.positive, done.threshold) == (True, 2)
    assert "because sex is not recorded" in done.threshold_said


def test_a_positive_audit_c_continues_into_audit_without_asking_again(desk, world, case):
    short = screened(desk, world.officer, case, "audit_c", {"q1": 3, "q2": 2, "q3": 2})
    assert outcome(desk, world.officer, case).pathway is Pathway.FINISH_AUDIT
    assert "screening.completed" not in recorded(desk, case)
    with desk.work(world.officer) as work:
        full = actions.go_on(work, short.id)
        again = actions.go_on(work, short.id)
    assert (full.answers, full.missing[0]) == ({"q1": 3, "q2": 2, "q3": 2}, "q4")
    assert again.id == full.id
    with desk.work(world.officer) as work:
        actions.answer(work, full.id, Answers(answers=AUDIT_12))
    assert outcome(desk, world.officer, case).pathway is Pathway.BRIEF


def test_only_a_finished_short_screen_continues(desk, world, case):
    done = screened(desk, world.officer, case, "audit", AUDIT_12)
    with pytest.raises(actions.NothingToContinue), desk.work(world.officer) as work:
        actions.go_on(work, done.id)


@pytest.mark.parametrize(
    ("status", "again", "event"),
    [
        (Status.DECLINED, date(2026, 11, 27), "screening.declined"),
        (Status.NOT_ABLE, date(2026, 11, 21), "screening.not_able"),
    ],
)
def test_declining_is_a_status_with_a_day_to_ask_again(desk, world, case, status, again, event):
    with desk.work(world.officer) as work:
        shown = actions.not_screened(work, case, NotScreened(status=status, why="Wants to sleep"))
    assert (shown.status, shown.reoffer_on, shown.total) == (status, again, None)
    assert event in recorded(desk, case)
    assert outcome(desk, world.officer, case) is None


def test_a_started_screening_can_be_stopped_but_not_as_completed(desk, world, case):
    opened = started(desk, world.officer, case, "audit")
    with pytest.raises(Invalid), desk.work(world.officer) as work:
        actions.stop(work, opened.id, Stopped(status=Status.COMPLETED))
    with desk.work(world.officer) as work:
        assert actions.stop(work, opened.id, Stopped(status=Status.NOT_ABLE)).status is Status.NOT_ABLE


@pytest.mark.parametrize("answer", [SafetyAnswer.YES, SafetyAnswer.NOT_KNOWN])
def test_any_yes_or_not_known_sends_the_person_to_healthcare_today(desk, world, case, answer):
    check = safe(desk, world.officer, case, withdrawal_now=answer)
    assert check.status is SafetyStatus.HEALTHCARE_TODAY
    assert "screening.healthcare_needed_today" in recorded(desk, case)
    with desk.work(world.healthcare) as work:
        assert asking.healthcare_saw(work, check.id).status is SafetyStatus.SEEN
    assert "healthcare.seen" in recorded(desk, case)


def test_all_safety_questions_answered_no_send_nobody(desk, world, case):
    assert safe(desk, world.officer, case).status is SafetyStatus.CLEAR
    assert "screening.healthcare_needed_today" not in recorded(desk, case)


def test_an_officer_cannot_say_that_healthcare_has_been(desk, world, case):
    check = safe(desk, world.officer, case, daily_ghb=SafetyAnswer.YES)
    with pytest.raises(NotPermitted), desk.work(world.officer) as work:
        asking.healthcare_saw(work, check.id)


def test_a_risk_of_withdrawal_shows_beside_the_outcome_until_healthcare_has_been(desk, world, case):
    check = safe(desk, world.officer, case, daily_alcohol=SafetyAnswer.YES)
    screened(desk, world.officer, case, "audit", AUDIT_20)
    assert outcome(desk, world.officer, case).healthcare_today is True
    with desk.work(world.healthcare) as work:
        asking.healthcare_saw(work, check.id)
    assert outcome(desk, world.officer, case).healthcare_today is False
    assert recorded(desk, case).count("screening.specialist_assessment_due") == 1


def beside(**changed):
    said = {
        "alcohol_help": WantsHelp.YES, "drugs_help": WantsHelp.NO, "related_illness": False,
        "children": ToldUs.NO, "pregnant": ToldUs.NO,
    }  # fmt: skip
    return AskedBesideForm(**said | changed)


def test_help_is_asked_for_alcohol_and_drugs_apart_and_pregnancy_reaches_the_person(desk, world, case):
    with desk.work(world.officer) as work:
        asked = asking.ask_beside(work, case, beside(pregnant=ToldUs.YES, children=ToldUs.YES))
        assert work.session.exec(select(Person.pregnant).where(Person.case_id == case)).one() is True
    assert (asked.alcohol_help, asked.drugs_help) == (WantsHelp.YES, WantsHelp.NO)
    assert {"screening.pregnancy_told", "screening.children_told"} <= set(recorded(desk, case))
    assert clock(desk, case, "pregnant_fast_track") is ClockState.RUNNING


def test_a_no_does_not_undo_a_pregnancy_that_is_known(desk, world, case):
    for said, known in ((ToldUs.NO, False), (ToldUs.YES, True), (ToldUs.NO, True)):
        with desk.work(world.officer) as work:
            asking.ask_beside(work, case, beside(pregnant=said))
        with desk.work(SYSTEM) as work:
            assert work.session.exec(select(Person.pregnant).where(Person.case_id == case)).one() is known
    assert recorded(desk, case).count("safeguarding.pregnancy_known") == 1


def test_related_illness_offers_a_referral_beside_the_brief_intervention(desk, world, case):
    screened(desk, world.officer, case, "audit", AUDIT_12)
    with desk.work(world.officer) as work:
        asking.ask_beside(work, case, beside(related_illness=True))
    now = outcome(desk, world.officer, case)
    assert (now.pathway, now.referral_offered) == (Pathway.BRIEF, True)
    names = recorded(desk, case)
    assert (names.count("screening.referral_offered"), names.count("screening.brief_intervention_due")) == (1, 1)


def test_a_clinicians_view_calls_for_a_specialist_and_can_be_taken_back(desk, world, case):
    screened(desk, world.officer, case, "audit", AUDIT_12)
    for asks, expected in ((True, Pathway.SPECIALIST), (False, Pathway.BRIEF)):
        desk.clock.forward(timedelta(hours=1))
        with desk.work(world.healthcare) as work:
            asking.give_view(work, case, ClinicianViewForm(side=Side.ALCOHOL, asks_specialist=asks, why="Seen today"))
        assert outcome(desk, world.officer, case).pathway is expected
    assert "screening.brief_intervention_not_due" in recorded(desk, case)


def test_an_officers_view_is_not_a_clinicians(desk, world, case):
    view = ClinicianViewForm(side=Side.DRUGS, asks_specialist=True, why="A hunch")
    with pytest.raises(NotPermitted), desk.work(world.officer) as work:
        asking.give_view(work, case, view)


def override(desk, actor, found, to, why="They asked for it"):
    with desk.work(actor) as work:
        return asking.override(work, found.id, OverrideForm(override_pathway=to, override_reason=why))


def test_staff_change_the_pathway_with_a_reason_and_never_the_score(desk, world, case):
    done = screened(desk, world.officer, case, "audit", AUDIT_12)
    changed = override(desk, world.officer, outcome(desk, world.officer, case), Pathway.SPECIALIST)
    assert (changed.pathway, changed.computed) == (Pathway.SPECIALIST, Pathway.BRIEF)
    assert "screening.pathway_overridden" in recorded(desk, case)
    with desk.work(world.officer) as work:
        assert work.session.get(Screening, done.id).total == 12


def test_an_override_stands_until_the_facts_give_something_else(desk, world, case):
    screened(desk, world.officer, case, "audit", AUDIT_12)
    override(desk, world.officer, outcome(desk, world.officer, case), Pathway.FEEDBACK)
    with desk.work(world.officer) as work:
        asking.ask_beside(work, case, beside(related_illness=True))
    assert outcome(desk, world.officer, case).pathway is Pathway.FEEDBACK
    screened(desk, world.officer, case, "audit", AUDIT_20)
    assert outcome(desk, world.officer, case).pathway is Pathway.SPECIALIST


def test_an_outcome_that_has_been_replaced_cannot_be_overridden(desk, world, case):
    screened(desk, world.officer, case, "audit", AUDIT_12)
    old = outcome(desk, world.officer, case)
    override(desk, world.officer, old, Pathway.FEEDBACK)
    with pytest.raises(Superseded):
        override(desk, world.officer, old, Pathway.SPECIALIST)


def test_the_outcomes_of_before_are_kept(desk, world, case):
    screened(desk, world.officer, case, "audit", AUDIT_12)
    screened(desk, world.officer, case, "audit", AUDIT_20)
    with desk.work(world.officer) as work:
        rows = work.session.exec(select(ScreeningOutcome)).all()
    assert sorted((row.pathway.value, row.replaced_at is None) for row in rows) == [
        ("brief_intervention", False),
        ("specialist_assessment", True),
    ]


def test_a_sadq_of_sixteen_calls_for_a_specialist(desk, world, case):
    screened(desk, world.treatment, case, "sadq", {"total": 16})
    assert outcome(desk, world.treatment, case).pathway is Pathway.SPECIALIST


@pytest.mark.parametrize(
    ("who", "instrument"),
    [
        ("officer", "ciwa_ar"),
        ("treatment", "ciwa_ar"),
        ("officer", "sadq"),
        ("probation", "audit"),
        ("prison_manager", "audit"),
    ],
)
def test_who_may_use_an_instrument(desk, world, case, who, instrument):
    with desk.work(world.officer) as work:
        world.involve(work, case, "probation", Basis.TASK)
    with pytest.raises(NotPermitted):
        started(desk, getattr(world, who), case, instrument)


def test_a_withdrawal_scale_is_recorded_by_a_nurse_with_both_bands_and_no_pathway(desk, world, case):
    nine = {f"q{n}": 1 for n in range(1, 10)} | {"q10": 0}
    done = screened(desk, world.healthcare, case, "ciwa_ar", nine)
    assert done.bands == [["asam_2020", "", "mild"], ["camcops", "", "moderate"]]
    assert (done.band, done.total) == ("", 9)
    assert outcome(desk, world.healthcare, case) is None


def test_assist_lite_cannot_be_opened(desk, world, case):
    with pytest.raises(InstrumentClosed, match="licensed pack"):
        started(desk, world.officer, case, "assist_lite")


def test_a_profile_is_recorded_without_a_total_and_is_not_a_screen(desk, world, case):
    with pytest.raises(actions.SayWhichPoint):
        started(desk, world.treatment, case, "top")
    opened = started(desk, world.treatment, case, "top", stage="start")
    with desk.work(world.treatment) as work:
        instrument = actions.instrument_of(work, work.session.get(Screening, opened.id))
        done = actions.answer(work, opened.id, Answers(answers={item.code: 0 for item in instrument.items}))
    assert (done.total, done.status, done.period) == (None, Status.COMPLETED, "the 28 days before custody")
    names = recorded(desk, case)
    assert "screening.top_recorded" in names
    assert "screening.scored" not in names


def test_a_screen_by_substance_must_name_it(desk, world, case):
    with pytest.raises(actions.SaySubstance):
        started(desk, world.officer, case, "sds")
    done = screened(desk, world.officer, case, "sds", {f"q{n}": 1 for n in range(1, 6)}, substance=" Heroin ")
    assert (done.substance, done.scope.value, done.positive) == ("heroin", "drugs", True)
    assert done.title == "SDS: heroin"


def test_a_screening_cannot_be_dated_tomorrow(desk, world, case):
    with pytest.raises(actions.NotYet):
        started(desk, world.officer, case, "audit", on=date(2026, 11, 21))


def test_a_screening_of_an_earlier_stay_does_not_stand_for_this_one(desk, world, clock):
    case = world.case(received_on=date(2026, 11, 10))
    screened(desk, world.officer, case, "audit", AUDIT_12, on=date(2026, 11, 9))
    assert outcome(desk, world.officer, case) is None


def test_another_officer_sees_that_it_was_done_and_the_band_only_with_consent(desk, world, case):
    screened(desk, world.officer, case, "audit", AUDIT_12)
    with desk.work(world.other_officer) as work:
        line = views.page(work, case).screenings[0]
    assert (line.title, line.status, line.band, line.total, line.answers) == (
        "AUDIT",
        Status.COMPLETED,
        None,
        None,
        None,
    )
    assert {"band", "total", "answers"} <= set(line.withheld)
    agreed = world.case()
    screened(desk, world.officer, agreed, "audit", AUDIT_12, share_agreed=True)
    with desk.work(world.other_officer) as work:
        line = views.page(work, agreed).screenings[0]
    assert (line.band, line.band_label, line.total) == ("increasing", "Increasing risk (zone II)", None)


def test_healthcare_reads_the_whole_of_it_as_direct_care(desk, world, case):
    screened(desk, world.officer, case, "audit", AUDIT_12)
    with desk.work(world.healthcare) as work:
        line = views.page(work, case).screenings[0]
    assert (line.total, line.answers) == (12, AUDIT_12)


def test_a_case_without_standing_is_not_found(desk, world, case):
    with pytest.raises(NotFound), desk.work(world.other_provider) as work:
        views.page(work, case)
    with pytest.raises(NotFound):
        started(desk, world.scottish_officer, case, "audit")


def test_the_events_carry_no_score_and_no_words(desk, world, case):
    screened(desk, world.officer, case, "audit", AUDIT_12)
    with desk.work(world.officer) as work:
        bodies = [row.body for row in work.session.exec(select(AuditRow).where(AuditRow.case_id == case))]
    text = str(bodies)
    assert "increasing" not in text
    assert "'total'" not in text


def test_a_screening_in_the_community_asks_about_the_last_year(desk, world, case):
    with desk.work(world.officer) as work:
        stay = work.session.exec(select(CustodyEpisode).where(CustodyEpisode.case_id == case)).one()
        stay.ended_at = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
        work.session.add(stay)
    assert started(desk, world.officer, case, "audit").period == "the last year"


def test_a_service_that_follows_the_other_stop_rule_stores_it_with_the_result(desk, world, case):
    local = desk.reference[Local]
    other = local.stop_rules["fast"].model_copy(update={"rule": "hodgson_2002"})
    held = {**desk.reference.held, Local: local.model_copy(update={"stop_rules": {"fast": other}})}
    there = Desk(desk.engine, desk.clock, desk.reactions, Reference(held))
    done = screened(there, world.officer, case, "fast", {"q1": 0})
    assert (done.status, done.positive, done.rule) == (Status.COMPLETED, False, "hodgson_2002")
    with desk.work(world.officer) as work:
        assert reckon(work, work.session.get(Screening, done.id)).positive is False
    here = screened(desk, world.officer, case, "fast", {"q1": 0})
    assert (here.status, here.rule) == (Status.STARTED, "ohid")


def test_screening_both_sides_meets_the_reception_clock_and_a_short_screen_does_not(desk, world, case):
    with desk.work(SYSTEM) as work:
        work.record(Received(subject_id=case, case_id=case))
    screened(desk, world.officer, case, "audit_c", {"q1": 3, "q2": 2, "q3": 2})
    screened(desk, world.officer, case, "dudit", DUDIT_0)
    assert clock(desk, case) is ClockState.RUNNING
    screened(desk, world.officer, case, "audit", AUDIT_12)
    assert clock(desk, case) is ClockState.STOPPED


class Received(Event):
    name: ClassVar[str] = "custody.received"


def clock(desk, case, code="substance_screen"):
    with desk.work(SYSTEM) as work:
        found = select(ServiceClock.state).where(ServiceClock.case_id == case, ServiceClock.code == code)
        return work.session.exec(found).one()


@pytest.mark.parametrize(
    ("status", "code", "day"),
    [
        (Status.DECLINED, "substance_screen_reoffer", date(2026, 11, 27)),
        (Status.NOT_ABLE, "substance_screen_when_able", date(2026, 11, 21)),
    ],
)
def test_a_screen_not_done_is_on_somebodys_list_for_the_day_it_says(desk, world, case, status, code, day):
    with desk.work(world.officer) as work:
        shown = actions.not_screened(work, case, NotScreened(status=status))
    with desk.work(SYSTEM) as work:
        due = work.session.exec(select(ServiceClock.due_at).where(ServiceClock.code == code)).one()
    assert (shown.reoffer_on, due.astimezone(LONDON).date()) == (day, day)


def test_a_positive_short_screen_is_not_undone_by_a_later_negative_one_but_by_a_full_audit(desk, world, case):
    screened(desk, world.officer, case, "fast", {"q1": 4})
    screened(desk, world.officer, case, "audit_c", {"q1": 0})
    assert outcome(desk, world.officer, case).pathway is Pathway.FINISH_AUDIT
    screened(desk, world.officer, case, "audit", AUDIT_12)
    assert outcome(desk, world.officer, case).pathway is Pathway.BRIEF

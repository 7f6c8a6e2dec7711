"""From a screening outcome to a brief intervention given, or a specialist's assessment and no substitute for it."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from sqlmodel import col, select

from tests.support.screening import safety_first
from throughcare.casework.rows import ClockState, ServiceClock
from throughcare.casework.sides import Side
from throughcare.disclosure.policy import Basis
from throughcare.intervention import actions, steps, views
from throughcare.intervention.forms import (
    AcceptReferral,
    Conclude,
    DeclineBrief,
    DeclineReferral,
    FollowUp,
    GiveBrief,
    HoldSession,
    Refer,
    Saw,
    SeenByTeam,
)
from throughcare.intervention.rows import Assessed, BriefStatus, DeclinedBy, ReferralStatus
from throughcare.intervention.rules import Frames, NoDeliverer, NotYetHappened
from throughcare.kernel.actors import SYSTEM, Role
from throughcare.kernel.refusals import NotPermitted, WrongState
from throughcare.screening import actions as screenings
from throughcare.screening import asking
from throughcare.screening.forms import Answers, AskedBesideForm, OverrideForm, SafetyAnswers, StartScreening
from throughcare.screening.rows import ScreeningOutcome, ToldUs
from throughcare.screening.rules import Pathway, SafetyAnswer, WantsHelp

BY_TOTAL = {
    12: [3, 2, 2, 1, 1, 0, 1, 2, 0, 0],
    16: [3, 2, 3, 1, 1, 0, 1, 1, 2, 2],
    20: [4, 4, 4, 1, 1, 0, 1, 1, 2, 2],
    5: [2, 1, 1, 1, 0, 0, 0, 0, 0, 0],
}


@pytest.fixture
def case(world):
    return world.case()


def audit(desk, world, case, total):
    safety_first(desk, world.officer, case)
    desk.clock.forward(timedelta(minutes=5))
    answers = dict(zip([f"q{n}" for n in range(1, 11)], BY_TOTAL[total], strict=True))
    with desk.work(world.officer) as work:
        opened = screenings.start(work, case, StartScreening(instrument="audit"))
        screenings.answer(work, opened.id, Answers(answers=answers))


def dudit(desk, world, case, answers):
    safety_first(desk, world.officer, case)
    desk.clock.forward(timedelta(minutes=5))
    with desk.work(world.officer) as work:
        opened = screenings.start(work, case, StartScreening(instrument="dudit"))
        screenings.answer(work, opened.id, Answers(answers=answers))


def page(desk, actor, case):
    with desk.work(actor) as work:
        return views.page(work, case)


def brief(desk, world, case):
    return page(desk, world.officer, case).briefs[0]


def clocks(desk, case):
    with desk.work(SYSTEM) as work:
        found = select(ServiceClock).where(ServiceClock.case_id == case)
        return {(it.code, it.state) for it in work.session.exec(found)}


def given(world, **changed):
    said = {
        "delivered_by": world.treatment.id,
        "minutes": 10,
        "elements": (Frames.ADVICE,),
        "goal": "Drink at weekends only",
    }
    return GiveBrief(**said | changed)


def test_audit_twelve_puts_one_brief_intervention_on_the_list_with_its_clock(desk, world, case):
    audit(desk, world, case, 12)
    audit(desk, world, case, 12)
    found = page(desk, world.officer, case)
    assert [(it.status, it.extended, it.side) for it in found.briefs] == [(BriefStatus.DUE, False, Side.ALCOHOL)]
    assert found.referrals == []
    assert ("brief_intervention", ClockState.RUNNING) in clocks(desk, case)


def test_audit_sixteen_asks_for_extended_sessions_too(desk, world, case):
    audit(desk, world, case, 16)
    assert brief(desk, world, case).extended is True


def test_audit_twenty_is_referred_and_nothing_is_put_in_its_place(desk, world, case):
    audit(desk, world, case, 20)
    found = page(desk, world.officer, case)
    assert found.briefs == []
    assert [(it.status, it.side) for it in found.referrals] == [(ReferralStatus.DUE, Side.ALCOHOL)]
    assert ("specialist_assessment", ClockState.RUNNING) in clocks(desk, case)


def test_audit_five_puts_nothing_on_the_list(desk, world, case):
    audit(desk, world, case, 5)
    found = page(desk, world.officer, case)
    assert (found.briefs, found.referrals) == ([], [])


def test_a_worse_result_takes_the_brief_intervention_off_the_list(desk, world, case):
    audit(desk, world, case, 12)
    audit(desk, world, case, 20)
    found = page(desk, world.officer, case)
    assert found.briefs[0].status is BriefStatus.WITHDRAWN
    assert found.referrals[0].status is ReferralStatus.DUE
    assert ("brief_intervention", ClockState.CANCELLED) in clocks(desk, case)


def test_alcohol_and_drugs_each_have_their_own_referral_and_clock(desk, world, case):
    audit(desk, world, case, 20)
    dudit(desk, world, case, {f"q{n}": 4 for n in range(1, 12)})
    found = page(desk, world.officer, case)
    assert {it.side for it in found.referrals} == set(Side)
    alcohol = next(it for it in found.referrals if it.side is Side.ALCOHOL)
    with desk.work(world.treatment) as work:
        actions.see(work, alcohol.id, Saw())
    with desk.work(SYSTEM) as work:
        found = select(ServiceClock.state).where(ServiceClock.code == "specialist_assessment")
        assert sorted(work.session.exec(found)) == [ClockState.RUNNING, ClockState.STOPPED]


def test_a_risk_of_withdrawal_makes_the_referral_one_for_today(desk, world, case):
    with desk.work(world.officer) as work:
        asking.ask_safety(work, case, SafetyAnswers(answers={}))
    audit(desk, world, case, 20)
    assert page(desk, world.officer, case).referrals[0].today is True
    assert ("healthcare_today", ClockState.RUNNING) in clocks(desk, case)
    with desk.work(SYSTEM) as work:
        found = select(ServiceClock).where(col(ServiceClock.code).startswith("specialist_assessment"))
        made = {clock.code: (clock.state, clock.due_at.date()) for clock in work.session.exec(found)}
    assert made["specialist_assessment_today"] == (ClockState.RUNNING, date(2026, 11, 20))  # DOMAIN H
    assert made["specialist_assessment"][0] is ClockState.CANCELLED


def test_a_risk_of_withdrawal_learnt_afterwards_brings_the_referral_forward_to_today(desk, world, case):
    audit(desk, world, case, 20)
    assert page(desk, world.officer, case).referrals[0].today is False
    with desk.work(world.officer) as work:
        asking.ask_safety(work, case, SafetyAnswers(answers={"daily_alcohol": SafetyAnswer.YES}))
    assert [each.today for each in page(desk, world.officer, case).referrals] == [True]
    assert ("specialist_assessment_today", ClockState.RUNNING) in clocks(desk, case)


def test_related_illness_puts_a_referral_on_offer_beside_the_brief_intervention(desk, world, case):
    audit(desk, world, case, 12)
    ill = AskedBesideForm(
        alcohol_help=WantsHelp.YES,
        drugs_help=WantsHelp.NO,
        related_illness=True,
        children=ToldUs.NO,
        pregnant=ToldUs.NO,
    )
    with desk.work(world.officer) as work:
        asking.ask_beside(work, case, ill)
    found = page(desk, world.officer, case)
    assert (found.briefs[0].status, found.referrals[0].status) == (BriefStatus.DUE, ReferralStatus.ON_OFFER)
    assert "specialist_assessment" not in {code for code, _ in clocks(desk, case)}
    audit(desk, world, case, 20)
    assert page(desk, world.officer, case).referrals[0].status is ReferralStatus.DUE
    assert ("specialist_assessment", ClockState.RUNNING) in clocks(desk, case)


def test_an_override_away_from_the_specialist_leaves_the_referral_to_be_turned_down_by_the_person(desk, world, case):
    audit(desk, world, case, 20)
    with desk.work(world.officer) as work:
        row = work.session.exec(select(ScreeningOutcome)).one()
        asking.override(work, row.id, OverrideForm(override_pathway=Pathway.BRIEF, override_reason="Will not go"))
    found = page(desk, world.officer, case)
    assert (found.briefs[0].status, found.referrals[0].status) == (BriefStatus.DUE, ReferralStatus.DUE)


def test_a_brief_intervention_is_given_by_a_colleague_and_meets_its_clock(desk, world, case):
    audit(desk, world, case, 12)
    with desk.work(world.officer) as work:
        shown = actions.give(work, brief(desk, world, case).id, given(world, readiness=7, leaflet=True))
    assert (shown.status, shown.given_on, shown.minutes) == (BriefStatus.GIVEN, date(2026, 11, 20), 10)
    assert (shown.elements, shown.readiness, shown.goal) == (["advice"], 7, "Drink at weekends only")
    assert ("brief_intervention", ClockState.STOPPED) in clocks(desk, case)


def test_it_is_not_given_without_an_element_or_a_time():
    said = {"delivered_by": uuid4(), "minutes": 5, "elements": (Frames.ADVICE,)}
    for wrong in ({"elements": ()}, {"minutes": 0}, {"minutes": True}, {"readiness": 11}, {"readiness": -1}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            GiveBrief(**said | wrong)


def test_it_is_not_given_by_somebody_who_does_not_work_here(desk, world, case):
    audit(desk, world, case, 12)
    key = brief(desk, world, case).id
    with pytest.raises(NoDeliverer), desk.work(world.officer) as work:
        actions.give(work, key, given(world, delivered_by=world.provider.id))
    assert brief(desk, world, case).status is BriefStatus.DUE


def test_it_cannot_have_been_given_tomorrow(desk, world, case):
    audit(desk, world, case, 12)
    with pytest.raises(NotYetHappened), desk.work(world.officer) as work:
        actions.give(work, brief(desk, world, case).id, given(world, given_on=date(2026, 11, 21)))


def test_it_can_be_offered_declined_offered_again_given_and_followed_up(desk, world, case):
    audit(desk, world, case, 12)
    key = brief(desk, world, case).id
    moves = (
        (actions.offer, (), BriefStatus.OFFERED),
        (actions.decline, (DeclineBrief(declined_because="Not now"),), BriefStatus.DECLINED),
        (actions.offer, (), BriefStatus.OFFERED),
        (actions.give, (given(world),), BriefStatus.GIVEN),
        (actions.follow_up, (FollowUp(follow_up_note="Cut down"),), BriefStatus.FOLLOWED_UP),
    )
    for do, with_form, status in moves:
        with desk.work(world.treatment) as work:
            assert do(work, key, *with_form).status is status


def test_extended_sessions_follow_one_that_was_given(desk, world, case):
    audit(desk, world, case, 16)
    key = brief(desk, world, case).id
    with pytest.raises(actions.NotGivenYet), desk.work(world.treatment) as work:
        actions.hold_session(work, key, HoldSession(minutes=30))
    with desk.work(world.treatment) as work:
        actions.give(work, key, given(world))
        for minutes in (30, 40):
            actions.hold_session(work, key, HoldSession(minutes=minutes, note="Triggers"))
    assert sorted(it.minutes for it in page(desk, world.treatment, case).sessions) == [30, 40]


def test_a_referral_goes_from_made_to_its_outcome(desk, world, case):
    audit(desk, world, case, 20)
    key = page(desk, world.officer, case).referrals[0].id
    moves = (
        (world.officer, actions.refer, Refer(to_service="Ashby specialist clinic"), ReferralStatus.REFERRED),
        (world.officer, actions.accept, AcceptReferral(appointment_on=date(2026, 11, 24)), ReferralStatus.ACCEPTED),
        (world.treatment, actions.see, Saw(seen_by="Dr Fell"), ReferralStatus.SEEN),
        (
            world.treatment,
            actions.conclude,
            Conclude(assessed=Assessed.TREATMENT, note="Relapse"),
            ReferralStatus.CONCLUDED,
        ),
    )
    for who, do, form, status in moves:
        with desk.work(who) as work:
            assert do(work, key, form).status is status
    assert ("specialist_assessment", ClockState.STOPPED) in clocks(desk, case)
    assert page(desk, world.officer, case).referrals[0].note is None  # clinical: not the officer's
    assert page(desk, world.healthcare, case).referrals[0].note == "Relapse"


def test_a_declined_referral_says_whose_no_it_was_and_can_be_made_again(desk, world, case):
    audit(desk, world, case, 20)
    key = page(desk, world.officer, case).referrals[0].id
    no = DeclineReferral(declined_by=DeclinedBy.PERSON, declined_because="Afraid of the clinic")
    with desk.work(world.officer) as work:
        assert actions.turn_down(work, key, no).declined_by is DeclinedBy.PERSON
    with desk.work(world.officer) as work:
        assert actions.refer(work, key, Refer(to_service="Another clinic")).status is ReferralStatus.REFERRED


def test_the_substance_teams_first_contact_meets_the_three_week_clock(desk, world, case):
    audit(desk, world, case, 12)
    assert ("seen_by_substance_team", ClockState.RUNNING) in clocks(desk, case)
    with pytest.raises(NotPermitted), desk.work(world.officer) as work:
        actions.seen_by_team(work, case, SeenByTeam())
    with desk.work(world.treatment) as work:
        assert actions.seen_by_team(work, case, SeenByTeam(on=date(2026, 11, 19))).on == date(2026, 11, 19)
    assert {state for code, state in clocks(desk, case) if code == "seen_by_substance_team"} & {
        ClockState.STOPPED, ClockState.STOPPED_LATE,
    }  # fmt: skip


def test_probation_reads_nothing_of_it(desk, world, case):
    audit(desk, world, case, 12)
    with desk.work(SYSTEM) as work:
        world.involve(work, case, "probation", Basis.ORDER)
        world.involve(work, case, "probation", Basis.TASK)
    told = page(desk, world.probation, case)
    assert (told.briefs, told.sessions, told.referrals, told.contacts) == ([], [], [], [])


EVERY = [(step, word) for machine, words in ((steps.briefs, BriefStatus), (steps.referrals, ReferralStatus))
         for step in machine.steps for word in words]  # fmt: skip


@pytest.mark.parametrize(("step", "status"), EVERY, ids=[f"{s.machine.noun} {s.name} {w.value}" for s, w in EVERY])
def test_every_step_is_open_from_its_own_statuses_and_refused_in_words_from_every_other(desk, step, status):
    row = step.machine.row(case_id=uuid4(), side=Side.ALCOHOL, outcome_id=uuid4(), status=status)
    role = min(step.by)
    assert step.open_to(row, role) is (status in step.frm)
    assert step.open_to(row, Role.PROBATION) is False
    if status not in step.frm:
        with pytest.raises(WrongState, match=status.label.lower()):
            step(row, SimpleNamespace(actor=SimpleNamespace(role=role)))

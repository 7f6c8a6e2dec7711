from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.checkin.ladders import Asked, Outcome, Span, after, due, non_delivery, outcome, silence
from throughcare.checkin.plans import Act, ladder_for, plans_from
from throughcare.checkin.rules import reported
from throughcare.checkin.schedule import Hours, may_go
from throughcare.kernel.delivery import Delivery, Verdict

PLANS = plans_from(tomllib.loads(Path("config/data/checkin_plans.toml").read_text("utf-8")))
TEN = datetime(2026, 11, 24, 10, tzinfo=UTC)
EARLY = Asked(3, Delivery.DELIVERED, TEN, TEN, second_contact=True)
LATER = replace(EARLY, day=35)


def hours(number):
    return timedelta(hours=number)


def climbed(asked):
    return [(rung.act, (rung.due_at - TEN) / hours(1)) for rung in silence(asked, PLANS)]


def test_the_first_fortnight_is_four_hours_a_day_and_a_day_and_a_half_r43():
    assert climbed(EARLY) == [(Act.NUDGE, 4), (Act.CALL, 24), (Act.SECOND_CONTACT, 24), (Act.MANAGER, 36)]


def test_afterwards_a_day_two_three_and_five_r43():
    assert climbed(LATER) == [(Act.NUDGE, 24), (Act.CALL, 48), (Act.SECOND_CONTACT, 72), (Act.MANAGER, 120)]


@pytest.mark.parametrize(("day", "first"), [(0, 4), (14, 4), (15, 24), (182, 24)])
def test_the_fortnight_ends_with_day_fourteen(day, first):
    assert climbed(replace(EARLY, day=day))[0] == (Act.NUDGE, first)


def test_a_second_contact_is_tried_only_with_recorded_consent_r43():
    assert Act.SECOND_CONTACT not in {act for act, _ in climbed(replace(LATER, second_contact=False))}


@pytest.mark.parametrize("state", [state for state in Delivery if state is not Delivery.DELIVERED])
def test_silence_starts_only_from_proven_delivery_r43(state):
    assert silence(replace(EARLY, state=state), PLANS) == []


@pytest.mark.parametrize("field", ["answered_at", "contact_at", "held_at", "stopped_at"])
def test_an_answer_contact_custody_or_a_stop_closes_the_ladder_r46(field):
    assert silence(replace(EARLY, **{field: TEN + hours(30)}), PLANS) == []


def test_a_contact_from_before_the_text_arrived_does_not_close_it():
    assert silence(replace(EARLY, contact_at=TEN - hours(1)), PLANS)


def test_a_nudge_waits_for_the_morning_and_the_call_does_not():
    evening = replace(EARLY, delivered_at=TEN + hours(9))  # 7pm: four hours on is 11pm
    nudge, call, *_ = silence(evening, PLANS)
    assert (nudge.act, nudge.due_at) == (Act.NUDGE, datetime(2026, 11, 25, 9, tzinfo=UTC))
    assert (call.act, call.due_at) == (Act.CALL, datetime(2026, 11, 25, 19, tzinfo=UTC))


def test_a_nudge_that_would_come_after_the_call_is_left_out():
    half_past_six = replace(EARLY, delivered_at=TEN + hours(8.5))
    evenings = Hours(safe_from=time(19))
    assert silence(half_past_six, PLANS)[0].act is Act.NUDGE
    assert silence(half_past_six, PLANS, evenings)[0].act is Act.CALL


@given(st.integers(0, 400), st.integers(0, 60 * 24 * 400))
def test_no_nudge_is_ever_due_in_quiet_hours_r37(day, minutes):
    asked = replace(EARLY, day=day, delivered_at=datetime(2026, 9, 1, tzinfo=UTC) + timedelta(minutes=minutes))
    rungs = silence(asked, PLANS)
    assert all(may_go(rung.due_at, PLANS.window) for rung in rungs if rung.act is Act.NUDGE)
    assert Act.CALL in {rung.act for rung in rungs}


@pytest.mark.parametrize("start", [datetime(2027, 3, 27, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC)])
def test_the_hours_are_hours_that_pass_across_a_clock_change_t12(start):
    rungs = silence(replace(LATER, delivered_at=start), PLANS)
    assert [(rung.due_at - start) / hours(1) for rung in rungs[1:]] == [48, 72, 120]


def test_an_outage_stops_the_clock_and_a_restart_fires_no_storm_r45_t7():
    out = Span(TEN + hours(2), TEN + hours(12))
    assert climbed(replace(EARLY, outages=(out,)))[1] == (Act.CALL, 34)
    assert due(silence(replace(EARLY, outages=(out,)), PLANS), TEN + hours(13)) == []
    still = Span(TEN + hours(2))
    assert silence(replace(EARLY, outages=(still,)), PLANS) == []


def test_an_outage_before_delivery_or_after_the_rung_changes_nothing():
    outside = (Span(TEN - hours(5), TEN), Span(TEN + hours(200), TEN + hours(300)))
    assert climbed(replace(EARLY, outages=outside)) == climbed(EARLY)


def test_overlapping_outages_count_once():
    spans = (Span(TEN + hours(1), TEN + hours(3)), Span(TEN + hours(2), TEN + hours(4)))
    assert after(TEN, hours(4), spans) == TEN + hours(7)
    assert after(TEN, hours(4), (*spans, Span(TEN + hours(3)))) is None


@given(st.lists(st.tuples(st.integers(-50, 200), st.integers(0, 50)), max_size=6), st.integers(0, 100))
def test_the_time_outside_outages_is_exactly_the_wait(raw, wait):
    spans = [Span(TEN + hours(start), TEN + hours(start + length)) for start, length in raw]
    end = after(TEN, hours(wait), spans)
    out = {n for start, length in raw for n in range(start, start + length)}
    whole = int((end - TEN) / hours(1))
    assert sum(n not in out for n in range(whole)) == wait


def test_what_is_due_is_what_has_come_r45():
    rungs = silence(EARLY, PLANS)
    assert [rung.act for rung in due(rungs, TEN + hours(4))] == [Act.NUDGE]
    assert due(rungs, TEN + hours(3.9)) == []


FAILED = Asked(3, Delivery.UNDELIVERED, TEN, failed_at=TEN, verdict=Verdict.SUSPEND_NUMBER)


def repairs(asked, **more):
    return [(rung.act, (rung.due_at - TEN) / hours(1)) for rung in non_delivery(asked, PLANS, **more)]


def test_a_text_not_delivered_asks_for_a_number_that_works_and_is_never_silence_r44():
    assert repairs(FAILED) == [(Act.REPAIR, 0), (Act.CALL, 0), (Act.MANAGER, 24)]
    assert repairs(replace(FAILED, day=35)) == [(Act.REPAIR, 0), (Act.MANAGER, 72)]
    assert silence(FAILED, PLANS) == []


def test_a_phone_switched_off_gets_its_one_retry_first_but_not_in_the_first_fortnight():
    off = replace(FAILED, day=35, verdict=Verdict.RETRY_LATER)
    assert repairs(off, retrying=True) == []
    assert repairs(off)
    assert repairs(replace(off, day=3), retrying=True)


@pytest.mark.parametrize("field", ["repaired_at", "contact_at", "answered_at", "held_at"])
def test_a_working_number_or_a_word_with_the_person_ends_the_repair_r46(field):
    assert repairs(replace(FAILED, **{field: TEN + hours(1)})) == []
    assert repairs(replace(FAILED, **{field: TEN - hours(1)}))


def test_a_late_receipt_reopens_the_silence_clock_and_ends_the_repair_r16():
    arrived = replace(FAILED, state=Delivery.DELIVERED, delivered_at=TEN + hours(1))
    assert repairs(arrived) == []
    assert silence(arrived, PLANS)[0].due_at == TEN + hours(5)


def test_no_delivery_is_never_both_silence_and_repair():
    for state in Delivery:
        asked = replace(EARLY, state=state, failed_at=TEN)
        assert not (silence(asked, PLANS) and non_delivery(asked, PLANS))


@pytest.mark.parametrize(
    ("asked", "after_hours", "found"),
    [
        (EARLY, 1, Outcome.WAITING),
        (EARLY, 24, Outcome.SILENT),
        (LATER, 24, Outcome.WAITING),
        (LATER, 48, Outcome.SILENT),
        (replace(EARLY, answered_at=TEN + hours(2)), 30, Outcome.ANSWERED),
        (replace(EARLY, answered_at=TEN + hours(73)), 90, Outcome.ANSWERED_LATE),
        (replace(EARLY, contact_at=TEN + hours(2)), 30, Outcome.CONTACTED),
        (replace(EARLY, stopped_at=TEN), 30, Outcome.OPTED_OUT),
        (replace(EARLY, held_at=TEN), 30, Outcome.HELD),
        (FAILED, 30, Outcome.NOT_DELIVERED),
        (replace(EARLY, state=Delivery.AMBIGUOUS, accepted_at=None), 30, Outcome.NOT_PROVEN_SENT),
        (replace(EARLY, state=Delivery.UNCONFIRMED, accepted_at=None), 90, Outcome.NOT_PROVEN_SENT),
        (replace(EARLY, state=Delivery.UNCONFIRMED), 90, Outcome.NOT_PROVEN_DELIVERED),
        (replace(EARLY, state=Delivery.SENT), 30, Outcome.NOT_PROVEN_DELIVERED),
        (replace(EARLY, state=Delivery.SUPPRESSED), 30, Outcome.NOT_SENT),
        (replace(EARLY, state=Delivery.EXPIRED), 30, Outcome.NOT_SENT),
        (replace(EARLY, outages=(Span(TEN, TEN + hours(20)),)), 30, Outcome.WAITING),
    ],
)
def test_silence_failure_opt_out_outage_and_not_proven_are_different_things(asked, after_hours, found):
    assert outcome(asked, TEN + hours(after_hours), PLANS) is found


@pytest.mark.parametrize("state", list(Delivery))
@pytest.mark.parametrize("field", [None, "answered_at", "stopped_at", "held_at", "contact_at"])
def test_probation_never_reads_missed_and_no_answer_only_of_a_text_that_arrived_r48(state, field):
    asked = replace(EARLY, state=state, **({field: TEN} if field else {}))
    facts = reported(asked)
    assert "missed" not in facts.says.casefold()
    assert ("no answer" in facts.says) <= (state is Delivery.DELIVERED)
    assert facts.answered <= facts.delivered <= facts.sent
    if field == "stopped_at":
        assert facts.says == "Chose not to use texts"


def test_the_three_facts_are_separate_r48():
    facts = [
        reported(asked)
        for asked in (
            EARLY,
            replace(EARLY, state=Delivery.SENT),
            replace(EARLY, state=Delivery.AMBIGUOUS, accepted_at=None),
        )
    ]
    assert [(fact.sent, fact.delivered, fact.answered) for fact in facts] == [
        (True, True, False),
        (True, False, False),
        (False, False, False),
    ]
    assert facts[2].says == "Not proven to have been sent"


def test_every_day_has_a_ladder():
    for day in (0, 1, 14, 15, 182, 400):
        assert ladder_for(PLANS.silence, day).source
        assert ladder_for(PLANS.non_delivery, day).source
    with pytest.raises(LookupError):
        ladder_for(PLANS.silence, -1)


def test_a_text_taken_and_never_confirmed_is_silence_only_by_the_services_policy_r43():
    never = Asked(day=20, state=Delivery.UNCONFIRMED, accepted_at=TEN - timedelta(days=3), failed_at=TEN)
    by_policy = replace(PLANS, unconfirmed_is_silence=True)
    assert silence(never, PLANS) == []
    assert [rung.act for rung in non_delivery(never, PLANS)] == [Act.REPAIR, Act.MANAGER]
    assert silence(never, by_policy)[-1].due_at == TEN + timedelta(days=5)
    assert non_delivery(never, by_policy) == []
    unknown = replace(never, accepted_at=None)  # nobody knows that it ever left
    assert (silence(unknown, by_policy), bool(non_delivery(unknown, by_policy))) == ([], True)

"""The clock file: every clock sourced, every event named, nothing that cannot end (DOMAIN section H)."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from tests.rules.reference import CLOCKS, DATA, read
from throughcare.casework.clock_rules import parse_clocks

SECTION_H = set(
    """
reception_health_check second_stage_health substance_screen brief_intervention specialist_assessment
seen_by_substance_team release_plan_start referral_sent handover_acknowledged handover_accepted_or_refused
appointment_confirmed plan_signoff sms_number_proof release_not_recorded sms_first_checkin treatment_first_contact
continuity_of_care probation_first_appointment pnap_outcome missed_ordered_appointment absence_evidence absence_decision
warning_expiry breach_action fixed_recall_replan compliance_report risk_change_notice test_result_wait child_referral_L4
child_decision child_assessment_local child_assessment_statutory cp_conference conference_circulated first_core_group
core_group_next pregnant_fast_track dash_high_to_marac scotland_noncompliance top_review
""".split()  # noqa: SIM905 - a table reads better than forty quoted words
)

A_CLOCK = {
    "code": "a_clock",
    "name": "A clock",
    "starts_on": ["x.began"],
    "stops_on": ["x.ended"],
    "due": {"unit": "working_days", "amount": 5},
    "owner_role": "provider_worker",
    "authority": "Local partnership",
    "source": "Service default",
    "kind": "local",
    "certainty": "chosen",
}


def file_of(**changes):
    events = {"x.began": "It began.", "x.ended": "It ended.", "case.closed": "It closed."}
    return {"version": "1", "cancels_all": ["case.closed"], "events": events, "clock": [A_CLOCK | changes]}


def test_every_clock_of_section_h_is_there():
    assert SECTION_H - {rule.code for rule in CLOCKS.clock} == set()


@pytest.mark.parametrize("rule", CLOCKS.clock, ids=lambda rule: rule.code)
def test_every_clock_is_sourced_and_named_in_words(rule):
    assert rule.authority
    assert rule.source
    assert "_" not in rule.name
    assert rule.name[0].isupper()
    assert "offender" not in rule.name.lower()


@pytest.mark.parametrize("rule", CLOCKS.clock, ids=lambda rule: rule.code)
def test_every_event_a_clock_names_is_in_the_list_of_events(rule):
    assert rule.named_events <= set(CLOCKS.events)


def test_every_event_is_dotted_and_has_one_sentence():
    for name, sentence in CLOCKS.events.items():
        assert re.fullmatch(r"[a-z]+\.[a-z0-9_]+", name), name
        assert sentence[0].isupper(), name
        assert sentence.endswith("."), name
        assert sentence.count(".") == 1, name


def test_the_list_of_events_has_no_comments():
    text = (DATA / "clocks.toml").read_text(encoding="utf-8")
    assert "#" not in text[text.index("[events]") :]


def test_nothing_from_memory_or_chosen_here_is_called_verified_law():
    for rule in CLOCKS.clock:
        if rule.authority == "Local partnership":
            assert rule.kind == "local", rule.code
            assert rule.certainty != "verified", rule.code


def test_an_expiry_is_not_work():
    assert [rule.code for rule in CLOCKS.clock if rule.nature == "expiry"] == ["warning_expiry"]


@pytest.mark.parametrize(
    ("event", "jurisdiction", "codes"),
    [
        ("handover.sent", "england_wales", {"handover_acknowledged", "handover_accepted_or_refused"}),
        ("requirement.warning_given", "england_wales", {"warning_expiry"}),
        ("requirement.warning_given", "scotland", set()),
        ("requirement.supervision_started", "scotland", set()),
        ("safeguarding.referred", "england_wales", {"child_decision", "child_referral_no_answer"}),
        ("safeguarding.referred", "scotland", {"child_referral_no_answer"}),
    ],
)
def test_an_event_starts_the_clocks_of_the_owners_jurisdiction(event, jurisdiction, codes):
    started = CLOCKS.started_by(event, jurisdiction, date(2026, 11, 20))
    assert {rule.code for rule in started} == codes


def test_scotland_alone_has_its_follow_up():
    started = {
        rule.code for rule in CLOCKS.started_by("requirement.appointment_missed", "scotland", date(2026, 11, 20))
    }
    assert "scotland_noncompliance" in started
    england = CLOCKS.started_by("requirement.appointment_missed", "england_wales", date(2026, 11, 20))
    assert "scotland_noncompliance" not in {rule.code for rule in england}


def test_a_rule_holds_from_the_day_it_came_into_force():
    rule = CLOCKS.rule("fixed_recall_replan")
    assert rule.effective_from == date(2026, 3, 31)
    assert not rule.holds("england_wales", rule.effective_from - timedelta(days=1))
    assert rule.holds("england_wales", rule.effective_from)
    assert not rule.holds("scotland", rule.effective_from)


def test_asking_for_information_pauses_the_answer_and_only_that():
    assert [rule.code for rule in CLOCKS.paused_by("handover.information_requested")] == [
        "handover_accepted_or_refused",
        "handover_fast_track",
    ]
    assert CLOCKS.resumed_by("handover.information_given") == CLOCKS.paused_by("handover.information_requested")


def test_closing_the_case_cancels_every_clock_and_recalling_a_handover_only_its_own():
    assert CLOCKS.cancelled_by("case.closed") == CLOCKS.clock
    assert CLOCKS.cancelled_by("person.died") == CLOCKS.clock
    recalled = {rule.code for rule in CLOCKS.cancelled_by("handover.recalled")}
    assert recalled == {"handover_acknowledged", "handover_accepted_or_refused", "handover_fast_track"}


def test_the_clocks_that_move_with_the_release_date_are_known():
    assert {rule.code for rule in CLOCKS.hanging_on("release")} == {
        "release_plan_start", "referral_sent", "appointment_confirmed", "plan_signoff", "release_not_recorded",
    }  # fmt: skip
    assert {rule.code for rule in CLOCKS.hanging_on("reception")} == {"seen_by_substance_team"}


def test_structured_treatment_meets_continuity_of_care_and_a_first_contact_does_not():
    assert {rule.code for rule in CLOCKS.stopped_by("handover.activated")} == {"treatment_first_contact"}
    assert {rule.code for rule in CLOCKS.stopped_by("handover.treatment_started")} == {"continuity_of_care"}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"starts_on": ["x.never_heard_of"]}, r"not in \[events\]: x.never_heard_of"),
        ({"starts_on": []}, "starts_on"),
        ({"stops_on": []}, "nothing stops it"),
        ({"pauses_on": ["x.began"]}, "must resume"),
        ({"source": ""}, "source"),
        ({"authority": ""}, "authority"),
        ({"certainty": "sure"}, "certainty"),
        ({"owner_role": "nobody"}, "owner_role"),
        ({"surprise": 1}, "surprise"),
        ({"due": {"unit": "same_day", "amount": 2}}, "same_day has no amount"),
        ({"due": {"unit": "weeks"}}, "every other unit has one"),
        ({"due": {"unit": "working_days", "amount": 2, "before": "release"}}, "counts back"),
        ({"due": {"unit": "hours", "amount": 2, "on": "release"}}, "hours are counted"),
        ({"due": {"unit": "working_days", "amount": -1}}, "amount"),
    ],
)
def test_a_faulty_clock_is_refused_with_what_is_wrong(changes, fault):
    with pytest.raises(ValueError, match=fault):
        parse_clocks(file_of(**changes))


def test_the_clock_the_faults_are_made_from_is_itself_sound():
    assert parse_clocks(file_of()).rule("a_clock").nature == "deadline"


def test_two_clocks_may_not_share_a_code():
    doubled = file_of()
    doubled["clock"] *= 2
    with pytest.raises(ValueError, match="declared twice: a_clock"):
        parse_clocks(doubled)


def test_the_shipped_file_has_a_version():
    assert re.fullmatch(r"\d{4}-\d{2}", str(read("clocks.toml")["version"]))

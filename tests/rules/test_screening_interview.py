"""One question after another, and nobody asked the same question twice (DOMAIN A.2)."""

from __future__ import annotations

import pytest

from tests.support.screening import INSTRUMENTS
from throughcare.screening.rules import BadAnswers, Shown, carried, next_item, score, shared, viewed

AUDIT, AUDIT_C, AUDIT_PC, FAST = (INSTRUMENTS[name] for name in ("audit", "audit_c", "audit_pc", "fast"))
UK, WHO = "uk_units", "who_drinks"


def interview(instrument, says, rule=None):
    """The codes asked, in order, of somebody who answers each question from `says`."""
    answers, asked = {}, []
    while item := next_item(instrument, answers, rule):
        asked.append(item.code)
        answers[item.code] = says[item.code]
    return asked


def test_somebody_who_never_drinks_is_asked_one_nine_and_ten():
    assert interview(AUDIT, {"q1": 0, "q9": 0, "q10": 0}) == ["q1", "q9", "q10"]


def test_somebody_who_drinks_little_and_never_much_is_spared_four_to_eight():
    assert interview(AUDIT, {"q1": 1, "q2": 0, "q3": 0, "q9": 0, "q10": 0}) == ["q1", "q2", "q3", "q9", "q10"]


def test_anybody_else_is_asked_all_ten():
    says = {f"q{n}": 2 for n in range(1, 11)}
    assert interview(AUDIT, says) == [f"q{n}" for n in range(1, 11)]


@pytest.mark.parametrize(
    ("rule", "first", "asked"),
    [
        ("ohid", 0, ["q1", "q2", "q3", "q4"]),
        ("ohid", 3, ["q1"]),
        ("hodgson_2002", 0, ["q1"]),
        ("hodgson_2002", 1, ["q1", "q2", "q3", "q4"]),
        ("hodgson_2002", 4, ["q1"]),
    ],
)
def test_fast_stops_where_its_rule_says(rule, first, asked):
    assert interview(FAST, {"q1": first, "q2": 0, "q3": 0, "q4": 0}, rule) == asked


def test_a_rule_that_does_not_exist_is_refused():
    with pytest.raises(BadAnswers, match="no rule called"):
        next_item(FAST, {}, "made_up")


def test_audit_c_carries_into_audit_and_the_interview_goes_on_at_question_four():
    answers = carried(Shown(AUDIT_C, UK), Shown(AUDIT, UK), {"q1": 3, "q2": 2, "q3": 1})
    assert answers == {"q1": 3, "q2": 2, "q3": 1}
    assert next_item(AUDIT, answers).code == "q4"


def test_audit_c_asked_in_units_does_not_answer_audit_asked_in_drinks():
    assert carried(Shown(AUDIT_C, UK), Shown(AUDIT, WHO), {"q1": 3, "q2": 2, "q3": 1}) == {"q1": 3}


def test_audit_pc_carries_its_five():
    answers = {"q1": 3, "q2": 2, "q4": 1, "q5": 0, "q10": 4}
    assert carried(Shown(AUDIT_PC, UK), Shown(AUDIT, UK), answers) == answers


def test_fast_carries_under_audits_numbers_where_the_units_were_the_same():
    answers = {"q1": 2, "q2": 1, "q3": 0, "q4": 4}
    assert carried(Shown(FAST), Shown(AUDIT, UK), answers) == {"q3": 2, "q5": 1, "q8": 0, "q10": 4}


def test_fasts_first_question_does_not_answer_audits_third_in_the_who_wording():
    answers = {"q1": 2, "q2": 1, "q3": 0, "q4": 4}
    assert carried(Shown(FAST), Shown(AUDIT, WHO), answers) == {"q5": 1, "q8": 0, "q10": 4}


def test_a_fast_stopped_at_its_first_question_carries_that_one_answer():
    assert carried(Shown(FAST), Shown(AUDIT, UK), {"q1": 4}) == {"q3": 4}
    assert next_item(AUDIT, {"q3": 4}).code == "q1"


def test_the_short_screens_are_views_of_one_audit():
    answers = {"q1": 3, "q2": 2, "q3": 2, "q4": 1, "q5": 1, "q6": 0, "q7": 1, "q8": 1, "q9": 2, "q10": 2}
    totals = {
        short.id: score(short, viewed(Shown(AUDIT, UK), Shown(short), answers)).total
        for short in (AUDIT_C, AUDIT_PC, FAST)
    }
    assert totals == {"audit_c": 7, "audit_pc": 9, "fast": 6}


def test_a_view_of_an_audit_cut_short_by_a_skip_rule_is_whole():
    answers = {"q1": 1, "q2": 0, "q3": 0, "q9": 0, "q10": 2}
    assert score(AUDIT_PC, viewed(Shown(AUDIT), Shown(AUDIT_PC), answers)).total == 3


def test_alcohol_and_drug_screens_share_no_question():
    assert shared(Shown(AUDIT), Shown(INSTRUMENTS["dudit"])) == {}
    assert shared(Shown(FAST), Shown(INSTRUMENTS["sds"])) == {}

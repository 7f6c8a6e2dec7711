"""Every published worked example, and the properties that hold for every set of answers (DOMAIN A)."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.screening import INSTRUMENTS, VECTORS, by_code
from throughcare.screening.rules import BadAnswers, InstrumentClosed, Status, about, call_healthcare_now, score

CALLED_OTHERWISE = {"at_alcohol_cutoff": True, "at_cutoff": True}  # SDS has cut-offs, not bands


def answers_of(vector):
    if vector["instrument"] == "sadq":  # a total only: the twenty answers stay on paper
        return {"total": sum(vector["answers"])}
    return by_code(INSTRUMENTS[vector["instrument"]], vector["answers"])


@pytest.mark.parametrize("vector", VECTORS["test_vectors"], ids=lambda v: f"{v['instrument']}-{v['score']}")
def test_a_worked_example_scores_as_published(vector):
    instrument = INSTRUMENTS[vector["instrument"]]
    substance = vector.get("substance", "heroin") if instrument.per_substance else None
    result = score(instrument, answers_of(vector), sex=vector.get("sex"), rule=vector.get("rule"), substance=substance)
    assert result.complete
    assert result.total == vector["score"]
    expected = vector["result"]
    if isinstance(expected, dict):
        assert {placed.band_set: placed.band.code for placed in result.bands} == expected
        assert result.band is None  # published sets disagree: none is chosen
    elif expected in CALLED_OTHERWISE:
        assert result.positive is True
    else:
        assert result.band is not None
        assert result.band.code == expected


BECOMES = {
    "9 answers": "incomplete",
    "q9 may be 0, 2 or 4 only": "refused",
    "out of range": "refused",
    "q10 may be 0, 2 or 4 only": "refused",
    "booleans are not scores": "refused",
    "q1=1 needs q2-q4": "incomplete",
    "q10 max 4": "refused",
    "q1=Never contradicts a scored q4: warn, do not silently accept": "warned",
}


def becomes(instrument, answers):
    try:
        result = score(instrument, answers)
    except BadAnswers:
        return "refused"
    if not result.complete:
        assert (result.total, result.band, result.positive, result.bands) == (None, None, None, ())
        return "incomplete"
    return "warned" if result.warnings else "accepted"


@pytest.mark.parametrize("vector", VECTORS["reject_vectors"], ids=lambda v: v["why"])
def test_a_bad_set_is_never_accepted_in_silence(vector):
    instrument = INSTRUMENTS[vector["instrument"]]
    assert becomes(instrument, by_code(instrument, vector["answers"])) == BECOMES[vector["why"]]


@pytest.mark.parametrize(
    ("answers", "total", "band"),
    [
        ([2, 1, 1, 1, 1, 0, 1, 0, 0, 0], 7, "low"),
        ([3, 1, 2, 1, 0, 0, 1, 0, 0, 0], 8, "increasing"),
        ([3, 2, 2, 1, 1, 0, 1, 1, 2, 2], 15, "increasing"),
        ([3, 2, 3, 1, 1, 0, 1, 1, 2, 2], 16, "higher"),
        ([4, 3, 3, 1, 1, 0, 1, 2, 2, 2], 19, "higher"),
        ([4, 4, 4, 1, 1, 0, 1, 1, 2, 2], 20, "possible_dependence"),
    ],
)
def test_audit_bands_turn_where_the_zones_turn(answers, total, band):
    result = score(INSTRUMENTS["audit"], by_code(INSTRUMENTS["audit"], answers))
    assert (result.total, result.band.code) == (total, band)


def test_audit_never_drinks_skips_to_nine_and_ten_and_the_skipped_score_nought():
    result = score(INSTRUMENTS["audit"], {"q1": 0, "q9": 2, "q10": 2})
    assert (result.complete, result.total, result.band.code) == (True, 4, "low")
    assert result.skipped == ("q2", "q3", "q4", "q5", "q6", "q7", "q8")
    assert result.subscales == {"consumption": 0, "dependence": 0, "harm": 4}
    assert result.warnings == ()


def test_audit_two_and_three_both_nought_skip_to_nine_and_ten():
    result = score(INSTRUMENTS["audit"], {"q1": 2, "q2": 0, "q3": 0, "q9": 0, "q10": 4})
    assert (result.complete, result.total, result.skipped) == (True, 6, ("q4", "q5", "q6", "q7", "q8"))


def test_audit_does_not_skip_when_either_of_two_and_three_is_above_nought():
    result = score(INSTRUMENTS["audit"], {"q1": 2, "q2": 1, "q3": 0, "q9": 0, "q10": 4})
    assert not result.complete
    assert result.missing == ("q4", "q5", "q6", "q7", "q8")


def test_audit_subscales_are_consumption_dependence_and_harm():
    result = score(INSTRUMENTS["audit"], by_code(INSTRUMENTS["audit"], [4, 3, 3, 1, 1, 0, 1, 2, 2, 2]))
    assert result.subscales == {"consumption": 10, "dependence": 2, "harm": 7}


def test_never_drinks_against_a_scored_question_warns_by_number():
    answers = by_code(INSTRUMENTS["audit"], [0, 0, 0, 1, 0, 0, 0, 0, 0, 0])
    assert score(INSTRUMENTS["audit"], answers).warnings == (
        "Question 1 is answered Never, but question 4 scores 1. Check both with the person.",
    )


def test_never_uses_drugs_against_a_scored_question_warns_too():
    answers = by_code(INSTRUMENTS["dudit"], [0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0])
    assert len(score(INSTRUMENTS["dudit"], answers).warnings) == 1


@pytest.mark.parametrize(("answers", "positive"), [([2, 1, 1], False), ([2, 2, 1], True)])
def test_audit_c_is_positive_from_five_whatever_the_sex(answers, positive):
    instrument = INSTRUMENTS["audit_c"]
    results = [score(instrument, by_code(instrument, answers), sex=sex) for sex in ("female", "male", None)]
    assert {result.positive for result in results} == {positive}
    assert {result.basis.threshold for result in results} == {5}


def test_audit_pc_is_positive_from_five():
    instrument = INSTRUMENTS["audit_pc"]
    codes = ("q1", "q2", "q4", "q5", "q10")
    assert score(instrument, dict(zip(codes, (1, 1, 1, 1, 0), strict=True))).positive is False
    assert score(instrument, dict(zip(codes, (1, 1, 1, 0, 2), strict=True))).band.code == "positive"


@pytest.mark.parametrize("rule", ["ohid", "hodgson_2002"])
@pytest.mark.parametrize("first", [3, 4])
def test_fast_stops_positive_after_a_weekly_or_daily_first_answer(rule, first):
    result = score(INSTRUMENTS["fast"], {"q1": first}, rule=rule)
    assert (result.complete, result.positive, result.band.code, result.total) == (True, True, "positive", first)
    assert result.skipped == ("q2", "q3", "q4")


def test_the_two_fast_rules_differ_only_when_the_first_answer_is_never():
    fast = INSTRUMENTS["fast"]
    apart = set()
    for q1 in range(5):
        for q2 in range(5):
            answers = {"q1": q1, "q2": q2, "q3": 2, "q4": 0}
            if score(fast, answers, rule="ohid").positive != score(fast, answers, rule="hodgson_2002").positive:
                apart.add((q1, q2))
    assert apart == {(0, 1), (0, 2), (0, 3), (0, 4)}


def test_fast_by_hodgson_is_finished_and_negative_at_never():
    fast = INSTRUMENTS["fast"]
    assert score(fast, {"q1": 0}, rule="hodgson_2002").band.code == "negative"
    assert not score(fast, {"q1": 0}, rule="ohid").complete


def test_fast_is_keyed_by_code_and_not_by_position():
    sheet = {"q1": 2, "q2": 1, "q3": 0, "q4": 0}
    manual_order = {"q1": 2, "q3": 0, "q2": 1, "q4": 0}
    assert score(INSTRUMENTS["fast"], sheet) == score(INSTRUMENTS["fast"], manual_order)


def dudit(*answers):
    return by_code(INSTRUMENTS["dudit"], list(answers))


TWO = dudit(1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("sex", "band", "threshold"),
    [("female", "problem", 2), ("male", "none", 6), (None, "problem", 2), ("not_recorded", "problem", 2)],
)
def test_dudit_two_is_a_problem_for_a_woman_not_for_a_man_and_for_anyone_whose_sex_is_not_recorded(
    sex, band, threshold
):
    result = score(INSTRUMENTS["dudit"], TWO, sex=sex)
    assert (result.band.code, result.basis.threshold) == (band, threshold)


def test_dudit_says_when_it_used_the_lower_cutoff_because_sex_is_not_recorded():
    said = score(INSTRUMENTS["dudit"], TWO).basis.threshold_said
    assert said.startswith("Cut-off 2, the lower one (female), because sex is not recorded.")
    assert "not recorded" not in score(INSTRUMENTS["dudit"], TWO, sex="female").basis.threshold_said


@pytest.mark.parametrize(("q8", "total", "band"), [(1, 24, "problem"), (2, 25, "dependence")])
def test_dudit_turns_to_dependence_at_twenty_five_for_either_sex(q8, total, band):
    answers = dudit(3, 2, 2, 3, 3, 2, 2, q8, 2, 2, 2)
    for sex in ("female", "male", None):
        result = score(INSTRUMENTS["dudit"], answers, sex=sex)
        assert (result.total, result.band.code) == (total, band)


@pytest.mark.parametrize(
    ("substance", "at"),
    [("alcohol", 3), ("cannabis", 3), ("cocaine", 3), ("amphetamine", 5), ("heroin", 5), ("benzodiazepines", 7)],
)
def test_sds_has_a_sourced_cutoff_for_each_substance(substance, at):
    below, exactly = (score(INSTRUMENTS["sds"], worth(total), substance=substance) for total in (at - 1, at))
    assert (below.total, below.positive) == (at - 1, False)
    assert (exactly.total, exactly.positive) == (at, True)
    assert f"Cut-off {at} for {substance}. Source: " in exactly.basis.threshold_said


def worth(total):
    """Five SDS answers that add up to this."""
    return {f"q{n}": min(3, max(0, total - 3 * (n - 1))) for n in range(1, 6)}


def test_sds_for_a_substance_without_a_published_cutoff_scores_but_does_not_call_it():
    result = score(INSTRUMENTS["sds"], dict.fromkeys(("q1", "q2", "q3", "q4", "q5"), 3), substance="ketamine")
    assert (result.total, result.positive, result.basis.threshold) == (15, None, None)
    assert result.basis.threshold_said == "No published cut-off is configured for ketamine."


def test_sds_must_name_its_substance_and_nothing_else_may():
    with pytest.raises(BadAnswers):
        score(INSTRUMENTS["sds"], {})
    with pytest.raises(BadAnswers):
        score(INSTRUMENTS["audit"], {}, substance="alcohol")


def test_alcohol_and_drugs_are_told_apart():
    assert about(INSTRUMENTS["audit"]) == "alcohol"
    assert about(INSTRUMENTS["dudit"]) == "drugs"
    assert about(INSTRUMENTS["sds"], "Alcohol") == "alcohol"
    assert about(INSTRUMENTS["sds"], "heroin") == "drugs"


@pytest.mark.parametrize(
    ("total", "band"), [(0, "mild"), (15, "mild"), (16, "moderate"), (31, "severe"), (60, "severe")]
)
def test_sadq_takes_a_total_only(total, band):
    assert score(INSTRUMENTS["sadq"], {"total": total}).band.code == band
    assert [item.code for item in INSTRUMENTS["sadq"].items] == ["total"]


@pytest.mark.parametrize("total", [-1, 61, True, "16", 15.5, None])
def test_sadq_refuses_anything_but_a_whole_number_from_0_to_60(total):
    with pytest.raises(BadAnswers, match="0 to 60"):
        score(INSTRUMENTS["sadq"], {"total": total})


def test_ciwa_shows_both_published_sets_side_by_side_and_a_chosen_one_when_named():
    ciwa = INSTRUMENTS["ciwa_ar"]
    answers = by_code(ciwa, [1] * 9 + [0])
    assert {it.band_set: it.band.code for it in score(ciwa, answers).bands} == {
        "asam_2020": "mild",
        "camcops": "moderate",
    }
    assert score(ciwa, answers, band_set="camcops").band.code == "moderate"
    with pytest.raises(BadAnswers):
        score(ciwa, answers, band_set="invented")


@pytest.mark.parametrize(
    ("totals", "call"),
    [([], False), ([9], False), ([9, 9], False), ([9, 8], False), ([8, 9], True), ([15], True), ([40, 20], True)],
)
def test_a_severe_or_rising_withdrawal_score_calls_healthcare_now(totals, call):
    assert call_healthcare_now(INSTRUMENTS["ciwa_ar"], totals) is call


def test_assist_lite_cannot_be_opened_and_says_so_in_a_sentence():
    with pytest.raises(InstrumentClosed) as refused:
        score(INSTRUMENTS["assist_lite"], {})
    assert refused.value.sentence.startswith("ASSIST-Lite cannot be opened until its licensed pack is installed.")


def test_top_has_no_total_and_its_weeks_must_add_up():
    top = INSTRUMENTS["top"]
    weeks = {"ALCUSE_W1": 7, "ALCUSE_W2": 2, "ALCUSE_W3": 0, "ALCUSE_W4": 3}
    result = score(top, {**weeks, "ALCUSE": 12})
    assert (result.total, result.band, result.positive) == (None, None, None)
    assert result.subscales["ALCUSE"] == 12
    assert score(top, weeks).subscales["ALCUSE"] == 12
    with pytest.raises(BadAnswers, match="come to 12, but 11 was entered"):
        score(top, {**weeks, "ALCUSE": 11})


def test_top_weeks_given_in_part_leave_the_item_unfinished_and_never_exceed_its_total():
    top = INSTRUMENTS["top"]
    assert "ALCUSE" in score(top, {"ALCUSE_W1": 7}).missing
    with pytest.raises(BadAnswers):
        score(top, {"ALCUSE_W1": 7, "ALCUSE": 6})


def test_top_sharing_is_yes_when_either_part_is_yes():
    top = INSTRUMENTS["top"]
    either = {"SHARING_NEEDLE_OR_SYRINGE": 0, "SHARING_SPOON_WATER_FILTER": 1}
    assert score(top, either).subscales["SHARING"] == 1
    with pytest.raises(BadAnswers):
        score(top, {**either, "SHARING": 0})


def test_declined_and_not_able_are_statuses_and_nothing_answered_is_not_nought():
    assert {Status.DECLINED, Status.NOT_ABLE} < set(Status)
    assert score(INSTRUMENTS["audit"], {}).total is None


def a_set_of(instrument):
    """Any valid answers, whole or in part."""
    codes = {item.code: sorted(item.allowed) for item in instrument.items}
    return st.fixed_dictionaries({}, optional={code: st.sampled_from(values) for code, values in codes.items()})


OPEN = [instrument for instrument in INSTRUMENTS.values() if instrument.items]
ANY_SET = st.sampled_from(OPEN).flatmap(lambda it: st.tuples(st.just(it), a_set_of(it)))
SEX = st.sampled_from(["female", "male", None])


def footing(instrument, result):
    """What is stored beside the answers, and so what a later reckoning starts from."""
    return {
        "sex": result.basis.sex or None,
        "rule": result.basis.rule or None,
        "substance": result.basis.substance or None,
        "band_set": result.basis.band_set or None,
    }


@given(ANY_SET, SEX)
def test_scoring_the_stored_answers_again_gives_the_stored_score(drawn, sex):
    instrument, answers = drawn
    substance = "heroin" if instrument.per_substance else None
    first = score(instrument, answers, sex=sex, substance=substance)
    again = score(instrument, json.loads(json.dumps(answers)), **footing(instrument, first))
    assert (again.total, again.bands, again.positive, again.missing) == (
        first.total,
        first.bands,
        first.positive,
        first.missing,
    )


@given(ANY_SET, SEX)
def test_a_complete_sum_is_the_sum_of_the_answers_and_a_partial_one_has_no_band(drawn, sex):
    instrument, answers = drawn
    result = score(instrument, answers, sex=sex, substance="cocaine" if instrument.per_substance else None)
    assert result.complete == (not result.missing)
    if instrument.method == "sum":
        assert result.total == (sum(answers.values()) if result.complete else None)
    if not result.complete:
        assert result.band is None
        assert result.positive is None


@given(ANY_SET, st.sampled_from([True, False, -1, 99, 1.0, "1", None]))
def test_a_value_outside_its_set_is_refused_wherever_it_stands(drawn, wrong):
    instrument, answers = drawn
    code = instrument.items[0].code
    with pytest.raises(BadAnswers) as refused:
        score(instrument, {**answers, code: wrong}, substance="heroin" if instrument.per_substance else None)
    assert refused.value.field == code


def test_an_unknown_code_is_refused():
    with pytest.raises(BadAnswers, match="no question q11"):
        score(INSTRUMENTS["audit"], {"q11": 0})

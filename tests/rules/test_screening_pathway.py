"""What follows from a screen (DOMAIN B.1), who sees healthcare today, and when to ask again."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.screening import INSTRUMENTS, LOCAL
from throughcare.screening.rules import (
    AlcoholFacts,
    DrugFacts,
    Local,
    NoSuchOverride,
    OverrideNeedsReason,
    Pathway,
    SafetyAnswer,
    Status,
    UnknownSafetyQuestion,
    overridden,
    pathway,
    reoffer_on,
    safety,
)

AUDIT_TOTALS = st.integers(0, 40)


def alcohol(**facts):
    return pathway(AlcoholFacts(**facts), LOCAL)


def drugs(**facts):
    return pathway(DrugFacts(**facts), LOCAL)


@pytest.mark.parametrize(
    ("audit", "expected"),
    [
        (0, Pathway.FEEDBACK),
        (7, Pathway.FEEDBACK),
        (8, Pathway.BRIEF),
        (15, Pathway.BRIEF),
        (16, Pathway.BRIEF_AND_EXTENDED),
        (19, Pathway.BRIEF_AND_EXTENDED),
        (20, Pathway.SPECIALIST),
        (40, Pathway.SPECIALIST),
    ],
)
def test_the_full_audit_decides_for_alcohol(audit, expected):
    assert alcohol(audit=audit).pathway is expected


@given(AUDIT_TOTALS)
def test_the_pathway_turns_exactly_where_the_audit_bands_turn(total):
    expected = {
        "low": Pathway.FEEDBACK,
        "increasing": Pathway.BRIEF,
        "higher": Pathway.BRIEF_AND_EXTENDED,
        "possible_dependence": Pathway.SPECIALIST,
    }
    bands = INSTRUMENTS["audit"].band_sets["uk"].bands
    code = next(band.code for band in bands if band.lowest <= total <= band.highest)
    assert alcohol(audit=total).pathway is expected[code]


@pytest.mark.parametrize(
    "facts",
    [
        {"audit": 20},
        {"sadq": 16},
        {"audit": 3, "sadq": 16},
        {"clinician_asks_specialist": True},
        {"audit": 12, "sadq": 40},
    ],
)
def test_possible_dependence_is_referred_and_never_offered_a_brief_intervention_instead(facts):
    outcome = alcohol(**facts)
    assert outcome.pathway is Pathway.SPECIALIST
    assert not outcome.brief_intervention_may_be_offered
    assert outcome.reasons


@given(AUDIT_TOTALS, st.integers(0, 60), st.booleans(), st.booleans())
def test_nobody_possibly_dependent_is_ever_sent_to_a_brief_intervention(audit, sadq, view, ill):
    outcome = alcohol(audit=audit, sadq=sadq, clinician_asks_specialist=view, related_illness=ill)
    if audit >= 20 or sadq >= 16 or view:
        assert not outcome.brief_intervention_may_be_offered
    else:
        assert outcome.pathway is not Pathway.SPECIALIST


def test_sadq_below_sixteen_changes_nothing():
    assert alcohol(audit=8, sadq=15) == alcohol(audit=8)


@pytest.mark.parametrize(("audit", "offered"), [(7, False), (8, True), (16, True), (19, True)])
def test_related_illness_offers_referral_beside_the_brief_intervention(audit, offered):
    outcome = alcohol(audit=audit, related_illness=True)
    assert outcome.referral_offered is offered
    assert outcome.pathway is alcohol(audit=audit).pathway


def test_a_positive_short_screen_always_continues_and_is_never_an_outcome():
    assert alcohol(short_screen_positive=True).pathway is Pathway.FINISH_AUDIT
    assert alcohol(short_screen_positive=False).pathway is Pathway.SCREEN_NEGATIVE
    assert alcohol().pathway is Pathway.NOT_SCREENED


@given(AUDIT_TOTALS, st.booleans())
def test_once_the_full_audit_is_there_the_short_screen_no_longer_counts(audit, short):
    assert alcohol(audit=audit, short_screen_positive=short) == alcohol(audit=audit)


@pytest.mark.parametrize(
    ("dudit", "positive", "expected"),
    [
        (1, False, Pathway.FEEDBACK),
        (2, True, Pathway.SUBSTANCE_TEAM),
        (24, True, Pathway.SUBSTANCE_TEAM),
        (25, True, Pathway.SPECIALIST),
    ],
)
def test_dudit_decides_for_drugs(dudit, positive, expected):
    assert drugs(dudit=dudit, dudit_positive=positive).pathway is expected


def test_drugs_never_lead_to_an_alcohol_brief_intervention_and_wait_for_dudit():
    assert drugs().pathway is Pathway.NOT_SCREENED
    assert drugs(clinician_asks_specialist=True).pathway is Pathway.SPECIALIST


def test_a_risk_of_withdrawal_means_healthcare_today_whatever_the_score():
    assert alcohol(audit=0, withdrawal_risk=True).healthcare_today
    assert alcohol(audit=0, withdrawal_risk=True).pathway is Pathway.FEEDBACK


def test_staff_override_the_pathway_with_a_reason_and_what_was_computed_is_kept():
    before = alcohol(audit=12)
    after = overridden(before, Pathway.SPECIALIST, " Morning drinking, says the cell mate ")
    assert (after.pathway, after.computed) == (Pathway.SPECIALIST, Pathway.BRIEF)
    assert after.override_reason == "Morning drinking, says the cell mate"
    assert after.reasons == before.reasons
    again = overridden(after, Pathway.FEEDBACK, "A second thought")
    assert again.computed is Pathway.BRIEF


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_an_override_without_a_reason_is_refused(reason):
    with pytest.raises(OverrideNeedsReason):
        overridden(alcohol(audit=12), Pathway.SPECIALIST, reason)


@pytest.mark.parametrize("to", [Pathway.NOT_SCREENED, Pathway.FINISH_AUDIT])
def test_an_override_cannot_make_a_screen_unfinished(to):
    with pytest.raises(NoSuchOverride):
        overridden(alcohol(audit=12), to, "because")


def test_nothing_is_overridden_before_there_is_an_outcome():
    with pytest.raises(NoSuchOverride):
        overridden(alcohol(), Pathway.FEEDBACK, "because")


def test_turning_away_from_a_specialist_leaves_the_referral_on_offer():
    after = overridden(alcohol(audit=22), Pathway.BRIEF, "Refuses the clinic, accepts a talk")
    assert after.referral_offered


NO = {question.code: SafetyAnswer.NO for question in LOCAL.safety}


def test_every_safety_question_answered_no_needs_nobody_today():
    assert safety(LOCAL.safety, NO).healthcare_today is False


@pytest.mark.parametrize("answer", [SafetyAnswer.YES, SafetyAnswer.NOT_KNOWN])
@pytest.mark.parametrize("code", list(NO))
def test_any_yes_and_any_not_known_means_healthcare_today(code, answer):
    found = safety(LOCAL.safety, {**NO, code: answer})
    assert (found.healthcare_today, found.because) == (True, (code,))


@pytest.mark.parametrize("code", list(NO))
def test_a_safety_question_left_out_counts_as_not_known(code):
    rest = {key: value for key, value in NO.items() if key != code}
    assert safety(LOCAL.safety, rest).because == (code,)


def test_a_safety_question_that_is_not_configured_is_refused():
    with pytest.raises(UnknownSafetyQuestion):
        safety(LOCAL.safety, {**NO, "shoe_size": SafetyAnswer.NO})


def test_the_configured_safety_questions_cover_what_can_kill_in_the_first_days():
    codes = set(NO)
    daily = {f"daily_{name}" for name in ("alcohol", "opioids", "benzodiazepines", "gabapentinoids", "ghb")}
    assert codes == daily | {"withdrawal_before", "withdrawal_now"}
    assert LOCAL.safety_basis.certainty == "local"


def test_a_safety_answer_counts_for_its_own_side():
    found = safety(LOCAL.safety, {**NO, "daily_ghb": SafetyAnswer.YES})
    assert found.about("drugs", LOCAL.safety)
    assert not found.about("alcohol", LOCAL.safety)


@pytest.mark.parametrize(
    ("status", "again"),
    [
        (Status.DECLINED, date(2026, 11, 27)),
        (Status.NOT_ABLE, date(2026, 11, 21)),
        (Status.COMPLETED, None),
        (Status.STARTED, None),
    ],
)
def test_declined_is_asked_again_in_a_week_and_not_able_when_configured(status, again):
    assert reoffer_on(status, date(2026, 11, 20), LOCAL.reoffer) == again


def test_a_service_may_set_its_own_day_to_ask_again():
    later = LOCAL.reoffer.not_able.model_copy(update={"days": 3})
    reoffer = LOCAL.reoffer.model_copy(update={"not_able": later})
    assert reoffer_on(Status.NOT_ABLE, date(2026, 11, 20), reoffer) == date(2026, 11, 23)


def test_thresholds_that_do_not_rise_are_refused():
    data = LOCAL.model_dump()
    data["thresholds"]["extended_intervention"]["at"] = 8
    with pytest.raises(ValueError, match="must rise"):
        Local.model_validate(data)


def test_a_safety_question_listed_twice_is_refused():
    data = LOCAL.model_dump()
    data["safety"] = [data["safety"][0], data["safety"][0]]
    with pytest.raises(ValueError, match="listed twice"):
        Local.model_validate(data)


def test_the_threshold_configured_is_the_threshold_used():
    raised = LOCAL.thresholds.specialist_assessment.model_copy(update={"at": 22})
    local = replace_threshold(specialist_assessment=raised)
    assert pathway(AlcoholFacts(audit=21), local).pathway is Pathway.BRIEF_AND_EXTENDED


def replace_threshold(**changed):
    return LOCAL.model_copy(update={"thresholds": LOCAL.thresholds.model_copy(update=changed)})

"""What counts, what is in force, and what may be said about somebody under an order."""

from __future__ import annotations

import inspect
from datetime import date
from itertools import islice, pairwise
from uuid import uuid4

import pytest
from pydantic import ValidationError

from throughcare.kernel.actors import Jurisdiction
from throughcare.requirement import body, reference, rows, rules, words
from throughcare.requirement.body import Counts, ReportBody, SampleLine
from throughcare.requirement.reference import RequirementBook
from throughcare.requirement.rules import Outcome, Tally, Warned, tally, warning_in_force
from throughcare.requirement.words import AbsenceStatus, OrderKind

D = date


@pytest.fixture
def book(reference):
    return reference[RequirementBook]


@pytest.mark.parametrize(
    ("on", "holds"),
    [
        (D(2026, 3, 4), False),
        (D(2026, 3, 5), True),
        (D(2027, 3, 5), True),
        (D(2027, 3, 6), False),
    ],
)
def test_a_warning_holds_from_its_day_to_the_corresponding_day_a_year_on(on, holds):
    warned = Warned(D(2026, 3, 5), rules.months_after(D(2026, 3, 5), 12))
    assert (warning_in_force([warned], on) is warned) is holds


def test_a_withdrawn_warning_never_holds_and_the_latest_of_two_is_the_one_in_force():
    first, second = Warned(D(2026, 1, 1), D(2027, 1, 1)), Warned(D(2026, 5, 1), D(2027, 5, 1))
    withdrawn = Warned(D(2026, 6, 1), D(2027, 6, 1), withdrawn=True)
    assert warning_in_force([first, second, withdrawn], D(2026, 12, 1)) is second
    assert warning_in_force([withdrawn], D(2026, 12, 1)) is None
    assert warning_in_force([], D(2026, 12, 1)) is None


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (D(2026, 1, 31), 1, D(2026, 2, 28)),
        (D(2027, 12, 15), 1, D(2028, 1, 15)),
        (D(2028, 2, 29), 12, D(2029, 2, 28)),
        (D(2026, 11, 30), 3, D(2027, 2, 28)),
        (D(2026, 11, 20), 12, D(2027, 11, 20)),
    ],
)
def test_months_are_counted_to_the_corresponding_day(day, months, then):
    assert rules.months_after(day, months) == then


def test_periods_leave_no_day_out_and_count_none_twice():
    made = list(islice(rules.periods(D(2026, 1, 31), 1), 14))
    assert made[0] == (D(2026, 1, 31), D(2026, 2, 27))
    assert made[1] == (D(2026, 2, 28), D(2026, 3, 30))
    for (_, last), (first, _) in pairwise(made):
        assert (first - last).days == 1


def test_offered_is_the_sum_of_what_became_of_them_and_rearranged_is_no_part_of_it():
    told = [
        Outcome("attended"),
        Outcome("attended_late"),
        Outcome("attended_not_engaged"),
        Outcome("absent", AbsenceStatus.ACCEPTABLE),
        Outcome("absent", AbsenceStatus.UNACCEPTABLE),
        Outcome("absent", AbsenceStatus.UNDECIDED),
        Outcome("absent", AbsenceStatus.AWAITING),
        Outcome("absent"),
        Outcome("cancelled_by_service"),
        Outcome("rearranged"),
        Outcome("not_required"),
        Outcome("booked"),
    ]
    made = tally(told)
    assert made == Tally(9, 3, 1, 1, 1, 1, 3, 1)
    parts = made.attended + made.acceptable + made.unacceptable + made.undecided + made.cancelled_by_service
    assert made.offered == parts
    assert rules.unwritten(told) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "Comes on time, takes part in every group and asks for more.",
        "Growing in confidence and helping with the garden project",
        "Is punctual and works with the keyworker on the agreed goals.",
        "Needs assistance with travel but always arrives.",
    ],
)
def test_a_plain_sentence_on_engagement_passes(book, sentence):
    rules.refuse_unfit_sentence(sentence, book.reports.clinical, book.reports.longest_sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Has relapsed and is back on heroin.",
        "Takes METHADONE daily.",
        "Takes mèthadone daily.",
        "Is m e t h a d o n e maintained.",
        "AUDIT has come down.",
        "His partner says he shouts.",
        "Texted that they felt low.",
        "Spoke about self harm in the group.",
        "Spoke about self-harm in the group.",
        "Her children are with her mother.",
        "Seems depressed.",
        "Prescribed something new.",
    ],
)
def test_clinical_words_are_refused_by_name(book, sentence):
    with pytest.raises(rules.ClinicalWord):
        rules.refuse_unfit_sentence(sentence, book.reports.clinical, book.reports.longest_sentence)


@pytest.mark.parametrize(
    ("sentence", "refusal"),
    [
        ("Comes. Goes.", rules.OneSentence),
        ("Comes\nand goes", rules.OneSentence),
        ("Came 7 times", rules.ClinicalWord),
        ("x" * 301, rules.TooLong),
    ],
)
def test_it_is_one_short_sentence_without_figures(book, sentence, refusal):
    with pytest.raises(refusal):
        rules.refuse_unfit_sentence(sentence, book.reports.clinical, book.reports.longest_sentence)


@pytest.mark.parametrize(
    ("jurisdiction", "order", "given"),
    [
        (Jurisdiction.ENGLAND_WALES, OrderKind.COMMUNITY_ORDER, True),
        *((Jurisdiction.ENGLAND_WALES, order, False) for order in OrderKind if order is not OrderKind.COMMUNITY_ORDER),
        *((Jurisdiction.SCOTLAND, order, False) for order in OrderKind),
    ],
)
def test_warnings_are_given_on_community_orders_in_england_and_wales_alone(book, jurisdiction, order, given):
    assert book.warnings.open_to(jurisdiction, order) is given


def test_every_order_has_a_requirement_and_every_type_a_source(book):
    assert {order for kind in book.kind for order in kind.orders} == set(OrderKind)
    assert all(kind.authority and kind.source for kind in book.kind)
    assert {kind.code for kind in book.kind if kind.historic} == {"pss_requirement"}
    assert not book.kinds["pss_requirement"].holds(D(2026, 11, 20))
    assert book.words[Jurisdiction.SCOTLAND].supervisor == "Justice social work"


def test_nothing_here_is_named_for_what_only_probation_can_decide():
    """The service never computes it: no column, no word, no rule and no field bears its name."""
    tables = [kind for _, kind in inspect.getmembers(rows, inspect.isclass) if hasattr(kind, "__table__")]
    names = [column.name for kind in tables for column in kind.__table__.columns]
    names += [name for module in (rows, rules, words, body, reference) for name in dir(module)]
    names += [word.value for _, kind in inspect.getmembers(words, inspect.isclass) if kind.__module__ == words.__name__
              for word in kind] + list(ReportBody.model_fields) + list(Counts.model_fields)  # fmt: skip
    assert len(names) > 200
    assert [name for name in names if "breach" in name.lower()] == []


def a_body(**changed):
    counts = dict.fromkeys(Counts.model_fields, 0)
    said = {
        "report_id": uuid4(), "number": 1, "requirement": "atr", "order": "community_order",
        "jurisdiction": "england_wales", "reference": "T2026/114", "period_from": D(2026, 10, 1),
        "period_to": D(2026, 10, 31), "appointments": counts, "rating": "well", "engagement": "Comes on time.",
        "risk_changed": False, "stage": "under_way", "recommendation": "continue", "author_id": uuid4(),
    }  # fmt: skip
    return ReportBody(**said | changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"note": "said in session that"},
        {"rating": "relapsed"},
        {"reference": "see notes: methadone"},
        {"requirement": "ATR, on methadone"},
        {"engagement": "x" * 301},
        {"engagement": ""},
        {"stage": "60 ml"},
        {"appointments": {**dict.fromkeys(Counts.model_fields, 0), "offered": "3"}},
        {"appointments": {**dict.fromkeys(Counts.model_fields, 0), "why": "ill"}},
        {"tests": [{"collected_on": "2026-10-03", "type": "urine", "purpose": "clinical", "result": "positive"}]},
        {"tests": [{"collected_on": "2026-10-03", "type": "urine", "purpose": "court", "comment": "cocaine"}]},
    ],
)
def test_the_report_has_no_place_for_anything_that_is_not_named(changed):
    assert a_body().rendered
    with pytest.raises(ValidationError):
        a_body(**changed)


def test_every_field_of_the_report_is_closed_but_one_sentence():
    """Each is a closed word, a number, a date, a yes or no, an id, or a code of a fixed pattern: one sentence is not."""
    open_text = [
        name
        for kind in (ReportBody, Counts, SampleLine)
        for name, prop in kind.model_json_schema()["properties"].items()
        if prop.get("type") == "string" and not {"enum", "const", "format"} & prop.keys()
    ]
    assert sorted(open_text) == ["engagement", "reference", "requirement"]
    patterns = ReportBody.model_json_schema()["properties"]
    assert patterns["engagement"]["maxLength"] == 300
    assert patterns["reference"]["pattern"] == "^[A-Za-z0-9 /.\\-]{0,40}$"


def test_a_written_report_cannot_be_changed():
    with pytest.raises(ValidationError):
        a_body().engagement = "Something else"

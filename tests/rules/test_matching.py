"""Duplicates: the same identifier, or three of four particulars, never across identifiers that differ (handover 31)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from throughcare.casework.matching import Particulars, folded, matches

JO = Particulars("Jo", "Mac Intyre", date(1990, 5, 4), "M1 1AA", prison_number="A1234BC")
UNKNOWN = replace(JO, prison_number=None)


def kind_of(person: Particulars, other: Particulars) -> str | None:
    found = matches(person, [("k", other)])
    return found[0].kind if found else None


@pytest.mark.parametrize(
    "identifier",
    [
        {"prison_number": "A1234BC"},
        {"crn": "X123456"},
        {"pnc": "2001/0000123Y"},
        {"nhs_number": "9990000018"},
        {"chi": "0101900004"},
    ],
)
def test_the_same_identifier_of_any_kind_is_enough(identifier):
    person = Particulars("Jo", "Bell", date(1990, 5, 4), **identifier)
    other = Particulars("Sam", "Reed", date(1971, 1, 1), **identifier)
    assert kind_of(person, other) == "exact"


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, "probable"),
        ({"given": "Kay"}, "probable"),
        ({"family": "Bell"}, "probable"),
        ({"birth_date": date(1990, 4, 5)}, "probable"),
        ({"postcode": "M2 2BB"}, "probable"),
        ({"given": "Kay", "family": "Bell"}, None),
        ({"given": "Kay", "birth_date": date(1990, 4, 5)}, None),
        ({"family": "Bell", "postcode": ""}, None),
        ({"birth_date": None, "postcode": ""}, None),
    ],
)
def test_three_particulars_of_four_are_enough_and_two_are_not(changes, kind):
    assert kind_of(UNKNOWN, replace(UNKNOWN, **changes)) == kind


def test_three_particulars_are_nothing_across_identifiers_of_one_kind_that_differ():
    assert kind_of(JO, replace(JO, prison_number="B9876CD")) is None
    assert kind_of(JO, replace(JO, prison_number=None)) == "probable"
    assert kind_of(JO, replace(JO, prison_number=None, crn="X123456")) == "probable"


def test_twins_are_shown_until_their_numbers_tell_them_apart():
    twin = replace(UNKNOWN, given="Ali")
    assert kind_of(UNKNOWN, twin) == "probable"
    assert kind_of(replace(UNKNOWN, nhs_number="9990000018"), replace(twin, nhs_number="9990000026")) is None


def test_a_shared_identifier_beside_one_that_differs_is_a_conflict_and_says_which():
    one, two = replace(JO, nhs_number="9990000018"), replace(JO, nhs_number="9990000026")
    found = matches(one, [("k", two)])
    assert found[0].kind == "conflict"
    assert found[0].reasons[0] == "Same prison number"
    assert found[0].reasons[-1] == "Different NHS number"


def test_a_scottish_prison_number_does_not_differ_from_an_english_one():
    assert kind_of(JO, replace(JO, prison_number="12345")) == "probable"


def test_names_the_other_way_round_count_as_two_and_are_said_to_be_so():
    swapped = replace(UNKNOWN, given=UNKNOWN.family, family=UNKNOWN.given, postcode="")
    found = matches(UNKNOWN, [("k", swapped)])
    assert found[0].reasons == (
        "Given name is their family name", "Family name is their given name", "Same date of birth",
    )  # fmt: skip


def test_one_name_given_twice_counts_as_two_and_not_as_four():
    twice = Particulars("Alexander", "Alexander", date(1990, 5, 4))
    assert matches(twice, [("k", twice)])[0].reasons == ("Same given name", "Same family name", "Same date of birth")


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Siân", "SIAN"),
        ("Anne-Marie", "anne marie"),
        ("O'Neill", "O\u2019NEILL"),
        ("Zoë", "Zoe\u0308"),
        ("Łukasz", "Lukasz"),
        ("Søren", "Soren"),
        ("Strauß", "STRAUSS"),
        ("MacIntyre", "Mac Intyre"),
        ("İpek", "ipek"),
    ],
)
def test_names_are_compared_without_case_marks_or_hyphens(one, two):
    assert folded(one) == folded(two)


def test_different_names_stay_different():
    assert len({folded(name) for name in ("Jon", "John", "Joan", "Jo An", "")}) == 4
    assert folded("Jo An") == folded("Joan")


def test_names_in_other_scripts_are_kept():
    assert folded("Ольга") == folded("ОЛЬГА") != ""
    assert folded("محمد") != ""


def test_what_is_not_known_matches_nothing():
    assert kind_of(Particulars(), Particulars()) is None
    assert kind_of(Particulars("Jo", "Bell"), Particulars("Jo", "Bell")) is None


def test_no_fixed_abode_is_not_a_place_two_people_share():
    one = Particulars("Jo", "Bell", postcode="ZZ99 3VZ", birth_date=date(1990, 5, 4))
    assert kind_of(one, replace(one, given="Kay")) is None
    assert kind_of(one, one) == "probable"


def test_the_surest_come_first_and_each_keeps_its_key():
    probable = replace(UNKNOWN, postcode="")
    conflict = replace(JO, crn="X000001")
    found = matches(
        replace(JO, crn="X000002"), [("three", probable), ("four", UNKNOWN), ("conflict", conflict), ("exact", JO)]
    )
    assert [(match.key, match.kind) for match in found] == [
        ("exact", "exact"), ("conflict", "conflict"), ("four", "probable"), ("three", "probable"),
    ]  # fmt: skip


NAMES = st.sampled_from(["Jo", "Kay", "Bell", "Reed", ""])
PEOPLE = st.builds(
    Particulars,
    given=NAMES,
    family=NAMES,
    birth_date=st.sampled_from([None, date(1990, 5, 4), date(1971, 1, 1)]),
    postcode=st.sampled_from(["", "M1 1AA", "M2 2BB"]),
    crn=st.sampled_from([None, "X000001", "X000002"]),
    pnc=st.sampled_from([None, "2001/0000123Y"]),
)


@settings(deadline=None)
@given(PEOPLE, PEOPLE)
def test_likeness_is_the_same_seen_from_either_side(one, two):
    assert kind_of(one, two) == kind_of(two, one)


@settings(deadline=None)
@given(PEOPLE, PEOPLE)
def test_the_advice_on_loading_candidates_loses_nobody(one, two):
    shared = (one.crn and one.crn == two.crn) or (one.pnc and one.pnc == two.pnc)
    born = one.birth_date is not None and one.birth_date == two.birth_date
    named = bool(one.family) and one.family in {two.family, two.given}
    if not (shared or born or named):
        assert kind_of(one, two) is None

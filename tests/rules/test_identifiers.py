"""Identifiers of DOMAIN section I: its vectors, and what is true of every number."""

from __future__ import annotations

import string
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from throughcare.casework.identifiers import (
    PNC_LETTERS,
    chi,
    chi_birth_dates,
    crn,
    nhs_number,
    pnc,
    postcode,
    prison_number,
)

DIGITS = st.text("0123456789", min_size=9, max_size=9)


def mod_11(nine: str) -> str | None:
    check = 11 - sum(int(d) * w for d, w in zip(nine, range(10, 1, -1), strict=True)) % 11
    return None if check == 10 else nine + str(check % 11)


@pytest.mark.parametrize("typed", ["A1234BC", "a1234bc", " A1234BC ", "A 1234 BC", "A1234-BC"])
def test_a_prison_number_is_made_plain(typed):
    assert prison_number(typed) == "A1234BC"


@pytest.mark.parametrize("typed", ["", "1234567", "A123BC", "AA1234B", "A1234BCD", "A1234B\u00c7"])
def test_a_prison_number_that_cannot_be_is_refused_with_an_example(typed):
    with pytest.raises(ValueError, match="like A1234BC"):
        prison_number(typed)


def test_a_scottish_prison_number_is_digits_and_nothing_more_is_asked():
    assert prison_number(" 12 345 ", "scotland") == "12345"
    for wrong in ("A1234BC", "", "\u0663\u0664"):
        with pytest.raises(ValueError, match="digits only"):
            prison_number(wrong, "scotland")


def test_a_case_reference_number_is_one_letter_and_six_digits():
    assert crn("x123456") == "X123456"
    for wrong in ("X12345", "123456X", "XX123456", ""):
        with pytest.raises(ValueError, match="like X123456"):
            crn(wrong)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("2001/0000123Y", "2001/0000123Y"),
        ("2001/123Y", "2001/0000123Y"),
        ("01/123y", "2001/0000123Y"),
        ("2012/0394773H", "2012/0394773H"),
        ("20120394773H", "2012/0394773H"),
        ("12/394773H", "2012/0394773H"),
        ("99/1234567B", "1999/1234567B"),
        ("991234567B", "1999/1234567B"),
    ],
)
def test_a_pnc_number_has_one_written_form(typed, plain):
    assert pnc(typed) == plain


@pytest.mark.parametrize("vector", ["2001/0000123Y", "2012/0394773H", "99/1234567B"])
def test_any_other_check_letter_makes_a_pnc_number_wrong(vector):
    for letter in set(string.ascii_uppercase) - {vector[-1]}:
        with pytest.raises(ValueError, match="last letter does not fit"):
            pnc(vector[:-1] + letter)


@pytest.mark.parametrize("typed", ["", "2001/Y", "2001/12345678Y", "1801/0000123Y", "2001/0000123", "201/0000123Y"])
def test_what_is_not_a_pnc_number_is_refused_with_an_example(typed):
    with pytest.raises(ValueError, match="like 2001/123Y"):
        pnc(typed)


@settings(deadline=None)
@given(st.integers(0, 99), st.integers(0, 9_999_999))
def test_every_pnc_number_reads_the_same_long_and_short(year, serial):
    letter = PNC_LETTERS[(year * 10_000_000 + serial) % 23]
    short = pnc(f"{year:02}/{serial}{letter}")
    assert short == pnc(f"{year:02}{serial:07}{letter}") == pnc(short)
    assert short[2:4] == f"{year:02}"


@pytest.mark.parametrize("number", ["9990000018", "9990000026", "9999999999", "9434765919"])
def test_the_nhs_number_vectors_pass(number):
    assert nhs_number(number) == number
    assert nhs_number(f"{number[:3]} {number[3:6]}-{number[6:]}") == number


@pytest.mark.parametrize("number", ["999000001", "99900000180", "999000001X", "", "\u0669" * 10])
def test_an_nhs_number_of_another_length_is_refused(number):
    with pytest.raises(ValueError, match="must be 10 digits"):
        nhs_number(number)


def test_ten_noughts_add_up_and_are_still_nobody():
    with pytest.raises(ValueError, match="does not fit"):
        nhs_number("0000000000")


@settings(deadline=None)
@given(DIGITS, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(nine, place, shift):
    number = mod_11(nine)
    assume(number is not None and number != "0" * 10)
    assert nhs_number(number) == number
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(ValueError, match="does not fit"):
        nhs_number(wrong)


@settings(deadline=None)
@given(st.text("0123456789", min_size=8, max_size=8))
def test_a_number_whose_check_would_be_ten_was_never_issued(eight):
    nine = next(eight + last for last in "0123456789" if mod_11(eight + last) is None or last == "9")
    assume(mod_11(nine) is None)
    for last in "0123456789":
        with pytest.raises(ValueError, match="does not fit"):
            nhs_number(nine + last)


@settings(deadline=None)
@given(st.dates(date(1910, 1, 1), date(2026, 12, 31)), st.integers(0, 999))
def test_a_chi_number_starts_with_a_date_of_birth(born, rest):
    number = mod_11(f"{born:%d%m%y}{rest:03}")
    assume(number is not None)
    assert chi(number) == number
    assert born in chi_birth_dates(number)


@pytest.mark.parametrize("start", ["000190", "320190", "011390", "310290", "310490"])
def test_a_chi_number_without_a_possible_date_is_refused(start):
    numbers = [mod_11(f"{start}{n:03}") for n in range(20)]
    for number in filter(None, numbers):
        with pytest.raises(ValueError, match="date of birth"):
            chi(number)


def test_a_leap_day_without_its_century_is_read_in_the_century_that_had_one():
    assert chi_birth_dates("2902000000") == {date(2000, 2, 29)}
    assert chi_birth_dates("2902970000") == frozenset()


def test_a_chi_number_with_a_wrong_check_digit_or_length_is_refused():
    good = next(filter(None, (mod_11(f"010190{n:03}") for n in range(9))))
    with pytest.raises(ValueError, match="does not fit"):
        chi(good[:9] + str((int(good[9]) + 1) % 10))
    with pytest.raises(ValueError, match="must be 10 digits"):
        chi(good[:9])


@pytest.mark.parametrize(
    ("typed", "plain"),
    [("zz993vz", "ZZ99 3VZ"), (" ZZ99  3VZ ", "ZZ99 3VZ"), ("m11aa", "M1 1AA"), ("EC1A1BB", "EC1A 1BB")],
)
def test_a_postcode_has_one_space_and_capitals(typed, plain):
    assert postcode(typed) == plain
    assert postcode(plain) == plain


@pytest.mark.parametrize("typed", ["", "ZZ99", "99ZZ 3VZ", "ZZ99 3VZZ", "nowhere"])
def test_half_a_postcode_is_refused(typed):
    with pytest.raises(ValueError, match="full UK postcode"):
        postcode(typed)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_whatever_is_typed_an_identifier_is_made_plain_or_refused_in_words(typed):
    for read in (prison_number, crn, pnc, nhs_number, chi, postcode):
        try:
            plain = read(typed)
        except ValueError as refused:
            said = str(refused)
        else:
            said = "Read"
            assert read(plain) == plain
            assert plain.isascii()
        assert said[0].isupper()
        assert not said.endswith(".")

"""Phone numbers of DOMAIN section I. Numbers that must look real are the library's own examples, never written down."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from throughcare.casework.phone_numbers import phone_number, texting_number, written


def example(kind: int, region: str = "GB") -> str:
    number = phonenumbers.example_number_for_type(region, kind)
    assert number is not None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


MOBILE, LANDLINE = example(PhoneNumberType.MOBILE), example(PhoneNumberType.FIXED_LINE)


@pytest.mark.parametrize(
    "typed",
    ["07700900123", "07700 900 123", "+447700900123", "+44 7700 900123", "00447700900123", "0044 7700 900 123",
     "+44 (0)7700 900123", "07700-900-123", "07700\u2013900123", "\uff0b447700900123", " 07700\u00a0900123 "],
)  # fmt: skip
def test_a_mobile_number_is_read_however_it_is_typed(typed):
    assert texting_number(typed, test_numbers=True) == "+447700900123"


@pytest.mark.parametrize("start", ["0", "+44", "0044"])
def test_a_number_in_use_needs_no_switch(start):
    assert texting_number(start + MOBILE[3:]) == MOBILE
    assert phone_number(start + LANDLINE[3:]) == LANDLINE


@pytest.mark.parametrize("number", ["07700900000", "07700900999"])
def test_drama_mobile_numbers_are_texted_only_where_test_numbers_are_allowed(number):
    assert texting_number(number, test_numbers=True).startswith("+447700900")
    for read in (texting_number, phone_number):
        with pytest.raises(ValueError, match="kept for drama"):
            read(number)


@pytest.mark.parametrize("number", ["01632960000", "01632960999", "02079460000", "02079460999"])
def test_drama_landlines_are_rung_only_where_test_numbers_are_allowed_and_never_texted(number):
    assert phone_number(number, test_numbers=True) == "+44" + number[1:]
    with pytest.raises(ValueError, match="kept for drama"):
        phone_number(number)
    with pytest.raises(ValueError, match=r"mobile number"):
        texting_number(number, test_numbers=True)


@pytest.mark.parametrize("number", [f"0{7_700_900_000 - 1}", f"0{7_700_900_999 + 1}"], ids=["below", "above"])
def test_the_switch_opens_the_drama_range_and_not_its_neighbours(number):
    try:
        plain = texting_number(number, test_numbers=True, crown_dependencies=True)
    except ValueError:
        return
    assert texting_number(number, crown_dependencies=True) == plain


MANX = "+447624" + "0" * 6  # the library's own Manx example lies in a range shared with Great Britain


@pytest.mark.parametrize(
    "number",
    [example(PhoneNumberType.MOBILE, "GG"), example(PhoneNumberType.MOBILE, "JE"), MANX],
    ids=["GG", "JE", "IM"],
)
def test_crown_dependency_mobiles_are_texted_only_by_policy(number):
    assert texting_number(number, crown_dependencies=True) == number
    with pytest.raises(ValueError, match="Jersey, Guernsey or the Isle of Man"):
        texting_number(number)


def test_070_is_neither_texted_nor_rung():
    personal = example(PhoneNumberType.PERSONAL_NUMBER)
    with pytest.raises(ValueError, match="070"):
        texting_number(personal)
    with pytest.raises(ValueError, match="070"):
        phone_number(personal)


def test_a_landline_is_not_texted_and_the_reason_is_said():
    with pytest.raises(ValueError, match="landline"):
        texting_number(LANDLINE)


@pytest.mark.parametrize("kind", [PhoneNumberType.PAGER, PhoneNumberType.TOLL_FREE, PhoneNumberType.UAN])
def test_other_kinds_of_number_are_not_texted(kind):
    with pytest.raises(ValueError, match="Enter a UK mobile number"):
        texting_number(example(kind))


@pytest.mark.parametrize(
    "typed",
    ["", "999", "85258", "118 500", "07700 900 12", "07700 900 1234", "7700900123", "0800 FLOWERS", "+1 500 555 0006", "001 500 555 0006", "0 040 219 000",
     "0700 CALL ME", "07700 900123 x5", "07700900123;07700900124", "+44", "()"],
)  # fmt: skip
def test_short_codes_letters_numbers_abroad_and_fragments_are_refused(typed):
    with pytest.raises(ValueError, match="Enter a UK mobile number, like 07700 900 123"):
        texting_number(typed, test_numbers=True)
    with pytest.raises(ValueError, match="Enter a UK phone number"):
        phone_number(typed, test_numbers=True)


@settings(deadline=None)
@given(st.text(max_size=30) | st.from_regex(r"(\+44|0044|0)[0-9 ()-]{0,14}", fullmatch=True))
def test_whatever_is_typed_a_number_is_plain_or_refused_in_words(typed):
    for read in (phone_number, texting_number):
        try:
            plain = read(typed, test_numbers=True)
        except ValueError as refused:
            said = str(refused)
        else:
            said = "Read"
            assert plain.startswith("+44")
            assert plain[1:].isdigit()
            assert read(plain, test_numbers=True) == plain
        assert said[0].isupper()


@pytest.mark.parametrize(
    ("kept", "said"),
    [("+447700900123", "07700 900123"), ("+441632960001", "01632 960001"), ("01632 960100", "01632 960100"),
     ("+353860000000", "+353860000000"), ("", "")],
)  # fmt: skip
def test_a_number_is_shown_as_people_write_it(kept, said):
    assert written(kept) == said


@given(st.text(max_size=20))
def test_anything_can_be_shown(kept):
    assert isinstance(written(kept), str)

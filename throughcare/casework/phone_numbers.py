"""Phone numbers to call and to text, as E.164 (DOMAIN section I). ValueError says what to put right, beside the field."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any, Final

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

ASK_ANY: Final = "Enter a UK phone number, like 01632 960 001 or 07700 900 123"
ASK_MOBILE: Final = "Enter a UK mobile number, like 07700 900 123"
UNITED_KINGDOM: Final = 44
TYPED = re.compile(r"(?:\+44|0044|0)[0-9() .\-]+")
DRAMA_MOBILE = re.compile(r"\+447700900[0-9]{3}")
DRAMA = re.compile(r"\+44(?:7700900|1632960|2079460)[0-9]{3}")  # Ofcom keeps these for drama: they ring nobody
KEPT = re.compile(r"\+44[0-9]{7,10}")
CROWN_DEPENDENCIES: Final = frozenset({"GG", "JE", "IM"})
BRITAIN: Final = "GB"
_NUMBERING: Any = phonenumbers.PhoneMetadata.metadata_for_region(BRITAIN)
_BRITISH_MOBILE = re.compile(rf"\+44(?:{_NUMBERING.mobile.national_number_pattern})")
_DEAR = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.PERSONAL_NUMBER})


def phone_number(text: str, *, test_numbers: bool = False) -> str:
    """A UK number somebody may ring, landline or mobile. Drama numbers only where test numbers are allowed."""
    number = _parsed(text, ASK_ANY)
    plain = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if DRAMA.fullmatch(plain):
        return _if_test_numbers(plain, test_numbers=test_numbers)
    if not phonenumbers.is_valid_number(number):
        raise ValueError(ASK_ANY)
    if phonenumbers.number_type(number) == PhoneNumberType.PERSONAL_NUMBER:
        raise ValueError("Numbers that begin with 070 cost too much to ring. Enter another number")
    return plain


def texting_number(text: str, *, test_numbers: bool = False, crown_dependencies: bool = False) -> str:
    """A UK mobile number that may be sent texts.

    Refused: landlines, 070 personal numbers, pagers, short codes, numbers abroad; mobiles of Jersey, Guernsey and the
    Isle of Man, which share +44, unless `crown_dependencies`; drama numbers, unless `test_numbers`. A range that Great
    Britain and an island share (07924) counts as Great Britain's.
    """
    number = _parsed(text, ASK_MOBILE)
    plain = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if DRAMA_MOBILE.fullmatch(plain):
        return _if_test_numbers(plain, test_numbers=test_numbers)
    if not phonenumbers.is_valid_number(number):
        raise ValueError(ASK_MOBILE)
    _refuse_if_not_texted(phonenumbers.number_type(number))
    if phonenumbers.region_code_for_number(number) in CROWN_DEPENDENCIES and not crown_dependencies:
        raise ValueError("This service does not text numbers in Jersey, Guernsey or the Isle of Man")
    return plain


def country_of(number: str) -> str:
    """The country of a stored number, GB, JE, FR ...; blank for one that is no country's. Jersey, Guernsey and Man share +44."""
    if _BRITISH_MOBILE.fullmatch(number) or DRAMA.fullmatch(number):
        return BRITAIN  # nearly all are, and this costs a microsecond
    return _looked_up(number)[0]


def is_dear(number: str) -> bool:
    """Does it cost more than an ordinary number: premium rate, shared cost, or an 070 number?"""
    return not _BRITISH_MOBILE.fullmatch(number) and _looked_up(number)[1]


@lru_cache(maxsize=10_000)
def _looked_up(number: str) -> tuple[str, bool]:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return "", False
    return phonenumbers.region_code_for_number(parsed) or "", phonenumbers.number_type(parsed) in _DEAR


def written(number: str) -> str:
    """A stored number as people in the UK write it: 07700 900123. What is not kept in that form is left as it is."""
    if not KEPT.fullmatch(number):
        return number
    return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.NATIONAL)


def _parsed(text: str, ask: str) -> PhoneNumber:
    """Only what is typed as 07..., +44... or 0044...; letters, extensions and short codes are not guessed at."""
    typed = re.sub(r"[\s\u2010-\u2015\u2212]", " ", unicodedata.normalize("NFKC", text)).strip()
    if not TYPED.fullmatch(typed):
        raise ValueError(ask)
    try:
        number = phonenumbers.parse(typed, "GB")
    except phonenumbers.NumberParseException as fault:
        raise ValueError(ask) from fault
    if number.country_code != UNITED_KINGDOM:  # 00 and another country's code also begins with 0
        raise ValueError(ask)
    return number


def _refuse_if_not_texted(kind: int) -> None:
    if kind == PhoneNumberType.PERSONAL_NUMBER:
        raise ValueError("Numbers that begin with 070 are not mobile numbers and cannot be texted")
    if kind == PhoneNumberType.FIXED_LINE:
        raise ValueError("This is a landline, which cannot be texted. Enter a mobile number")
    if kind != PhoneNumberType.MOBILE:
        raise ValueError(ASK_MOBILE)


def _if_test_numbers(plain: str, *, test_numbers: bool) -> str:
    if not test_numbers:
        raise ValueError("This number is kept for drama and tests and rings nobody. Enter another number")
    return plain

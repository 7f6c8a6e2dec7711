"""Numbers that name a person, made plain and checked (DOMAIN section I). ValueError says what to put right, beside the field."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from datetime import date
from typing import Final

PNC_LETTERS: Final = "ZABCDEFGHJKLMNPQRTUVWXY"  # CJSE Data Standards Catalogue v4.3, section 3.374
PNC_FIRST_CENTURY_YEAR: Final = (
    50  # a short year of 50 or more is 19.., below it 20..: the computer is younger than 1950
)

PRISON = re.compile(r"[A-Z][0-9]{4}[A-Z]{2}")
CRN = re.compile(r"[A-Z][0-9]{6}")
PNC = re.compile(r"(?P<century>19|20)?(?P<year>[0-9]{2})(?:/(?P<short>[0-9]{1,7})|(?P<full>[0-9]{7}))(?P<letter>[A-Z])")
POSTCODE = re.compile(r"(?P<outward>[A-Z]{1,2}[0-9][A-Z0-9]?)(?P<inward>[0-9][A-Z]{2})")
TEN_DIGITS = re.compile(r"[0-9]{10}")


def prison_number(text: str, jurisdiction: str = "england_wales") -> str:
    """A NOMIS number such as A1234BC; in Scotland the prison service's own, digits and nothing more to check."""
    plain = _plain(text)
    if jurisdiction == "scotland":
        if not re.fullmatch(r"[0-9]+", plain):
            raise ValueError("Prison number must be digits only")
        return plain
    if not PRISON.fullmatch(plain):
        raise ValueError("Prison number must be one letter, four digits and two letters, like A1234BC")
    return plain


def crn(text: str) -> str:
    """A probation case reference number such as X123456."""
    plain = _plain(text)
    if not CRN.fullmatch(plain):
        raise ValueError("Case reference number must be one letter and six digits, like X123456")
    return plain


def pnc(text: str) -> str:
    """A Police National Computer number as YYYY/NNNNNNNL: whole year, seven digits, and its check letter verified."""
    found = PNC.fullmatch(_plain(text))
    if not found:
        raise ValueError("PNC number must be a year, a slash, up to seven digits and a letter, like 2001/123Y")
    year, serial = found["year"], (found["short"] or found["full"]).zfill(7)
    if found["letter"] != PNC_LETTERS[int(year + serial) % len(PNC_LETTERS)]:
        raise ValueError(
            "PNC number is not right: its last letter does not fit its digits. Check it and enter it again"
        )
    century = found["century"] or ("19" if int(year) >= PNC_FIRST_CENTURY_YEAR else "20")
    return f"{century}{year}/{serial}{found['letter']}"


def nhs_number(text: str) -> str:
    """Ten digits, the last of them a check digit modulo 11."""
    plain = _plain(text)
    if not TEN_DIGITS.fullmatch(plain):
        raise ValueError("NHS number must be 10 digits, like 999 000 0018")
    if not _mod_11_holds(plain):
        raise ValueError("NHS number is not right: its last digit does not fit the others. Check it and enter it again")
    return plain


def chi(text: str) -> str:
    """A Scottish Community Health Index number: a date of birth as DDMMYY, three digits, a check digit modulo 11."""
    plain = _plain(text)
    if not TEN_DIGITS.fullmatch(plain):
        raise ValueError("CHI number must be 10 digits, starting with the date of birth")
    if not chi_birth_dates(plain):
        raise ValueError("CHI number must start with a date of birth, as two digits each for day, month and year")
    if not _mod_11_holds(plain):
        raise ValueError("CHI number is not right: its last digit does not fit the others. Check it and enter it again")
    return plain


def chi_birth_dates(number: str) -> frozenset[date]:
    """The dates of birth a CHI number can stand for: its year has no century. None: it is not a CHI number."""
    day, month, year = int(number[:2]), int(number[2:4]), int(number[4:6])
    dates: set[date] = set()
    for century in (1900, 2000):
        with suppress(ValueError):
            dates.add(date(century + year, month, day))
    return frozenset(dates)


def postcode(text: str) -> str:
    """A postcode with its one space, such as ZZ99 3VZ (no fixed abode)."""
    found = POSTCODE.fullmatch(_plain(text))
    if not found:
        raise ValueError("Enter a full UK postcode, like ZZ99 3VZ")
    return f"{found['outward']} {found['inward']}"


def _mod_11_holds(ten: str) -> bool:
    """Sum of the first nine digits times 10 down to 2; check is 11 less the remainder; 11 is 0 and 10 is never issued."""
    check = 11 - sum(int(digit) * weight for digit, weight in zip(ten, range(10, 1, -1), strict=False)) % 11
    return ten != "0" * 10 and int(ten[9]) == check % 11 and check != 10  # noqa: PLR2004 - the rule's own number


def _plain(text: str) -> str:
    """Upper case, with spaces, hyphens and full-width forms taken out: how people copy numbers from documents."""
    return re.sub(r"[\s\u2010-\u2015\u2212-]", "", unicodedata.normalize("NFKC", text)).upper()

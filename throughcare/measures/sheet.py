"""The measures as a CSV file that no spreadsheet will take for formulas. Pure."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence

STARTS_A_FORMULA = frozenset("=+-@|%＝＋－＠")
IS_NUMBER = re.compile(r"[+-]?\d[\d ,.]*", re.ASCII)  # a telephone number from +44 is one, and stays as it is
BYTE_ORDER_MARK = "\ufeff"


def safe(value: object) -> str:
    """The cell's text, with an apostrophe before anything a spreadsheet could run.

    What counts is the first sign after byte order marks, control characters and spaces, since spreadsheets skip those.
    """
    text = "" if value is None else str(value)
    bare = text.lstrip("".join({sign for sign in text if is_skipped(sign)}))
    if bare[:1] in STARTS_A_FORMULA and bare and not IS_NUMBER.fullmatch(bare):
        return f"'{text}"
    return text


def is_skipped(sign: str) -> bool:
    """Whether a spreadsheet may pass over this sign before it looks for a formula."""
    return sign.isspace() or unicodedata.category(sign) in {"Cc", "Cf", "Zs", "Zl", "Zp"}


def csv_of(rows: Iterable[Sequence[object]]) -> str:
    """The rows as CSV, lines ended as RFC 4180 has it, marked as UTF-8 for the spreadsheets that ask."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([safe(cell) for cell in row] for row in rows)
    return BYTE_ORDER_MARK + out.getvalue()

"""Which letters a typeface has, so that a printed page never asks it for one it has not."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from pathlib import Path

SEGMENTS, GROUPS = 4, 12  # the two kinds of table in which a typeface lists its letters (OpenType, "cmap")
KEPT = "\n\t"
UNKNOWN = "?"


def letters_in(font: Path) -> frozenset[int]:
    """The code points a TrueType file has a shape for. ValueError where it lists none that we can read."""
    data = font.read_bytes()
    start = _table(data, b"cmap")
    (count,) = struct.unpack_from(">H", data, start + 2)
    found: set[int] = set()
    for each in range(count):
        (offset,) = struct.unpack_from(">I", data, start + 8 + 8 * each)
        found.update(_listed(data, start + offset))
    if not found:
        raise ValueError(f"{font.name} lists no letters")
    return frozenset(found)


def _table(data: bytes, name: bytes) -> int:
    (count,) = struct.unpack_from(">H", data, 4)
    for each in range(count):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, 12 + 16 * each)
        if tag == name:
            return int(offset)
    raise ValueError(f"no {name.decode()} table")


def _listed(data: bytes, at: int) -> Iterator[int]:
    (kind,) = struct.unpack_from(">H", data, at)
    if kind == GROUPS:
        (count,) = struct.unpack_from(">I", data, at + 12)
        for first, last, _ in struct.iter_unpack(">III", data[at + 16 : at + 16 + 12 * count]):
            yield from range(first, last + 1)
    elif kind == SEGMENTS:
        (double,) = struct.unpack_from(">H", data, at + 6)
        ends = struct.unpack_from(f">{double // 2}H", data, at + 14)
        starts = struct.unpack_from(f">{double // 2}H", data, at + 16 + double)
        for first, last in zip(starts, ends, strict=True):
            yield from range(first, min(last, 0xFFFE) + 1)


def printable(text: str, letters: frozenset[int]) -> str:
    """The text in letters the typeface has: a letter it lacks without its accents, or a question mark; no pictures."""
    return "".join(_printed(letter, letters) for letter in unicodedata.normalize("NFC", text))


def _printed(letter: str, letters: frozenset[int]) -> str:
    if letter in KEPT or ord(letter) in letters:
        return letter
    kind = unicodedata.category(letter)
    if kind.startswith("Z"):
        return " "
    if kind.startswith("L") or kind == "Nd":
        plain = "".join(each for each in unicodedata.normalize("NFKD", letter) if ord(each) in letters)
        return plain or UNKNOWN
    return ""

"""What the built assets may hold: nothing of the crown's, a typeface that spells Welsh, names that may be kept for ever."""

from __future__ import annotations

import json
import re
import struct
from hashlib import sha256
from pathlib import Path

import pytest
import typst

pytestmark = pytest.mark.slow

STATIC = Path("throughcare/web/static")
MARKS = re.compile(r"GDS Transport|crest|crown|logotype|govuk-logo", re.IGNORECASE)


@pytest.fixture(scope="module")
def manifest() -> dict[str, str]:
    path = STATIC / "manifest.json"
    assert path.is_file(), "the assets are not built: run `make assets`"
    return json.loads(path.read_text("utf-8"))


@pytest.fixture(scope="module")
def sheets(manifest) -> dict[str, str]:
    return {name: (STATIC / kept).read_text("utf-8") for name, kept in manifest.items() if name.endswith(".css")}


def test_no_style_sheet_holds_a_mark_or_a_typeface_that_is_not_ours_to_use(sheets):
    assert {name: MARKS.findall(sheet) for name, sheet in sheets.items() if MARKS.search(sheet)} == {}


def test_no_asset_is_named_for_a_mark(manifest):
    assert [name for name in manifest if MARKS.search(name)] == []


def test_every_address_in_a_style_sheet_is_a_file_beside_it(sheets):
    asked = {address.strip("\"'") for sheet in sheets.values() for address in re.findall(r"url\(([^)]*)\)", sheet)}
    assert asked
    assert [address for address in sorted(asked) if not (STATIC / address).is_file()] == []


def test_every_name_carries_the_hash_of_its_bytes(manifest):
    for kept in manifest.values():
        assert sha256((STATIC / kept).read_bytes()).hexdigest()[:10] in kept


def test_the_components_kept_their_rules(sheets):
    for rule in (".govuk-button{", ".govuk-error-summary{", ".govuk-task-list{", ".govuk-service-navigation{"):
        assert rule in sheets["govuk-frontend.min.css"]
    for rule in (".moj-identity-bar{", ".moj-sub-navigation{", ".moj-timeline{", ".moj-filter{", ".moj-badge{"):
        assert rule in sheets["moj-frontend.min.css"]


@pytest.mark.parametrize("cut", ["Regular", "Bold", "It", "BoldIt"])
def test_the_typeface_spells_welsh(manifest, cut):
    letters = letters_of(STATIC / "paper" / f"SourceSans3-{cut}.ttf")
    assert {ord(letter) for letter in "ŵŷŴŶâêîôûäëïöüáéíóú£’–"} <= letters


def test_the_typeface_can_be_printed(manifest):
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[STATIC / "paper"])
    paper = typst.compile(
        b'#set text(font: "Source Sans 3", lang: "cy", fallback: false)\nd\xc5\xb5r', font_paths=fonts
    )
    assert b"SourceSans3" in paper


def letters_of(path: Path) -> set[int]:
    """The code points a TrueType file has glyphs for, from its Unicode character map (format 4)."""
    data = path.read_bytes()
    tables = (struct.unpack_from(">4sLLL", data, 12 + 16 * i) for i in range(struct.unpack_from(">H", data, 4)[0]))
    start = next(offset for tag, _, offset, _ in tables if tag == b"cmap")
    records = [
        struct.unpack_from(">HHL", data, start + 4 + 8 * i) for i in range(struct.unpack_from(">H", data, start + 2)[0])
    ]
    at = next(start + offset for platform, encoding, offset in records if (platform, encoding) == (3, 1))
    count = struct.unpack_from(">H", data, at + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", data, at + 14)
    starts = struct.unpack_from(f">{count}H", data, at + 16 + 2 * count)
    return {code for first, last in zip(starts, ends, strict=True) for code in range(first, last + 1)}

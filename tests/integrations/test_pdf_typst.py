"""The printed card: one tagged sheet, two sides, and nothing outside but a name."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from integrations.pdf_typst import TypstPrinter, layout
from tests.support.release import FONTS, planned, printing_to
from throughcare.casework.people import Language
from throughcare.kernel.ports import CannotPrint, DoesNotFit
from throughcare.release import card

STOP = [
    "Alcohol and drug service",
    "Thursday 21 January at 9:30am",
    "12 Quay Street",
    "See Sam Okoro",
    "Ring 01632 960201",
]
INK_OF_MARKUP = "#panic() *strong* [x] $y$ @z <a> \\ `raw` ŵ ŷ"


def data(stops=2, **changed):
    sections = [{"heading": "Where to go", "blocks": [STOP] * stops, "named": True}]
    return {"lang": "en", "title": "Ro", "inside": "What happens next", "stamp": 1, "sections": sections} | changed


def pages(pdf):
    return [re.sub(r"\s+", " ", page.extract_text()).strip() for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.fixture(scope="module")
def printer():
    assert list(FONTS.glob("*.ttf")), "the assets are not built: run `make assets`"
    return TypstPrinter(FONTS)


@pytest.mark.slow
def test_the_sheet_has_two_sides_of_a4_and_is_tagged_for_screen_readers(printer):
    reader = PdfReader(io.BytesIO(printer.print("card", data())))
    root = reader.trailer["/Root"]
    assert [[round(float(side)) for side in page.mediabox[2:]] for page in reader.pages] == [[842, 595]] * 2
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - pypdf's own boolean
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    assert reader.metadata.title == "Ro"


@pytest.mark.slow
def test_nothing_is_smaller_than_fourteen_points(printer):
    sizes = set()
    reader = PdfReader(io.BytesIO(printer.print("card", data())))

    def measure(text, cm, tm, _, size):
        if text.strip():
            sizes.add(round(size * abs(tm[0] * cm[0])))

    reader.pages[1].extract_text(visitor_text=measure)
    assert sizes
    assert min(sizes) >= 14


@pytest.mark.slow
def test_what_people_typed_is_printed_as_it_is_and_never_as_markup(printer):
    outside, inside = pages(printer.print("card", data(title=INK_OF_MARKUP, inside=INK_OF_MARKUP)))
    assert outside == INK_OF_MARKUP
    assert inside.startswith(INK_OF_MARKUP)


@pytest.mark.slow
def test_more_than_one_sheet_holds_is_refused(printer):
    assert len(pages(printer.print("card", data(stops=6)))) == 2
    with pytest.raises(DoesNotFit):
        printer.print("card", data(stops=30))


@pytest.mark.slow
@pytest.mark.parametrize(("language", "inside"), [(Language.ENGLISH, "Where to go"), (Language.WELSH, "Ble i fynd")])
def test_the_whole_card_is_inside_and_the_outside_names_no_service(desk, world, printer, language, inside):
    case = planned(desk, world, safe_name="Ro")
    with printing_to(desk, printer).work(world.healthcare) as work:
        outside, within = pages(card.printed(work, case, language))
    assert outside == "Ro"
    for word in (
        inside,
        "12 Quay Street, Ashby",
        "Sam Okoro",
        "01632 960201",
        "3 Harbour Row",
        "Quay Pharmacy",
        "116 123",
    ):
        assert word in within


def test_a_document_that_there_is_not_and_a_missing_typeface_are_our_faults(tmp_path):
    with pytest.raises(KeyError):
        layout("../pdf_typst")
    with pytest.raises(FileNotFoundError, match="build the assets"):
        TypstPrinter(tmp_path).print("card", {})


def test_every_layout_takes_its_data_as_values():
    for path in Path("integrations/documents").glob("*.typ"):
        assert "json(bytes(sys.inputs.data))" in path.read_text("utf-8")
    assert json.loads(json.dumps(data()))["title"] == "Ro"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Zoë \U0001f600", "Zoë"), ("محمد", "????"), ("\U00010330lf", "?lf"), ("A\ufffeB", "AB"), ("Sorrel\u2003Marsh", "Sorrel Marsh"),
        ("\ud800x", "x"), ("\u0007bell", "bell"), ("Łukasz Ŵyn", "Łukasz Ŵyn"), ("王", "?"),
    ],
)  # fmt: skip
def test_any_name_is_printed_in_the_letters_there_are(printer, name, printed):
    assert pages(printer.print("card", data(title=name)))[0] == printed


@pytest.mark.slow
def test_what_cannot_be_printed_for_another_reason_is_a_refusal(printer):
    with pytest.raises(CannotPrint):
        printer.print("card", data(lang="not a language"))

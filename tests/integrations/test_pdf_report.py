"""The printed compliance report: tagged for screen readers, as long as it needs to be, and data only as values."""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader

from integrations.pdf_typst import TypstPrinter
from tests.support.release import FONTS

ROWS = [["Attended", "3"], ["In a sentence", "Comes on time #panic() *and* <takes> part."]]


@pytest.mark.slow
@pytest.mark.parametrize("parts", [1, 30])
def test_the_report_is_a_tagged_pdf_of_as_many_pages_as_it_takes(parts):
    assert list(FONTS.glob("*.ttf")), "the assets are not built: run `make assets`"
    told = {
        "title": "Compliance report", "person": "Rowan Ashdown", "status": "This report is sent.", "foot": "Version 1",
        "parts": [{"heading": f"Part {number}", "rows": ROWS} for number in range(parts)], "stamp": 1,
    }  # fmt: skip
    reader = PdfReader(io.BytesIO(TypstPrinter(FONTS).print("report", told)))
    root = reader.trailer["/Root"]
    assert "/StructTreeRoot" in root
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    said = re.sub(r"\s+", " ", "".join(page.extract_text() for page in reader.pages))
    assert said.count("Comes on time #panic() *and* <takes> part.") == parts
    assert (len(reader.pages) > 1) is (parts > 1)

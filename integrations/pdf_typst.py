"""Printed documents by typst: data goes in as values, never as markup, and a tagged PDF/UA-1 comes out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import typst

from throughcare.kernel.ports import DoesNotFit

DOCUMENTS = Path(__file__).parent / "documents"
OVERFULL = "does not fit"  # what a layout of fixed length panics with


class TypstPrinter:
    """The `Printer` port. `folder` holds the built assets' typeface; no other typeface is looked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def fonts(self) -> typst.Fonts:
        """The typeface, read once. FileNotFoundError where the assets are not built."""
        if not any(self.folder.glob("*.ttf")):
            raise FileNotFoundError(f"no typeface in {self.folder}: build the assets")
        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(self.folder)])

    def print(self, document: str, data: Mapping[str, Any]) -> bytes:
        """The PDF of a layout. `stamp` in the data is the instant written in its properties, in seconds."""
        try:
            return typst.compile(
                layout(document),
                format="pdf",
                font_paths=self.fonts,
                pdf_standards="ua-1",
                sys_inputs={"data": json.dumps(dict(data), ensure_ascii=False)},
                timestamp=data.get("stamp"),
            )
        except typst.TypstError as fault:
            if OVERFULL in str(fault):
                raise DoesNotFit from fault
            raise


@lru_cache(maxsize=16)
def layout(document: str) -> bytes:
    """A layout's source, read once. KeyError for one that there is not."""
    path = DOCUMENTS / f"{document}.typ"
    if path.parent != DOCUMENTS or not path.is_file():
        raise KeyError(document)
    return path.read_bytes()

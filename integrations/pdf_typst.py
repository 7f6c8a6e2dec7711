"""Printed documents by typst: data goes in as values, never as markup, and a tagged PDF/UA-1 comes out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import structlog
import typst

from integrations.font_letters import letters_in, printable
from throughcare.kernel.ports import CannotPrint, DoesNotFit

log = structlog.get_logger()
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
                sys_inputs={"data": json.dumps(self.told(dict(data)), ensure_ascii=False)},
                timestamp=data.get("stamp"),
            )
        except typst.TypstError as fault:
            if OVERFULL in str(fault):
                raise DoesNotFit from fault
            log.exception("a document could not be printed", document=document)
            raise CannotPrint from fault

    @cached_property
    def letters(self) -> frozenset[int]:
        """What every face of the typeface has."""
        return frozenset.intersection(*(letters_in(face) for face in sorted(self.folder.glob("*.ttf"))))

    def told(self, value: Any) -> Any:
        """The same data in letters that the typeface has: a tagged page may not hold any other."""
        if isinstance(value, str):
            return printable(value, self.letters)
        if isinstance(value, Mapping):
            return {name: self.told(each) for name, each in value.items()}
        return [self.told(each) for each in value] if isinstance(value, list | tuple) else value


@lru_cache(maxsize=16)
def layout(document: str) -> bytes:
    """A layout's source, read once. KeyError for one that there is not."""
    path = DOCUMENTS / f"{document}.typ"
    if path.parent != DOCUMENTS or not path.is_file():
        raise KeyError(document)
    return path.read_bytes()

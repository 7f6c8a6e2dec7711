"""The instruments and local rules that ship, read as the service reads them."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from throughcare.screening.instruments import Instrument
from throughcare.screening.rules import Local, build

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "config" / "data" / "instruments"
FILES = {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}
INSTRUMENTS: dict[str, Instrument] = build(FILES.values())
LOCAL = Local.model_validate(tomllib.loads((ROOT / "config" / "data" / "screening.toml").read_text()))
VECTORS = json.loads((ROOT / "tests" / "data" / "screening_vectors.json").read_text())


def by_code(instrument: Instrument, answers: list[int | None]) -> dict[str, int]:
    """Answers listed in the order of the sheet, keyed by item code; None was not asked."""
    codes = [item.code for item in instrument.items]
    return {code: value for code, value in zip(codes, answers, strict=False) if value is not None}


def all_answered(instrument: Instrument, value: int = 0) -> dict[str, int]:
    return {item.code: value for item in instrument.items}

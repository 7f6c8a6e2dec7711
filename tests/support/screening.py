"""The instruments and local rules that ship, read as the service reads them; and what comes before any screen."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from throughcare.screening import asked_first, asking
from throughcare.screening.forms import SafetyAnswers
from throughcare.screening.instruments import Instrument
from throughcare.screening.rules import Local, SafetyAnswer, build

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


NOBODY_AT_RISK = {question.code: SafetyAnswer.NO for question in LOCAL.safety}


def safety_first(desk, actor, case) -> None:
    """The reception safety questions, each answered no, where they are still to be asked before a screen can begin."""
    with desk.work(actor) as work:
        if asked_first.must_be_asked(work, case):
            asking.ask_safety(work, case, SafetyAnswers(answers=NOBODY_AT_RISK))

"""Reads the screening instruments that ship, and the packs of licensed wording a service has installed beside them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from throughcare.screening.instruments import Instruments
from throughcare.screening.rules import BadInstrument, Local, build

SHIPPED = Path(__file__).parent / "data" / "instruments"
WORDING, WHOLE = ".wording.json", ".instrument.json"


def read_instruments(packs: Path | None = None, shipped: Path = SHIPPED) -> Instruments:
    """Every instrument. BadInstrument names the file that is wrong.

    In the folder of packs, `<id>.wording.json` gives {item code: text}; `<id>.instrument.json` is a whole licensed
    instrument, for those of which not even the structure may ship.
    """
    if packs is not None and not packs.is_dir():
        raise BadInstrument(f"The folder of wording packs {packs.name} is not there.")
    files = [_content(path) for path in sorted(shipped.glob("*.json"))]
    return Instruments(build(files, dict(_packs(packs, WORDING)), dict(_packs(packs, WHOLE))))


def read_screening(data: dict[str, Any], packs: Path | None = None) -> dict[type[Any], Any]:
    """The instruments, and what the service decides for itself about them, as the Reference holds them."""
    instruments = read_instruments(packs)
    return {Instruments: instruments, Local: read_local(data, instruments)}


def read_local(data: dict[str, Any], instruments: Instruments) -> Local:
    """What the service decides for itself, checked against the instruments it is about."""
    local = Local.model_validate(data)
    for key, chosen in local.stop_rules.items():
        if key not in instruments.by_id or chosen.rule not in instruments[key].rules:
            raise BadInstrument(f"screening.toml: {key} has no stop rule called {chosen.rule}.")
    return local


def _packs(folder: Path | None, ending: str) -> Iterator[tuple[str, Any]]:
    for path in sorted(folder.glob(f"*{ending}")) if folder else ():
        yield path.name.removesuffix(ending), _content(path)


def _content(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except ValueError as fault:
        raise BadInstrument(f"{path.name} is not readable JSON in UTF-8.") from fault

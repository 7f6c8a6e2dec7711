"""The shipped clock and holiday files, as the rule tests read them."""

from __future__ import annotations

import tomllib
from pathlib import Path

from throughcare.casework.calendars import calendars_of, parse_holidays
from throughcare.casework.clock_rules import parse_clocks

DATA = Path(__file__).parents[2] / "config" / "data"


def read(name: str) -> dict[str, object]:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


CLOCKS = parse_clocks(read("clocks.toml"))
HOLIDAYS = tuple(parse_holidays(read(f"holidays/{name}.toml")) for name in ("england-and-wales", "scotland"))
CALENDARS = calendars_of(HOLIDAYS)
EW, SCT = CALENDARS["england_wales"], CALENDARS["scotland"]

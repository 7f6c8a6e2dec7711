"""The values that go into texts, in either language: crisis lines, and when somebody will ring. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from throughcare.kernel.clock import LONDON, london_day

NOON = 12
_DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "cy": ("dydd Llun", "dydd Mawrth", "dydd Mercher", "dydd Iau", "dydd Gwener", "dydd Sadwrn", "dydd Sul"),
}
_MONTHS = {
    "en": (
        *("January", "February", "March", "April", "May", "June", "July", "August"),
        *("September", "October", "November", "December"),
    ),
    "cy": (
        *("Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst"),
        *("Medi", "Hydref", "Tachwedd", "Rhagfyr"),
    ),
}
_TODAY = {"en": "today", "cy": "heddiw"}
_TOMORROW = {"en": "tomorrow", "cy": "yfory"}
_BY = {"en": "by", "cy": "erbyn"}


@dataclass(frozen=True)
class Line:
    """One line of help: what is said in each language, for which nations, and how sure we are of it."""

    nations: frozenset[str]
    said: Mapping[str, str]
    hours: str
    authority: str
    source: str
    certainty: str

    @property
    def shown(self) -> bool:
        """A number nobody has checked is worse than none."""
        return self.certainty != "unverified"


@dataclass(frozen=True)
class CrisisLines:
    """Where to turn, by nation, in the order they are said."""

    emergency: str
    lines: tuple[Line, ...]
    checked_on: date

    def said(self, nation: str, language: str) -> str:
        """The lines of `nation` in one phrase; KeyError for a nation that has none."""
        found = [line.said[language] for line in self.lines if nation in line.nations and line.shown]
        if not found:
            raise KeyError(nation)
        return ", ".join(found)


def crisis_lines_from(table: Mapping[str, Any]) -> CrisisLines:
    """The lines out of config/data/sms/crisis_lines.toml."""
    return CrisisLines(table["emergency"]["number"], tuple(map(_line, table["lines"])), table["checked_on"])


def time_said(instant: datetime) -> str:
    """A London time as people write it: 9am, 10:30am, 12 noon is 12pm."""
    local = instant.astimezone(LONDON)
    minutes = f":{local.minute:02d}" if local.minute else ""
    return f"{local.hour % NOON or NOON}{minutes}{'am' if local.hour < NOON else 'pm'}"


def day_said(day: date, today: date, language: str) -> str:
    """ "today", "tomorrow", or "Monday 12 April": for a text read on `today`."""
    if day == today:
        return _TODAY[language]
    named = f"{_DAYS[language][day.weekday()]} {day.day} {_MONTHS[language][day.month - 1]}"
    return f"{_TOMORROW[language]}, {named}" if day == today + timedelta(days=1) else named


def when_said(by: datetime, now: datetime, language: str) -> str:
    """When somebody will have rung: "today by 5pm", "tomorrow, Monday 12 April by 11am"."""
    day = day_said(london_day(by), london_day(now), language)
    return f"{day} {_BY[language]} {time_said(by)}"


def _line(row: Mapping[str, Any]) -> Line:
    said = {language: row[language] for language in _DAYS}
    return Line(frozenset(row["nations"]), said, row["hours"], row["authority"], row["source"], row["certainty"])

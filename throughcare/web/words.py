"""Dates, times, ages and numbers as GOV.UK writes them, always on London's clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from throughcare.casework.phone_numbers import written
from throughcare.web.parts import Bar

LONDON = ZoneInfo("Europe/London")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def london(at: datetime) -> datetime:
    """An instant on London's clock. One with no zone is UTC, as the database gives it."""
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(LONDON)


def day(on: date | datetime | None, empty: str = "") -> str:
    """4 June 2026. An instant gives the London day it falls on."""
    if on is None:
        return empty
    when = london(on).date() if isinstance(on, datetime) else on
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def days(first: date | datetime, last: date | datetime) -> str:
    """From one day to another, what they share said once: 4 to 9 June 2026, 28 June to 3 July 2026, 4 June 2026."""
    begins, ends = day(first).split(), day(last).split()
    for shared in (3, 2, 1):
        if begins[-shared:] == ends[-shared:]:
            return " ".join([*begins[:-shared], "to", *ends]) if shared < len(ends) else day(last)
    return f"{day(first)} to {day(last)}"


def weekday(on: date | datetime) -> str:
    """Thursday 4 June 2026."""
    when = london(on).date() if isinstance(on, datetime) else on
    return f"{WEEKDAYS[when.weekday()]} {day(when)}"


def weekday_name(on: date | datetime) -> str:
    """Thursday."""
    when = london(on).date() if isinstance(on, datetime) else on
    return WEEKDAYS[when.weekday()]


def short_day(on: date | datetime) -> str:
    """4 Jun: where the year is plain from beside it."""
    when = london(on).date() if isinstance(on, datetime) else on
    return f"{when.day} {MONTHS[when.month - 1][:3]}"


def clock(at: datetime | time) -> str:
    """9:32am, 2pm, midnight, midday; a bare time is taken as London's already."""
    local = london(at).time() if isinstance(at, datetime) else at
    if local.minute == 0 and local.hour in {0, 12}:
        return "midday" if local.hour else "midnight"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'pm' if local.hour >= 12 else 'am'}"  # noqa: PLR2004 - noon


def instant(at: datetime | None, empty: str = "") -> str:
    """4 June 2026 at 9:32am."""
    return empty if at is None else f"{day(at)} at {clock(at)}"


def by(at: datetime | None, empty: str = "") -> str:
    """When a thing is due: 4 June 2026 at 2pm, or 4 June 2026 where the whole day is theirs."""
    if at is None:
        return empty
    whole = (london(at).hour, london(at).minute) == (23, 59)  # the last minute of a day
    return day(at) if whole else instant(at)


def machine(at: date | datetime) -> str:
    """The same for a `<time datetime>`: ISO 8601, in UTC where it is an instant."""
    return london(at).astimezone(UTC).isoformat(timespec="seconds") if isinstance(at, datetime) else at.isoformat()


def relative(on: date, today: date) -> str:
    """today, tomorrow, yesterday, in 5 days, 3 days ago."""
    days = (on - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if days in near:
        return near[days]
    return f"in {plural(days, 'day')}" if days > 0 else f"{plural(-days, 'day')} ago"


def due(on: date | datetime, today: date) -> str:
    """due today, due tomorrow, due in 5 days, 3 days overdue. An instant is the London day it falls on."""
    when = london(on).date() if isinstance(on, datetime) else on
    days = (when - today).days
    return f"{plural(-days, 'day')} overdue" if days < 0 else f"due {relative(when, today)}"


def age(born: date, today: date) -> int:
    """Whole years lived. Someone born on 29 February is a year older on 1 March in other years, as the law has it."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def born(birth: date, today: date) -> str:
    """4 June 1990 (36 years old)."""
    return f"{day(birth)} ({plural(age(birth, today), 'year')} old)"


def plural(count: int, one: str, many: str = "") -> str:
    """1 day, 2 days, 1,204 people."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def calls(count: int, *, too_many: bool) -> str:
    """How many open calls somebody carries: 3 open calls."""
    said = plural(count, "open call") if count else "no open calls"
    return f"{said}, as many as one worker should have" if too_many else said


def number(value: float) -> str:
    """1,204; 12.5."""
    return f"{value:,}"


def spelt(count: int) -> str:
    """ "no", "one" to "nine", then figures: for the start of a sentence."""
    return NUMBERS[count] if 0 <= count < len(NUMBERS) else number(count)


def phone(number: str | None) -> str:
    """07700 900123, however it is kept."""
    return written(number or "")


def percent(part: float, whole: float) -> str:
    """63% of the whole, a half rounded up."""
    return f"{int(100 * part / whole + 0.5)}%" if whole else "not applicable"


def name(given: str, family: str) -> str:
    """Given Family, whichever of them there is."""
    return " ".join(filter(None, (given.strip(), family.strip())))


def listed(items: list[str] | tuple[str, ...], joint: str = "and") -> str:
    """a, b and c."""
    return f" {joint} ".join(filter(None, (", ".join(items[:-1]), *items[-1:])))


def yes_no(value: bool | None) -> str:  # noqa: FBT001 - it is a filter on one value
    """Yes, No or Not known."""
    return "Not known" if value is None else ("Yes" if value else "No")


def sentence_case(text: str) -> str:
    """The first letter raised and the rest as it is."""
    return text[:1].upper() + text[1:]


def lower_first(label: str) -> str:
    """A label as it reads inside a sentence: "NHS number" keeps its capitals."""
    return label if label[1:2].isupper() or label[:2] == "I " else label[:1].lower() + label[1:]


def shown_row(bar: Bar) -> tuple[str, str]:
    """A chart's bar as a line of its table."""
    return bar.label, bar.shown


FILTERS: dict[str, Callable[..., Any]] = {
    "day": day,
    "weekday": weekday,
    "weekday_name": weekday_name,
    "short_day": short_day,
    "clock": clock,
    "instant": instant,
    "by": by,
    "machine": machine,
    "relative": relative,
    "due": due,
    "age": age,
    "born": born,
    "plural": plural,
    "number": number,
    "spelt": spelt,
    "phone": phone,
    "percent": percent,
    "listed": listed,
    "yes_no": yes_no,
    "sentence_case": sentence_case,
    "lower_first": lower_first,
    "shown_row": shown_row,
}

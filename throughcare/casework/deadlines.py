"""When a service clock is due, what a pause adds, how much of it has gone: sums, no storage (DOMAIN section H)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from throughcare.casework.clock_rules import ClockRule, Due
from throughcare.kernel.clock import LAST_SECOND, LONDON, MIDNIGHT, Calendar, at, london_day

DAY = timedelta(days=1)


class DayNotKnown(ValueError):
    """The day this deadline is counted from has not been recorded yet."""


@dataclass(frozen=True)
class Pause:
    """A stretch in which the clock stood still; `ended` is None while it still does."""

    began: datetime
    ended: datetime | None = None
    why: str = ""


def trigger_day(rule: ClockRule, instant: datetime, calendar: Calendar) -> date:
    """Day 0: the London day of the trigger, or the next working day when the rule's cut-off had passed."""
    day = london_day(instant)
    if rule.cut_off is None:
        return day
    late = instant.astimezone(LONDON).time() > rule.cut_off
    return calendar.on_or_after(day + DAY if late else day)


def due_at(
    rule: ClockRule,
    trigger: date | datetime,
    calendar: Calendar,
    release_day: date | None = None,
    reception_day: date | None = None,
) -> datetime:
    """The UTC instant at which the clock runs out. `calendar` is that of the owner's jurisdiction.

    A trigger given as an instant has the cut-off applied; given as a day it is day 0 as it stands, and hours run from
    its first instant. A deadline before release that has already passed falls on the trigger day: at once.
    Raises DayNotKnown when the rule counts from release or reception and that day is not given.
    """
    if rule.due.unit == "hours":
        began = trigger if isinstance(trigger, datetime) else at(trigger, MIDNIGHT)
        return began + timedelta(hours=rule.due.amount)
    day0 = trigger_day(rule, trigger, calendar) if isinstance(trigger, datetime) else trigger
    anchor = {"trigger": day0, "release": release_day, "reception": reception_day}[rule.due.counts_from]
    if anchor is None:
        raise DayNotKnown(f"the {rule.due.counts_from} day is not known")
    last = max(day0, _counted_back(rule.due, anchor)) if rule.due.before else _counted_on(rule.due, anchor, calendar)
    return _closing(rule.due, last, trigger)


def is_compressed(rule: ClockRule, trigger: date, release_day: date) -> bool:
    """Whether the standard can no longer be met: its day before release had gone when the clock started."""
    return rule.due.before is not None and _counted_back(rule.due, release_day) < trigger


def extended(rule: ClockRule, due: datetime, pauses: Sequence[Pause], calendar: Calendar, now: datetime) -> datetime:
    """The first deadline with every pause given back; `due` is the one first issued and never changes.

    A clock counted in days gains each day of its kind (working days for working days) that ended while it stood
    still, and keeps its closing hour; a clock counted in hours gains the time itself. A pause that began after the
    clock had run out gives nothing back: late stays late.
    """
    for began, ended in _stretches(pauses, now):
        if began > due:
            break
        due = _given_back(rule, due, (began, ended), calendar)
    return due


def fraction_elapsed(
    rule: ClockRule, started: datetime, due: datetime, pauses: Sequence[Pause], calendar: Calendar, now: datetime
) -> float:  # fmt: skip
    """How much of the clock has gone at `now`, 0 to 1; for the reminders at half and at four fifths.

    `due` is the extended deadline. Only time that counts is counted: none while paused and, for a clock in working
    days, none on a day off.
    """
    still = _stretches(pauses, now)
    whole = _counted(rule, started, due, still, calendar)
    if now >= due or not whole:
        return 1.0
    return _counted(rule, started, max(now, started), still, calendar) / whole


def _counted_on(due: Due, start: date, calendar: Calendar) -> date:
    if due.unit == "working_days":
        return calendar.working_days_after(start, due.amount)
    if due.unit == "months":
        return _months_after(start, due.amount)
    return start + timedelta(days=due.amount * (7 if due.unit == "weeks" else 1))


def _counted_back(due: Due, from_day: date) -> date:
    return from_day - timedelta(days=due.amount * (7 if due.unit == "weeks" else 1))


def _months_after(start: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it has no such day."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _closing(due: Due, last: date, trigger: date | datetime) -> datetime:
    closing = at(last, due.by or LAST_SECOND)
    if due.else_next_day and isinstance(trigger, datetime) and closing <= trigger:
        return at(last + DAY, due.by or LAST_SECOND)
    return closing


def _stretches(pauses: Sequence[Pause], now: datetime) -> list[tuple[datetime, datetime]]:
    """Pauses in order, without overlap; one still open runs until now."""
    merged: list[tuple[datetime, datetime]] = []
    for began, ended in sorted((p.began, max(p.began, p.ended or now)) for p in pauses):
        if merged and began <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], ended))
        else:
            merged.append((began, ended))
    return merged


def _given_back(rule: ClockRule, due: datetime, still: tuple[datetime, datetime], calendar: Calendar) -> datetime:
    began, ended = still
    if rule.due.unit == "hours":
        return due + (ended - began)
    nights = [london_day(began) + DAY * n for n in range((london_day(ended) - london_day(began)).days)]
    closing = due.astimezone(LONDON)
    if rule.due.unit == "working_days":
        lost = sum(calendar.is_working(day) for day in nights)
        return at(calendar.working_days_after(closing.date(), lost), closing.time())
    return at(closing.date() + DAY * len(nights), closing.time())


def _counted(
    rule: ClockRule, begin: datetime, end: datetime, still: Sequence[tuple[datetime, datetime]], calendar: Calendar
) -> float:  # fmt: skip
    """Seconds between two instants that count."""
    paused = sum(_worked(rule, max(a, begin), min(b, end), calendar) for a, b in still)
    return _worked(rule, begin, end, calendar) - paused


def _worked(rule: ClockRule, begin: datetime, end: datetime, calendar: Calendar) -> float:
    """Seconds between two instants, leaving out days off for a clock in working days."""
    if end <= begin:
        return 0.0
    if rule.due.unit != "working_days":
        return (end - begin).total_seconds()
    days = (london_day(begin) + DAY * n for n in range((london_day(end) - london_day(begin)).days + 1))
    return sum(
        (min(end, at(day + DAY, MIDNIGHT)) - max(begin, at(day, MIDNIGHT))).total_seconds()
        for day in days
        if calendar.is_working(day)
    )

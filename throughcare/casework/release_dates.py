"""Which day the law suggests for a release (DOMAIN C.3). It suggests; the prison sets the date."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from throughcare.kernel.clock import Calendar

DAY = timedelta(days=1)
THURSDAY, FRIDAY = 3, 4
DAYS_SERVED_AT_LEAST = 28  # policy framework of 30 November 2023: determinate sentences with 28 days served
ENGLAND_WALES_LAW = "Criminal Justice Act 1961, section 23, as amended in 2023"
SCOTLAND_LAW = "Bail and Release from Custody (Scotland) Act 2023, section 8"


@dataclass(frozen=True)
class ReleaseFacts:
    """What the rules turn on. The words are those of the custody episode; None and "not_known" mean not recorded.

    `due` is the release date the sentence gives; `days_served` is counted to that date; `today`, when given, keeps a
    day that has passed from being suggested.
    """

    jurisdiction: str  # england_wales, scotland
    due: date | None
    custody_status: str = "sentenced"  # remand, sentenced, recalled
    sentence_type: str = "not_known"  # determinate, indeterminate, none
    release_type: str = "not_known"  # automatic, parole, hdc, fixed_recall, court
    days_served: int | None = None
    today: date | None = None


@dataclass(frozen=True)
class Suggestion:
    """The day to plan on, or None where the rules suggest nothing. `reasons` are sentences for the page.

    `day` equals the due date when no move is needed. `second_day` is the earlier day a governor may choose.
    """

    day: date | None
    second_day: date | None
    reasons: tuple[str, ...]

    def moves(self, due: date | None) -> bool:
        return self.day is not None and self.day != due


def suggest(facts: ReleaseFacts, calendar: Calendar) -> Suggestion:
    """The suggested release day; `calendar` is that of the prison's jurisdiction."""
    rule, exclusions = (_scotland, _none) if facts.jurisdiction == "scotland" else (_england_wales, _excluded)
    against = tuple(_missing(facts, calendar)) + tuple(exclusions(facts))
    if facts.due is None or against:
        return Suggestion(None, None, against)
    suggestion = rule(facts.due, calendar)
    if facts.today and suggestion.day and suggestion.moves(facts.due) and suggestion.day < facts.today:
        return Suggestion(None, None, (f"The rule gives {spoken(suggestion.day)}, which has already passed.",))
    return suggestion


def spoken(day: date) -> str:
    """As the page says it: Thursday 19 November 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def _missing(facts: ReleaseFacts, calendar: Calendar) -> Iterator[str]:
    if facts.due is None:
        yield "No move is suggested because the sentence release date has not been recorded."
    elif not calendar.covers(facts.due + DAY):
        yield f"No move is suggested because holidays have been reviewed only up to {spoken(calendar.ends_on)}."


def _none(_facts: ReleaseFacts) -> Iterator[str]:
    """Scotland's Act, in the notes we read, excludes nobody."""
    return iter(())


EXCLUDED: tuple[tuple[Callable[[ReleaseFacts], bool], str], ...] = (
    (lambda f: f.custody_status == "remand", "the person is on remand"),
    (lambda f: f.sentence_type == "not_known", "the kind of sentence has not been recorded"),
    (lambda f: f.sentence_type == "none", "the rule is for determinate sentences and the person is not serving one"),
    (lambda f: f.sentence_type == "indeterminate", "the sentence is indeterminate"),
    (lambda f: f.release_type == "not_known", "how the release comes about has not been recorded"),
    (lambda f: f.release_type == "parole", "the release is at the Parole Board's discretion"),
    (lambda f: f.release_type == "hdc", "the release is on home detention curfew"),
    (lambda f: f.release_type == "court", "the release is by a court"),
    (lambda f: f.days_served is None, "the number of days served has not been recorded"),
    (lambda f: f.days_served is not None and f.days_served < DAYS_SERVED_AT_LEAST, "fewer than 28 days will be served"),
)


def _excluded(facts: ReleaseFacts) -> Iterator[str]:
    return (f"No move is suggested because {why}." for holds, why in EXCLUDED if holds(facts))


def _england_wales(due: date, calendar: Calendar) -> Suggestion:
    """Criminal Justice Act 1961 section 23 as amended in 2023: off days off, then off the day before one."""
    working = due if calendar.is_working(due) else calendar.working_day_before(due)
    if working == due and _eligible(due, calendar):
        return Suggestion(due, None, (f"No move is needed: {spoken(due)} is a working day followed by a working day.",))
    suggested = working if _eligible(working, calendar) else _eligible_before(working, calendar)
    second = _eligible_before(suggested, calendar)
    why = "is followed by a day off" if working == due else "is a day off"
    return Suggestion(
        suggested,
        second,
        (
            f"{spoken(due)} {why}, so release is brought forward to {spoken(suggested)} ({ENGLAND_WALES_LAW}).",
            f"If probation asks, the governor may choose {spoken(second)} instead.",
        ),
    )


def _eligible(day: date, calendar: Calendar) -> bool:
    """A working day not itself followed by a day off."""
    return calendar.is_working(day) and calendar.is_working(day + DAY)


def _eligible_before(day: date, calendar: Calendar) -> date:
    day = calendar.working_day_before(day)
    while not _eligible(day, calendar):
        day = calendar.working_day_before(day)
    return day


def _scotland(due: date, calendar: Calendar) -> Suggestion:
    """Bail and Release from Custody (Scotland) Act 2023 section 8, by its explanatory notes, paragraphs 35 to 38.

    A Thursday arises only by a move: a date that itself falls on one goes back to a day that is not.
    """
    on_thursday = due.weekday() == THURSDAY
    if _suitable(due, calendar) and not on_thursday:
        return Suggestion(due, None, (f"No move is needed: {spoken(due)} is a suitable day.",))
    suggested = due - DAY
    while not _suitable(suggested, calendar) or (on_thursday and suggested.weekday() == THURSDAY):
        suggested -= DAY
    why = _unsuitable_because(due, calendar)
    return Suggestion(
        suggested,
        None,
        (
            f"{spoken(due)} {why}, so release goes back to {spoken(suggested)} ({SCOTLAND_LAW}).",
            "Ask the prison whether section 8 applies: its first day in force has not been confirmed here.",
        ),
    )


def _suitable(day: date, calendar: Calendar) -> bool:
    return day.weekday() < FRIDAY and not {day, day + DAY} & calendar.non_working


def _unsuitable_because(day: date, calendar: Calendar) -> str:
    if day in calendar.non_working:
        return "is a public holiday"
    if day + DAY in calendar.non_working:
        return "is the day before a public holiday"
    return f"is a {day:%A}"

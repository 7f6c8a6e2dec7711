"""For how long the words of texts are kept, by what kind of words they are: settled by the configuration (R36). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from throughcare.kernel.forms import Word


class Words(Word):
    """What kind of words: each has a period of its own."""

    ROUTINE = "routine", "Check-ins"
    REMINDER = "reminder", "Reminders of appointments"
    PROOF = "proof", "Checks of a number"
    REPLY = "reply", "Answers, and what was written to people"
    CRISIS = "crisis", "Words that may mean a crisis, and what was answered"
    UNKNOWN = "unknown", "From numbers nobody has"
    QUARANTINED = "quarantined", "From numbers two people have"
    STOP = "stop", "What somebody stopped or restarted texts with"


@dataclass(frozen=True)
class Period:
    """So many days; counted from the closing of the case where `after_closing`, and never while it is open."""

    days: int
    after_closing: bool = False


@dataclass(frozen=True)
class Retention:
    """How long each kind of words is kept here, and when the provider's copy of them is blanked."""

    periods: Mapping[Words, Period]
    redact_after: timedelta
    give_up: timedelta
    put_aside: timedelta  # calls on the disk that could not be written down
    keeps: Mapping[str, timedelta] = field(
        default_factory=dict
    )  # provider that blanks nothing -> until it deletes (R15)

    def before(self, kind: Words, today: date) -> date:
        """What is from before this day has been kept long enough."""
        return today - timedelta(days=self.periods[kind].days)


def retention_from(table: Mapping[str, Any]) -> Retention:
    """Out of config/data/retention.toml; ValueError for a kind that is not ours, or left out, or kept for no time at all."""
    periods = {Words(kind): Period(**said) for kind, said in table["kinds"].items()}
    if missing := set(Words) - periods.keys():
        raise ValueError(f"for how long are these kept: {sorted(missing)}")
    if short := sorted(kind for kind, period in periods.items() if period.days < 1):
        raise ValueError(f"kept for less than a day: {short}")
    provider = table["provider"]
    hours, days, aside = provider["after_hours"], provider["give_up_days"], table["put_aside"]["days"]
    return Retention(periods, timedelta(hours=hours), timedelta(days=days), timedelta(days=aside))


def no_longer_kept(since: str) -> str:
    """What stands where the words were."""
    return f"Words no longer kept (since {since})"

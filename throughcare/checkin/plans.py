"""The plans, windows and ladders a service has settled on, out of config/data/checkin_plans.toml. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time, timedelta
from typing import Any

from throughcare.checkin.own_days import days_in
from throughcare.kernel.forms import Word


@dataclass(frozen=True)
class Window:
    """When a text may go, by London clocks. Quiet hours are before `opens` and from `shuts` on."""

    opens: time
    shuts: time
    usual_from: time
    usual_to: time
    spread: timedelta
    worth_sending: timedelta
    least: timedelta

    @property
    def hours(self) -> range:
        """The hours a person may choose from: 9 to 19."""
        return range(self.opens.hour, self.shuts.hour)


@dataclass(frozen=True)
class Proof:
    """How a number is proven: on which days the code word is asked for, and when a person takes over (R35)."""

    days: tuple[int, ...]
    tries: int
    within: timedelta
    again_after: timedelta


@dataclass(frozen=True)
class Plan:
    """One plan: check-in days after release, each once, rising."""

    code: str
    label: str
    days: tuple[int, ...]
    sources: tuple[str, ...]


class Act(Word):
    """What a rung of a ladder asks for."""

    NUDGE = "nudge", "Text once more"
    CALL = "call", "Call the person"
    SECOND_CONTACT = "second_contact", "Try the agreed second contact"
    MANAGER = "manager", "Tell the manager"
    REPAIR = "repair", "Find a number that works"


@dataclass(frozen=True)
class Step:
    """One rung as configured."""

    act: Act
    after: timedelta


@dataclass(frozen=True)
class Ladder:
    """The rungs for check-ins of days `from_day` to `to_day` after release."""

    from_day: int
    to_day: int
    steps: tuple[Step, ...]
    source: str


@dataclass(frozen=True)
class ReplyLimits:
    """How long a prompt waits for its reply, when we stop answering by ourselves, a pause of no stated length, how often a
    number that nobody has is answered, and how often the lines of help are said to somebody who was just told them.
    """

    open_for: timedelta
    most_inbound: int
    most_answers: int
    pause_days: int
    stranger_every: timedelta = timedelta(hours=24)
    crisis_answers: int = 3
    crisis_again: timedelta = timedelta(minutes=20)


@dataclass(frozen=True)
class CheckinPlans:
    """All of it, as one kind of reference."""

    window: Window
    proof: Proof
    replies: ReplyLimits
    plans: Mapping[str, Plan]
    silence: tuple[Ladder, ...]
    non_delivery: tuple[Ladder, ...]
    unconfirmed_is_silence: bool = False  # by policy, a text taken and never confirmed starts the silence ladder (R43)
    away_after: timedelta = timedelta(minutes=10)  # rounds this far apart: we were down between them (R45)

    def plan_of(self, code: str, own: str = "") -> Plan:
        """The plan of this code, on the days of one person's own where they have some."""
        plan = self.plans[code]
        return replace(plan, days=days_in(own)) if own else plan


def plans_from(table: Mapping[str, Any]) -> CheckinPlans:
    """Read and checked; ValueError says what does not hold together."""
    proof, replies = table["proof"], table["replies"]
    return CheckinPlans(
        _window(table["window"]),
        Proof(
            tuple(proof["days"]),
            proof["tries"],
            timedelta(hours=proof["within_hours"]),
            timedelta(days=proof["again_after_days_without_reply"]),
        ),
        ReplyLimits(
            timedelta(hours=replies["open_for_hours"]),
            replies["most_inbound"],
            replies["most_answers"],
            replies["pause_days"],
            timedelta(hours=replies["stranger_every_hours"]),
            replies["crisis_answers"],
            timedelta(minutes=replies["crisis_again_minutes"]),
        ),
        {row["code"]: _plan(row) for row in table["plans"]},
        tuple(_ladder(row) for row in table["silence"]),
        tuple(_ladder(row) for row in table["non_delivery"]),
        table["unconfirmed"]["counts_as_silence"],
        timedelta(minutes=table["downtime"]["over_minutes"]),
    )


def ladder_for(ladders: tuple[Ladder, ...], day: int) -> Ladder:
    """The ladder of a check-in of this day; LookupError when the days are not all covered."""
    for ladder in ladders:
        if ladder.from_day <= day <= ladder.to_day:
            return ladder
    raise LookupError(day)


def _window(row: Mapping[str, Any]) -> Window:
    opens, shuts, usual_from, usual_to = (
        time.fromisoformat(row[name]) for name in ("opens", "shuts", "usual_from", "usual_to")
    )
    spread, worth, least = (timedelta(minutes=row[f"{name}_minutes"]) for name in ("spread", "worth_sending", "least"))
    window = Window(opens, shuts, usual_from, usual_to, spread, worth, least)
    if not time(2) <= window.opens <= window.usual_from < window.usual_to <= window.shuts:
        raise ValueError("the window must open after 2am, hold its usual hours and shut the same day")
    return window


def _plan(row: Mapping[str, Any]) -> Plan:
    days = tuple(row["days"])
    if not days or days[0] < 1 or list(days) != sorted(set(days)):
        raise ValueError(f"the days of {row['code']} must rise from 1")
    return Plan(row["code"], row["label"], days, tuple(row["sources"]))


def _ladder(row: Mapping[str, Any]) -> Ladder:
    steps = tuple(Step(Act(rung["act"]), timedelta(hours=rung["after_hours"])) for rung in row["rungs"])
    if [step.after for step in steps] != sorted(step.after for step in steps):
        raise ValueError("the rungs of a ladder must be in order of time")
    return Ladder(row["from_day"], row["to_day"], steps, row["source"])

"""Service clocks as data: what starts and stops each, when it is due, whose law says so (DOMAIN section H)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from functools import cached_property
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Unit = Literal["working_days", "calendar_days", "weeks", "months", "hours", "same_day"]
Anchor = Literal["trigger", "release", "reception"]
OwnerRole = Literal[
    "throughcare_officer",
    "prison_treatment_worker",
    "prison_healthcare_worker",
    "provider_worker",
    "probation_practitioner",
    "team_manager",
    "case_owner",  # whoever owns the case at that instant
    "recorder",  # whoever recorded what started the clock
    "system",
]


class Frozen(BaseModel):
    """A piece of the clock file: nothing missing, nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Due(Frozen):
    """How far the deadline lies from the day it is counted from, which is day 0.

    `before` counts back from that day instead of on from the trigger; `on` counts on from it. Days end at 23:59:59 in
    London unless `by` names an earlier hour; `else_next_day` moves a deadline that `by` has already passed to the
    same hour of the next day.
    """

    unit: Unit
    amount: int = Field(default=0, ge=0)
    before: Literal["release"] | None = None
    on: Literal["release", "reception"] | None = None
    by: time | None = None
    else_next_day: bool = False

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.before and (self.on or self.unit not in {"calendar_days", "weeks"}):
            raise ValueError("a clock counts back from release in calendar days or weeks, and from nothing else")
        if (self.unit == "same_day") != (self.amount == 0):
            raise ValueError("same_day has no amount, and every other unit has one")
        if self.unit == "hours" and (self.by or self.counts_from != "trigger"):
            raise ValueError("hours are counted from the instant of the trigger, to the instant")
        return self

    @property
    def counts_from(self) -> Anchor:
        """The day that must be known before the deadline can be."""
        return self.before or self.on or "trigger"


class ClockRule(Frozen):
    """One clock. A figure marked `memory` is to be checked against its source before anybody is held to it."""

    code: str = Field(pattern=r"^[a-z][a-zA-Z0-9_]*$")
    name: str = Field(min_length=1)  # the words a user reads
    act: str = ""  # the same as what is to be done, on the list of whoever has to meet it; the name where none is given
    starts_on: tuple[str, ...] = Field(min_length=1)
    stops_on: tuple[str, ...] = ()  # these meet it; another start re-issues it
    cancelled_by: tuple[str, ...] = ()  # these make it pointless
    pauses_on: tuple[str, ...] = ()
    resumes_on: tuple[str, ...] = ()
    per: Literal["case", "subject"] = "case"  # whether a stop must be about the very thing that started it
    due: Due
    cut_off: time | None = None  # later than this, or on a day off, counts as the next working day
    nature: Literal["deadline", "expiry"] = "deadline"  # an expiry is never overdue: it ends
    met_by_hand: bool = False  # whether its owner may record that it was met elsewhere
    judged_by: Literal["happened", "recorded"] = "happened"  # late by the day of the thing, or of its record
    calendar: Literal["owner"] = "owner"
    owner_role: OwnerRole
    also_told: tuple[OwnerRole, ...] = ()
    asked_by: tuple[
        str, ...
    ] = ()  # the kinds of work that ask for the same: where one is open no later, it stands alone
    owed_by: str = ""  # who must act, when that is somebody who does not sign in
    authority: str = Field(min_length=1)
    source: str = Field(min_length=1)
    kind: Literal["local", "guidance", "statutory", "measure"]
    certainty: Literal["verified", "memory", "chosen"]
    jurisdiction: Literal["england_wales", "scotland", "any"] = "any"
    effective_from: date | None = None
    effective_to: date | None = None
    path: str = "/cases/{case_id}"  # the page where it is met; {subject_id} is the thing that started it
    note: str = ""

    @model_validator(mode="after")
    def _can_end(self) -> Self:
        if self.nature == "deadline" and not self.stops_on:
            raise ValueError(f"{self.code}: nothing stops it")
        if bool(self.pauses_on) != bool(self.resumes_on):
            raise ValueError(f"{self.code}: what pauses must resume")
        return self

    @property
    def named_events(self) -> frozenset[str]:
        return frozenset((*self.starts_on, *self.stops_on, *self.cancelled_by, *self.pauses_on, *self.resumes_on))

    def holds(self, jurisdiction: str, on: date) -> bool:
        """Whether this rule is law, or custom, there on that day."""
        if self.jurisdiction not in {"any", jurisdiction}:
            return False
        return (self.effective_from or date.min) <= on <= (self.effective_to or date.max)


class ServiceClocks(Frozen):
    """The whole clock file. `events` are all the event names the service uses, each with one sentence."""

    version: str = Field(min_length=1)
    cancels_all: tuple[str, ...]
    events: Mapping[str, str]
    clock: tuple[ClockRule, ...]

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        codes = [rule.code for rule in self.clock]
        twice = {code for code in codes if codes.count(code) > 1}
        named = frozenset(self.cancels_all).union(*(rule.named_events for rule in self.clock))
        for fault, what in ((twice, "declared twice"), (named - set(self.events), "not in [events]")):
            if fault:
                raise ValueError(f"{what}: {', '.join(sorted(fault))}")
        return self

    @cached_property
    def _by_code(self) -> Mapping[str, ClockRule]:
        return {rule.code: rule for rule in self.clock}

    @cached_property
    def moved_by(self) -> frozenset[str]:
        """Every event that starts, stops, pauses or ends some clock: the others need not be read against the file."""
        return frozenset(self.cancels_all).union(*(rule.named_events for rule in self.clock))

    def rule(self, code: str) -> ClockRule:
        return self._by_code[code]

    def started_by(self, event: str, jurisdiction: str, on: date) -> tuple[ClockRule, ...]:
        """The clocks this event starts for an owner in that jurisdiction on that day."""
        return tuple(rule for rule in self.clock if event in rule.starts_on and rule.holds(jurisdiction, on))

    def stopped_by(self, event: str) -> tuple[ClockRule, ...]:
        return tuple(rule for rule in self.clock if event in rule.stops_on)

    def cancelled_by(self, event: str) -> tuple[ClockRule, ...]:
        """The clocks this event makes pointless; everything, when the case itself is over."""
        return tuple(rule for rule in self.clock if event in (*rule.cancelled_by, *self.cancels_all))

    def paused_by(self, event: str) -> tuple[ClockRule, ...]:
        return tuple(rule for rule in self.clock if event in rule.pauses_on)

    def resumed_by(self, event: str) -> tuple[ClockRule, ...]:
        return tuple(rule for rule in self.clock if event in rule.resumes_on)

    def hanging_on(self, anchor: Anchor) -> tuple[ClockRule, ...]:
        """The clocks to re-issue when the release (or reception) day changes."""
        return tuple(rule for rule in self.clock if rule.due.counts_from == anchor)


def parse_clocks(data: Mapping[str, Any]) -> ServiceClocks:
    """The clock file as read; ValueError (pydantic's) says which clock is wrong and how."""
    return ServiceClocks.model_validate(data)

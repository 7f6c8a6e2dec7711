"""Who is to answer what cannot wait: the rota's order, the hours somebody must be on call, and where nobody is (R42). Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from throughcare.checkin.ladders import Span
from throughcare.kernel.clock import LONDON, at, london_day
from throughcare.kernel.forms import Word

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ONE_DAY = timedelta(days=1)


class Stage(Word):
    """Whom something is with."""

    ON_CALL = "on_call", "Whoever is on call"
    WORKER = "worker", "The named worker"
    COLLEAGUE = "colleague", "A colleague it was handed to"
    MANAGER = "manager", "The managers"
    DUTY = "duty", "Everybody on duty"


@dataclass(frozen=True)
class Hours:
    """When somebody must be on call, by London clocks. A time to shut that is not later than `opens` is the next day's."""

    days: frozenset[int]  # Monday is 0
    opens: time
    shuts: time

    def on(self, day: date) -> Span | None:
        """The stretch that begins on this day."""
        if day.weekday() not in self.days:
            return None
        ends = day if self.shuts > self.opens else day + ONE_DAY
        return Span(at(day, self.opens), at(ends, self.shuts))


@dataclass(frozen=True)
class OnCall:
    """What a service has settled: how soon each kind must be acknowledged, and the hours of its rota by agency."""

    acknowledge: Mapping[str, timedelta]
    again: timedelta
    look_ahead: timedelta
    days_shown: int
    most_weeks: int
    usual: Hours
    own: Mapping[str, Hours]

    def hours(self, agency: str) -> Hours:
        return self.own.get(agency, self.usual)


@dataclass(frozen=True)
class Turn:
    """One worker is on call from an instant to another. `place`: 1 is asked first, 2 when the first does not answer."""

    worker_id: UUID
    start: datetime
    end: datetime
    place: int = 1

    def holds(self, now: datetime) -> bool:
        return self.start <= now < self.end


@dataclass(frozen=True)
class Answerer:
    """Whom to ask: a worker, or (None) everybody of the stage."""

    stage: Stage
    worker_id: UUID | None = None


def in_order(turns: Sequence[Turn], now: datetime, ahead: timedelta) -> tuple[list[UUID], list[UUID]]:
    """Those on call now, the first place first; and those whose turn comes next, the soonest first. Each named once."""
    on_call = sorted((turn for turn in turns if turn.holds(now)), key=lambda turn: (turn.place, turn.start))
    coming = [turn for turn in turns if now < turn.start <= now + ahead]
    coming.sort(key=lambda turn: (turn.start, turn.place))
    now_on = list(dict.fromkeys(turn.worker_id for turn in on_call))
    later = dict.fromkeys(turn.worker_id for turn in coming)
    return now_on, [worker_id for worker_id in later if worker_id not in now_on]


def untried(ladder: Sequence[Answerer], asked: Collection[Answerer]) -> Answerer | None:
    """The first who has not been asked; nobody is asked twice, whatever they were asked as."""
    workers = {each.worker_id for each in asked if each.worker_id}
    lists = {each.stage for each in asked if each.worker_id is None}
    return next((each for each in ladder if each.worker_id not in workers and each.stage not in lists), None)


def promised(hours: Hours, start: datetime, end: datetime) -> list[Span]:
    """The stretches between two instants in which somebody must be on call."""
    day, spans = london_day(start) - ONE_DAY, []
    while day <= london_day(end):
        if (span := hours.on(day)) and span.end and span.end > start and span.start < end:
            spans.append(Span(max(span.start, start), min(span.end, end)))
        day += ONE_DAY
    return spans


def is_promised(hours: Hours, now: datetime) -> bool:
    """Whether somebody is to be on call at this instant."""
    return bool(promised(hours, now, now + timedelta(microseconds=1)))


def gaps(wanted: Sequence[Span], turns: Sequence[Turn]) -> list[Span]:
    """What of these stretches no turn covers, in order."""
    covered = sorted((turn.start, turn.end) for turn in turns)
    return [gap for span in wanted for gap in _left(span, covered)]


def _left(span: Span, covered: Sequence[tuple[datetime, datetime]]) -> Iterator[Span]:
    start, end = span.start, span.end or span.start
    for begins, ends in covered:
        if ends <= start or begins >= end:
            continue
        if begins > start:
            yield Span(start, begins)
        start = ends
    if start < end:
        yield Span(start, end)


@dataclass(frozen=True)
class Stretch:
    """The same hours of the clock on one day after another. With `last` the first day's own, it is that one span."""

    start: datetime
    end: datetime  # of the first day's span
    last: datetime  # when the last day's span begins

    @property
    def daily(self) -> bool:
        return self.last > self.start


def stretches(spans: Sequence[Span]) -> list[Stretch]:
    """Spans in order as people say them: those that touch are one, and the same hours day after day are one line."""
    found: list[Stretch] = []
    for start, end in _joined(spans):
        before = found[-1] if found else None
        if before and _next_day(before, start, end):
            found[-1] = replace(before, last=start)
        else:
            found.append(Stretch(start, end, start))
    return found


def _joined(spans: Sequence[Span]) -> list[tuple[datetime, datetime]]:
    found: list[tuple[datetime, datetime]] = []
    for span in spans:
        touches = bool(found) and found[-1][1] >= span.start
        start = found.pop()[0] if touches else span.start
        found.append((start, span.end or span.start))
    return found


def _next_day(before: Stretch, start: datetime, end: datetime) -> bool:
    """Whether this is the day after it, at the same hours by London clocks."""
    next_day = london_day(start) == london_day(before.last) + ONE_DAY
    return next_day and _hours_of(start, end) == _hours_of(before.start, before.end)


def _hours_of(start: datetime, end: datetime) -> tuple[time, time, timedelta]:
    return _on_the_clock(start), _on_the_clock(end), london_day(end) - london_day(start)


def _on_the_clock(instant: datetime) -> time:
    return instant.astimezone(LONDON).time()


def on_call_from(table: Mapping[str, Any]) -> OnCall:
    """Out of config/data/on_call.toml; ValueError for hours or minutes that cannot be kept."""
    minutes = {kind: timedelta(minutes=count) for kind, count in table["acknowledge"].items()}
    if any(wait <= timedelta() for wait in minutes.values()):
        raise ValueError("an acknowledgement needs some minutes")
    again, rota = minutes.pop("again"), table["rota"]
    return OnCall(
        minutes,
        again,
        timedelta(hours=rota["look_ahead_hours"]),
        rota["days_shown"],
        rota["most_weeks"],
        _hours(table["hours"]),
        {row["agency"]: _hours(row) for row in table.get("service", ())},
    )


def _hours(row: Mapping[str, Any]) -> Hours:
    days = frozenset(map(DAYS.index, row["days"]))
    return Hours(days, time.fromisoformat(row["opens"]), time.fromisoformat(row["shuts"]))

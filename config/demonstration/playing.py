"""Playing many stories forward with one clock, so that the journal, the tasks and the deadlines are all true."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from config.demonstration.partnership import Partnership
from throughcare.kernel.clock import SetClock, at, london_day
from throughcare.kernel.refusals import Refusal
from throughcare.kernel.work import Desk, Work

Story = Generator[datetime, None, None]


@dataclass
class Stage:
    """Where stories are played: a desk whose clock they move, the partnership, and today."""

    desk: Desk
    clock: SetClock
    partnership: Partnership
    now: datetime
    refused: list[str] = field(default_factory=list)  # acts that a story tried and the service would not have

    @property
    def today(self) -> date:
        return london_day(self.now)

    def when(self, day: int, hour: int = 10, minute: int = 0) -> datetime:
        """An hour of a day counted from today."""
        return at(self.day(day), time(hour, minute))

    def day(self, number: int) -> date:
        """A date counted from today."""
        return self.today + timedelta(days=number)

    @contextmanager
    def acting(self, who: str) -> Iterator[Work]:
        """A unit of work as one of the workers."""
        with self.desk.work(self.partnership.actors[who]) as work:
            yield work

    def do(self, who: str, verb: Callable[..., Any], *given: Any) -> Any:
        """One act by one worker; a refusal is noted and the story goes on, as it would."""
        try:
            with self.acting(who) as work:
                return verb(work, *given)
        except Refusal as no:
            self.refused.append(f"{verb.__module__}.{verb.__name__}: {type(no).__name__} {no.sentence}")
            return None

    def agency(self, key: str) -> UUID:
        return self.partnership.agencies[key]


def play(stage: Stage, stories: Sequence[Story]) -> None:
    """Resume whichever story's next moment comes first, until every one has ended or reached now."""
    order = count()
    waiting = [(next(story), next(order), story) for story in stories]
    heapq.heapify(waiting)
    while waiting and waiting[0][0] <= stage.now:
        moment, _, story = heapq.heappop(waiting)
        stage.clock.at = max(stage.clock.at, moment)
        following = next(story, None)
        if following:
            heapq.heappush(waiting, (following, next(order), story))
    stage.clock.at = stage.now

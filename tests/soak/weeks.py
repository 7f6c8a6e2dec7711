"""Plays twelve weeks: the clock goes to the next minute at which anything can change, and nowhere in between.

Only three things change anything: the world (its agenda is a heap), the provider (its receipts and people's words are on that
agenda), and the service, which acts on rows whose time has come. `next_minute` asks the database for the earliest of those times.
That nothing is missed is not taken on trust: every so often an instant is chosen between two such minutes, every round there is
is done at it, and not a row may be written and not a text sent (`nothing_between`).
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count

from scheduler.dispatch import Dispatcher
from scheduler.ticks import TICKS
from tests.soak import questions
from tests.soak.fates import Fates
from tests.soak.post import MINUTE, Post
from tests.soak.questions import Bystander
from tests.soak.town import people
from tests.soak.watch import SECOND, Watch
from throughcare.checkin.service import Pacing
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.clock import SetClock, london_day
from throughcare.kernel.refusals import Refusal
from throughcare.kernel.work import Desk

START = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)  # clocks go back on 25 October
SPRING = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)  # and on on 28 March
BY_WHAT_IS_DUE = {
    "read": "settle_inbound", "pause": "resume_check_ins", "plan": "plan_texts", "old": "confirm_old_texts",
    "look": "climb_ladders", "late": "escalate_unanswered", "alarm": "keep_asking",
}  # fmt: skip
SENDING = {"send", "expire", "doubt", "ask"}
ROUNDS = {tick.name: tick.do for tick in TICKS}


class Here(Dispatcher):
    """One that works its database on the thread it is on."""

    async def in_work(self, do):
        with self.desk.work(SYSTEM) as work:
            return do(work)


@dataclass
class Weeks:
    """One town. `play()` to the end; then `watch.wrong` is to be empty."""

    desk: Desk
    clock: SetClock
    world: object
    ways: list[str]
    seed: int
    days: int = 84
    within: int = 10  # days, everybody is released for the first time
    downs: tuple[tuple[int, int], ...] = ((9, 2), (30, 26), (52, 1))  # of the provider: which day, how many hours
    aways: tuple[tuple[int, int], ...] = ((12, 95), (40, 30))  # of the database: which day, how many minutes
    both: bool = False  # two schedulers and two dispatchers at once
    doubted: float = 0.03  # of the times in between, how many are looked at
    said: Callable[[str], None] = lambda _: None
    agenda: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    minutes: int = 0
    proven: int = 0
    gap: timedelta = timedelta()  # for how long the database has been away
    outage: bool = False
    _order: count = field(default_factory=count)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.people = people(self.desk, self.world, self.ways, self.seed, self.within)
        self.start = self.first = self.back = self.clock.at
        self.end = self.start + timedelta(days=self.days)
        holders = {each.number: [each] for each in self.people}
        self.eyes = Bystander(self.desk.engine)
        by_case = {each.case_id: each for each in self.people}
        self.watch = Watch(self.desk, holders, by_case, self.desk.reference[Pacing].per_second, self.eyes)
        self.fates = Fates(self)
        self.post = Post(
            self.clock.now, desk=self.desk, later=self.later, holders=holders, dice=random.Random(self.seed),
            left=self.watch.left, failed=self.watch.failed, heard=self.fates.heard,
        )  # fmt: skip
        self.fates.begin()
        self.born()

    def born(self) -> None:
        """The dispatchers, which know nothing of any before them."""
        kind = Dispatcher if self.both else Here
        self.dispatchers = [kind(self.desk, self.post) for _ in range(2 if self.both else 1)]

    def later(self, when: datetime, do: Callable[[], None]) -> None:
        heapq.heappush(self.agenda, (when, next(self._order), do))

    def act(self, who, verb, *given) -> None:
        with self.desk.work(who) as work:
            verb(work, *given)

    def play(self) -> Weeks:
        day = london_day(self.clock.at)
        try:
            with asyncio.Runner() as runner:
                while (following := self.next_minute()) < self.end:
                    self.nothing_between(runner)
                    self.clock.at = max(self.clock.at, following)
                    self.minute(runner)
                    day = self.midnight(day)
        finally:
            self.judge()
        return self

    def judge(self) -> None:
        """What can be said at the end, or where it was cut off."""
        self.watch.everything()
        self.watch.journal()
        self.watch.twice(self.post.references)
        self.eyes.leave()

    def midnight(self, day: date) -> date:
        """The rounds that are not about texts, and what is looked at once a day."""
        today = london_day(self.clock.at)
        if today != day and not self.post.away:
            for name in sorted(ROUNDS.keys() - set(BY_WHAT_IS_DUE.values())):
                self.act(SYSTEM, ROUNDS[name])
            self.watch.everything()
            seen = self.people[today.toordinal() % len(self.people)]
            self.watch.probation(self.world.actors["probation"], seen.case_id)
            self.said(f"{today} texts {len(self.post.texts)}, minutes {self.minutes}, wrong {len(self.watch.wrong)}")
        return today

    def next_minute(self) -> datetime:
        """The first whole minute at or after the earliest time that stands in a row or on the agenda."""
        self.known = {} if self.post.away else self.eyes.due(self.clock.at, self.gap)
        times = [*self.known.values()]
        times += [self.watch.next_silence] if self.watch.next_silence else []
        times += [self.agenda[0][0]] if self.agenda else []
        times += [over for each in self.dispatchers if (over := self.untried(each)) and over > self.clock.at]
        self.first = max(min(times, default=self.end), self.clock.at + timedelta(microseconds=1))
        behind = (self.first - self.start) % MINUTE
        return self.first + (MINUTE - behind if behind else timedelta())

    def minute(self, runner: asyncio.Runner) -> None:
        """All that is due now, until nothing is."""
        self.minutes += 1
        happened = self.happens()
        if self.post.away:
            return
        known = self.eyes.due(self.clock.at, self.gap) if happened else self.known
        due = {name.removesuffix("_by_us") for name, when in known.items() if when <= self.clock.at}
        if happened or "look" in due:
            due.add("late")  # what is asked for and followed by no ladder any more may be late already
        for name in BY_WHAT_IS_DUE:
            if name in due:
                self.rounds(name)
        if self.outage or due & SENDING or self.eyes.one(questions.WAITS, now=self.clock.at):
            runner.run(self.send(due))
        self.watch.minute()

    @staticmethod
    def untried(sender: Dispatcher) -> datetime | None:
        """When a sender that was in vain, and had nothing to try again with, says that the outage is over."""
        breaker = sender.breaker
        return breaker.failed_at + breaker.untried if breaker.down_since and breaker.failed_at else None

    def happens(self) -> bool:
        happened = False
        while self.agenda and self.agenda[0][0] <= self.clock.at:
            heapq.heappop(self.agenda)[2]()
            happened = True
        return happened

    def rounds(self, name: str) -> None:
        """By one scheduler, or by two at the same time: one of them may lose a race, and goes on next time."""
        if not self.both:
            self.act(SYSTEM, ROUNDS[BY_WHAT_IS_DUE[name]])
            return
        with ThreadPoolExecutor(2) as pair:
            list(pair.map(self.tried, [name, name]))

    def tried(self, name: str) -> None:
        with contextlib.suppress(Refusal):
            self.act(SYSTEM, ROUNDS[BY_WHAT_IS_DUE[name]])

    async def send(self, due: set[str]) -> None:
        """Everything that may leave now, second by second where the pace holds it back, and what hangs about."""
        until = self.clock.at + MINUTE - SECOND
        while await self.sent_once() and self.clock.at < until:
            self.clock.at += SECOND
        if {"doubt", "ask"} & due:
            await asyncio.gather(*(each._reconcile() for each in self.dispatchers))
        if self.post.down or self.outage or {"doubt", "expire"} & due:
            for each in self.dispatchers:
                await each._sweep()
            self.outage = any(each.breaker.down_since is not None for each in self.dispatchers)

    async def sent_once(self) -> bool:
        """What may leave in this second; whether more waits that could leave in the next."""
        while any(await asyncio.gather(*(each._guarded(each.send_due) for each in self.dispatchers))):
            await asyncio.gather(*(each.drain() for each in self.dispatchers))
            if self.post.killed:
                self.post.killed = False
                self.born()
        ill = self.post.down or any(each.breaker.down_since for each in self.dispatchers)
        return not ill and bool(self.eyes.one(questions.WAITS, now=self.clock.at))

    def nothing_between(self, runner: asyncio.Runner) -> None:
        """Every round at an instant in between, now and then: not a row is written, and not a text sent."""
        idle = self.first - self.clock.at
        if idle <= 2 * MINUTE or self.post.down or self.post.away or self.dice.random() > self.doubted:
            return
        self.clock.at += idle / 2
        before = len(self.post.texts)
        self.eyes.written.clear()
        for name in BY_WHAT_IS_DUE:
            self.act(SYSTEM, ROUNDS[BY_WHAT_IS_DUE[name]])
        runner.run(self.send({"doubt", "ask"}))
        self.proven += 1
        for written in [*self.eyes.written, *["a text was sent"] * (len(self.post.texts) - before)]:
            self.watch.say(f"at an instant at which nothing was due: {written}")

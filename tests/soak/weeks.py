"""Plays twelve weeks: the clock goes to the next minute at which anything can change, and nowhere in between.

Only three things change anything: the world (its agenda is a heap), the provider (its receipts and people's words are on that
agenda), and the service, which acts on rows whose time has come. `next_minute` asks the database for the earliest of those times.
That nothing is missed is not taken on trust: every so often a minute is chosen between two such minutes, every round there is
is done at it, and not a row may change (`nothing_between`).
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import random
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from uuid import UUID

from sqlalchemy import func, select, union_all
from sqlmodel import col

from scheduler.dispatch import Dispatcher
from scheduler.ticks import TICKS
from tests.soak.post import MINUTE, Post
from tests.soak.town import Someone, people
from tests.soak.watch import Watch
from throughcare.casework import contact, custody, whereabouts, workers
from throughcare.casework.agencies import Membership
from throughcare.casework.forms_contact import NewNumber
from throughcare.casework.forms_custody import Came, Death, Recall, Release
from throughcare.casework.rows import LeftFor, Task, TaskStatus
from throughcare.checkin import actions
from throughcare.checkin.forms import Call
from throughcare.checkin.rows import CheckinPlan, CheckinPrompt, PlanStatus
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.clock import LONDON, SetClock, at, london_day
from throughcare.kernel.delivery import Delivery
from throughcare.kernel.moves import EVENTS, OUTBOX
from throughcare.kernel.refusals import Refusal
from throughcare.kernel.work import Desk

START = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)  # clocks go back on 25 October
DAY = timedelta(days=1)
WORKED, MANAGED = time(15), (0, 1, 2, 3, 4)
BY_WHAT_IS_DUE = {
    "pause": "resume_check_ins", "plan": "plan_texts", "old": "confirm_old_texts", "look": "climb_ladders",
    "late": "escalate_unanswered",
}  # fmt: skip
CHECK_IN_ROUNDS = {
    "plan_texts",
    "climb_ladders",
    "escalate_unanswered",
    "confirm_old_texts",
    "resume_check_ins",
    "settle_inbound",
}
ROUNDS = {tick.name: tick.do for tick in TICKS}
LOOKED_AT = (OUTBOX, EVENTS, AuditRow.__table__, Task.__table__, CheckinPrompt.__table__, CheckinPlan.__table__)


@dataclass
class Weeks:
    """One town. `play()` to the end; then `watch.wrong` is to be empty."""

    desk: Desk
    clock: SetClock
    world: object
    ways: list[str]
    seed: int
    beat: timedelta = MINUTE  # how often the scheduler wakes, if it is needed
    days: int = 84
    downs: tuple[tuple[int, int], ...] = (
        (9, 2),
        (30, 26),
        (52, 1),
    )  # of the provider: on which day, for how many hours
    both: bool = False  # two schedulers and two dispatchers at once
    said: Callable[[str], None] = lambda _: None
    agenda: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    minutes: int = 0
    proven: int = 0
    first: datetime = START  # the next time at which anything can change
    outage: bool = False
    _order: count = field(default_factory=count)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.people = people(self.desk, self.world, self.ways, self.seed)
        self.end = self.clock.at + timedelta(days=self.days)
        holders = {each.number: [each] for each in self.people}
        self.watch = Watch(self.desk, holders, {each.case_id: each for each in self.people})
        self.watch._tasks_seen = self.clock.at
        self.post = Post(
            self.clock.now,
            desk=self.desk,
            later=self.later,
            holders=holders,
            dice=random.Random(self.seed),
            left=self.watch.left,
            failed=self.watch.failed,
        )
        self.watch.slack += self.beat
        self.dispatchers = [Dispatcher(self.desk, self.post) for _ in range(2 if self.both else 1)]
        self.fates()

    def later(self, when: datetime, do: Callable[[], None]) -> None:
        heapq.heappush(self.agenda, (when, next(self._order), do))

    # What befalls them

    def fates(self) -> None:
        for each in self.people:
            self.later(each.release, lambda each=each: self.leaves(each))
        for after, hours in self.downs:
            down = datetime.combine((self.clock.at + timedelta(days=after)).date(), time(9, 55), LONDON).astimezone(UTC)
            self.later(down, self.goes_down)
            self.later(down + timedelta(hours=hours), self.comes_up)
        self.later(self.clock.at + timedelta(days=20, hours=3), self.worker_leaves)
        for day in range(self.days):
            self.later(at(london_day(self.clock.at) + timedelta(days=day), WORKED), self.work_is_done)
        sharing = [each for each in self.people if each.way == "shares"]
        for one, other in zip(sharing[::2], sharing[1::2], strict=False):
            self.later(self.clock.at + timedelta(days=25), lambda one=one, other=other: self.share(one, other))

    def act(self, who, verb, *given) -> None:
        with self.desk.work(who) as work:
            verb(work, *given)

    def leaves(self, each: Someone) -> None:
        """Released: to hospital, or home; some releases are written down a day late."""
        now = self.clock.now().astimezone(LONDON)
        late = DAY if each.way == "late_release" else timedelta()
        told = Release(
            released_on=(now - late).date(), released_at=now.time().replace(second=0, microsecond=0),
            left_for=LeftFor.HOSPITAL if each.way == "hospital" else LeftFor.COMMUNITY,
        )  # fmt: skip
        each.inside = each.way == "hospital"
        self.act(each.actor, custody.release, each.case_id, told)
        if each.way == "hospital":
            self.later(self.clock.now() + timedelta(days=5), lambda: self.comes_home(each))
        if each.way == "recalled":
            self.later(self.clock.now() + timedelta(days=12, hours=2), lambda: self.goes_back(each))
        if each.way == "dies":
            self.later(self.clock.now() + timedelta(days=16), lambda: self.dies(each))

    def comes_home(self, each: Someone) -> None:
        each.inside = False
        with self.desk.work(each.actor) as work:
            whereabouts.came(work, each.case_id, Came(on=work.today), custody.RELEASERS)

    def goes_back(self, each: Someone) -> None:
        each.inside = True
        each.closings.append(self.clock.now())
        today = london_day(self.clock.now())
        self.act(each.actor, custody.recall, each.case_id, Recall(prison_id=each.actor.agency_id, received_on=today))
        each.way = "answers"
        self.later(self.clock.now() + timedelta(days=14), lambda: self.leaves(each))

    def dies(self, each: Someone) -> None:
        each.inside = True
        each.closings.append(self.clock.now())
        self.act(each.actor, custody.record_death, each.case_id, Death(died_on=london_day(self.clock.now())))

    def goes_down(self) -> None:
        self.post.down = True
        self.watch.outages.append([None, self.end])
        self.said(f"{self.clock.now():%d %b %H:%M} the provider is down")

    def comes_up(self) -> None:
        self.post.down = False
        self.watch.outages[-1][1] = self.clock.now()

    def worker_leaves(self) -> None:
        with self.desk.work(SYSTEM) as work:
            theirs = select(Membership.id).where(col(Membership.worker_id) == self.world.actors["other_officer"].id)
            workers.end_membership(work, work.session.scalars(theirs).one())
        for each in self.people:
            each.actor = self.world.actors["officer"]

    def share(self, one: Someone, other: Someone) -> None:
        """The second has the first one's phone now, and says so."""
        self.post.holders[one.number].append(other)
        one.shared = other.shared = True
        with self.desk.work(other.actor) as work:
            for row in contact.numbers_of(work, other.case_id):
                contact.end_number(work, other.case_id, row.id)
            typed = f"0{one.number.removeprefix('+44')}"
            contact.add_number(work, other.case_id, NewNumber(number=typed, code_word=""))

    def work_is_done(self) -> None:
        """On working days most calls that are asked for are made."""
        if self.clock.now().weekday() not in MANAGED:
            return
        with self.desk.work(SYSTEM) as work:
            asked = select(Task.case_id).where(col(Task.status) == TaskStatus.OPEN, col(Task.kind).like("checkin_%"))
            cases = sorted(set(work.session.scalars(asked.where(col(Task.case_id).is_not(None)))), key=self._place)
        for case_id in cases:
            if self.dice.random() < 0.6:
                each, reached = self.watch.by_case[case_id], self.dice.random() < 0.7
                self.act(each.actor, actions.spoke, case_id, Call(reached=reached))
                if reached:
                    each.closings.append(self.clock.now())

    def _place(self, case_id: UUID) -> str:
        return self.watch.by_case[case_id].number

    # How the service is driven

    def play(self) -> Weeks:
        day = london_day(self.clock.at)
        with asyncio.Runner() as runner:
            while (following := self.next_minute()) < self.end:
                self.nothing_between(runner)
                self.clock.at = max(self.clock.at, following)
                self.minute(runner)
                day = self.midnight(day)
        self.watch.journal()
        self.watch.twice(self.post.references)
        return self

    def midnight(self, day: date) -> date:
        today = london_day(self.clock.at)
        if today != day:
            for name in ROUNDS.keys() - CHECK_IN_ROUNDS:
                self.act(SYSTEM, ROUNDS[name])
            self.said(f"{today} texts {len(self.post.texts)}, minutes {self.minutes}, wrong {len(self.watch.wrong)}")
        return today

    def next_minute(self) -> datetime:
        """The earliest time that stands in a row or on the agenda, on the beat of the scheduler."""
        times = [when for when in (*self.due().values(), self.watch.next_silence) if when is not None]
        times += [self.agenda[0][0]] if self.agenda else []
        first = max(min(times, default=self.end), self.clock.at + timedelta(microseconds=1))
        self.first = first
        beat = MINUTE if self.post.down else self.beat
        behind = (first - START) % beat
        return first + (beat - behind if behind else timedelta())

    def due(self) -> dict[str, datetime | None]:
        """For each thing the service does by itself, the earliest time at which it has something to do."""
        plan, prompt, task = col(CheckinPlan.next_at), col(CheckinPrompt.look_at), col(Task.due_at)
        state, until = OUTBOX.c.state, OUTBOX.c.lease_until
        planned, taken = state == Delivery.PLANNED, state.in_([Delivery.ACCEPTED, Delivery.SENT])
        questions = {
            "plan": select(func.min(plan)).where(col(CheckinPlan.status) == PlanStatus.ACTIVE),
            "look": select(func.min(prompt)),
            "send": select(func.min(OUTBOX.c.not_before)).where(planned),
            "expire": select(func.min(OUTBOX.c.expires_at)).where(planned),
            "doubt": select(func.min(until)).where(state.in_([Delivery.CLAIMED, Delivery.SENDING, Delivery.AMBIGUOUS])),
            "ask": select(func.min(until)).where(taken),
            "old": select(func.min(OUTBOX.c.accepted_at)).where(taken),
            "late": select(func.min(task)).where(col(Task.status) == TaskStatus.OPEN, task > self.clock.at),
            "pause": select(func.min(col(CheckinPlan.paused_until))).where(
                col(CheckinPlan.status) == PlanStatus.PAUSED
            ),
        }
        asked = select(*(question.scalar_subquery() for question in questions.values()))
        with self.desk.engine.connect() as connection:
            found = dict(zip(questions, connection.execute(asked).one(), strict=True))
        if found["old"]:
            found["old"] += timedelta(hours=72)
        if found["pause"]:
            found["pause"] = at(found["pause"], time())
        return found

    def minute(self, runner: asyncio.Runner) -> None:
        """All that is due now, until nothing is."""
        self.minutes += 1
        happened = self.agenda and self.agenda[0][0] <= self.clock.at
        while self.agenda and self.agenda[0][0] <= self.clock.at:
            heapq.heappop(self.agenda)[2]()
        due = {name for name, when in self.due().items() if when is not None and when <= self.clock.at}
        if happened or "look" in due:
            due.add("late")  # what is asked for and followed by no ladder any more may be late already
        for name, round_ in BY_WHAT_IS_DUE.items():
            if name in due:
                self.round(round_)
        if due - BY_WHAT_IS_DUE.keys() or due & {"plan", "look"}:
            runner.run(self.send(due))
        self.watch.minute()

    def round(self, name: str) -> None:
        """By one scheduler, or by two at the same time: one of them may lose a race, and goes on next time."""
        if not self.both:
            self.act(SYSTEM, ROUNDS[name])
            return
        with ThreadPoolExecutor(2) as pair:
            list(pair.map(self.tried, [name, name]))

    def tried(self, name: str) -> None:
        with contextlib.suppress(Refusal):
            self.act(SYSTEM, ROUNDS[name])

    async def send(self, due: Collection[str] = ("doubt", "ask")) -> None:
        sending = [each.breaker for each in self.dispatchers]
        while any(await asyncio.gather(*(each._guarded(each.send_due) for each in self.dispatchers))):
            await asyncio.gather(*(each.drain() for each in self.dispatchers))
        await asyncio.gather(*(each.drain() for each in self.dispatchers))
        if {"doubt", "ask"} & set(due):
            await asyncio.gather(*(each._reconcile() for each in self.dispatchers))
        if self.post.down or self.outage or {"doubt", "expire"} & set(due):
            for each in self.dispatchers:
                await each._sweep()
            self.outage = any(breaker.down_since is not None for breaker in sending)

    def nothing_between(self, runner: asyncio.Runner) -> None:
        """Every round at a minute in between, now and then: not a row changes."""
        idle = self.first - self.clock.at
        if idle <= 2 * MINUTE or self.post.down or self.dice.random() > 0.03:
            return
        self.clock.at += idle / 2
        before = self.fingerprint()
        for name in CHECK_IN_ROUNDS:
            self.act(SYSTEM, ROUNDS[name])
        runner.run(self.send())
        self.proven += 1
        if (after := self.fingerprint()) != before:
            self.watch.say(f"something changed at a minute at which nothing was due: {before} {after}")

    def fingerprint(self) -> list[object]:
        counted = [select(func.count(), func.sum(table.c.version)).select_from(table) for table in LOOKED_AT]
        with self.desk.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(union_all(*counted)).all()]

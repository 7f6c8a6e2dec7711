"""What must hold at every minute of the twelve weeks, judged by what left the provider and by what a bystander knows (T26)."""

from __future__ import annotations

import heapq
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import count
from uuid import UUID

from tests.soak import questions
from tests.soak.questions import Bystander
from tests.soak.town import Someone
from throughcare.casework.timeline import TimelineQuery, timeline
from throughcare.checkin.grounds import APOLOGY
from throughcare.checkin.segments import segments
from throughcare.kernel.actors import Actor
from throughcare.kernel.clock import LONDON, london_day
from throughcare.kernel.delivery import REINS, Purpose, may_move
from throughcare.kernel.ports import Sms
from throughcare.kernel.work import Desk

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
NOTICED = timedelta(minutes=15)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
OPENS, SHUTS = time(9), time(20)
FIRST, AFTER = timedelta(hours=24), timedelta(hours=48)  # silence calls for a person: to day 14, and from then on
UNTRIED = timedelta(hours=1)  # without a text to try it with, nobody knows that the provider is down
SLACK = timedelta(minutes=135)  # the ladders look again within the hour, and an outage is known to be over within one
TELLS = re.compile(
    r"prison|jail|\bhmp|probation|licence|recall|court|offend|drug|alcohol|detox|methadone|rehab|carchar|prawf|cyffur"
)
CLINICAL = re.compile(
    r"score|crisis|want to end it|ladd fy hun|thanks|harvest|self-harm|overdose|low_score", re.IGNORECASE
)


@dataclass
class Watch:
    """Remembers what it saw; `wrong` says in words what did not hold, and when."""

    desk: Desk
    holders: dict[str, list[Someone]]
    by_case: dict[UUID, Someone]
    pace: float = 1_000_000  # segments in a second
    eyes: Bystander | None = None
    outages: list[list[datetime]] = field(
        default_factory=list
    )  # [from, to]; the provider's once anybody can know of it
    wrong: list[str] = field(default_factory=list)
    checked: int = 0
    read_by_probation: int = 0
    _silences: list[tuple[datetime, int, UUID, datetime, UUID]] = field(default_factory=list)
    _left: dict[UUID, datetime] = field(default_factory=dict)  # when each left
    _due: dict[UUID, datetime] = field(default_factory=dict)  # of each, had there been no outage
    _crises: list[tuple[Someone, datetime]] = field(default_factory=list)
    _seen: datetime = LONG_AGO
    _second: tuple[datetime, float] = (LONG_AGO, 0)
    _order: count = field(default_factory=count)

    def __post_init__(self) -> None:
        self.eyes = self.eyes or Bystander(self.desk.engine)

    @property
    def now(self) -> datetime:
        return self.desk.clock.now()

    def say(self, what: str) -> None:
        self.wrong.append(f"{self.now:%d %b %H:%M} {what}")

    # A text as it leaves

    def left(self, sms: Sms) -> Purpose:
        """What it is for. Every rule of R6, R11, R13, R23, R29, R32, R35 and R37."""
        ((purpose, template, case_id),) = self.eyes.all(questions.OF_A_TEXT, id=UUID(sms.reference))
        purpose = Purpose(purpose)
        if TELLS.search(sms.text.lower()):
            self.say(f"{template} gives them away")
        if not REINS[purpose].exempt:
            self.paced(segments(sms.text).count)
        if purpose is not Purpose.SAFETY:
            self.routine(sms, template, self.by_case[case_id])
        return purpose

    def paced(self, size: int) -> None:
        """No more segments in one second than the limit."""
        second, gone = self._second
        gone = gone + size if second == self.now else size
        self._second = (self.now, gone)
        if gone > self.pace:
            self.say(f"{gone} segments in one second")

    def routine(self, sms: Sms, template: str, someone: Someone) -> None:
        wall = self.now.astimezone(LONDON).time()
        reader = self.holders[sms.to]
        broken = (
            ("in quiet hours", not OPENS <= wall < SHUTS),
            ("outside their safe times", not someone.safe[0] <= wall < someone.safe[1] and template != APOLOGY),
            ("after STOP", someone.out_since is not None),
            ("to a number somebody else has", someone.suspended and template != APOLOGY),
            ("to a number of two people", len(reader) > 1),
            ("to somebody who is not in the community", someone.inside),
        )
        for what, is_so in broken:
            if is_so:
                self.say(f"{template} {what}: {someone.way} {someone.number}")

    def failed(self) -> None:
        """A text could not be sent. After a few more tries, each within a minute, it is an outage, until an hour without one;
        the next to fail says that it never was over.
        """
        last = self.outages[-1]
        last[:] = [last[0] or self.now + NOTICED, self.now + UNTRIED]

    def twice(self, references: dict[str, int]) -> None:
        for reference, times in references.items():
            if times > 1:
                self.say(f"text {reference} went {times} times")

    # Every minute, after everything that was due has been done

    def minute(self) -> None:
        self.checked += 1
        seen, self._seen = self._seen, self.now
        self._new_tasks(seen)
        self._delivered(seen)
        self._silences_answered_for()
        self._alarms()

    def everything(self) -> None:
        """Every open task is on a list that somebody there today reads, and every case has an owner that exists."""
        if lost := self.eyes.one(questions.ORPHANS, today=london_day(self.now)):
            self.say(f"{lost} open tasks on a list that nobody reads")
        if lost := self.eyes.one(questions.NOBODYS):
            self.say(f"{lost} cases without an owner")

    def _new_tasks(self, seen: datetime) -> None:
        """Somebody reads the list it is on; and a ladder asks for nothing before its time, of which an outage is no part."""
        fresh = self.eyes.all(questions.FRESH_TASKS, seen=seen, today=london_day(self.now))
        for kind, is_read in fresh:
            if not is_read:
                self.say(f"{kind} on a list that nobody reads")
        if not any(kind in questions.CALLED for kind, _ in fresh):
            return
        for kind, made, day, delivered in self.eyes.all(questions.FRESH_CALLS, seen=seen):
            waited = FIRST if day <= 14 else AFTER
            if made < delivered + waited + self._outage(delivered, made):
                self.say(f"{kind} too early: delivered {delivered:%d %b %H:%M}")

    def _outage(self, start: datetime, end: datetime) -> timedelta:
        """How much of this time nothing could be sent or heard, by the bystander's own book."""
        spans = (min(until, end) - max(since, start) for since, until in self.outages if since)
        return sum((span for span in spans if span > timedelta()), timedelta())

    def _delivered(self, seen: datetime) -> None:
        """Check-ins delivered since: each is followed until its silence calls for somebody.

        Whose receipt was lost is known to be delivered a day late, and may have been answered by then.
        """
        for prompt_id, day, delivered, left, case_id in self.eyes.all(questions.FRESHLY_DELIVERED, seen=seen):
            due = self._due[prompt_id] = delivered + (FIRST if day <= 14 else AFTER) + SLACK
            self._left[prompt_id] = left
            heapq.heappush(self._silences, (due, next(self._order), prompt_id, delivered, case_id))

    @property
    def next_silence(self) -> datetime | None:
        return self._silences[0][0] if self._silences else None

    def _silences_answered_for(self) -> None:
        """An outage puts it off; what ends it ends it."""
        while self._silences and self._silences[0][0] <= self.now:
            _, _, prompt_id, delivered, case_id = heapq.heappop(self._silences)
            someone = self.by_case[case_id]
            if (
                someone.closed_since(self._left[prompt_id])
                or self.eyes.one(questions.CALL_OF, id=prompt_id) is not None
            ):
                continue
            due = self._due[prompt_id] + self._outage(delivered, self.now)
            if due > self.now:
                heapq.heappush(self._silences, (due, next(self._order), prompt_id, delivered, case_id))
            else:
                self.say(f"nobody was asked to call {someone.way} {someone.number}")

    def in_crisis(self, someone: Someone) -> None:
        """They have just said so."""
        self._crises.append((someone, self.now))

    def _alarms(self) -> None:
        """Every crisis has an alarm, its own or one that nobody has taken on yet; and an alarm is over, or somebody has it, or it has gone on to the next in time (R42)."""
        for someone, since in self._crises:
            if self.eyes.one(questions.ALARM_OF, id=someone.case_id, since=since) is None:
                self.say(f"no alarm for {someone.way} {someone.number}")
        self._crises.clear()
        if stuck := self.eyes.one(questions.STUCK, since=self.now - 2 * MINUTE):
            self.say(f"{stuck} alarms that stand still")

    # What probation sees, and the journal

    def probation(self, actor: Actor, case_id: UUID) -> None:
        """Facts, and no word of what was said or how anybody is (R48)."""
        with self.desk.work(actor) as work:
            shown = timeline(work, case_id, TimelineQuery()).model_dump_json()
        self.read_by_probation += 1
        self.clinical(shown)

    def clinical(self, shown: str) -> None:
        if found := CLINICAL.search(shown):
            self.say(f"probation sees {found[0]}")

    def journal(self) -> None:
        """The moves of every text lead, by allowed steps, from planned to where it is now."""
        balance: dict[UUID, dict[str, int]] = {}
        for message_id, old, new in self.eyes.all(questions.MOVES):
            held = balance.setdefault(message_id, {})
            held[old], held[new] = held.get(old, 0) - 1, held.get(new, 0) + 1
            if not may_move(old, new):
                self.say(f"{old} to {new}")
        for message_id, state in self.eyes.all(questions.STATES):
            held = {word: times for word, times in balance.get(message_id, {}).items() if times}
            if held != ({} if state == "planned" else {"planned": -1, str(state): 1}):
                self.say(f"the journal of {message_id} does not lead to {state}: {held}")

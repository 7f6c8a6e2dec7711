"""What must hold at every minute of the twelve weeks, judged by what left the provider and by what a bystander knows (T26)."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import count
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select
from sqlmodel import col

from tests.soak.town import Someone
from throughcare.casework.agencies import Membership, Worker
from throughcare.casework.people import Case
from throughcare.casework.rows import Task, TaskStatus
from throughcare.checkin.grounds import APOLOGY
from throughcare.checkin.rows import CheckinPrompt
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.clock import LONDON
from throughcare.kernel.delivery import Purpose, may_move
from throughcare.kernel.moves import EVENTS, OUTBOX
from throughcare.kernel.ports import Sms
from throughcare.kernel.work import Desk, Work

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
NOTICED = timedelta(minutes=15)
OPENS, SHUTS = time(9), time(20)
CALLED = ("checkin_call", "checkin_manager", "checkin_second_contact")
FIRST, AFTER = timedelta(hours=24), timedelta(hours=48)  # silence calls for a person: to day 14, and from then on
SLACK = timedelta(minutes=75)  # the ladders look again within the hour; a slow scheduler is given its beat beside


@dataclass
class Watch:
    """Remembers what it saw; `wrong` says in words what did not hold, and when."""

    desk: Desk
    holders: dict[str, list[Someone]]
    by_case: dict[UUID, Someone]
    slack: timedelta = SLACK
    outages: list[list[datetime]] = field(
        default_factory=list
    )  # of the provider: [from, to], once anybody can know of it
    wrong: list[str] = field(default_factory=list)
    checked: int = 0
    _silences: list[tuple[datetime, int, UUID, datetime, UUID]] = field(default_factory=list)
    _tasks_seen: datetime = LONG_AGO
    _order: count = field(default_factory=count)

    def say(self, what: str) -> None:
        self.wrong.append(f"{self.desk.clock.now():%d %b %H:%M} {what}")

    def left(self, sms: Sms) -> Purpose:
        """A text as it leaves: what it is for. Every rule of R6, R13, R23, R29, R35 and R37, and that it goes once."""
        with self.desk.work(SYSTEM) as work:
            query = select(OUTBOX.c.purpose, OUTBOX.c.template, OUTBOX.c.case_id).where(
                OUTBOX.c.id == UUID(sms.reference)
            )
            row = work.session.connection().execute(query).one()
        purpose = Purpose(row.purpose)
        if purpose is not Purpose.SAFETY:
            self._routine(sms, row.template, self.by_case[row.case_id])
        return purpose

    def _routine(self, sms: Sms, template: str, someone: Someone) -> None:
        wall = self.desk.clock.now().astimezone(LONDON).time()
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
        """A text could not be sent. After a few more tries, each within a minute, it is an outage."""
        if self.outages and self.outages[-1][0] is None:
            self.outages[-1][0] = self.desk.clock.now() + NOTICED

    def twice(self, references: dict[str, int]) -> None:
        for reference, times in references.items():
            if times > 1:
                self.say(f"text {reference} went {times} times")

    def minute(self) -> None:
        """After everything that was due has been done."""
        self.checked += 1
        with self.desk.work(SYSTEM) as work:
            self._tasks(work)
            self._delivered(work)
            self._silences_answered_for(work)

    def _tasks(self, work: Work) -> None:
        """Every open task is on a list that somebody there today reads, and every case has an owner that exists."""
        there = and_(
            col(Membership.agency_id) == col(Task.agency_id),
            or_(col(Membership.to_on).is_(None), col(Membership.to_on) > work.today),
            or_(col(Task.worker_id).is_(None), col(Membership.worker_id) == col(Task.worker_id)),
            or_(col(Task.team_id).is_(None), col(Membership.team_id) == col(Task.team_id)),
            or_(col(Task.role).is_(None), col(Membership.role) == col(Task.role)),
        )
        readers = exists().where(there, col(Worker.id) == col(Membership.worker_id), col(Worker.disabled_at).is_(None))
        orphan = select(func.count()).select_from(Task).where(col(Task.status) == TaskStatus.OPEN, ~readers)
        if lost := work.session.connection().scalar(orphan):
            self.say(f"{lost} open tasks on a list that nobody reads")
        nobodys = select(func.count()).select_from(Case).where(
            col(Case.owner_team_id).is_(None), col(Case.owner_worker_id).is_(None)
        )  # fmt: skip
        if lost := work.session.connection().scalar(nobodys):
            self.say(f"{lost} cases without an owner")
        self._called_for(work)

    def _called_for(self, work: Work) -> None:
        """What a ladder has asked for since: never before its time, of which an outage is no part."""
        fresh = (
            select(Task.kind, Task.created_at, CheckinPrompt.day, OUTBOX.c.delivered_at)
            .join(CheckinPrompt, col(CheckinPrompt.id) == col(Task.subject_id))
            .join(OUTBOX, OUTBOX.c.id == col(CheckinPrompt.message_id))
            .where(col(Task.created_at) > self._tasks_seen, col(Task.kind).in_(CALLED))
            .where(OUTBOX.c.delivered_at.is_not(None), col(CheckinPrompt.failed_at).is_(None))
        )
        for kind, made, day, delivered in work.session.connection().execute(fresh):
            waited = FIRST if day <= 14 else AFTER
            if made < delivered + waited + self._outage(delivered, made):
                self.say(f"{kind} too early: delivered {delivered:%d %b %H:%M}")
        self._tasks_seen = work.now

    def _outage(self, start: datetime, end: datetime) -> timedelta:
        """How much of this time the provider was down, by its own book."""
        spans = (min(until, end) - max(since, start) for since, until in self.outages if since)
        return sum((span for span in spans if span > timedelta()), timedelta())

    def _delivered(self, work: Work) -> None:
        """Check-ins delivered since: each is followed until its silence calls for somebody."""
        fresh = (
            select(CheckinPrompt.id, CheckinPrompt.day, OUTBOX.c.delivered_at, OUTBOX.c.case_id)
            .join(OUTBOX, OUTBOX.c.id == col(CheckinPrompt.message_id))
            .where(OUTBOX.c.delivered_at == work.now, OUTBOX.c.purpose == Purpose.CHECKIN)
        )
        for prompt_id, day, delivered, case_id in work.session.connection().execute(fresh).all():
            due = delivered + (FIRST if day <= 14 else AFTER) + self.slack
            heapq.heappush(self._silences, (due, next(self._order), prompt_id, delivered, case_id))

    @property
    def next_silence(self) -> datetime | None:
        return self._silences[0][0] if self._silences else None

    def _silences_answered_for(self, work: Work) -> None:
        while self._silences and self._silences[0][0] <= work.now:
            due, _, prompt_id, delivered, case_id = heapq.heappop(self._silences)
            lost = self._outage(delivered, work.now)
            if delivered + (due - delivered) + lost > work.now and lost:
                later = (due + lost, next(self._order), prompt_id, delivered, case_id)
                if due + lost > work.now:
                    heapq.heappush(self._silences, later)
                    continue
            if not self.by_case[case_id].closed_since(delivered) and not self._called(work, prompt_id):
                self.say(f"nobody was asked to call {self.by_case[case_id].way} {self.by_case[case_id].number}")

    def _called(self, work: Work, prompt_id: UUID) -> bool:
        asked = select(Task.id).where(col(Task.subject_id) == prompt_id, col(Task.kind) == "checkin_call")
        return work.session.connection().scalar(asked.limit(1)) is not None

    def journal(self) -> None:
        """The moves of every text lead, by allowed steps, from planned to where it is now."""
        with self.desk.work(SYSTEM) as work:
            rows = work.session.connection().execute(select(EVENTS.c.message_id, EVENTS.c.old, EVENTS.c.new)).all()
            states = dict(work.session.connection().execute(select(OUTBOX.c.id, OUTBOX.c.state)).all())
        balance: dict[UUID, dict[str, int]] = {}
        for message_id, old, new in rows:
            held = balance.setdefault(message_id, {})
            held[old], held[new] = held.get(old, 0) - 1, held.get(new, 0) + 1
            if not may_move(old, new):
                self.say(f"{old} to {new}")
        for message_id, state in states.items():
            held = {word: times for word, times in balance.get(message_id, {}).items() if times}
            if held != ({} if state == "planned" else {"planned": -1, str(state): 1}):
                self.say(f"the journal of {message_id} does not lead to {state}: {held}")

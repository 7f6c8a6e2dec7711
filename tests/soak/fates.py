"""What befalls the people of a town, and those who work with them, over the twelve weeks: releases, recalls, hospital, death, calls made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, delete, select

from tests.soak.post import MINUTE
from tests.soak.town import Someone
from throughcare.casework import contact, custody, whereabouts, workers
from throughcare.casework.agencies import Membership
from throughcare.casework.forms_contact import NewNumber
from throughcare.casework.forms_custody import Came, Death, Recall, Release
from throughcare.casework.rows import LeftFor, Task, TaskStatus
from throughcare.checkin import actions, outages, taking
from throughcare.checkin.forms import Call
from throughcare.checkin.on_call_rows import Alarm, AlarmStatus
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.clock import LONDON, at, london_day
from throughcare.kernel.heartbeat import Heartbeat, beat

DAY = timedelta(days=1)
WORKED, MANAGED = time(15), (0, 1, 2, 3, 4)
KILLED_EVERY = 5  # days
MOST_CALLS, MOST_REACHED, MOST_TAKEN = 0.6, 0.7, 0.8


@dataclass
class Fates:
    """Puts them on the agenda of these weeks. Staff do nothing while the database is away: they do it when it is back."""

    weeks: Any

    @property
    def now(self) -> datetime:
        return self.weeks.clock.now()

    def begin(self) -> None:
        self._faults()
        weeks, start = self.weeks, self.now
        for each in weeks.people:
            self.staff(each.release, lambda each=each: self.leaves(each))
        self.staff(start + timedelta(days=20, hours=3), self.worker_leaves)
        for day in range(weeks.days):
            self.staff(at(london_day(start) + timedelta(days=day), WORKED), self.work_is_done)
        sharing = [each for each in weeks.people if each.way == "shares"]
        for one, other in zip(sharing[::2], sharing[1::2], strict=False):
            self.staff(start + timedelta(days=25), lambda one=one, other=other: self.share(one, other))

    def _faults(self) -> None:
        weeks = self.weeks
        for after, hours in weeks.downs:
            down = self._morning(after)
            weeks.later(down, self.goes_down)
            weeks.later(down + timedelta(hours=hours), self.comes_up)
        for after, minutes in weeks.aways:
            away = self._morning(after)
            weeks.later(away, lambda until=away + timedelta(minutes=minutes): self.goes_away(until))
        for each, after in enumerate(range(4, weeks.days, KILLED_EVERY)):
            weeks.later(self._morning(after), lambda each=each: self.is_killed(("before", "after")[each % 2]))

    def _morning(self, after: int) -> datetime:
        day = (self.now + timedelta(days=after)).date()
        return datetime.combine(day, time(9, 55), LONDON).astimezone(UTC)

    def staff(self, when: datetime, do: Callable[[], None]) -> None:
        def now_or_later() -> None:
            if self.weeks.post.away:
                self.weeks.later(self.weeks.back + MINUTE, now_or_later)
            else:
                do()

        self.weeks.later(when, now_or_later)

    # The people

    def leaves(self, each: Someone) -> None:
        """Released: to hospital, or home; some releases are written down a day late."""
        now = self.now.astimezone(LONDON)
        late = DAY if each.way == "late_release" else timedelta()
        told = Release(
            released_on=(now - late).date(), released_at=now.time().replace(second=0, microsecond=0),
            left_for=LeftFor.HOSPITAL if each.way == "hospital" else LeftFor.COMMUNITY,
        )  # fmt: skip
        each.inside = each.way == "hospital"
        self.weeks.act(each.actor, custody.release, each.case_id, told)
        if each.way == "hospital":
            self.staff(self.now + timedelta(days=5), lambda: self.comes_home(each))
        if each.way == "recalled":
            self.staff(self.now + timedelta(days=12, hours=2), lambda: self.goes_back(each))
        if each.way == "dies":
            self.staff(self.now + timedelta(days=16), lambda: self.dies(each))

    def comes_home(self, each: Someone) -> None:
        each.inside = False
        with self.weeks.desk.work(each.actor) as work:
            whereabouts.came(work, each.case_id, Came(on=work.today), custody.RELEASERS)

    def goes_back(self, each: Someone) -> None:
        each.inside = True
        each.closings.append(self.now)
        back = Recall(prison_id=each.actor.agency_id, received_on=london_day(self.now))
        self.weeks.act(each.actor, custody.recall, each.case_id, back)
        each.way = "answers"
        self.staff(self.now + timedelta(days=14), lambda: self.leaves(each))

    def dies(self, each: Someone) -> None:
        each.inside = True
        each.closings.append(self.now)
        self.weeks.act(each.actor, custody.record_death, each.case_id, Death(died_on=london_day(self.now)))

    def share(self, one: Someone, other: Someone) -> None:
        """The second has the first one's phone now, and says so."""
        self.weeks.post.holders[one.number].append(other)
        one.shared = other.shared = True
        with self.weeks.desk.work(other.actor) as work:
            for row in contact.numbers_of(work, other.case_id):
                contact.end_number(work, other.case_id, row.id)
            typed = f"0{one.number.removeprefix('+44')}"
            contact.add_number(work, other.case_id, NewNumber(number=typed, code_word=""))

    # The provider, the database and the sender

    def goes_down(self) -> None:
        self.weeks.post.down = True
        self.weeks.watch.outages.append([None, self.now])

    def comes_up(self) -> None:
        self.weeks.post.down = False
        last = self.weeks.watch.outages[-1]
        last[1] = min(last[1], self.now)

    def goes_away(self, until: datetime) -> None:
        """The database: the rounds were done up to now, and none is until then."""
        weeks = self.weeks
        with weeks.desk.work(SYSTEM) as work:
            beat(work, outages.CLIMBS)
        weeks.post.away, weeks.back = True, until
        weeks.gap += until - self.now
        weeks.watch.outages.insert(0, [self.now, until])
        weeks.later(until, self.comes_back)

    def comes_back(self) -> None:
        """All that was kept, and then the rounds, which find out for how long they were not done."""
        self.weeks.post.comes_back()
        self.weeks.rounds("look")
        with self.weeks.desk.work(SYSTEM) as work:
            work.session.connection().execute(delete(Heartbeat).where(col(Heartbeat.tick) == outages.CLIMBS))

    def is_killed(self, where: str) -> None:
        self.weeks.post.dies = where

    # Those who work with them

    def worker_leaves(self) -> None:
        weeks = self.weeks
        with weeks.desk.work(SYSTEM) as work:
            theirs = select(Membership.id).where(col(Membership.worker_id) == weeks.world.actors["other_officer"].id)
            workers.end_membership(work, work.session.exec(theirs).one())
        for each in weeks.people:
            each.actor = weeks.world.actors["officer"]
        weeks.watch.everything()

    def heard(self, each: Someone) -> None:
        """A crisis was read: an alarm there must be. Mostly somebody takes it soon; some are passed on several times."""
        self.weeks.watch.in_crisis(each)
        most = 40 if self.weeks.dice.random() < MOST_TAKEN else 300
        self.staff(self.now + MINUTE * self.weeks.dice.randint(2, most), lambda: self.takes(each))

    def takes(self, each: Someone) -> None:
        with self.weeks.desk.work(each.actor) as work:
            mine = select(Alarm).where(Alarm.case_id == each.case_id, Alarm.status == AlarmStatus.WAITING)
            for alarm in work.session.exec(mine.order_by(col(Alarm.raised_at), col(Alarm.key))).all():
                taking.take(work, alarm.subject_id)
        self.staff(self.now + 7 * MINUTE, lambda: self.calls(each, reached=True))

    def calls(self, each: Someone, *, reached: bool) -> None:
        self.weeks.act(each.actor, actions.spoke, each.case_id, Call(reached=reached))
        if reached:
            each.closings.append(self.now)

    def work_is_done(self) -> None:
        """On working days most calls that are asked for are made."""
        if self.now.weekday() not in MANAGED:
            return
        with self.weeks.desk.work(SYSTEM) as work:
            asked = select(Task.case_id).where(col(Task.status) == TaskStatus.OPEN, col(Task.kind).like("checkin_%"))
            cases = sorted(set(work.session.exec(asked.where(col(Task.case_id).is_not(None)))), key=self._place)
        for case_id in cases:
            if self.weeks.dice.random() < MOST_CALLS:
                self.calls(self.weeks.watch.by_case[case_id], reached=self.weeks.dice.random() < MOST_REACHED)

    def _place(self, case_id: UUID) -> str:
        return self.weeks.watch.by_case[case_id].number

"""The provider of twelve weeks: takes texts in memory, goes down, loses answers, says what became of each, and passes on what people text back."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from tests.fakes import FakeGateway
from tests.soak.town import CODES, WORD, Someone
from throughcare.checkin import doorstep
from throughcare.kernel.delivery import Purpose
from throughcare.kernel.ports import Said, Sms
from throughcare.kernel.work import Desk

MINUTE = timedelta(minutes=1)
OURS = "+441632960001"
ILL = (("drop_after", 0.02), ("late", 0.005), ("drop_before", 0.005), ("busy", 0.005))
LATE = timedelta(seconds=40)  # until a text is taken whose sender was told nothing
SCORES = ("4", "3", "5", "4/5", "3", "2", "4 thanks")
CRISES = {"crisis": "I want to end it", "welsh": "dwi am ladd fy hun"}
STOPS, STARTS = {"STOP", "STOPIO"}, {"START", "DECHRAU"}
NO_RECEIPT, TWICE, BACKWARDS, UNREAD = 0.005, 0.02, 0.02, 0.005


@dataclass
class Kept:
    """Calls kept while the database is away."""

    held: dict[str, Said] = field(default_factory=dict)

    def keep(self, said: Said) -> None:
        self.held[f"{len(self.held):06}"] = said

    def kept(self) -> Iterator[tuple[str, Said]]:
        yield from list(self.held.items())

    def done(self, name: str) -> None:
        del self.held[name]

    def put_aside(self, name: str) -> None:
        raise AssertionError(name)

    def depth(self) -> tuple[int, int]:
        return len(self.held), 0

    def alone(self) -> nullcontext[bool]:
        return nullcontext(True)

    def tidy(self, *_: object) -> int:
        return 0


@dataclass
class Post(FakeGateway):
    """`later` puts something on the agenda. Whoever a text is for is looked up by number, as on a network."""

    desk: Desk | None = None
    later: Callable[[datetime, Callable[[], None]], None] | None = None
    holders: dict[str, list[Someone]] = field(default_factory=dict)
    dice: random.Random = field(default_factory=random.Random)
    left: Callable[[Sms], Purpose] | None = None  # looks at each text as it leaves, and says what it is for
    failed: Callable[[], None] = lambda: None  # told of each text that could not be sent for want of a provider
    heard: Callable[[Someone], None] = lambda _: None  # told of each crisis, once the service has read it
    references: dict[str, int] = field(default_factory=dict)
    kept: Kept = field(default_factory=Kept)
    away: bool = False  # our database is
    dies: str = ""  # where the sender is killed in its next call: before it is taken, or after
    killed: bool = False

    async def send(self, sms: Sms) -> str:
        if self.down:
            self.failed()
            return await super().send(sms)
        if self.dies:
            return self._killed(sms)
        fate = self._fate()
        self.script = [fate]
        if fate == "late":
            self.later(self.now() + LATE, self.arrive)
        return await super().send(sms)

    def _killed(self, sms: Sms) -> str:
        if self.dies == "after":
            self._take(sms)
        self.dies, self.killed = "", True
        raise asyncio.CancelledError

    def _fate(self) -> str:
        roll = self.dice.random()
        for fate, chance in ILL:
            roll -= chance
            if roll < 0:
                return fate
        return "take"

    def _take(self, sms: Sms) -> str:
        """It is theirs now. What becomes of it, and what is said to it, comes after a minute or two."""
        sid = super()._take(sms)
        self.references[sms.reference] = self.references.get(sms.reference, 0) + 1
        purpose = self.left(sms)
        someone = self.dice.choice(self.holders[sms.to])
        status, code = self._becomes(someone)
        self.settle(sid, status, code)
        at = self.now() + MINUTE * self.dice.randint(1, 2)
        if self.dice.random() > NO_RECEIPT:  # else the receipt is lost, and the provider is asked after a day
            self._receipts(sms, sid, at, (status, code))
        if status == "delivered":
            self._answered(someone, purpose, at)
        return sid

    def _receipts(self, sms: Sms, sid: str, at: datetime, last: tuple[str, int | None]) -> None:
        """The last says what became of it; some come twice, and some before what happened earlier."""
        said, roll = [last], self.dice.random()
        if roll < TWICE:
            said.append(last)
        elif roll < TWICE + BACKWARDS:
            said += [("sent", None), ("sending", None)]
        for status, code in said:
            self.later(at, lambda status=status, code=code: self._receipt(sms, sid, status, code))

    def _becomes(self, someone: Someone) -> tuple[str, int | None]:
        code = CODES.get(someone.way)
        lost = code is not None and self.dice.random() < (0.3 if someone.way == "off" else 0.15)
        return ("undelivered", code) if lost else ("delivered", None)

    def _receipt(self, sms: Sms, sid: str, status: str, code: int | None) -> None:
        if code == CODES["dead"]:
            for someone in self.holders[sms.to]:
                someone.suspended = True
        fields = {"MessageSid": sid, "MessageStatus": status} | ({"ErrorCode": str(code)} if code else {})
        self._call(Said(self.now(), fields, UUID(sms.reference)))

    def _call(self, said: Said) -> None:
        """To our door, or to the disk beside it."""
        if self.away:
            self.kept.keep(said)
        else:
            doorstep.write_down(self.desk, said)

    def comes_back(self) -> None:
        """Our database is there again: what was kept is written down, in the order in which it came."""
        self.away = False
        doorstep.replay(self.desk, self.kept)

    def _answered(self, someone: Someone, purpose: Purpose, at: datetime) -> None:
        words = self._words(someone, purpose)
        if words:
            self.later(at + MINUTE * self.dice.randint(1, 90), lambda: self.texts_us(someone, words))

    def _words(self, someone: Someone, purpose: Purpose) -> str:
        way, turn = someone.way, self.dice.random()
        if purpose is Purpose.PROOF:
            return "" if way == "unproven" else WORD
        if purpose is not Purpose.CHECKIN or way in {"silent", "unproven"}:
            return ""
        once = {"stops": "STOP", "stops_and_starts": "STOP", "wrong_number": "who is this", "pauses": "PAUSE 5"}
        if way in once and turn < 0.15:
            return once[way]
        if way in CRISES and turn < 0.2:
            return CRISES[way]
        return "" if turn > 0.85 else self.dice.choice(SCORES)

    def texts_us(self, someone: Someone, words: str) -> None:
        """A signed call of the provider's, once its signature has been read. A few are left to a round by a kill."""
        if someone.inside and words not in STARTS:
            return
        someone.words += 1
        fields = {"MessageSid": f"{someone.number}-{someone.words}", "From": someone.number, "To": OURS, "Body": words}
        self._known(someone, words)
        self._call(Said(self.now(), fields))
        if not self.away and self.dice.random() > UNREAD:
            doorstep.settle(self.desk, someone.number)
            if words in CRISES.values():
                self.heard(someone)
        if words in STOPS and someone.way == "stops_and_starts":
            self.later(self.now() + timedelta(days=6), lambda: self.texts_us(someone, "START"))

    def _known(self, someone: Someone, words: str) -> None:
        """What whoever reads it as it is meant knows from now on."""
        if words in STOPS:
            someone.out_since = self.now()
        if words in STARTS:
            someone.out_since = None
        if words == "who is this":
            someone.suspended = True
        if words not in STARTS | {"who is this"} and not (someone.suspended or someone.shared):
            someone.closings.append(self.now())

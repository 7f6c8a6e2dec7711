"""The provider of twelve weeks: takes texts in memory, goes down, loses answers, says what became of each, and passes on what people text back."""

from __future__ import annotations

import random
from collections.abc import Callable
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
ILL = (("drop_after", 0.01), ("drop_before", 0.005), ("busy", 0.005))
SCORES = ("4", "3", "5", "4/5", "3", "2", "4 thanks")


@dataclass
class Post(FakeGateway):
    """`later` puts something on the agenda. Whoever a text is for is looked up by number, as on a network."""

    desk: Desk | None = None
    later: Callable[[datetime, Callable[[], None]], None] | None = None
    holders: dict[str, list[Someone]] = field(default_factory=dict)
    dice: random.Random = field(default_factory=random.Random)
    left: Callable[[Sms], Purpose] | None = None  # looks at each text as it leaves, and says what it is for
    failed: Callable[[], None] = lambda: None  # told of each text that could not be sent for want of a provider
    references: dict[str, int] = field(default_factory=dict)

    async def send(self, sms: Sms) -> str:
        if self.down:
            self.failed()
            return await super().send(sms)
        self.script = [self._fate()]
        return await super().send(sms)

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
        if self.dice.random() > 0.005:  # else the receipt is lost, and the provider is asked after a day
            self.later(at, lambda: self._receipt(sms, sid, status, code))
        if status == "delivered":
            self._answered(someone, purpose, at)
        return sid

    def _becomes(self, someone: Someone) -> tuple[str, int | None]:
        code = CODES.get(someone.way)
        lost = code is not None and self.dice.random() < (0.3 if someone.way == "off" else 0.15)
        return ("undelivered", code) if lost else ("delivered", None)

    def _receipt(self, sms: Sms, sid: str, status: str, code: int | None) -> None:
        if code == CODES["dead"]:
            for someone in self.holders[sms.to]:
                someone.suspended = True
        fields = {"MessageSid": sid, "MessageStatus": status} | ({"ErrorCode": str(code)} if code else {})
        doorstep.write_down(self.desk, Said(self.now(), fields, UUID(sms.reference)))

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
        if way == "crisis" and turn < 0.2:
            return "I want to end it"
        return "" if turn > 0.85 else self.dice.choice(SCORES)

    def texts_us(self, someone: Someone, words: str) -> None:
        """A signed call of the provider's, once its signature has been read."""
        if someone.inside and words != "START":
            return
        someone.words += 1
        fields = {"MessageSid": f"{someone.number}-{someone.words}", "From": someone.number, "To": OURS, "Body": words}
        self._known(someone, words)
        doorstep.write_down(self.desk, Said(self.now(), fields))
        if words == "STOP" and someone.way == "stops_and_starts":
            self.later(self.now() + timedelta(days=6), lambda: self.texts_us(someone, "START"))

    def _known(self, someone: Someone, words: str) -> None:
        """What whoever reads it as it is meant knows from now on."""
        if words == "STOP":
            someone.out_since = self.now()
        if words == "START":
            someone.out_since = None
        if words == "who is this":
            someone.suspended = True
        if words not in {"START", "who is this"} and not (someone.suspended or someone.shared):
            someone.closings.append(self.now())

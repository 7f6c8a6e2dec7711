"""Stand-ins for what the service needs from outside, each held to the same contract tests as the real adapter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NoReturn

from tests.fake_twilio.faults import REFUSED
from throughcare.kernel.ports import Found, Sms, SmsBusy, SmsGone, SmsRefused, SmsUnknown, SmsUnreachable

TAKEN_WITHOUT_A_WORD = {"drop_after", "error_after", "garbled", "hang"}


@dataclass
class FakeGateway:
    """A gateway in memory. `script` holds the fates (tests.fake_twilio.faults.FATES) of the next texts, then all is well.

    `taken` and `texts` say what it really took, whatever it answered; `arrive()` takes what was late.
    """

    now: Callable[[], datetime]
    script: list[str] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=lambda: dict(REFUSED))  # number -> code
    down: bool = False  # nothing connects
    search_down: bool = False
    taken: dict[str, Found] = field(default_factory=dict)  # sid -> text
    texts: list[Sms] = field(default_factory=list)
    on_its_way: list[Sms] = field(default_factory=list)
    closed: bool = False

    async def send(self, sms: Sms) -> str:
        if self.down:
            raise SmsUnreachable("down")
        code = 21617 if len(sms.text) > 1_600 else self.refused.get(sms.to)
        if code is not None:
            raise SmsRefused(code)
        fate = self.script.pop(0) if self.script else "take"
        return self._take(sms) if fate == "take" else self._fail(sms, fate)

    async def search(self, to: str, since: datetime, reference: str = "") -> Sequence[Found]:
        del reference  # it keeps none, as Twilio keeps none
        if self.down or self.search_down:
            raise SmsUnknown("down")
        return [text for text in self.taken.values() if text.to == to and text.created_at >= since]

    async def fetch(self, sid: str) -> Found:
        if self.down or self.search_down:
            raise SmsUnknown("down")
        if sid not in self.taken:
            raise SmsGone(20404)
        return self.taken[sid]

    async def redact(self, sid: str) -> None:
        text = await self.fetch(sid)
        if text.status not in {"delivered", "undelivered", "failed"}:
            raise SmsRefused(20009)
        self.taken[sid] = replace(text, text="")

    async def close(self) -> None:
        self.closed = True

    def arrive(self) -> None:
        """What was late is taken now."""
        while self.on_its_way:
            self._take(self.on_its_way.pop(0))

    def settle(self, sid: str, status: str, code: int | None = None) -> None:
        """What became of a text; a receipt, if the test wants one, is the test's to send."""
        self.taken[sid] = replace(self.taken[sid], status=status, code=code)

    def _fail(self, sms: Sms, fate: str) -> NoReturn:
        if fate == "busy":
            raise SmsBusy("HTTP 429")
        if fate in TAKEN_WITHOUT_A_WORD:
            self._take(sms)
        if fate == "late":
            self.on_its_way.append(sms)
        raise SmsUnknown(fate)

    def _take(self, sms: Sms) -> str:
        sid = f"SM{len(self.taken) + 1:032x}"
        self.texts.append(sms)
        self.taken[sid] = Found(sid, sms.to, sms.text, "queued", self.now())
        return sid

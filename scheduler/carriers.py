"""Who carries texts: one provider sends them, and whoever took a text answers for it, whichever is chosen since (R15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from throughcare.checkin.took import same
from throughcare.kernel.ports import Found, Sms, SmsGateway, SmsUnknown


@dataclass(frozen=True)
class Carriers:
    """An SmsGateway that is the one chosen to send. `hearing` is the one that texts to us come by."""

    sending: str
    each: Mapping[str, SmsGateway]
    hearing: str = ""

    def of(self, provider: str) -> SmsGateway:
        """The one that took a text; for one not configured any more, somebody who can say nothing."""
        wanted = provider or self.hearing
        return next((each for name, each in self.each.items() if same(name, wanted)), NOBODY)

    async def send(self, sms: Sms) -> str:
        return await self.of(self.sending).send(sms)

    async def search(self, to: str, since: datetime, reference: str = "") -> Sequence[Found]:
        return await self.of(self.sending).search(to, since, reference)

    async def fetch(self, sid: str) -> Found:
        return await self.of(self.sending).fetch(sid)

    async def redact(self, sid: str) -> None:
        await self.of(self.sending).redact(sid)

    async def close(self) -> None:
        for gateway in self.each.values():
            await gateway.close()


class Nobody:
    """A provider that is not configured: nobody can say what it has, so nothing is proven absent or gone."""

    async def send(self, _: Sms) -> str:
        self._unknown()

    async def search(self, _to: str, _since: datetime, _reference: str = "") -> Sequence[Found]:
        self._unknown()

    async def fetch(self, _: str) -> Found:
        self._unknown()

    async def redact(self, _: str) -> None:
        self._unknown()

    async def close(self) -> None: ...

    def _unknown(self) -> NoReturn:
        raise SmsUnknown("a provider that is not configured")


NOBODY: SmsGateway = Nobody()


def who_took(gateway: SmsGateway, provider: str) -> SmsGateway:
    """Whoever answers for a text of this provider."""
    return gateway.of(provider) if isinstance(gateway, Carriers) else gateway

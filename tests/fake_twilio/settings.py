"""Who the fake provider is and whom it calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ACCOUNT_SID = "AC" + "0" * 32
AUTH_TOKEN = "0123456789abcdef0123456789abcdef"
NUMBER = "+441632960001"  # the number our service sends from


@dataclass(frozen=True)
class Settings:
    ledger: Path
    account_sid: str = ACCOUNT_SID
    auth_token: str = AUTH_TOKEN
    number: str = NUMBER  # what a messaging service sends from
    callback_base: str = ""  # where receipts really go, whatever address they are signed for
    inbound_url: str = ""  # where texts to `number` go
    seed: int = 0

    def now(self, stands_at: str = "") -> datetime:
        """The provider's clock: its own, for this is another machine as far as the service knows."""
        return datetime.fromisoformat(stands_at) if stands_at else datetime.now(UTC)  # noqa: TID251 - see above

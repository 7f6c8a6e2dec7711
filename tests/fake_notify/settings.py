"""Who the fake Notify is, whom it knows and whom it calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

SERVICE_ID, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
API_KEY = f"throughcare-{SERVICE_ID}-{SECRET}"
TEMPLATE_ID = "f33517ff-2a88-4f6e-b855-c550268ce08a"
CALLBACK_TOKEN = "callback-token-0123456789"
PLACEHOLDER = "((body))"


@dataclass(frozen=True)
class Settings:
    ledger: Path
    api_key: str = API_KEY
    template_id: str = TEMPLATE_ID
    template: str = PLACEHOLDER  # the whole text of the one template there is
    callback_url: str = ""  # where receipts go; Notify has one address for all of a service's
    callback_token: str = CALLBACK_TOKEN
    seed: int = 0

    def now(self, stands_at: str = "") -> datetime:
        """Its own clock, for this is another machine as far as the service knows."""
        return datetime.fromisoformat(stands_at) if stands_at else datetime.now(UTC)  # noqa: TID251 - see above

"""When the provider is ill we stop and probe: a queue that keeps knocking makes an outage longer (R14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass
class Breaker:
    """Opens after `most` failures in a row; then lets one text through every `probe_every` until one succeeds."""

    most: int = 8
    probe_every: timedelta = timedelta(seconds=15)
    failures: int = 0
    down_since: datetime | None = None
    probed_at: datetime | None = None

    def well(self) -> None:
        """The provider answered."""
        self.failures, self.down_since, self.probed_at = 0, None, None

    def ill(self, now: datetime) -> None:
        """The provider could not be reached, or gave no answer that could be read."""
        self.failures += 1
        if self.failures >= self.most and self.down_since is None:
            self.down_since = self.probed_at = now

    def allows(self, now: datetime, room: int) -> int:
        """How many may be claimed now."""
        if self.down_since is None:
            return room
        if self.probed_at is not None and now - self.probed_at < self.probe_every:
            return 0
        self.probed_at = now
        return 1

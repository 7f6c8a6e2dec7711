"""When the provider is ill we stop and probe: a queue that keeps knocking makes an outage longer (R14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass
class Breaker:
    """Opens after `most` failures in a row, or `few` over `some_time`; then lets one text through every `probe_every` until
    one succeeds. The outage began with the first failure.
    """

    most: int = 8
    few: int = 3
    some_time: timedelta = timedelta(minutes=1)
    probe_every: timedelta = timedelta(seconds=15)
    untried: timedelta = timedelta(hours=1)  # with nothing to try it with for so long, nobody knows that it is ill
    failures: int = 0
    ill_since: datetime | None = None
    down_since: datetime | None = None
    probed_at: datetime | None = None
    failed_at: datetime | None = None

    def well(self) -> None:
        """The provider answered."""
        self.failures, self.ill_since, self.down_since, self.probed_at = 0, None, None, None

    def ill(self, now: datetime) -> None:
        """The provider could not be reached, or gave no answer that could be read."""
        if self.down_since is None and self.failed_at and now - self.failed_at >= self.untried:
            self.well()  # what failed so long ago says nothing of now
        self.failures, self.failed_at = self.failures + 1, now
        self.ill_since = self.ill_since or now
        lasting = self.failures >= self.few and now - self.ill_since >= self.some_time
        if (self.failures >= self.most or lasting) and self.down_since is None:
            self.down_since, self.probed_at = self.ill_since, now

    def allows(self, now: datetime, room: int) -> int:
        """How many may be claimed now."""
        if self.down_since is None:
            return room
        if self.probed_at is not None and abs(now - self.probed_at) < self.probe_every:  # the clock may be put back
            return 0
        self.probed_at = now
        return 1

    def known_down(self, now: datetime) -> datetime | None:
        """Since when silence is not to be counted: no longer once nothing has failed for a while, for want of a text due.

        It stays open all the same: the next text due is one probe. A night without texts must not put off a call.
        """
        if self.failed_at is None or abs(now - self.failed_at) >= self.untried:
            return None
        return self.down_since

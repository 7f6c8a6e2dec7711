"""What the service is to the person it texts, and how fast it sends: settled by the configuration. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta

from throughcare.kernel.delivery import Purpose


@dataclass(frozen=True)
class Pacing:
    """How texts leave. Their order matters: the provider's time-out < lease, its slowest accept < settle (R4, R8)."""

    sender: str = "sender"
    provider: str = ""  # who sends, by the name that each text keeps (R15)
    http_timeout: timedelta = timedelta(seconds=10)
    lease: timedelta = timedelta(seconds=30)
    callback_wait: timedelta = timedelta(seconds=300)
    settle: timedelta = timedelta(seconds=120)
    unheard: timedelta = timedelta(hours=24)  # without a final receipt, the provider is asked (R18)
    per_second: float = 10
    in_flight: int = 50
    daily_segments: int | None = None  # no limit
    monthly_segments: int | None = None
    pence_per_segment: float | None = None  # for what is shown beside a text; None: no price is shown


@dataclass(frozen=True)
class Answering:
    """Who is at the other end: the neutral name under a text, when texts are read, and how soon somebody rings."""

    sender: str
    hours: Mapping[str, str]  # by language, as a text says it
    opens: time
    shuts: time
    ring_within: timedelta  # in staffed hours; otherwise in the first hours of the next working day
    duty: tuple[str, ...] = ()  # the agencies that are told of texts from numbers nobody has, by name
    reviewed_only: bool = True  # production sends no text in Welsh that nobody has reviewed (R40)


@dataclass(frozen=True)
class Texted:
    """Which numbers are texted at all (R49). `only`: outside production nobody but these is, whoever asks."""

    countries: frozenset[str] = frozenset({"GB"})
    dear: bool = False  # premium rate and the like
    only: frozenset[str] | None = None


ASKED = frozenset({Purpose.PROOF, Purpose.CHECKIN})  # these are nothing but a question


@dataclass(frozen=True)
class OneWay:
    """Whether nobody can answer our texts: then none asks for an answer, and check-ins are calls (R15)."""

    on: bool = False
    words: tuple[str, ...] = ()  # by which a text asks for an answer
    instead: Mapping[str, str] = field(default_factory=dict)  # template -> the one that asks for none

    def code(self, code: str) -> str:
        """The template that goes where this one is meant."""
        return self.instead.get(code, code) if self.on else code

    def never(self, purpose: Purpose, code: str) -> bool:
        """Whether such a text does not go at all; one may have been written before it was so."""
        return self.on and (purpose in ASKED or code in self.instead)

    def asks(self, purpose: Purpose, said: str) -> bool:
        """Whether these words ask for an answer that cannot come. Who has just texted us can do so again."""
        if not self.on or purpose in {Purpose.SAFETY, Purpose.NEUTRAL}:
            return False
        return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", said, re.IGNORECASE) for word in self.words)

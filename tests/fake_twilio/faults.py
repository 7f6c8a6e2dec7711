"""What the fake provider is told to do wrong, and what becomes of the next request."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, fields

FATES = {
    "take": "taken and answered",
    "busy": "429, not taken",
    "drop_before": "the connection is closed and the text not taken",
    "drop_after": "taken, and the connection closed without an answer",
    "late": "the connection is closed, and the text taken so many seconds after",
    "error_before": "500, not taken",
    "error_after": "taken, and 500",
    "garbled": "taken, and half an answer",
    "hang": "taken, and no answer for so many seconds",
}

# Numbers that always end badly, like Twilio's own magic ones; all from the range kept for drama.
REFUSED = {
    "+447700900801": 21211,
    "+447700900802": 21614,
    "+447700900803": 21610,
    "+447700900804": 21611,
    "+447700900805": 21408,
}
NOT_DELIVERED = {
    "+447700900811": 30003,
    "+447700900812": 30005,
    "+447700900813": 30006,
    "+447700900814": 30007,
    "+447700900815": 30008,
}
SILENT = "+447700900820"  # taken, and no receipt ever comes


MEANS = {
    "script": 'the fates of the next texts, in order; then "odds"',
    "odds": 'fate -> chance; what is left is "take"',
    "delay": "seconds before each text is taken",
    "late": "seconds, of that fate",
    "hang": "seconds, of that fate",
    "down": "every call is dropped",
    "search_down": "the list and the single text are dropped",
    "refused": "number -> code it is refused with",
    "not_delivered": "number -> code of its last receipt",
    "receipts": "the statuses every text goes through",
    "receipt_delay": "seconds before the first",
    "copies": "of every receipt",
    "shuffle": "receipts go out in any order",
    "signature": "right, wrong or none",
    "now": "an ISO instant: its clock stands there; empty for the machine's clock",
}


@dataclass
class Faults:
    """Everything can be set by flag at the start or by PUT /faults later; MEANS says what each is."""

    script: list[str] = field(default_factory=list)
    odds: dict[str, float] = field(default_factory=dict)
    delay: float = 0
    late: float = 1
    hang: float = 3_600
    down: bool = False
    search_down: bool = False
    refused: dict[str, int] = field(default_factory=dict)
    not_delivered: dict[str, int] = field(default_factory=dict)
    receipts: list[str] = field(default_factory=lambda: ["queued", "sent", "delivered"])
    receipt_delay: float = 0
    copies: int = 1
    shuffle: bool = False
    signature: str = "right"
    now: str = ""

    def __post_init__(self) -> None:
        unknown = {*self.script, *self.odds} - set(FATES)
        if unknown:
            raise ValueError(f"no such fate: {sorted(unknown)}")

    def changed(self, by: dict[str, object]) -> Faults:
        """A copy with some set anew; TypeError or ValueError for what does not exist."""
        kept = {each.name: getattr(self, each.name) for each in fields(self)}
        return Faults(**(kept | by))

    def next_fate(self, dice: random.Random) -> str:
        if self.script:
            return self.script.pop(0)
        roll = dice.random()
        for fate, chance in self.odds.items():
            roll -= chance
            if roll < 0:
                return fate
        return "take"

    def refusal(self, number: str) -> int | None:
        return (REFUSED | self.refused).get(number)

    def story(self, number: str) -> list[tuple[str, int | None]]:
        """The receipts a text to `number` gets, each with its error code."""
        if number == SILENT:
            return []
        code = (NOT_DELIVERED | self.not_delivered).get(number)
        if code is None:
            return [(status, None) for status in self.receipts]
        return [(status, None) for status in self.receipts if status != "delivered"] + [("undelivered", code)]

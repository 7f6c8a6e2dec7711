"""What the fake provider is told to do wrong, and what becomes of the next request."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, fields

FATES = (
    "take",
    "busy",  # 429
    "drop_before",  # the connection is closed and the text not taken
    "drop_after",  # taken, and the connection closed without an answer
    "late",  # the connection is closed, and the text taken `late` seconds after
    "error_before",  # 500, not taken
    "error_after",  # taken, and 500
    "garbled",  # taken, and half an answer
    "hang",  # taken, and no answer for `hang` seconds
)

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


@dataclass
class Faults:
    """Everything can be set by flag at the start or by PUT /faults later."""

    script: list[str] = field(default_factory=list)  # the fates of the next requests, in order; then `odds`
    odds: dict[str, float] = field(default_factory=dict)  # fate -> chance; what is left is "take"
    delay: float = 0  # seconds before each text is taken
    late: float = 1
    hang: float = 3_600
    down: bool = False  # every call is dropped
    search_down: bool = False  # the list and the single message are dropped
    refused: dict[str, int] = field(default_factory=dict)  # number -> code it is refused with
    not_delivered: dict[str, int] = field(default_factory=dict)  # number -> code of its last receipt
    receipts: list[str] = field(default_factory=lambda: ["queued", "sent", "delivered"])
    receipt_delay: float = 0
    copies: int = 1  # of every receipt
    shuffle: bool = False  # receipts go out in any order
    signature: str = "right"  # right | wrong | none
    now: str = ""  # an ISO instant: the provider's clock stands there; empty for the machine's clock

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

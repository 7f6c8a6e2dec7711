"""What the fake Notify is told to do wrong. The fates of a text are those of the other fake provider."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.fake_twilio.faults import Faults as Common

# Numbers that always end badly; all from the range kept for drama. What it says of each is in Notify's own words.
REFUSED = {
    "+447700900801": (400, "ValidationError", "phone_number Not enough digits"),
    "+447700900802": (400, "BadRequestError", "Can’t send to this recipient using a team-only API key"),
    "+447700900803": (
        400, "BadRequestError",
        "Can’t send to this recipient when service is in trial mode – see https://www.notifications.service.gov.uk/trial-mode",
    ),
    "+447700900804": (429, "TooManyRequestsError", "Exceeded send limits (250000) for today"),
    "+447700900805": (403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds"),
}  # fmt: skip
NOT_DELIVERED = {
    "+447700900811": "temporary-failure",
    "+447700900812": "permanent-failure",
    "+447700900813": "technical-failure",
}
SILENT = "+447700900820"  # taken, and no receipt ever comes


@dataclass
class Faults(Common):
    """As tests.fake_twilio.faults.Faults; Notify tells only the end of each text's story."""

    receipts: list[str] = field(default_factory=lambda: ["delivered"])

    def story(self, number: str) -> list[tuple[str, int | None]]:
        if number == SILENT:
            return []
        return [(NOT_DELIVERED[number], None)] if number in NOT_DELIVERED else [(word, None) for word in self.receipts]

"""What may become of a text: its states, the one table of moves between them, what each purpose is allowed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from throughcare.kernel.forms import Word


class Delivery(Word):
    """Where one text has got to (checkins R3). The labels are what a worker reads: each is true and none says more."""

    PLANNED = "planned", "Planned"
    CLAIMED = "claimed", "About to be sent"
    SENDING = "sending", "Being sent"
    ACCEPTED = "accepted", "Taken by the phone company"
    SENT = "sent", "Sent, not yet confirmed"
    DELIVERED = "delivered", "Delivered to the phone"
    UNDELIVERED = "undelivered", "Not delivered"
    FAILED = "failed", "Could not be sent"
    AMBIGUOUS = "ambiguous", "May not have been sent: being checked"
    SUPPRESSED = "suppressed", "Held back"
    EXPIRED = "expired", "Too late to send"
    CANCELLED = "cancelled", "Cancelled"
    UNCONFIRMED = "unconfirmed", "Delivery never confirmed"
    QUARANTINED = "quarantined", "Set aside: it could not be handled"


D = Delivery

# What the service itself may do. A lease lost before SENDING gives the row back; a lease lost in SENDING makes it
# AMBIGUOUS (R4). A 429 was not taken, so may be planned again; so may an AMBIGUOUS one proven absent (R8). What we
# cannot handle is set aside for a person, who tries it again or gives it up (R10).
_OURS: Mapping[Delivery, frozenset[Delivery]] = {
    D.PLANNED: frozenset({D.CLAIMED, D.SUPPRESSED, D.EXPIRED, D.CANCELLED}),
    D.CLAIMED: frozenset({D.PLANNED, D.SENDING, D.SUPPRESSED, D.EXPIRED, D.CANCELLED, D.QUARANTINED}),
    D.QUARANTINED: frozenset({D.PLANNED, D.CANCELLED}),
    D.SENDING: frozenset({D.PLANNED, D.AMBIGUOUS}),
    D.AMBIGUOUS: frozenset({D.PLANNED, D.EXPIRED, D.UNCONFIRMED}),
    D.ACCEPTED: frozenset({D.UNCONFIRMED}),
    D.SENT: frozenset({D.UNCONFIRMED}),
}

# How much has been shown (R16). Nought: nothing shows that the text left. UNCONFIRMED is our own finding after
# 72 hours of silence (R18): more final than SENT, less than any word from the network.
_RANK: Mapping[Delivery, int] = {
    D.ACCEPTED: 1,
    D.SENT: 2,
    D.UNCONFIRMED: 3,
    D.UNDELIVERED: 4,
    D.FAILED: 4,
    D.DELIVERED: 5,
}

RECEIPTS = frozenset({D.ACCEPTED, D.SENT, D.UNDELIVERED, D.FAILED, D.DELIVERED})


def rank(state: Delivery) -> int:
    """How much has been shown about the text: 0 nothing, 5 that it reached the phone."""
    return _RANK.get(state, 0)


def _upward(state: Delivery) -> frozenset[Delivery]:
    return frozenset(word for word in RECEIPTS if rank(word) > rank(state))


# A receipt bearing our own id is proof that the text left, whatever we believed: it moves even a row given up as
# cancelled or planned again, so that a text proven sent is never sent twice (R16, R17).
EDGES: Mapping[Delivery, frozenset[Delivery]] = {
    state: _OURS.get(state, frozenset()) | _upward(state) for state in Delivery
}


def may_move(old: Delivery, new: Delivery) -> bool:
    """Is `old` to `new` an allowed move? Staying put is not a move, so a duplicate receipt does nothing."""
    return new in EDGES[old]


def settle(state: Delivery, receipt: Delivery) -> Delivery:
    """The state after a receipt: upward or unchanged."""
    return receipt if receipt in RECEIPTS and may_move(state, receipt) else state


OPEN = frozenset({D.PLANNED, D.CLAIMED, D.SENDING, D.AMBIGUOUS, D.ACCEPTED, D.SENT})  # the engine still has work to do
STOPPABLE = frozenset({D.PLANNED, D.CLAIMED})  # a STOP, a recall or a changed plan still reaches these
NOT_DELIVERED = frozenset({D.UNDELIVERED, D.FAILED})  # the contact-repair ladder starts here (R44)


class Purpose(Word):
    """What a text is for: it settles the order of sending, and which brakes apply (R8, R12)."""

    SAFETY = "safety", "Answer to a text just received"
    REPLY = "reply", "Reply"
    PROOF = "proof", "Number check"
    REMINDER = "reminder", "Appointment reminder"
    CHECKIN = "checkin", "Check-in"
    NEUTRAL = "neutral", "Answer to a number that nobody has"


@dataclass(frozen=True)
class Rein:
    """What one purpose is allowed. `priority` 0 goes first; `at_least_once` resends what may not have gone (R8)."""

    priority: int
    exempt: bool = False  # from quiet hours, pacing and budget
    at_least_once: bool = False
    most_segments: int = 1


REINS: Mapping[Purpose, Rein] = {
    Purpose.SAFETY: Rein(0, exempt=True, at_least_once=True, most_segments=4),
    Purpose.REPLY: Rein(1, most_segments=4),
    Purpose.PROOF: Rein(2),
    Purpose.REMINDER: Rein(2),
    Purpose.CHECKIN: Rein(3),
    Purpose.NEUTRAL: Rein(4, most_segments=2),
}


class Verdict(Word):
    """What a provider's error code means for the text, the number and the sender (R9)."""

    RETRY = "retry", "Not taken: safe to try again"
    RETRY_LATER = "retry_later", "Not reached: try once more at the next slot"
    SENDER_FULL = "sender_full", "The sender's queue is full: pause the sender"
    HALTED = "halted", "Not taken: our account may not send for now"
    AMBIGUOUS = "ambiguous", "Nobody can say whether it was taken"
    OPTED_OUT = "opted_out", "The person has opted out"
    NUMBER_INVALID = "number_invalid", "Not a number that can be texted"
    SUSPEND_NUMBER = "suspend_number", "Number not in use: suspend it until it is proven again"
    NOT_MOBILE = "not_mobile", "A landline, or a network that takes no texts"
    FILTERED = "filtered", "Stopped as spam: look at the wording"
    MISCONFIGURED = "misconfigured", "Our account or settings are wrong"
    PERMANENT = "permanent", "Will not be delivered"
    UNKNOWN = "unknown", "A code we do not know"


CONTACT_REPAIR = frozenset({Verdict.OPTED_OUT, Verdict.NUMBER_INVALID, Verdict.SUSPEND_NUMBER, Verdict.NOT_MOBILE})
PAUSES_SENDER = frozenset({Verdict.SENDER_FULL, Verdict.HALTED})
ALERT_OPERATIONS = PAUSES_SENDER | {Verdict.FILTERED, Verdict.MISCONFIGURED, Verdict.UNKNOWN}


@dataclass(frozen=True)
class ProviderCodes:
    """The providers' own words, in ours: their error codes with what they mean, and their statuses."""

    verdicts: Mapping[int, Verdict]
    means: Mapping[int, str]
    statuses: Mapping[str, Delivery]

    def judge(self, code: int) -> Verdict:
        """What an error code means; an unknown one fails the text and alerts, and never stops the batch (R9)."""
        return self.verdicts.get(code, Verdict.UNKNOWN)

    def receipt(self, status: str) -> Delivery | None:
        """Our state for the provider's status; None for one we do not know, which moves nothing."""
        return self.statuses.get(status.casefold())


def provider_codes_from(*tables: Mapping[str, Any]) -> ProviderCodes:
    """Out of a file for each provider, such as config/data/twilio_errors.toml; ValueError for a word that is not one of ours,
    or that means one thing to one provider and another to the next.
    """
    said = [(word, Delivery(state)) for table in tables for word, state in table["statuses"].items()]
    rows = [(row["code"], Verdict(row["verdict"]), row["means"]) for table in tables for row in table["errors"]]
    statuses, verdicts = dict(said), {code: verdict for code, verdict, _ in rows}
    if not set(statuses.values()) <= RECEIPTS:
        raise ValueError("a provider's status may only be a receipt")
    if len(statuses) < len(set(said)) or len(verdicts) < len(set(rows)):
        raise ValueError("a status or a code means two things")
    return ProviderCodes(verdicts, {code: means for code, _, means in rows}, statuses)


def after_error(verdict: Verdict) -> Delivery:
    """The state a text in SENDING moves to when the provider refuses it with this verdict."""
    if verdict in {Verdict.RETRY, *PAUSES_SENDER}:
        return D.PLANNED
    return D.AMBIGUOUS if verdict is Verdict.AMBIGUOUS else D.FAILED

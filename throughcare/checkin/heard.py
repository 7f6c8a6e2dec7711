"""One text of a person we know, with all that was known when it came."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from throughcare.casework.people import PhoneNumber
from throughcare.checkin.replies import Reply
from throughcare.checkin.rows import CheckinPlan, CheckinPrompt, InboundText, TextReceived
from throughcare.checkin.rules import Reason


@dataclass(frozen=True)
class Heard:
    """One text with all that was known when it came."""

    inbound: InboundText
    text: TextReceived
    reply: Reply
    number: PhoneNumber
    plan: CheckinPlan | None
    prompt: CheckinPrompt | None
    previous: int | None
    why: tuple[Reason, ...]
    proving: bool
    was_out: bool

    @property
    def case_id(self) -> UUID:
        return self.text.case_id

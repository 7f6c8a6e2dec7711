"""What happens in check-ins: ids, dates and codes, never a word of what was said."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from throughcare.kernel.audit import Event


class PlanAgreed(Event):
    name: ClassVar[str] = "checkin.plan_agreed"
    said: ClassVar[str] = "Check-in plan agreed"


class PlanStarted(Event):
    name: ClassVar[str] = "checkin.plan_started"
    said: ClassVar[str] = "Check-ins started"


class PlanChanged(Event):
    name: ClassVar[str] = "checkin.plan_changed"
    said: ClassVar[str] = "Check-in plan changed"


class PlanPaused(Event):
    name: ClassVar[str] = "checkin.plan_paused"
    said: ClassVar[str] = "Check-ins paused"
    because: str


class PlanResumed(Event):
    name: ClassVar[str] = "checkin.plan_resumed"
    said: ClassVar[str] = "Check-ins resumed"


class PlanEnded(Event):
    name: ClassVar[str] = "checkin.plan_ended"
    said: ClassVar[str] = "Check-ins ended"
    because: str


class NumberProven(Event):
    name: ClassVar[str] = "checkin.number_proven"
    said: ClassVar[str] = "Phone number proven"
    how: str  # text or worker


class NumberSuspended(Event):
    name: ClassVar[str] = "checkin.number_suspended"
    said: ClassVar[str] = "Phone number suspended"
    because: str


class CallInstead(Event):
    """A check-in became a call, because a text could not be sent."""

    name: ClassVar[str] = "checkin.call_instead"
    said: ClassVar[str] = "Check-in by call instead of text"
    because: str


class FirstSent(Event):
    """The first question left, after the number was proven."""

    name: ClassVar[str] = "checkin.first_sent"
    said: ClassVar[str] = "First check-in sent"


class CheckinDelivered(Event):
    name: ClassVar[str] = "checkin.delivered"
    said: ClassVar[str] = "Text delivered"
    message_id: UUID


class NotDelivered(Event):
    name: ClassVar[str] = "checkin.not_delivered"
    said: ClassVar[str] = "Text not delivered"
    message_id: UUID
    verdict: str


class Replied(Event):
    name: ClassVar[str] = "checkin.replied"
    said: ClassVar[str] = "Answered by text"
    prompt_id: UUID | None = None
    late: bool = False


class RangIn(Event):
    """They rang our number, which costs nobody anything: they are there."""

    name: ClassVar[str] = "checkin.rang_in"
    said: ClassVar[str] = "Rang in"
    prompt_id: UUID | None = None
    answered: bool = False  # it was their answer to a check-in


class SilenceEnded(Event):
    """Calls that silence asked for are called off, because they were heard from (R22, R46)."""

    name: ClassVar[str] = "checkin.silence_ended"
    said: ClassVar[str] = "Heard from: calls about no answer called off"
    because: str = ""


class Chose(Event):
    name: ClassVar[str] = "checkin.chose"
    said: ClassVar[str] = "Chose by text when or how we write"
    what: str  # hour, language or pause


class CallAsked(Event):
    name: ClassVar[str] = "checkin.call_asked"
    said: ClassVar[str] = "Asked for a call by text"


class CrisisSeen(Event):
    name: ClassVar[str] = "checkin.crisis_seen"
    said: ClassVar[str] = "A text needed an answer at once"


class SaidAgain(Event):
    """A further text stands with what waits already: nobody is asked twice at once, and none is lost."""

    name: ClassVar[str] = "checkin.said_again"
    said: ClassVar[str] = "Said again by text while the first still waited"
    about_id: UUID


class LowScore(Event):
    name: ClassVar[str] = "checkin.low_score"
    said: ClassVar[str] = "Answered low, or lower than before"


class OptedOut(Event):
    name: ClassVar[str] = "checkin.opted_out"
    said: ClassVar[str] = "Chose not to use texts"
    source: str


class CallStillToMake(Event):
    name: ClassVar[str] = "checkin.call_still_to_make"
    said: ClassVar[str] = "Asked again for the texts to stop: the call about it is still to be made"


class OptedIn(Event):
    name: ClassVar[str] = "checkin.opted_in"
    said: ClassVar[str] = "Chose texts again"
    source: str


class TextRead(Event):
    name: ClassVar[str] = "checkin.text_read"
    said: ClassVar[str] = "Text read by a worker"


class WroteBack(Event):
    name: ClassVar[str] = "checkin.wrote_back"
    said: ClassVar[str] = "Text written by a worker"


class ContactMade(Event):
    name: ClassVar[str] = "checkin.contact_made"
    said: ClassVar[str] = "Spoken to"
    how: str
    reached: bool


class TextPlaced(Event):
    name: ClassVar[str] = "checkin.text_placed"
    said: ClassVar[str] = "A text was found to be theirs"


class AlarmTaken(Event):
    name: ClassVar[str] = "checkin.alarm_taken"
    said: ClassVar[str] = "Somebody said that they are dealing with it"
    turn: int


class AlarmPassedOn(Event):
    """Nobody had said that they were dealing with it by then."""

    name: ClassVar[str] = "checkin.alarm_passed_on"
    said: ClassVar[str] = "Nobody answered for it in time: the next was asked"
    turn: int
    to: str


class AlarmHandedOn(Event):
    name: ClassVar[str] = "checkin.alarm_handed_on"
    said: ClassVar[str] = "Handed on to a colleague"
    turn: int


class AlarmOver(Event):
    name: ClassVar[str] = "checkin.alarm_over"
    said: ClassVar[str] = "What could not wait was seen to"


class RotaPlanned(Event):
    name: ClassVar[str] = "checkin.rota_planned"


class RotaTakenOff(Event):
    name: ClassVar[str] = "checkin.rota_taken_off"

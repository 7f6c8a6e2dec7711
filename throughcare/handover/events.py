"""What happens to a handover, in ids, dates and codes. `for_...` says whose turn it makes it, so that clocks land there."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from throughcare.handover.words import DeclinedBy
from throughcare.kernel.audit import Event


class Drafted(Event):
    name: ClassVar[str] = "handover.drafted"
    said: ClassVar[str] = "Handover drafted"
    service_id: UUID


class Discarded(Event):
    name: ClassVar[str] = "handover.discarded"
    said: ClassVar[str] = "Draft handover discarded"


class Sent(Event):
    name: ClassVar[str] = "handover.sent"
    said: ClassVar[str] = "Handover sent"
    service_id: UUID
    sections: tuple[str, ...]
    sha256: str


class FastTracked(Event):
    name: ClassVar[str] = "handover.fast_tracked"
    said: ClassVar[str] = "Handover sent as urgent"


class Received(Event):
    name: ClassVar[str] = "handover.received"
    said: ClassVar[str] = "Handover opened by the receiving team"


class InformationRequested(Event):
    name: ClassVar[str] = "handover.information_requested"
    said: ClassVar[str] = "Information asked for"
    asked: tuple[str, ...]


class InformationGiven(Event):
    name: ClassVar[str] = "handover.information_given"
    said: ClassVar[str] = "Information given"


class WaitingListed(Event):
    name: ClassVar[str] = "handover.waiting_listed"
    said: ClassVar[str] = "Put on a waiting list"
    review_on: date


class Accepted(Event):
    name: ClassVar[str] = "handover.accepted"
    said: ClassVar[str] = "Handover accepted"
    worker_id: UUID
    appointment_id: UUID


class Declined(Event):
    name: ClassVar[str] = "handover.declined"
    said: ClassVar[str] = "Handover declined"
    declined_by: DeclinedBy
    reason: str


class Recalled(Event):
    name: ClassVar[str] = "handover.recalled"
    said: ClassVar[str] = "Handover recalled"
    reason: str


class Expired(Event):
    name: ClassVar[str] = "handover.expired"
    said: ClassVar[str] = "Handover ran out of time unanswered"


class Activated(Event):
    name: ClassVar[str] = "handover.activated"
    said: ClassVar[str] = "First contact recorded"
    appointment_id: UUID | None = None  # the first appointment, where contact was made at it


class TreatmentStarted(Event):
    name: ClassVar[str] = "handover.treatment_started"
    said: ClassVar[str] = "Structured treatment started"


class Completed(Event):
    name: ClassVar[str] = "handover.completed"
    said: ClassVar[str] = "Handover completed"
    outcome: str


class ReturnOffered(Event):
    name: ClassVar[str] = "handover.return_offered"
    said: ClassVar[str] = "Case offered back"
    reason: str


class ReturnAccepted(Event):
    name: ClassVar[str] = "handover.return_accepted"
    said: ClassVar[str] = "Case taken back"


class ReturnDeclined(Event):
    name: ClassVar[str] = "handover.return_declined"
    said: ClassVar[str] = "Return declined"
    reason: str


class NotNeeded(Event):
    name: ClassVar[str] = "handover.not_needed"
    said: ClassVar[str] = "No handover needed"
    reason: str


class MeetingRecorded(Event):
    name: ClassVar[str] = "handover.meeting_recorded"
    said: ClassVar[str] = "Pre-release meeting recorded"

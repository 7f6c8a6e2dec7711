"""The closed sets of words a handover is told in."""

from __future__ import annotations

from throughcare.kernel.forms import Word


class Status(Word):
    """Where a handover is (requirements 2.11)."""

    DRAFT = "draft"
    SENT = "sent"
    RECEIVED = "received"
    INFORMATION_REQUESTED = "information_requested", "Information requested"
    WAITING_LIST = "waiting_list", "On a waiting list"
    ACCEPTED = "accepted"
    ACTIVE = "active"
    COMPLETED = "completed"
    DECLINED = "declined"
    RECALLED = "recalled"
    EXPIRED = "expired"
    DISCARDED = "discarded"
    RETURN_OFFERED = "return_offered", "Return offered"
    RETURNED = "returned"


OVER = frozenset({Status.COMPLETED, Status.DECLINED, Status.RECALLED, Status.DISCARDED, Status.RETURNED})
LIVE = frozenset(Status) - OVER  # expired is live: it is still to be answered, or recalled
BEFORE_SENDING = frozenset({Status.DRAFT, Status.DISCARDED})
WITH_RECEIVER = frozenset({Status.ACCEPTED, Status.ACTIVE, Status.COMPLETED, Status.RETURN_OFFERED})


class DeclinedBy(Word):
    """Whose no it was: a service that has no room is not a person who does not want it."""

    PROVIDER = "provider", "The service"
    PERSON = "person", "The person"


class Attended(Word):
    """How somebody took part in the meeting before release."""

    IN_PERSON = "in_person", "In person"
    VIDEO = "video", "By video"
    PHONE = "phone", "By phone"
    ABSENT = "absent", "Did not take part"

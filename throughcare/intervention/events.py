"""What happens in interventions and referrals, as the journal, the service clocks and the journey hear of it."""

from __future__ import annotations

from typing import ClassVar

from throughcare.kernel.audit import Event


class BriefDue(Event):
    """A brief intervention was put on the list."""

    name: ClassVar[str] = "intervention.due"
    said: ClassVar[str] = "Brief intervention put on the list"


class BriefOffered(Event):
    """It was offered."""

    name: ClassVar[str] = "intervention.offered"
    said: ClassVar[str] = "Brief intervention offered"


class BriefGiven(Event):
    """It was given; `on` is the day."""

    name: ClassVar[str] = "intervention.given"
    said: ClassVar[str] = "Brief intervention given"


class BriefDeclined(Event):
    """The person declined it."""

    name: ClassVar[str] = "intervention.declined"
    said: ClassVar[str] = "Brief intervention declined"


class BriefWithdrawn(Event):
    """The pathway moved away from it before it was given."""

    name: ClassVar[str] = "intervention.withdrawn"
    said: ClassVar[str] = "Brief intervention no longer called for"


class BriefFollowedUp(Event):
    """It was followed up."""

    name: ClassVar[str] = "intervention.followed_up"
    said: ClassVar[str] = "Brief intervention followed up"


class SessionHeld(Event):
    """An extended session was held."""

    name: ClassVar[str] = "intervention.session_held"
    said: ClassVar[str] = "Extended session held"


class SeenBySubstanceTeam(Event):
    """The substance team's first contact; `on` is the day."""

    name: ClassVar[str] = "intervention.seen_by_substance_team"
    said: ClassVar[str] = "First seen by the substance team"


class SpecialistDue(Event):
    """A specialist assessment is to be arranged."""

    name: ClassVar[str] = "specialist.due"
    said: ClassVar[str] = "Specialist assessment to be arranged"


class SpecialistDueToday(Event):
    """The person may be withdrawing: the specialist assessment cannot wait for the usual days."""

    name: ClassVar[str] = "specialist.due_today"
    said: ClassVar[str] = "Specialist assessment to be arranged today"


class SpecialistOffered(Event):
    """A specialist referral is on offer beside the pathway."""

    name: ClassVar[str] = "specialist.offered"
    said: ClassVar[str] = "Specialist referral on offer"


class SpecialistReferred(Event):
    """The referral was made."""

    name: ClassVar[str] = "specialist.referred"
    said: ClassVar[str] = "Referred for specialist assessment"


class SpecialistAccepted(Event):
    """The specialist service accepted."""

    name: ClassVar[str] = "specialist.accepted"
    said: ClassVar[str] = "Specialist referral accepted"


class SpecialistDeclined(Event):
    """The service, or the person, declined."""

    name: ClassVar[str] = "specialist.declined"
    said: ClassVar[str] = "Specialist referral declined"


class SpecialistSaw(Event):
    """A specialist saw the person; `on` is the day."""

    name: ClassVar[str] = "specialist.seen"
    said: ClassVar[str] = "Seen by a specialist"


class SpecialistConcluded(Event):
    """The outcome of the assessment was recorded."""

    name: ClassVar[str] = "specialist.concluded"
    said: ClassVar[str] = "Outcome of specialist assessment recorded"

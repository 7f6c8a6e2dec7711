"""Where a case is in the journey: derived from facts, never set by hand. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from throughcare.kernel.forms import Word

PLANNING = timedelta(days=84)  # the pre-release team meets the person 12 weeks before release (DOMAIN C.2)


class Stage(Word):
    """The word on the list and the case page."""

    RECEPTION = "reception", "Reception: to be screened"
    IN_CUSTODY = "in_custody", "In custody"
    PLANNING = "planning", "Planning release"
    READY = "ready", "Plan agreed"
    RELEASED = "released", "Released"
    WITH_PROVIDER = "with_provider", "With community provider"
    CLOSED = "closed", "Closed"


@dataclass(frozen=True)
class Facts:
    """All that the stage hangs on."""

    closed: bool
    in_custody: bool
    screened: bool
    release_on: date | None
    plan_started: bool
    plan_agreed: bool
    active_handover: bool


def stage_of(facts: Facts, today: date) -> Stage:
    """The stage these facts amount to on this day."""
    if facts.closed:
        return Stage.CLOSED
    if not facts.in_custody:
        return Stage.WITH_PROVIDER if facts.active_handover else Stage.RELEASED
    if facts.plan_agreed:
        return Stage.READY
    if facts.plan_started or (facts.release_on and facts.release_on - today <= PLANNING):
        return Stage.PLANNING
    return Stage.IN_CUSTODY if facts.screened else Stage.RECEPTION

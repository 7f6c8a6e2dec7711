"""What the release plan takes from the rest of the journey: an opioid need told of at reception, and the end of a stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from throughcare.casework.events import (
    Recalled,
    Received,
    ReleaseDateConfirmed,
    ReleaseDateSet,
    ReleaseDateUnconfirmed,
)
from throughcare.kernel.audit import Event
from throughcare.kernel.work import Reaction, Work
from throughcare.release import plans, writing
from throughcare.release.events import PlanStarted
from throughcare.screening.events import SafetyAsked
from throughcare.screening.facts import known
from throughcare.screening.rules import SafetyAnswer

OPIOIDS = "daily_opioids"  # the reception question about using opioids every day


def note_opioids(work: Work, event: Event) -> None:
    """Daily opioid use told of at reception is an opioid need, so that naloxone is never forgotten."""
    assert event.case_id
    safety = known(work, event.case_id).safety
    if safety and safety.answers.get(OPIOIDS) == SafetyAnswer.YES:
        writing.opioid_need_found(work, event.case_id)


REACTIONS: Mapping[type[Event], Sequence[Reaction]] = {
    PlanStarted: (note_opioids,),
    SafetyAsked: (note_opioids,),
    Received: (plans.put_away,),
    Recalled: (plans.put_away,),
    ReleaseDateSet: (plans.moved,),
    ReleaseDateConfirmed: (plans.moved,),
    ReleaseDateUnconfirmed: (plans.moved,),
}

"""The pathway on one page: what follows what. Nothing else in the codebase knows the order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from throughcare.casework.clocks import keep_clocks
from throughcare.casework.tasks import close_answered
from throughcare.handover.owning import after_release
from throughcare.journey import (
    after_screening,
    around_handovers,
    around_the_plan,
    checkins_around_release,
    first_appointment,
    moving_prison,
    putting_right,
    supervision_on_release,
    when_somebody_dies,
)
from throughcare.journey.keeping_stage import keep_stage
from throughcare.kernel.audit import Event
from throughcare.kernel.work import Reaction, Reactions


def together(*tables: Mapping[type[Event], Sequence[Reaction]]) -> Mapping[type[Event], Sequence[Reaction]]:
    """One table: what several parts do about one event is done in the order of the parts."""
    merged: dict[type[Event], list[Reaction]] = {}
    for table in tables:
        for event, reactions in table.items():
            merged.setdefault(event, []).extend(reactions)
    return merged


REACTIONS = Reactions(
    to=together(
        after_screening.REACTIONS,
        around_handovers.REACTIONS,
        around_the_plan.REACTIONS,
        checkins_around_release.REACTIONS,
        first_appointment.REACTIONS,
        moving_prison.REACTIONS,
        putting_right.REACTIONS,
        supervision_on_release.REACTIONS,
        when_somebody_dies.REACTIONS,
    ),
    always=(close_answered, keep_stage, keep_clocks, after_release),
)

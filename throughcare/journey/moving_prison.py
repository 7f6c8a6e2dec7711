"""What goes along when somebody moves prison: the sending side of handovers, and what was under way about children."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from throughcare.casework.clocks import follow_the_person
from throughcare.casework.events import OwnerChanged, Recalled, Transferred
from throughcare.handover import following as handovers
from throughcare.kernel.audit import Event
from throughcare.kernel.work import Reaction, Work
from throughcare.safeguarding import following as children


def take_deadlines_along(work: Work, event: Event) -> None:
    """The prison that holds them now answers for what was still to be done."""
    assert isinstance(event, Transferred)
    assert event.case_id
    follow_the_person(work, event.case_id, event.from_prison_id, event.to_prison_id)


REACTIONS: Mapping[type[Event], Sequence[Reaction]] = {
    Transferred: (handovers.follow, children.follow, take_deadlines_along),
    Recalled: (handovers.follow, children.follow),
    OwnerChanged: (handovers.follow,),
}

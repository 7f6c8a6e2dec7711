"""What follows when somebody comes into the community: supervision under an order or licence starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from throughcare.casework.events import CameToCommunity, Released
from throughcare.casework.whereabouts import away, last_stay
from throughcare.kernel.audit import Event
from throughcare.kernel.work import Reaction, Work
from throughcare.requirement import orders


def start_supervision(work: Work, event: Event) -> None:
    """Every live order or licence of theirs begins on the day of release, or on the day they came on from elsewhere."""
    assert event.case_id
    if away(last_stay(work, event.case_id)):
        return
    orders.begin_on_release(work, event.case_id, event.on or work.today)


REACTIONS: Mapping[type[Event], Sequence[Reaction]] = {
    Released: (start_supervision,),
    CameToCommunity: (start_supervision,),
}

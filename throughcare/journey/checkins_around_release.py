"""What follows from a release, a recall, a death or another way to reach somebody: their check-ins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from throughcare.casework import events, whereabouts
from throughcare.checkin import following
from throughcare.handover.events import Activated
from throughcare.kernel.audit import Event
from throughcare.kernel.work import Reaction
from throughcare.requirement.events import Attended

REACTIONS: Mapping[type[Event], Sequence[Reaction]] = {
    events.Released: (whereabouts.released, following.released),
    events.CameToCommunity: (whereabouts.arrived, following.released),
    Activated: (following.kept,),
    Attended: (following.kept,),
    events.Recalled: (following.recalled,),
    events.PersonDied: (following.died,),
    events.CaseClosed: (following.closed,),
    events.NumberChanged: (following.number_changed,),
    events.CodeWordAgreed: (following.number_changed,),
    events.Consented: (following.consented,),
    events.ConsentWithdrawn: (following.withdrawn,),
}

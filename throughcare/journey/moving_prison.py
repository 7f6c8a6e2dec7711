"""What goes along when somebody moves prison: the sending side of handovers, and what was under way about children."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from throughcare.casework.events import OwnerChanged, Recalled, Transferred
from throughcare.handover import following as handovers
from throughcare.kernel.audit import Event
from throughcare.kernel.work import Reaction
from throughcare.safeguarding import following as children

REACTIONS: Mapping[type[Event], Sequence[Reaction]] = {
    Transferred: (handovers.follow, children.follow),
    Recalled: (handovers.follow, children.follow),
    OwnerChanged: (handovers.follow,),
}

"""What follows when an entry of the timeline is marked as wrong: what it had settled is open again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from throughcare.casework.elsewhere import take_back
from throughcare.casework.timeline import EntryStruck
from throughcare.kernel.audit import Event
from throughcare.kernel.work import Reaction

REACTIONS: Mapping[type[Event], Sequence[Reaction]] = {EntryStruck: (take_back,)}

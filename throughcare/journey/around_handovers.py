"""What follows from a handover in the release plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from throughcare.casework.rows import Appointment
from throughcare.handover.events import Accepted, NotNeeded, Sent
from throughcare.kernel.audit import Event
from throughcare.kernel.work import Reaction, Work
from throughcare.release import appointments, handing


def confirm_first(work: Work, event: Event) -> None:
    """The named worker's first appointment is the first community appointment of the plan."""
    assert isinstance(event, Accepted)
    appointments.confirm(work, work.session.get_one(Appointment, event.appointment_id))


REACTIONS: Mapping[type[Event], Sequence[Reaction]] = {
    Sent: (handing.answered,),
    NotNeeded: (handing.answered,),
    Accepted: (confirm_first,),
}

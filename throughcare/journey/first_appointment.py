"""A first appointment is one fact: who records that somebody came has recorded first contact, and the other way round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator

from throughcare.casework.rows import Appointment, AppointmentStatus
from throughcare.handover import doors, passing, shapes, steps, views
from throughcare.handover.events import Activated
from throughcare.handover.forms import FirstContact, How
from throughcare.handover.rows import Handover
from throughcare.handover.words import Status
from throughcare.kernel.audit import Event
from throughcare.kernel.clock import LONDON
from throughcare.kernel.forms import Ask, Form, choices
from throughcare.kernel.refusals import WrongState
from throughcare.kernel.work import Reaction, Work
from throughcare.requirement import attendance
from throughcare.requirement.attendance import CAME
from throughcare.requirement.events import Attended
from throughcare.requirement.forms import RecordOutcome
from throughcare.requirement.steps import OUTCOMES


class NothingBooked(WrongState):
    """What happened at the first appointment has been recorded, or there is none."""

    code = "nothing_booked"


def an_outcome(status: AppointmentStatus) -> AppointmentStatus:
    """Not that it is booked."""
    if status not in OUTCOMES:
        raise ValueError("Select what happened")
    return status


class AtFirst(Form):
    """What happened at the first appointment."""

    status: Annotated[
        AppointmentStatus,
        AfterValidator(an_outcome),
        Ask(
            "What happened?", widget="radios", choices=choices(AppointmentStatus, tuple(OUTCOMES)),
            missing="Select what happened",
        ),
    ]  # fmt: skip


def recordable(work: Work, row: Handover) -> Appointment:
    """The first appointment, if this reader may say what happened at it."""
    doors.refuse_unless_open(work, row, steps.first_contact)
    booked = passing.booked_first(work, row)
    if booked is None:
        raise NothingBooked
    return booked


def record(work: Work, handover_id: UUID, form: AtFirst) -> shapes.Summary:
    """Who came has been met: first contact is recorded with it. Anything else leaves first contact to be made."""
    row, _ = doors.take(work, handover_id)
    _settle(work, recordable(work, row), form.status)
    return views.show(work, row)


def attended(work: Work, event: Event) -> None:
    """The reaction to first contact made at the appointment: they came."""
    assert isinstance(event, Activated)
    booked = work.session.get(Appointment, event.appointment_id) if event.appointment_id else None
    if booked and booked.status is AppointmentStatus.BOOKED:
        _settle(work, booked, AppointmentStatus.ATTENDED)


def met(work: Work, event: Event) -> None:
    """The reaction to an appointment attended: where it is the first of a handover, first contact was made at it."""
    booked = work.session.get_one(Appointment, event.subject_id)
    row = work.session.get(Handover, booked.handover_id) if booked.handover_id else None
    if row is None or row.status is not Status.ACCEPTED or not steps.at_receiver(row, work.actor):
        return
    local = booked.at.astimezone(LONDON)
    passing.first_contact(work, row.id, FirstContact(on=local.date(), at=local.time(), how=How.IN_PERSON))


def _settle(work: Work, booked: Appointment, status: AppointmentStatus) -> None:
    """The fact, once: an ordered one by the rules of its order."""
    if booked.requirement_id:
        attendance.record_outcome(work, booked.case_id, booked.id, RecordOutcome(status=status))
        return
    OUTCOMES[status](booked, work, "")
    if status in CAME:
        work.record(Attended(subject_id=booked.id, case_id=booked.case_id, on=booked.at.astimezone(LONDON).date()))


REACTIONS: Mapping[type[Event], Sequence[Reaction]] = {Activated: (attended,), Attended: (met,)}

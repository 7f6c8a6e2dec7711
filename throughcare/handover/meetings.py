"""The meeting of prison, community service and person before release, and whether it is missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.people import Case
from throughcare.handover import events
from throughcare.handover.forms import Meeting
from throughcare.handover.reasons import HandoverLists
from throughcare.handover.rows import Handover, NoHandover, PreReleaseMeeting
from throughcare.handover.rules import Light, meeting_light
from throughcare.handover.steps import at_receiver, at_sender
from throughcare.handover.words import BEFORE_SENDING, LIVE
from throughcare.kernel.refusals import Invalid, NotPermitted, refuse_if
from throughcare.kernel.work import Work


class NotOfThisCase(Invalid):
    """Select a handover of this case."""

    code, beside = "not_of_this_case", "handover_id"


class NotHeldYet(Invalid):
    """Enter a day that has come: a meeting is recorded once it was held."""

    code, beside = "not_held_yet", "held_on"


def record(work: Work, case_id: UUID, form: Meeting) -> None:
    """Record the meeting, from either side with standing in the case."""
    access.take_case(work, case_id)
    row = work.session.get(Handover, form.handover_id)
    if row is None or row.case_id != case_id or row.status not in to_meet():
        raise NotOfThisCase
    refuse_if(not (at_sender(row, work.actor) or at_receiver(row, work.actor)), NotPermitted)
    refuse_if(form.held_on > work.today, NotHeldYet)
    work.add(
        PreReleaseMeeting(
            case_id=case_id, handover_id=row.id, held_on=form.held_on, prison=form.prison, community=form.community,
            person=form.person, why_not=form.why_not, recorded_by=work.actor.id,
        )
    )  # fmt: skip
    work.record(events.MeetingRecorded(subject_id=row.id, case_id=case_id, on=form.held_on))


def to_meet() -> frozenset[str]:
    """The statuses in which a meeting can be recorded."""
    return frozenset(LIVE - BEFORE_SENDING)


def held(work: Work, case_id: UUID) -> Sequence[PreReleaseMeeting]:
    """Every meeting of the case, the latest first."""
    kept = select(PreReleaseMeeting).where(PreReleaseMeeting.case_id == case_id)
    return work.session.exec(kept.order_by(col(PreReleaseMeeting.held_on).desc())).all()


def light(work: Work, case: Case, meetings: Sequence[PreReleaseMeeting], received_on: date | None) -> Light:
    """How urgent a missing meeting is; one held in an earlier stay does not count."""
    figures = work.reference[HandoverLists].figures
    met = any(received_on is None or meeting.held_on >= received_on for meeting in meetings)
    return meeting_light(case.release_on, met, work.today, figures.meeting_amber_days, figures.meeting_red_days)


def none_needed(work: Work, case_id: UUID) -> NoHandover | None:
    """The latest word that no handover is needed."""
    said = select(NoHandover).where(NoHandover.case_id == case_id).order_by(col(NoHandover.created_at).desc())
    return work.session.exec(said).first()


def is_missing(work: Work, case_id: UUID) -> bool:
    """Whether the case has neither a handover that was sent and lives, nor a word that none is needed."""
    sent = select(Handover.id).where(Handover.case_id == case_id, col(Handover.status).in_(to_meet()))
    return none_needed(work, case_id) is None and work.session.exec(sent).first() is None

"""A change of risk: that it changed and whom to ring, never what changed. It is told the same day."""

from __future__ import annotations

from uuid import UUID

from throughcare.casework import tasks
from throughcare.casework.tasks import About, For
from throughcare.kernel.clock import end_of
from throughcare.kernel.refusals import NotPermitted, WrongState, refuse_if
from throughcare.kernel.work import Work
from throughcare.requirement import errands, events
from throughcare.requirement.doors import (
    KEEPERS,
    officer_of,
    own_agency,
    refuse_unless_told,
    requirement_of,
    row_of,
    supervises,
    supervisors_only,
)
from throughcare.requirement.forms import RecordRisk
from throughcare.requirement.rows import Requirement, RiskChange
from throughcare.requirement.rules import refuse_future
from throughcare.requirement.showing import risk_shown
from throughcare.requirement.views import RiskShown


class NotifiedAlready(WrongState):
    """The supervising agency has been told of this change of risk."""

    code = "notified_already"


def record_risk(work: Work, case_id: UUID, requirement_id: UUID, form: RecordRisk) -> RiskShown:
    """Risk has changed: the responsible officer is asked, today, to ring; the recorder is asked to see that they know."""
    requirement = row_of(work, Requirement, case_id, requirement_id)
    agency_id = own_agency(work, KEEPERS)
    refuse_if(supervises(work, requirement), NotPermitted("Whoever treats the person records a change of risk here."))
    refuse_unless_told(work, requirement)
    refuse_future(form.changed_on, work.today, "changed_on")
    change = work.add(
        RiskChange(
            case_id=case_id, requirement_id=requirement.id, changed_on=form.changed_on or work.today,
            route=form.route, agency_id=agency_id, worker_id=work.actor.id,
        )
    )  # fmt: skip
    work.record(
        events.RiskChanged(subject_id=change.id, case_id=case_id, for_agency_id=agency_id, for_worker_id=work.actor.id)
    )
    about, today = About(case_id, change.id), end_of(work.today)
    tasks.give(work, errands.RING_ABOUT_RISK, officer_of(work, requirement), about, today, urgent=True)
    tasks.give(work, errands.TELL_RISK, For(agency_id, worker_id=work.actor.id), about, today, urgent=True)
    return risk_shown(work, change)


def notify(work: Work, case_id: UUID, change_id: UUID) -> RiskShown:
    """Say that the supervising agency was told."""
    change = row_of(work, RiskChange, case_id, change_id)
    requirement = requirement_of(work, change)
    refuse_if(work.actor.agency_id != change.agency_id, NotPermitted)
    refuse_unless_told(work, requirement)
    refuse_if(change.notified_at is not None, NotifiedAlready)
    _told(work, requirement, change)
    return risk_shown(work, change)


def acknowledge_risk(work: Work, case_id: UUID, change_id: UUID) -> RiskShown:
    """The officer rang, or was rung: they know."""
    change = row_of(work, RiskChange, case_id, change_id)
    requirement = requirement_of(work, change)
    supervisors_only(work, requirement)
    refuse_if(change.acknowledged_at is not None, WrongState("This change of risk has been acknowledged."))
    change.acknowledged_at, change.acknowledged_by = work.now, work.actor.id
    work.session.add(change)
    work.session.flush()
    work.record(events.RiskAcknowledged(subject_id=change.id, case_id=case_id))
    if change.notified_at is None:
        _told(work, requirement, change)
    return risk_shown(work, change)


def _told(work: Work, requirement: Requirement, change: RiskChange) -> None:
    change.notified_at = work.now
    work.session.add(change)
    work.session.flush()
    officer = officer_of(work, requirement)
    work.record(
        events.RiskNotified(
            subject_id=change.id, case_id=change.case_id,
            for_agency_id=officer.agency_id, for_worker_id=officer.worker_id,
        )
    )  # fmt: skip

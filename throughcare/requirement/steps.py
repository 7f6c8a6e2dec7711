"""How appointments, absences, warnings, tests and reports change status."""

from __future__ import annotations

from typing import Any

from throughcare.casework.rows import Appointment, AppointmentStatus
from throughcare.kernel.actors import Role
from throughcare.kernel.audit import Event
from throughcare.kernel.clock import london_day
from throughcare.kernel.refusals import Invalid, refuse_if
from throughcare.kernel.rows import CaseRow
from throughcare.kernel.steps import Effect, Machine, Step
from throughcare.kernel.work import Moment
from throughcare.requirement import events
from throughcare.requirement.doors import KEEPERS, SUPERVISORS
from throughcare.requirement.rows import Absence, DrugTest, RequirementWarning
from throughcare.requirement.rules import refuse_future
from throughcare.requirement.words import DECIDED, AbsenceStatus, SamplePurpose, SampleStatus, WarningStatus

appointments: Machine[Appointment] = Machine(Appointment, "appointment")
absences: Machine[Absence] = Machine(Absence, "absence")
warnings: Machine[RequirementWarning] = Machine(RequirementWarning, "warning")
tests: Machine[DrugTest] = Machine(DrugTest, "test")
KEPT_OPEN = (AppointmentStatus.CANCELLED_BY_SERVICE, AppointmentStatus.REARRANGED, AppointmentStatus.NOT_REQUIRED)


class TooSoon(Invalid):
    """The appointment has not happened yet."""

    code, beside = "too_soon", "status"


class SayWhy(Invalid):
    """Say why it is decided again: the first decision stays on record."""

    code, beside = "say_why", "because"


def about(row: CaseRow) -> dict[str, Any]:
    """Whom and what an event is about."""
    return {"subject_id": row.id, "case_id": row.case_id}


def outcome_step(status: AppointmentStatus) -> Step[Appointment, [str]]:
    """The step that records one outcome."""

    by = {*KEEPERS, *({Role.SYSTEM} if status is AppointmentStatus.NOT_REQUIRED else ())}  # by its order's own end

    @appointments.step(f"Record: {status.label.lower()}", frm={AppointmentStatus.BOOKED}, to=status, by=by)
    def record(appointment: Appointment, at: Moment, reason: str) -> Effect:
        """The fact, once; only what the service itself called off may be recorded before its time."""
        refuse_if(appointment.at > at.now and status not in KEPT_OPEN, TooSoon)
        return Effect(
            set={"reason_given": reason, "recorded_at": at.now, "recorded_by": at.actor.id},
            event=events.OutcomeRecorded(**about(appointment), on=london_day(appointment.at), status=status),
        )

    return record


OUTCOMES: dict[AppointmentStatus, Step[Appointment, [str]]] = {
    status: outcome_step(status) for status in AppointmentStatus if status is not AppointmentStatus.BOOKED
}


def _decided(absence: Absence, reason: str, because: str, to: AbsenceStatus) -> Effect:
    refuse_if(absence.status in DECIDED and not because, SayWhy)
    return Effect(set={"reason": reason}, event=_classified(absence, to))


def _classified(absence: Absence, to: AbsenceStatus) -> events.AbsenceClassified | events.EvidenceAwaited:
    """Subject is the appointment: what was missed started the clocks that this meets."""
    about_it: dict[str, Any] = {"subject_id": absence.appointment_id, "case_id": absence.case_id}
    if to is AbsenceStatus.AWAITING:
        return events.EvidenceAwaited(**about_it)
    return events.AbsenceClassified(**about_it, outcome=to)


@absences.step(
    "Accept the absence",
    frm={AbsenceStatus.UNDECIDED, AbsenceStatus.AWAITING, AbsenceStatus.UNACCEPTABLE},
    to=AbsenceStatus.ACCEPTABLE,
    by=set(SUPERVISORS),
)
def accept(absence: Absence, at: Moment, reason: str, because: str) -> Effect:  # noqa: ARG001 - every effect is given the moment
    """It was acceptable."""
    return _decided(absence, reason, because, AbsenceStatus.ACCEPTABLE)


@absences.step(
    "Record as unacceptable",
    frm={AbsenceStatus.UNDECIDED, AbsenceStatus.AWAITING, AbsenceStatus.ACCEPTABLE},
    to=AbsenceStatus.UNACCEPTABLE,
    by=set(SUPERVISORS),
)
def reject(absence: Absence, at: Moment, reason: str, because: str) -> Effect:  # noqa: ARG001 - every effect is given the moment
    """It was not."""
    return _decided(absence, reason, because, AbsenceStatus.UNACCEPTABLE)


@absences.step(
    "Wait for evidence",
    frm={AbsenceStatus.UNDECIDED, AbsenceStatus.ACCEPTABLE, AbsenceStatus.UNACCEPTABLE},
    to=AbsenceStatus.AWAITING,
    by=set(SUPERVISORS),
)
def wait(absence: Absence, at: Moment, reason: str, because: str) -> Effect:  # noqa: ARG001 - every effect is given the moment
    """It cannot be decided without seeing something."""
    return _decided(absence, reason, because, AbsenceStatus.AWAITING)


CLASSIFY = {AbsenceStatus.ACCEPTABLE: accept, AbsenceStatus.UNACCEPTABLE: reject, AbsenceStatus.AWAITING: wait}


@warnings.step("Withdraw warning", frm={WarningStatus.GIVEN}, to=WarningStatus.WITHDRAWN, by=set(SUPERVISORS))
def withdraw(warning: RequirementWarning, at: Moment, because: str) -> Effect:
    """It no longer stands; it stays on record."""
    return Effect(
        set={"withdrawn_on": at.today, "withdrawn_because": because},
        event=events.WarningWithdrawn(subject_id=warning.requirement_id, case_id=warning.case_id),
    )


@tests.step("Record that the laboratory has it", frm={SampleStatus.COLLECTED}, to=SampleStatus.AT_LAB, by=set(KEEPERS))
def receive(test: DrugTest, at: Moment) -> Effect:
    """The laboratory received the sample."""
    return Effect(set={"lab_received_at": at.now}, event=_told(test, events.SampleReceived))


@tests.step(
    "Record result",
    frm={SampleStatus.COLLECTED, SampleStatus.AT_LAB},
    to=SampleStatus.RESULT,
    by=set(KEEPERS),
)
def result(test: DrugTest, at: Moment, found: dict[str, Any]) -> Effect:
    """The result came. Whatever it is, nothing follows from it by itself."""
    refuse_future(found["result_on"], at.today, "result_on")
    return Effect(
        set={**found, "result_on": found["result_on"] or at.today}, event=_told(test, events.SampleResultRecorded)
    )


def _told(test: DrugTest, event: type[Event]) -> Event:
    """A clinical test is no matter of the requirement, and is not told as one."""
    return (event if is_ordered(test) else events.ClinicalTestRecorded)(**about(test))


def is_ordered(test: DrugTest) -> bool:
    """Whether the supervising agency ordered it."""
    return test.purpose is not SamplePurpose.CLINICAL

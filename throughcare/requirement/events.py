"""What happens under requirements, as the journal, the service clocks and the journey hear of it."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from throughcare.casework.rows import AppointmentStatus
from throughcare.kernel.audit import Event
from throughcare.requirement.words import AbsenceStatus, Ending, EnforcementChoice, OrderKind


class RequirementRecorded(Event):
    name: ClassVar[str] = "requirement.recorded"
    said: ClassVar[str] = "Requirement recorded"
    kind: str
    order: OrderKind


class SupervisionStarted(Event):
    name: ClassVar[str] = "requirement.supervision_started"
    said: ClassVar[str] = "Supervision started"


class OfficerChanged(Event):
    name: ClassVar[str] = "requirement.officer_changed"
    said: ClassVar[str] = "Responsible officer changed"


class RequirementEnded(Event):
    name: ClassVar[str] = "requirement.ended"
    said: ClassVar[str] = "Requirement ended"
    because: Ending


class OrderedBooked(Event):
    name: ClassVar[str] = "appointment.booked"
    said: ClassVar[str] = "Ordered appointment booked"
    kind: str


class OutcomeRecorded(Event):
    name: ClassVar[str] = "appointment.outcome_recorded"
    said: ClassVar[str] = "Outcome of an ordered appointment recorded"
    status: AppointmentStatus


class Attended(Event):
    name: ClassVar[str] = "appointment.attended"
    said: ClassVar[str] = "Ordered appointment attended"


class FirstAppointmentRecorded(Event):
    name: ClassVar[str] = "requirement.first_appointment_recorded"
    said: ClassVar[str] = "First supervision appointment recorded"


class AppointmentMissed(Event):
    """`on` is the day it was missed; subject is the appointment, as of every event about an absence."""

    name: ClassVar[str] = "requirement.appointment_missed"
    said: ClassVar[str] = "Ordered appointment missed"


class ProbationNotified(Event):
    name: ClassVar[str] = "requirement.probation_notified"
    said: ClassVar[str] = "Missed appointment notified"


class EvidenceReceived(Event):
    name: ClassVar[str] = "requirement.evidence_received"
    said: ClassVar[str] = "Evidence received"


class EvidenceAwaited(Event):
    name: ClassVar[str] = "requirement.evidence_awaited"
    said: ClassVar[str] = "Evidence awaited"


class AbsenceClassified(Event):
    name: ClassVar[str] = "requirement.absence_classified"
    said: ClassVar[str] = "Absence classified"
    outcome: AbsenceStatus


class FollowedUp(Event):
    name: ClassVar[str] = "requirement.followed_up"
    said: ClassVar[str] = "Missed appointment followed up"


class WarningGiven(Event):
    """Subject is the requirement, whose end ends it; `on` the day it was given."""

    name: ClassVar[str] = "requirement.warning_given"
    said: ClassVar[str] = "Warning given"


class WarningWithdrawn(Event):
    name: ClassVar[str] = "requirement.warning_withdrawn"
    said: ClassVar[str] = "Warning withdrawn"


class SecondUnacceptableFailure(Event):
    name: ClassVar[str] = "requirement.second_unacceptable_failure"
    said: ClassVar[str] = "Second unacceptable absence recorded"


class EnforcementNotDue(Event):
    """An absence was decided again, or a warning withdrawn: there is no second one to decide about."""

    name: ClassVar[str] = "requirement.enforcement_not_due"
    said: ClassVar[str] = "No second unacceptable absence any more"


class EnforcementDecided(Event):
    name: ClassVar[str] = "requirement.enforcement_decided"
    said: ClassVar[str] = "Decision on an unacceptable absence recorded"
    choice: EnforcementChoice


class SampleReceived(Event):
    name: ClassVar[str] = "requirement.sample_received_by_lab"
    said: ClassVar[str] = "Sample received by the laboratory"


class SampleResultRecorded(Event):
    name: ClassVar[str] = "requirement.test_result_recorded"
    said: ClassVar[str] = "Result of an ordered test recorded"


class ClinicalTestRecorded(Event):
    """Named as treatment is, so that the supervising agency's timeline does not say that it happened."""

    name: ClassVar[str] = "intervention.clinical_test_recorded"
    said: ClassVar[str] = "Clinical test recorded"


class PeriodEnded(Event):
    """Subject is the report that is now due; `on` the last day of the period."""

    name: ClassVar[str] = "report.period_ended"
    said: ClassVar[str] = "Report period ended"


class ReportDrafted(Event):
    name: ClassVar[str] = "report.drafted"
    said: ClassVar[str] = "Compliance report drafted"


class ReportReturned(Event):
    name: ClassVar[str] = "report.returned"
    said: ClassVar[str] = "Compliance report returned to its author"


class ReportCountersigned(Event):
    name: ClassVar[str] = "report.countersigned"
    said: ClassVar[str] = "Compliance report countersigned"


class ReportSent(Event):
    name: ClassVar[str] = "report.sent"
    said: ClassVar[str] = "Compliance report sent"
    sha256: str


class ReportAcknowledged(Event):
    name: ClassVar[str] = "report.acknowledged"
    said: ClassVar[str] = "Compliance report acknowledged"


class ReportCorrected(Event):
    """Subject is the new version; `corrects_id` the sent one."""

    name: ClassVar[str] = "report.corrected"
    said: ClassVar[str] = "New version of a compliance report made"
    corrects_id: UUID


class RiskChanged(Event):
    name: ClassVar[str] = "risk.changed"
    said: ClassVar[str] = "Change of risk recorded"


class RiskNotified(Event):
    name: ClassVar[str] = "risk.notified"
    said: ClassVar[str] = "Change of risk notified"


class RiskAcknowledged(Event):
    name: ClassVar[str] = "risk.acknowledged"
    said: ClassVar[str] = "Change of risk acknowledged"

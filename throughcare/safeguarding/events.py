"""What happens about a child, in the names the service clocks listen for."""

from __future__ import annotations

from typing import ClassVar

from throughcare.kernel.audit import Event


class ConcernRecorded(Event):
    name: ClassVar[str] = "safeguarding.concern_recorded"


class ConcernLevel4(Event):
    name: ClassVar[str] = "safeguarding.concern_level4"


class Consulted(Event):
    name: ClassVar[str] = "safeguarding.consulted"


class ConsultationAnswered(Event):
    name: ClassVar[str] = "safeguarding.consultation_answered"


class Referred(Event):
    name: ClassVar[str] = "safeguarding.referred"


class FormSent(Event):
    name: ClassVar[str] = "safeguarding.form_sent"


class DecisionRecorded(Event):
    name: ClassVar[str] = "safeguarding.decision_recorded"


class ReferralAccepted(Event):
    name: ClassVar[str] = "safeguarding.referral_accepted"


class AssessmentDone(Event):
    name: ClassVar[str] = "safeguarding.assessment_done"


class StrategyDiscussion(Event):
    name: ClassVar[str] = "safeguarding.strategy_discussion"


class ConferenceHeld(Event):
    name: ClassVar[str] = "safeguarding.conference_held"


class ConferenceCirculated(Event):
    name: ClassVar[str] = "safeguarding.conference_circulated"


class CoreGroupHeld(Event):
    name: ClassVar[str] = "safeguarding.core_group_held"


class PregnancyKnown(Event):
    name: ClassVar[str] = "safeguarding.pregnancy_known"


class PregnancyBooked(Event):
    name: ClassVar[str] = "safeguarding.pregnancy_booked"


class Considered(Event):
    name: ClassVar[str] = "safeguarding.considered"


class ConcernClosed(Event):
    name: ClassVar[str] = "safeguarding.closed"

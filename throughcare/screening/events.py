"""What happens in screening, as the journal, the service clocks and the journey hear of it."""

from __future__ import annotations

from typing import ClassVar

from throughcare.casework.sides import Side
from throughcare.kernel.audit import Event
from throughcare.screening.rules import Pathway


class SafetyAsked(Event):
    """The reception safety questions were answered."""

    name: ClassVar[str] = "screening.safety_asked"
    said: ClassVar[str] = "Reception safety questions answered"


class SafetyNotAsked(Event):
    """The reception safety questions could not be asked then."""

    name: ClassVar[str] = "screening.safety_not_asked"
    said: ClassVar[str] = "Reception safety questions could not be asked"


class HealthcareNeededToday(Event):
    """An answer, or not knowing one, calls for healthcare the same day."""

    name: ClassVar[str] = "screening.healthcare_needed_today"
    said: ClassVar[str] = "Healthcare asked to see the person today"


class HealthcareSaw(Event):
    """Healthcare saw the person after that."""

    name: ClassVar[str] = "healthcare.seen"
    said: ClassVar[str] = "Seen by healthcare"


class ScreeningStarted(Event):
    """An instrument was opened."""

    name: ClassVar[str] = "screening.started"
    said: ClassVar[str] = "Screening started"
    instrument: str


class ScreeningScored(Event):
    """One instrument was answered to its end and scored."""

    name: ClassVar[str] = "screening.scored"
    said: ClassVar[str] = "Screening scored"
    instrument: str


class ScreeningCompleted(Event):
    """Alcohol and drugs have both been screened since reception."""

    name: ClassVar[str] = "screening.completed"
    said: ClassVar[str] = "Alcohol and drug screening completed"


class ScreeningDeclined(Event):
    """The person declined."""

    name: ClassVar[str] = "screening.declined"
    said: ClassVar[str] = "Screening declined"


class ScreeningNotAble(Event):
    """The person could not be screened that day."""

    name: ClassVar[str] = "screening.not_able"
    said: ClassVar[str] = "Not able to be screened"


class ProfileRecorded(Event):
    """A treatment outcomes profile was recorded; `stage` is start, review, exit or post-treatment exit."""

    name: ClassVar[str] = "screening.top_recorded"
    said: ClassVar[str] = "Treatment outcomes profile recorded"
    stage: str = ""


class AskedBeside(Event):
    """Wish for help, children and pregnancy were asked about."""

    name: ClassVar[str] = "screening.asked_beside"
    said: ClassVar[str] = "Asked about help, children and pregnancy"


class PregnancyTold(Event):
    """The person is, or may be, pregnant."""

    name: ClassVar[str] = "screening.pregnancy_told"
    said: ClassVar[str] = "Pregnancy told of at screening"


class ChildrenTold(Event):
    """The person has children, or lives with or looks after some."""

    name: ClassVar[str] = "screening.children_told"
    said: ClassVar[str] = "Children told of at screening"


class ClinicianViewed(Event):
    """A clinician gave a view on whether a specialist should assess."""

    name: ClassVar[str] = "screening.clinician_viewed"
    said: ClassVar[str] = "Clinician's view recorded"
    side: Side


class PathwayOverridden(Event):
    """Staff chose another pathway than the facts give."""

    name: ClassVar[str] = "screening.pathway_overridden"
    said: ClassVar[str] = "Pathway changed by staff"
    side: Side


class OutcomeEvent(Event):
    """What a new outcome calls for, on one side."""

    side: Side


class FeedbackDue(OutcomeEvent):
    """Positive feedback and information."""

    name: ClassVar[str] = "screening.feedback_due"
    said: ClassVar[str] = "Feedback and information due"


class BriefInterventionDue(OutcomeEvent):
    """A brief intervention; `extended` when sessions are to follow."""

    name: ClassVar[str] = "screening.brief_intervention_due"
    said: ClassVar[str] = "Brief intervention due"
    extended: bool = False


class SpecialistAssessmentDue(OutcomeEvent):
    """Specialist assessment, and no brief intervention in its place."""

    name: ClassVar[str] = "screening.specialist_assessment_due"
    said: ClassVar[str] = "Specialist assessment due"
    today: bool = False


class SubstanceTeamAssessmentDue(OutcomeEvent):
    """Assessment by the substance team."""

    name: ClassVar[str] = "screening.substance_team_assessment_due"
    said: ClassVar[str] = "Substance-team assessment due"


class ReferralOffered(OutcomeEvent):
    """Beside the pathway, a specialist referral is on offer."""

    name: ClassVar[str] = "screening.referral_offered"
    said: ClassVar[str] = "Specialist referral offered"


class NeedFound(OutcomeEvent):
    """There is an alcohol or a drug need."""

    name: ClassVar[str] = "screening.substance_need_found"
    said: ClassVar[str] = "Need found at screening"


class BriefNoLongerDue(OutcomeEvent):
    """The pathway moved away from a brief intervention before one was given."""

    name: ClassVar[str] = "screening.brief_intervention_not_due"
    said: ClassVar[str] = "Brief intervention no longer due"


CALLED_FOR: dict[Pathway, type[OutcomeEvent]] = {
    Pathway.SCREEN_NEGATIVE: FeedbackDue,
    Pathway.FEEDBACK: FeedbackDue,
    Pathway.BRIEF: BriefInterventionDue,
    Pathway.BRIEF_AND_EXTENDED: BriefInterventionDue,
    Pathway.SPECIALIST: SpecialistAssessmentDue,
    Pathway.SUBSTANCE_TEAM: SubstanceTeamAssessmentDue,
}

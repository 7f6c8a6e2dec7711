"""What follows from a screening outcome: a brief intervention, or a specialist and no brief intervention instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from throughcare.intervention import actions as interventions
from throughcare.kernel.audit import Event
from throughcare.kernel.work import Reaction, Work
from throughcare.safeguarding import considering, pregnancy
from throughcare.safeguarding.events import ConcernRecorded, PregnancyKnown
from throughcare.safeguarding.forms import JustDo
from throughcare.screening.events import (
    BriefInterventionDue,
    BriefNoLongerDue,
    ChildrenTold,
    PregnancyTold,
    ReferralOffered,
    SpecialistAssessmentDue,
)


def list_brief(work: Work, event: Event) -> None:
    """A brief intervention goes on the list."""
    assert isinstance(event, BriefInterventionDue)
    assert event.case_id
    interventions.due(work, event.case_id, event.side, event.subject_id, extended=event.extended)


def unlist_brief(work: Work, event: Event) -> None:
    """It comes off again when the pathway moves away."""
    assert isinstance(event, BriefNoLongerDue)
    assert event.case_id
    interventions.not_due(work, event.case_id, event.side)


def list_specialist(work: Work, event: Event) -> None:
    """A specialist assessment is to be arranged."""
    assert isinstance(event, SpecialistAssessmentDue)
    assert event.case_id
    interventions.specialist_due(work, event.case_id, event.side, event.subject_id, today=event.today)


def offer_specialist(work: Work, event: Event) -> None:
    """A referral is on offer beside the pathway."""
    assert isinstance(event, ReferralOffered)
    assert event.case_id
    interventions.specialist_offered(work, event.case_id, event.side, event.subject_id)


def fast_track(work: Work, event: Event) -> None:
    """A pregnancy told of at screening is a pregnancy known: fast track into treatment."""
    assert event.case_id
    pregnancy.pregnancy_known(work, event.case_id, JustDo())


REACTIONS: Mapping[type[Event], Sequence[Reaction]] = {
    BriefInterventionDue: (list_brief,),
    BriefNoLongerDue: (unlist_brief,),
    SpecialistAssessmentDue: (list_specialist,),
    ReferralOffered: (offer_specialist,),
    PregnancyTold: (fast_track,),
    ChildrenTold: (considering.ask,),
    PregnancyKnown: (considering.ask,),
    ConcernRecorded: (considering.answered,),
}

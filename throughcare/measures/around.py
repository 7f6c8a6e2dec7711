"""What belongs to the cases of a year's releases: needs found, handovers, first appointments and plans, by case."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col

from throughcare.casework.agencies import Agency
from throughcare.casework.rows import Appointment
from throughcare.handover.rows import Handover, NoHandover
from throughcare.intervention.rows import SpecialistReferral
from throughcare.kernel.work import Work
from throughcare.measures.book import Scope
from throughcare.measures.gathering import ByCase, Cases, by_case, pick
from throughcare.measures.planned import Planned, planned
from throughcare.screening.rows import ScreeningOutcome

FIRST_TREATMENT = "first_treatment"


@dataclass(frozen=True)
class Around:
    """Rows by case, each in the order it came about."""

    outcomes: ByCase
    assessed: ByCase
    handovers: ByCase
    not_needed: ByCase
    appointments: ByCase
    plans: Planned
    scope: Scope


def around_releases(work: Work, cases: Cases, scope: Scope) -> Around:
    """One query for each kind of row, whatever the number of cases."""
    return Around(
        outcomes=_outcomes(work, cases),
        assessed=_assessed(work, cases),
        handovers=_handovers(work, cases),
        not_needed=_not_needed(work, cases),
        appointments=_appointments(work, cases),
        plans=planned(work, cases),
        scope=scope,
    )


def _outcomes(work: Work, cases: Cases) -> ByCase:
    query = pick(
        ScreeningOutcome.case_id,
        ScreeningOutcome.side,
        ScreeningOutcome.pathway,
        ScreeningOutcome.settled_at,
        ScreeningOutcome.replaced_at,
    )
    return by_case(work, query.where(col(ScreeningOutcome.case_id).in_(cases)))


def _assessed(work: Work, cases: Cases) -> ByCase:
    it = SpecialistReferral
    query = pick(it.case_id, it.side, it.assessed, it.concluded_on)
    return by_case(work, query.where(col(it.case_id).in_(cases), col(it.concluded_on).is_not(None)))


def _handovers(work: Work, cases: Cases) -> ByCase:
    """Those that were sent, with where they were sent to."""
    it = Handover
    query = (
        pick(
            it.case_id,
            it.sought,
            it.sent_at,
            it.accepted_at,
            it.treatment_started_on,
            Agency.jurisdiction,
            Agency.area,
        )
        .join(Agency, col(Agency.id) == col(it.to_agency_id))
        .where(col(it.case_id).in_(cases), col(it.sent_at).is_not(None))
    )
    return by_case(work, query.order_by(col(it.sent_at)))


def _not_needed(work: Work, cases: Cases) -> ByCase:
    query = pick(NoHandover.case_id, NoHandover.reason, NoHandover.created_at)
    return by_case(work, query.where(col(NoHandover.case_id).in_(cases)).order_by(col(NoHandover.created_at)))


def _appointments(work: Work, cases: Cases) -> ByCase:
    it = Appointment
    query = pick(it.case_id, it.created_at, it.at, it.with_whom, it.status, it.recorded_at)
    return by_case(work, query.where(col(it.case_id).in_(cases), col(it.kind) == FIRST_TREATMENT))

"""Keeps the outcome on each side in step with what is known, and says what a new outcome calls for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework.sides import Side
from throughcare.kernel.work import Work
from throughcare.screening.events import (
    CALLED_FOR,
    BriefInterventionDue,
    BriefNoLongerDue,
    NeedFound,
    OutcomeEvent,
    ReferralOffered,
    ScreeningCompleted,
    SpecialistAssessmentDue,
)
from throughcare.screening.facts import alcohol_facts, drug_facts, known
from throughcare.screening.rows import Scope, Screening, ScreeningOutcome
from throughcare.screening.rules import NO_NEED, OPEN, Local, Outcome, Pathway, Status, pathway
from throughcare.screening.rules.pathway import BRIEF_PATHWAYS


def current(work: Work, case_id: UUID) -> dict[Side, ScreeningOutcome]:
    """The outcome that stands on each side."""
    found = select(ScreeningOutcome).where(
        ScreeningOutcome.case_id == case_id, col(ScreeningOutcome.replaced_at).is_(None)
    )
    return {row.side: row for row in work.session.exec(found)}


def settle(work: Work, case_id: UUID, about: UUID) -> None:
    """Reckon both sides again after something changed; `about` is the row that changed.

    A staff override stands until the facts themselves give another pathway.
    """
    facts = known(work, case_id)
    before = current(work, case_id)
    was_open = len(before) < len(Side) or any(row.pathway in OPEN for row in before.values())
    for side, given in ((Side.ALCOHOL, alcohol_facts(work, facts)), (Side.DRUGS, drug_facts(work, facts))):
        outcome = pathway(given, work.reference[Local])
        if _differs(before.get(side), outcome):
            replace(work, case_id, side, outcome)
    after = current(work, case_id)
    if was_open and len(after) == len(Side) and not any(row.pathway in OPEN for row in after.values()):
        last = work.session.get(Screening, about)
        work.record(ScreeningCompleted(subject_id=about, case_id=case_id, on=last.on if last else None))


def _differs(row: ScreeningOutcome | None, outcome: Outcome) -> bool:
    if row is None:
        return outcome.pathway is not Pathway.NOT_SCREENED
    now = (outcome.pathway, list(outcome.reasons), outcome.referral_offered, outcome.healthcare_today)
    offered = row.referral_offered if not row.override_reason else outcome.referral_offered
    return now != (row.computed, list(row.reasons), offered, row.healthcare_today)


def replace(work: Work, case_id: UUID, side: Side, outcome: Outcome) -> ScreeningOutcome:
    """Put a new outcome in the place of the one that stood, and record what it newly calls for."""
    before = current(work, case_id).get(side)
    if before is not None:
        before.replaced_at = work.now
        work.session.add(before)
        work.session.flush()
    kept = _keeping_override(before, outcome)
    row = work.add(
        ScreeningOutcome(
            case_id=case_id,
            side=side,
            settled_at=work.now,
            screened_by=_screener(work, case_id, side),
            pathway=kept.pathway,
            computed=kept.computed or kept.pathway,
            reasons=list(kept.reasons),
            referral_offered=kept.referral_offered,
            healthcare_today=kept.healthcare_today,
            override_reason=kept.override_reason,
            overridden_by=_overrider(work, before, kept),
        )
    )
    _call_for(work, before, row)
    return row


def _screener(work: Work, case_id: UUID, side: Side) -> UUID:
    """Who carried out the newest screening on this side; failing that, who is acting."""
    scope = Scope(side.value)
    found = select(Screening.by).where(Screening.case_id == case_id, Screening.scope == scope)
    done = found.where(Screening.status == Status.COMPLETED).order_by(col(Screening.completed_at).desc())
    return work.session.exec(done).first() or work.actor.id


def _keeping_override(before: ScreeningOutcome | None, outcome: Outcome) -> Outcome:
    """The override stands while the facts give the same pathway as when it was made."""
    if before is None or not before.override_reason or outcome.override_reason or before.computed != outcome.pathway:
        return outcome
    return Outcome(
        before.pathway, outcome.reasons, before.referral_offered, outcome.healthcare_today,
        before.computed, before.override_reason,
    )  # fmt: skip


def _overrider(work: Work, before: ScreeningOutcome | None, kept: Outcome) -> UUID | None:
    if not kept.override_reason:
        return None
    same = before is not None and before.override_reason == kept.override_reason and before.pathway == kept.pathway
    return before.overridden_by if before and same else work.actor.id


def _call_for(work: Work, before: ScreeningOutcome | None, row: ScreeningOutcome) -> None:
    """Record what the new outcome calls for, and what the old one no longer does."""
    told: dict[str, Any] = {"subject_id": row.id, "case_id": row.case_id, "side": row.side}
    if row.referral_offered and not (before and before.referral_offered):
        work.record(ReferralOffered(**told))
    if before and before.pathway == row.pathway:
        _bring_forward(work, before, row)
        return
    if before and before.pathway in BRIEF_PATHWAYS and row.pathway not in BRIEF_PATHWAYS:
        work.record(BriefNoLongerDue(**told))
    event = _event(row, told)
    if event:
        work.record(event)
    if row.pathway not in NO_NEED | OPEN and not (before and before.pathway not in NO_NEED | OPEN):
        work.record(NeedFound(**told))


def _bring_forward(work: Work, before: ScreeningOutcome, row: ScreeningOutcome) -> None:
    """A risk of withdrawal learnt of after specialist assessment was called for: it is due today now."""
    learnt = row.healthcare_today and not before.healthcare_today
    if learnt and CALLED_FOR.get(row.pathway) is SpecialistAssessmentDue:
        work.record(SpecialistAssessmentDue(subject_id=row.id, case_id=row.case_id, side=row.side, today=True))


def _event(row: ScreeningOutcome, told: dict[str, Any]) -> OutcomeEvent | None:
    kind = CALLED_FOR.get(row.pathway)
    if kind is BriefInterventionDue:
        return BriefInterventionDue(**told, extended=row.pathway is Pathway.BRIEF_AND_EXTENDED)
    if kind is SpecialistAssessmentDue:
        return SpecialistAssessmentDue(**told, today=row.healthcare_today)
    return kind(**told) if kind else None

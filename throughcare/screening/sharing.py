"""The person's agreement that their screening band may be known to the team that supports them."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import col, select

from throughcare.casework.people import Consent, ConsentState
from throughcare.kernel.categories import Category
from throughcare.kernel.work import Work


def agree(work: Work, case_id: UUID) -> None:
    """Record the agreement for the screener's own agency, once; taking it back is done on the sharing page."""
    held = select(Consent).where(
        Consent.case_id == case_id,
        Consent.agency_id == work.actor.agency_id,
        Consent.state == ConsentState.GIVEN,
        col(Consent.ended_at).is_(None),
    )
    if any(Category.SCREENING in consent.categories for consent in work.session.exec(held)):
        return
    work.add(
        Consent(
            case_id=case_id,
            purpose="share",
            agency_id=work.actor.agency_id,
            categories=[Category.SCREENING.value],
            state=ConsentState.GIVEN,
            given_at=work.now,
            recorded_by=work.actor.id,
        )
    )

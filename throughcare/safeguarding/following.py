"""Children's safety goes on when a parent is moved: what one prison had under way is the next one's to see through."""

from __future__ import annotations

from sqlmodel import col, select

from throughcare.casework.agencies import Agency
from throughcare.casework.release_day import open_stay
from throughcare.kernel.actors import AgencyKind
from throughcare.kernel.audit import Event
from throughcare.kernel.work import Work
from throughcare.safeguarding.rows import Consultation, Referral, ReferralStatus


def follow(work: Work, event: Event) -> None:
    """Referrals still open and consultations unanswered, of a prison that can no longer open the case."""
    stay = open_stay(work, event.case_id) if event.case_id else None
    if stay is None:
        return
    elsewhere = select(Agency.id).where(Agency.kind == AgencyKind.PRISON, Agency.id != stay.prison_id)
    here = (Referral.case_id == event.case_id, col(Referral.agency_id).in_(elsewhere))
    for referral in work.session.exec(select(Referral).where(*here, Referral.status != ReferralStatus.CLOSED)):
        referral.agency_id = stay.prison_id
        work.session.add(referral)
    waiting = select(Consultation).where(
        Consultation.case_id == event.case_id,
        col(Consultation.agency_id).in_(elsewhere),
        col(Consultation.answered_at).is_(None),
    )
    for held in work.session.exec(waiting):
        held.agency_id = stay.prison_id
        work.session.add(held)

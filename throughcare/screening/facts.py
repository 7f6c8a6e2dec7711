"""Gathers what is known on each side since reception, and lets the pathway follow from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, or_
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from throughcare.casework.release_day import open_stay
from throughcare.casework.rows import CustodyEpisode
from throughcare.casework.sides import Side
from throughcare.kernel.work import Work
from throughcare.screening.instruments import Instruments
from throughcare.screening.rows import AskedToo, ClinicianView, SafetyCheck, SafetyStatus, Screening
from throughcare.screening.rules import AlcoholFacts, DrugFacts, Local, Safety, Status, call_healthcare_now


@dataclass(frozen=True)
class Known:
    """The rows of one stay in custody, newest first, from which the facts are read."""

    screenings: Sequence[Screening]
    safety: SafetyCheck | None
    asked: AskedToo | None
    views: Sequence[ClinicianView]

    def newest(self, *instruments: str) -> Screening | None:
        """The newest completed screening with one of these instruments."""
        done = (row for row in self.screenings if row.status is Status.COMPLETED and row.instrument in instruments)
        return next(done, None)

    def clinician_asks(self, side: Side) -> bool:
        """What the newest view on this side says."""
        return next((view.asks_specialist for view in self.views if view.side is side), False)


def since_reception(work: Work, case_id: UUID) -> date:
    """The day the latest stay in custody began: an earlier stay's screening does not stand for this one."""
    stay = latest_stay(work, case_id)
    return stay.received_on if stay else date.min


def latest_stay(work: Work, case_id: UUID) -> CustodyEpisode | None:
    """The stay in custody that is open, else the one that began last."""
    found = select(CustodyEpisode).where(CustodyEpisode.case_id == case_id)
    newest = (col(CustodyEpisode.ended_at).is_(None).desc(), col(CustodyEpisode.received_on).desc())
    return work.session.exec(found.order_by(*newest, col(CustodyEpisode.created_at).desc())).first()


def in_custody(work: Work, case_id: UUID) -> bool:
    """Whether a stay in custody is open: it decides which period the questions ask about."""
    return open_stay(work, case_id) is not None


def known(work: Work, case_id: UUID) -> Known:
    """Everything recorded since reception."""
    day = since_reception(work, case_id)
    screenings = select(Screening).where(Screening.case_id == case_id, Screening.on >= day)
    asked = select(AskedToo).where(AskedToo.case_id == case_id, AskedToo.on >= day)
    views = select(ClinicianView).where(ClinicianView.case_id == case_id, ClinicianView.on >= day)
    return Known(
        screenings=work.session.exec(
            screenings.order_by(col(Screening.on).desc(), col(Screening.completed_at).desc())
        ).all(),
        safety=safety_of(work, case_id),
        asked=work.session.exec(asked.order_by(col(AskedToo.created_at).desc())).first(),
        views=work.session.exec(views.order_by(col(ClinicianView.created_at).desc())).all(),
    )


def safety_of(work: Work, case_id: UUID) -> SafetyCheck | None:
    """The safety questions as they stand for the latest stay: the newest answers, else that they could not be asked.

    What was asked in an earlier stay does not stand for this one, even on the same day; what was asked outside stands
    when it was asked after this stay began.
    """
    answered_first = col(SafetyCheck.not_asked_because).__eq__("").desc()
    order = (answered_first, col(SafetyCheck.asked_at).desc())
    return work.session.exec(_of_latest_stay(work, case_id).order_by(*order)).first()


def _of_latest_stay(work: Work, case_id: UUID) -> SelectOfScalar[SafetyCheck]:
    stay = latest_stay(work, case_id)
    found = select(SafetyCheck).where(SafetyCheck.case_id == case_id)
    if stay:
        outside = and_(col(SafetyCheck.stay_id).is_(None), col(SafetyCheck.asked_at) > stay.created_at)
        found = found.where(or_(col(SafetyCheck.stay_id) == stay.id, outside))
    return found


def waiting_for_healthcare(work: Work, case_id: UUID) -> Sequence[SafetyCheck]:
    """What sent the person to healthcare in the latest stay, newest first, where nobody there has seen them since.

    Answers that are all no do not take back what an earlier yes or not known asked for.
    """
    found = _of_latest_stay(work, case_id).where(SafetyCheck.status == SafetyStatus.HEALTHCARE_TODAY)
    return work.session.exec(found.order_by(col(SafetyCheck.asked_at).desc())).all()


def alcohol_facts(work: Work, known: Known) -> AlcoholFacts:
    """The alcohol side. Only a full AUDIT is an AUDIT; a short screen is no more than a reason to continue."""
    instruments = work.reference[Instruments]
    audit, sadq = known.newest("audit"), known.newest("sadq")
    short = {it.id for it in instruments if it.use == "short_screen" and it.about == "alcohol"}
    said = [row.positive for row in known.screenings if row.status is Status.COMPLETED and row.instrument in short]
    return AlcoholFacts(
        audit=audit.total if audit else None,
        short_screen_positive=any(said) if said else None,  # only the full AUDIT undoes a positive one
        sadq=sadq.total if sadq else None,
        clinician_asks_specialist=known.clinician_asks(Side.ALCOHOL),
        related_illness=bool(known.asked and known.asked.related_illness),
        withdrawal_risk=at_risk(work, known, Side.ALCOHOL),
    )


def drug_facts(work: Work, known: Known) -> DrugFacts:
    """The drugs side."""
    dudit = known.newest("dudit")
    return DrugFacts(
        dudit=dudit.total if dudit else None,
        dudit_positive=dudit.positive if dudit else None,
        clinician_asks_specialist=known.clinician_asks(Side.DRUGS),
        withdrawal_risk=at_risk(work, known, Side.DRUGS),
    )


def at_risk(work: Work, known: Known, side: Side) -> bool:
    """Whether the safety questions sent the person to healthcare about this side, and nobody there has seen them yet."""
    check = known.safety
    if check is None or check.status is not SafetyStatus.HEALTHCARE_TODAY:
        return False
    return Safety(healthcare_today=True, because=tuple(check.because)).about(side, work.reference[Local].safety)


def call_for_healthcare(work: Work, row: Screening) -> bool:
    """Whether this withdrawal score, after those before it in the same stay, calls for healthcare now."""
    instrument = work.reference[Instruments][row.instrument]
    if instrument.use != "clinical" or row.completed_at is None:
        return False
    series = [
        it.total
        for it in reversed(known(work, row.case_id).screenings)
        if it.instrument == row.instrument and it.total is not None and it.completed_at
        if it.completed_at <= row.completed_at
    ]
    return call_healthcare_now(instrument, series)

"""The stage on the list is a copy of what the journal amounts to: made again whenever something happens that could move it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select

from throughcare.casework.people import Case
from throughcare.casework.rows import CustodyEpisode
from throughcare.casework.stage import PLANNING, Facts, Stage, stage_of
from throughcare.kernel.audit import AuditRow, Event
from throughcare.kernel.work import Work

BEGAN = ("custody.received", "custody.recalled")  # each opens the journey anew
PLANS = ("plan.started", "plan.agreed", "plan.reopened", "plan.returned")
HELD = ("handover.activated", "handover.completed", "handover.return_accepted")
SCREENED = "screening.completed"
TELLING = (*BEGAN, *PLANS, *HELD, SCREENED)
MOVES = frozenset({
    *BEGAN, *PLANS, *HELD, SCREENED, "custody.released", "custody.release_date_set",
    "custody.release_date_confirmed", "custody.release_date_unconfirmed", "case.closed", "case.reopened", "person.died",
})  # fmt: skip


def keep_stage(work: Work, event: Event) -> None:
    """The reaction: derive the stage again and keep it where the list can sort by it."""
    if event.case_id is None or event.name not in MOVES:
        return
    case = work.session.get_one(Case, event.case_id)
    stage = stage_of(facts(work, case), work.today)
    if case.stage != stage:
        case.stage = stage
        work.session.add(case)


def facts(work: Work, case: Case) -> Facts:
    """What the stage hangs on, read from the journal of this stay and from the stay itself."""
    told = _told(work, case)
    began = next((at for name, at in told if name in BEGAN), None)
    stay = [name for name, at in told if began is None or at >= began]
    plan, held = (next((name for name in stay if name in names), None) for names in (PLANS, HELD))
    staying = select(CustodyEpisode.id).where(CustodyEpisode.case_id == case.id, col(CustodyEpisode.ended_at).is_(None))
    return Facts(
        closed=case.closed_at is not None,
        in_custody=work.session.exec(staying).first() is not None,
        screened=SCREENED in stay,
        release_on=case.release_on,
        plan_started=plan is not None,
        plan_agreed=plan == "plan.agreed",
        active_handover=held == "handover.activated",
    )


def _told(work: Work, case: Case) -> list[tuple[str, datetime]]:
    """What was written down of this case that a stage hangs on, the newest first."""
    found = select(AuditRow.name, col(AuditRow.at)).where(AuditRow.case_id == case.id, col(AuditRow.name).in_(TELLING))
    return list(work.session.exec(found.order_by(col(AuditRow.at).desc(), col(AuditRow.created_at).desc())))


def keep_stages(work: Work) -> int:
    """What only the passing of days moves: the twelve weeks before release have begun for these cases."""
    near = select(Case).where(
        col(Case.stage).in_([Stage.RECEPTION, Stage.IN_CUSTODY]), col(Case.release_on) <= work.today + PLANNING
    )
    moved = 0
    for case in work.session.exec(near.order_by(col(Case.release_on)).limit(500)):
        stage = stage_of(facts(work, case), work.today)
        if case.stage != stage:
            case.stage = stage
            work.session.add(case)
            moved += 1
    return moved

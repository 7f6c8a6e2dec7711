"""The work a handover makes: whoever's turn it is finds it on their list, and the answer takes it off."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from throughcare.casework.clocks import calendar_for
from throughcare.casework.tasks import About, Errand, For, errand, give
from throughcare.handover import workers
from throughcare.handover.rows import Handover
from throughcare.kernel.actors import Role
from throughcare.kernel.categories import Category
from throughcare.kernel.clock import end_of
from throughcare.kernel.work import Work

PAGE = "/handovers/{subject_id}"
OVER = {"handover.accepted", "handover.declined", "handover.recalled"}
RETURN_SETTLED = {"handover.return_accepted", "handover.return_declined"}

OPEN = errand(Category.RECORD, "handover_open", "Open a handover sent to your team", PAGE, {"handover.received", *OVER})
DECIDE = errand(Category.RECORD, "handover_decide", "Answer a handover: the information has come", PAGE, {"handover.waiting_listed", *OVER})  # fmt: skip
REMIND = errand(Category.RECORD, "handover_remind", "A handover is waiting for your team's answer", PAGE, {"handover.waiting_listed", *OVER})  # fmt: skip
LATE = errand(
    Category.RECORD, "handover_late", "A handover to your team ran out of time: see that it is answered", PAGE, OVER
)
UNANSWERED = errand(
    Category.RECORD, "handover_unanswered", "No answer came to a handover: plan again or ring the team", PAGE, OVER
)
INFORM = errand(
    Category.RECORD,
    "handover_inform",
    "Give the information a team asked for",
    PAGE,
    {"handover.information_given", *OVER},
)
REVIEW = errand(Category.RECORD, "handover_review", "Look again at somebody on your waiting list", PAGE, OVER)
WAIT = errand(Category.RECORD, "handover_wait", "Plan for the wait: they were put on a waiting list", PAGE, OVER, by_hand=True)  # fmt: skip
TELL = errand(Category.RECORD, "handover_tell", "Tell the person about their first appointment", PAGE, {"handover.activated", "handover.return_offered"}, by_hand=True)  # fmt: skip
MEET = errand(
    Category.RECORD, "handover_meet", "Make first contact", PAGE, {"handover.activated", "handover.return_accepted"}
)
REPLAN = errand(Category.RECORD, "handover_replan", "Plan again: a handover was declined", PAGE, by_hand=True)  # fmt: skip
GONE = errand(Category.RECORD, "handover_gone", "A handover to your team was taken back: see why", PAGE, by_hand=True)  # fmt: skip
PASSED = errand(Category.RECORD, "handover_passed", "The case has passed on: check that nothing is left with you", PAGE, by_hand=True)  # fmt: skip
TREAT = errand(Category.RECORD, "handover_treat", "Record when structured treatment starts", PAGE, {"handover.treatment_started", "handover.completed", "handover.return_accepted"})  # fmt: skip
ENDED = errand(Category.RECORD, "handover_ended", "A handover has ended: read how", PAGE, by_hand=True)  # fmt: skip
TAKE_BACK = errand(Category.RECORD, "handover_take_back", "Answer a case offered back to you", PAGE, RETURN_SETTLED)
SETTLED = errand(Category.RECORD, "handover_settled", "Read the answer to the case you offered back", PAGE, by_hand=True)  # fmt: skip


def sender(row: Handover) -> For:
    """The worker who sent it."""
    return For(row.from_agency_id, team_id=row.from_team_id, worker_id=row.from_worker_id)


def receiver(row: Handover) -> For:
    """The team it is addressed to; from acceptance, the worker they named."""
    return For(row.to_agency_id, team_id=row.to_team_id, worker_id=row.worker_id)


def managers(row: Handover) -> tuple[For, For]:
    """Both sides' managers."""
    return (
        For(row.to_agency_id, team_id=row.to_team_id, role=Role.MANAGER),
        For(row.from_agency_id, team_id=row.from_team_id, role=Role.MANAGER),
    )


def put(work: Work, what: Errand, whose: For, row: Handover, due_at: datetime, key: str = "") -> None:
    """On their list, once for each turn the handover takes."""
    about = About(row.case_id, row.id, f"{row.id}:{key or row.version}")
    whose = replace(whose, worker_id=workers.still_at(work, whose.worker_id, whose.agency_id))
    give(work, what, whose, about, due_at, urgent=row.fast_track)


def next_day(work: Work, whose: For, days: int = 1) -> datetime:
    """The end of the nth working day from now, where whoever has the work counts it."""
    return end_of(calendar_for(work, whose.agency_id).working_days_after(work.today, days))

"""The ledger of who wants no texts: only added to, and read from its last line (R27-R30)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlmodel import col, func, or_, select

from throughcare.checkin import budget, errands, events, holding
from throughcare.checkin.rows import CheckinPrompt, OptOut
from throughcare.kernel.delivery import STOPPABLE, Delivery, Purpose
from throughcare.kernel.moves import OUTBOX, Moved, move
from throughcare.kernel.work import Work


def opted_out(work: Work, case_id: UUID, number: str) -> bool:
    """Does this person, on this number, want no texts?"""
    lines = select(OptOut.out).where(
        OptOut.number == number, or_(col(OptOut.case_id).is_(None), OptOut.case_id == case_id)
    )
    last = lines.order_by(col(OptOut.at).desc(), col(OptOut.created_at).desc(), col(OptOut.out).desc())
    return bool(work.session.exec(last).first())


def opt_out(work: Work, case_id: UUID, number: str, source: str, verbatim: str = "") -> None:
    """They want no texts: nothing that waits goes, silence is not counted, and somebody calls them (R30)."""
    holding.case_first(work, case_id)
    if opted_out(work, case_id, number):
        return
    line = _write(work, number, case_id, source, verbatim, out=True)
    hold_back(work, case_id, "opted_out")
    for prompt in open_prompts(work, case_id):
        prompt.stopped_at = work.now
        work.session.add(prompt)
    work.record(events.OptedOut(subject_id=line.id, case_id=case_id, source=source))
    errands.ask_to_call(work, errands.OPTED_OUT, case_id, line.id, errands.today(work))


def opt_in(work: Work, case_id: UUID, number: str, source: str, verbatim: str = "") -> bool:
    """They want texts again; False when they never stopped them. Nothing but START or a worker does this (R29)."""
    if not opted_out(work, case_id, number):
        return False
    line = _write(work, number, case_id, source, verbatim, out=False)
    work.record(events.OptedIn(subject_id=line.id, case_id=case_id, source=source))
    return True


def hold_back(work: Work, case_id: UUID, why: str, to: Delivery = Delivery.SUPPRESSED) -> int:
    """Stop every text to this person that has not left and was not just asked for; how many."""
    holding.case_first(work, case_id)
    waiting = OUTBOX.select().where(
        OUTBOX.c.case_id == case_id, OUTBOX.c.state.in_(STOPPABLE), OUTBOX.c.purpose != Purpose.SAFETY
    )
    work.session.flush()
    rows = work.session.connection().execute(waiting.order_by(OUTBOX.c.id).with_for_update()).all()
    move(work.session, [Moved(row.id, row.state, to, why, {"ended_at": work.now}) for row in rows], work.now)
    budget.give_back(work, sum(row.segments for row in rows if row.state is Delivery.CLAIMED))
    return len(rows)


def open_prompts(work: Work, case_id: UUID) -> list[CheckinPrompt]:
    """The check-ins whose ladders may still climb, oldest first, to be changed."""
    still = select(CheckinPrompt).where(CheckinPrompt.case_id == case_id, col(CheckinPrompt.look_at).is_not(None))
    return list(work.session.exec(still.order_by(col(CheckinPrompt.not_before)).with_for_update()))


def note(work: Work, number: str, source: str, verbatim: str = "", *, out: bool) -> None:
    """A STOP, or a START, from a number that is nobody's yet: it holds for whoever has the number."""
    _write(work, number, None, source, verbatim, out=out)


def _write(work: Work, number: str, case_id: UUID | None, source: str, verbatim: str, *, out: bool) -> OptOut:
    """Never before a line that is there, though the clock was put back since: what was said last holds."""
    last = work.session.exec(select(func.max(OptOut.at)).where(OptOut.number == number)).one()
    at = last + timedelta(microseconds=1) if last and last > work.now else work.now
    return work.add(
        OptOut(number=number, case_id=case_id, out=out, source=source, verbatim=verbatim, by=work.actor.id, at=at)
    )

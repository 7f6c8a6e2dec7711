"""The door to a handover: the sender's agency and the team it is addressed to, and for anyone else it does not exist."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.agencies import Worker
from throughcare.casework.drafts import forget_row
from throughcare.casework.people import Case
from throughcare.handover.rows import Handover, HandoverMove
from throughcare.handover.rules import spoken
from throughcare.handover.steps import at_receiver, at_sender, is_theirs, moves
from throughcare.handover.words import BEFORE_SENDING, OVER, DeclinedBy, Status
from throughcare.kernel.actors import Role
from throughcare.kernel.refusals import NotFound, NotPermitted, WrongState, refuse_if
from throughcare.kernel.steps import Step
from throughcare.kernel.work import Work


class OtherSide(NotPermitted):
    """This is for the other side of the handover to do."""

    code = "other_side"


class Moved(WrongState):
    """This handover has already moved on; reload the page to see where it is now."""

    code = "already_moved"


def find(work: Work, handover_id: UUID) -> Handover:
    """The handover, to read, for either side. NotFound for everybody else."""
    return _party(work, work.session.get(Handover, handover_id))


def take(work: Work, handover_id: UUID) -> tuple[Handover, Case]:
    """The handover and its case, locked until this work is done, as they stand now and not as they were read before.

    The case is locked first, here as everywhere, so that two works never wait for each other.
    """
    case_id = find(work, handover_id).case_id
    case = take_case(work, case_id)
    latest = select(Handover).where(Handover.id == handover_id)
    row = work.session.exec(latest.with_for_update().execution_options(populate_existing=True)).one()
    return _party(work, row), case


def known_case(work: Work, case_id: UUID) -> Case:
    """The case, to read, for those with standing in it."""
    return access.find_case(work, case_id)


def take_case(work: Work, case_id: UUID) -> Case:
    """The case, locked and read anew. Who may do this has been asked by then."""
    latest = select(Case).where(Case.id == case_id).with_for_update()
    return work.session.exec(latest.execution_options(populate_existing=True)).one()


def _party(work: Work, row: Handover | None) -> Handover:
    if row is None:
        raise NotFound
    actor = work.actor
    if actor.role is Role.SYSTEM:
        return row
    refuse_if(actor.role is Role.ADMIN, NotFound)
    refuse_if(actor.role is Role.HEALTHCARE and at_sender(row, actor), NotPermitted)
    ours = at_sender(row, actor)
    if row.status in BEFORE_SENDING:
        refuse_if(not ours, NotFound)
        access.check(work, row.case_id)
    refuse_if(not (ours or at_receiver(row, actor)), NotFound)
    return row


def refuse_unless_open(work: Work, row: Handover, *steps: Step[Handover, Any]) -> None:
    """Refuse a move that none of these steps allows, saying who moved it when, and what can be done instead."""
    theirs = [step for step in steps if is_theirs(step, row, work.actor)]
    refuse_if(not theirs, OtherSide)
    refuse_if(not any(work.actor.role in step.by for step in theirs), NotPermitted)
    if not any(row.status in step.frm for step in theirs):
        raise Moved(sentence(work, row))


def sentence(work: Work, row: Handover) -> str:
    """Where it is, who moved it there and when, and the moves this reader has."""
    state = row.status.label.lower()
    done = f"is {state}"
    if row.moved_at:
        by = f"{name_of(work, row.moved_by)} on {spoken(row.moved_at)}"
        done = f"was already {state} by {by}" if row.status in SAID_AS_DONE else f"is {state} ({by})"
    labels = ", ".join(step.label.lower() for step in moves(row, work.actor))
    return f"This handover {done}. " + (f"You can: {labels}." if labels else "There is nothing for you to do here.")


SAID_AS_DONE = frozenset(
    {Status.SENT, Status.RECEIVED, Status.ACCEPTED, Status.DECLINED, Status.RECALLED, Status.DISCARDED, Status.RETURNED}
)


def press(work: Work, step: Step[Handover, Any], row: Handover, *args: Any) -> None:
    """Make the move, for whoever's it is to make."""
    refuse_unless_open(work, row, step)
    step(row, work, *args)


def keep(
    work: Work, row: Handover, move: str, codes: Sequence[str] = (), words: str = "", declined_by: DeclinedBy | None = None
) -> HandoverMove:  # fmt: skip
    """Write the move into the handover's history. What that side was writing about it is spent; once it is over, anybody's."""
    if row.status in OVER:
        forget_row(work, row.id)
    elif work.actor.agency_id:
        forget_row(work, row.id, work.actor.agency_id)
    return work.add(
        HandoverMove(
            case_id=row.case_id, handover_id=row.id, number=len(history(work, row)) + 1, move=move, to=row.status, at=work.now,
            by=work.actor.id, agency_id=work.actor.agency_id, codes=list(codes), words=words, declined_by=declined_by,
        )
    )  # fmt: skip


def history(work: Work, row: Handover) -> Sequence[HandoverMove]:
    """Every move, the first one first."""
    made = select(HandoverMove).where(HandoverMove.handover_id == row.id)
    return work.session.exec(made.order_by(col(HandoverMove.number))).all()


def name_of(work: Work, worker_id: UUID | None) -> str:
    """A worker's name; the service's own moves are the service's."""
    worker = work.session.get(Worker, worker_id) if worker_id else None
    return worker.name if worker else ("the service" if worker_id else "")

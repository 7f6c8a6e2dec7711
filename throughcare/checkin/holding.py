"""The one order in which a person's check-ins are locked: the case, then what is of it. So nobody waits for ever (R21)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlmodel import select as select_rows

from throughcare.casework.people import Case
from throughcare.checkin.rows import CheckinPlan
from throughcare.kernel.moves import OUTBOX
from throughcare.kernel.work import Work


def case_first(work: Work, case_id: UUID | None) -> None:
    """The case, locked; nothing where there is none. A row written about a case waits for this too: its key does."""
    if case_id:
        work.session.get(Case, case_id, with_for_update=True)


def plan(work: Work, plan_id: UUID) -> CheckinPlan:
    """One plan, locked, as it is now."""
    case_first(work, work.session.exec(select_rows(CheckinPlan.case_id).where(CheckinPlan.id == plan_id)).one())
    return work.session.get_one(CheckinPlan, plan_id, with_for_update=True, populate_existing=True)


def text(work: Work, message_id: UUID, *where: ColumnElement[bool], alone: bool = False) -> Any:
    """One text, locked; None where there is no such text. `alone`: what follows is about the text and nothing else."""
    work.session.flush()
    connection = work.session.connection()
    if not alone:
        case_first(work, connection.scalar(select(OUTBOX.c.case_id).where(OUTBOX.c.id == message_id)))
    return connection.execute(select(OUTBOX).where(OUTBOX.c.id == message_id, *where).with_for_update()).first()

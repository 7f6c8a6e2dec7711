"""A legal hold on a case: while it lasts, nothing that was said is deleted, however old."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Index, text
from sqlalchemy import select as ask
from sqlmodel import col, select

from throughcare.casework import access
from throughcare.kernel.actors import Role
from throughcare.kernel.audit import Event
from throughcare.kernel.categories import Category
from throughcare.kernel.forms import Ask, Form, Word
from throughcare.kernel.refusals import NotPermitted, WrongState, refuse_if
from throughcare.kernel.rows import CaseRow, column, one_of, when
from throughcare.kernel.work import Work

KEEPERS = frozenset({Role.PRIVACY, Role.MANAGER})


class HoldReason(Word):
    """Why nothing may be deleted: a code, and no prose."""

    COMPLAINT = "complaint", "A complaint"
    CLAIM = "claim", "A legal claim"
    INQUEST = "inquest", "An inquest or inquiry"
    REVIEW = "review", "A safeguarding or death review"
    ACCESS = "access", "A request for what is held about them"


class LegalHold(CaseRow, table=True):
    """Nothing of this case is deleted from `placed_at` on. One open hold a case; earlier ones are kept."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        Index(
            "uq_legal_hold_open", "case_id", unique=True,
            postgresql_where=text("lifted_at IS NULL"), sqlite_where=text("lifted_at IS NULL"),
        ),
    )  # fmt: skip
    because: HoldReason = one_of(HoldReason)
    placed_at: datetime = when()
    placed_by: UUID = column(Category.RECORD)
    lifted_at: datetime | None = when(default=None)
    lifted_by: UUID | None = column(Category.RECORD, default=None)


class HoldPlaced(Event):
    name: ClassVar[str] = "case.hold_placed"
    said: ClassVar[str] = "Put on hold: nothing is deleted"
    because: HoldReason


class HoldLifted(Event):
    name: ClassVar[str] = "case.hold_lifted"
    said: ClassVar[str] = "Hold lifted: what is old enough is deleted again"


class Hold(Form):
    """Why nothing may be deleted."""

    because: Annotated[HoldReason, Ask("Why may nothing be deleted?", missing="Select why nothing may be deleted")]


class Lift(Form):
    """Nothing more is asked."""


class Held(BaseModel):
    """Whether the case is on hold, and since when."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    case_id: UUID
    because: HoldReason | None = None
    since: datetime | None = None


def held(work: Work, case_id: UUID) -> Held:
    """As it is now. NotFound where there is no standing."""
    access.check(work, case_id)
    hold = _open(work, case_id)
    return Held(case_id=case_id, because=hold.because, since=hold.placed_at) if hold else Held(case_id=case_id)


def place(work: Work, case_id: UUID, form: Hold) -> Held:
    """From now on nothing of this case is deleted."""
    may_keep(work, case_id)
    refuse_if(_open(work, case_id), WrongState("This case is on hold already."))
    hold = work.add(LegalHold(case_id=case_id, because=form.because, placed_at=work.now, placed_by=work.actor.id))
    work.record(HoldPlaced(subject_id=hold.id, case_id=case_id, because=form.because))
    return held(work, case_id)


def lift(work: Work, case_id: UUID, _: Lift) -> Held:
    """What is old enough may be deleted again."""
    may_keep(work, case_id)
    hold = _open(work, case_id)
    if hold is None:
        raise WrongState("This case is not on hold.")
    hold.lifted_at, hold.lifted_by = work.now, work.actor.id
    work.session.add(hold)
    work.record(HoldLifted(subject_id=hold.id, case_id=case_id))
    return held(work, case_id)


def may_keep(work: Work, case_id: UUID) -> None:
    """A privacy officer or a manager with standing; the case is locked."""
    access.take_case(work, case_id)
    refuse_if(work.actor.role not in KEEPERS, NotPermitted)


def on_hold() -> Any:
    """The ids of the cases of which nothing is deleted, as a subquery."""
    return ask(col(LegalHold.case_id)).where(col(LegalHold.lifted_at).is_(None))


def _open(work: Work, case_id: UUID) -> LegalHold | None:
    return work.session.exec(
        select(LegalHold).where(LegalHold.case_id == case_id, col(LegalHold.lifted_at).is_(None))
    ).first()

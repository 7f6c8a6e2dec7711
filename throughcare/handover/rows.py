"""What a handover keeps: who offers a person's care to whom, what was shared, every move, and what was said with it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NoReturn
from uuid import UUID

from sqlalchemy import JSON, Index, event, text

from throughcare.handover.words import Attended, DeclinedBy, Status
from throughcare.kernel.categories import Category
from throughcare.kernel.rows import CaseRow, column, one_of, several, when

STILL_LIVE = text("status NOT IN ('completed', 'declined', 'recalled', 'discarded', 'returned')")


class Handover(CaseRow, table=True):
    """One case offered to one service's team. The case passes on first contact, never before."""

    __tablename__ = "handover"
    __table_args__ = (
        Index("uq_handover_live", "case_id", "service_id", unique=True, postgresql_where=STILL_LIVE, sqlite_where=STILL_LIVE),
        Index("ix_handover_incoming", "to_agency_id", "status", "sent_at"),
        Index("ix_handover_outgoing", "from_agency_id", "status", "sent_at"),
    )  # fmt: skip
    status: Status = one_of(Status, default=Status.DRAFT)
    service_id: UUID = column(Category.RECORD, index=True, foreign_key="service.id")
    to_agency_id: UUID = column(Category.RECORD, foreign_key="agency.id")
    to_team_id: UUID = column(Category.RECORD, foreign_key="team.id")
    from_agency_id: UUID = column(Category.RECORD, foreign_key="agency.id")
    from_team_id: UUID | None = column(Category.RECORD, default=None, foreign_key="team.id")
    from_worker_id: UUID = column(Category.RECORD, foreign_key="worker.id")
    sought: str = column(Category.RECORD)  # a treatment option's code (DOMAIN F.7)
    area: str = column(Category.RECORD, default="")  # town or borough, never an address
    flags: list[Any] = several(Category.RECORD)  # codes of config/data/handover.toml
    sections: list[Any] = several(Category.RECORD)  # what the sender ticked
    fast_track: bool = column(Category.RECORD, default=False)
    plan_note: str = column(Category.PLAN, default="")
    medication_note: str = column(Category.MEDICATION, summary=True, default="")  # an alert: doses go by letter
    risk_note: str = column(Category.RISK, default="")
    sent_at: datetime | None = when(default=None)
    moved_at: datetime | None = when(default=None)
    moved_by: UUID | None = column(Category.RECORD, default=None)
    review_on: date | None = column(Category.RECORD, default=None)
    worker_id: UUID | None = column(Category.RECORD, default=None, foreign_key="worker.id")  # named at acceptance
    appointment_id: UUID | None = column(Category.RECORD, default=None, foreign_key="appointment.id")
    accepted_at: datetime | None = when(default=None)
    first_contact_at: datetime | None = when(Category.ATTENDANCE, default=None)
    contact_how: str = column(Category.ATTENDANCE, default="")
    treatment_started_on: date | None = column(Category.ATTENDANCE, default=None)
    reminded: int = column(Category.RECORD, default=0)  # per cent of the clock at which the last reminder went


class HandoverMove(CaseRow, table=True):
    """One move as it was made, with its coded reasons and the mover's own words: the history both sides read."""

    __tablename__ = "handover_move"
    handover_id: UUID = column(Category.RECORD, index=True, foreign_key="handover.id")
    number: int = column(Category.RECORD)  # 1, 2, 3 ... of this handover
    move: str = column(Category.RECORD)  # the step's name
    to: Status = one_of(Status)
    at: datetime = when()
    by: UUID = column(Category.RECORD)
    agency_id: UUID | None = column(Category.RECORD, default=None)
    codes: list[Any] = several(Category.RECORD)
    declined_by: DeclinedBy | None = one_of(DeclinedBy, default=None, nullable=True)
    words: str = column(Category.PLAN, default="")


class HandoverSnapshot(CaseRow, table=True):
    """Exactly what was sent, as it stood at that instant. Never changed afterwards: its hash says so."""

    __tablename__ = "handover_snapshot"
    handover_id: UUID = column(Category.RECORD, unique=True, foreign_key="handover.id")
    summary: dict[str, Any] = column(Category.RECORD, sa_type=JSON)
    sections: dict[str, Any] = column(Category.CLINICAL, sa_type=JSON)  # each part is told by its own category
    sha256: str = column(Category.RECORD)
    consent_id: UUID = column(Category.RECORD, foreign_key="consent.id")
    matrix_version: str = column(Category.RECORD)


class PreReleaseMeeting(CaseRow, table=True):
    """The meeting of prison, community service and person before release: who took part, and why not in person."""

    __tablename__ = "pre_release_meeting"
    handover_id: UUID = column(Category.RECORD, index=True, foreign_key="handover.id")
    held_on: date = column(Category.ATTENDANCE)
    prison: Attended = one_of(Attended, Category.ATTENDANCE, named="prison_attended")
    community: Attended = one_of(Attended, Category.ATTENDANCE, named="community_attended")
    person: Attended = one_of(Attended, Category.ATTENDANCE, named="person_attended")
    why_not: str = column(Category.PLAN, default="")
    recorded_by: UUID = column(Category.RECORD)


class NoHandover(CaseRow, table=True):
    """A person with a community need for whom no handover is made, and why."""

    __tablename__ = "no_handover"
    reason: str = column(Category.RECORD)
    words: str = column(Category.PLAN, default="")
    recorded_by: UUID = column(Category.RECORD)


@event.listens_for(HandoverSnapshot, "before_update")
@event.listens_for(HandoverMove, "before_update")
def _never_changed(*_: object) -> NoReturn:
    raise AssertionError("what was shared, and what was done, is written once")

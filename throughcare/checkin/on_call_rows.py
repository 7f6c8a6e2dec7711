"""Tables of who is on call, and of what cannot wait until somebody says that they are dealing with it (R42)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text

from throughcare.checkin.on_call import Stage
from throughcare.kernel.categories import Category
from throughcare.kernel.forms import Word
from throughcare.kernel.rows import CaseRow, Row, column, one_of, when

NOT_OVER = "status <> 'over'"


class RotaTurn(Row, table=True):
    """One worker is on call for an agency, or one team of it, from an instant to another. Taken off: it never counted on."""

    __tablename__ = "rota_turn"
    __table_args__ = (Index("ix_rota_turn_agency", "agency_id", "until_at"),)
    agency_id: UUID = column(Category.RECORD, foreign_key="agency.id")
    team_id: UUID | None = column(Category.RECORD, default=None, foreign_key="team.id")
    worker_id: UUID = column(Category.RECORD, index=True, foreign_key="worker.id")
    from_at: datetime = when()
    until_at: datetime = when()
    place: int = column(Category.RECORD, default=1)  # 1 is asked first
    planned_by: UUID = column(Category.RECORD)
    taken_off_at: datetime | None = when(default=None)


class AlarmStatus(Word):
    """Whether anybody has said that they are dealing with it."""

    WAITING = "waiting", "Nobody has said that they are dealing with it"
    TAKEN = "taken", "Somebody is dealing with it"
    OVER = "over", "Seen to"


class Alarm(CaseRow, table=True):
    """Something said by text that cannot wait. It is with somebody at every instant until it has been seen to."""

    __tablename__ = "alarm"
    __table_args__ = (Index("ix_alarm_look", "look_at", postgresql_where=text(NOT_OVER), sqlite_where=text(NOT_OVER)),)
    case_id: UUID | None = column(  # type: ignore[assignment] # a text may come before it is known whose case it is about
        Category.RECORD, index=True, foreign_key="case.id", nullable=True, default=None
    )
    key: str = column(Category.RECORD, unique=True)
    kind: str = column(Category.RECORD)  # of OnCall.acknowledge: crisis, low_score ...
    errand: str = column(Category.RECORD)  # the kind of work it puts on a list
    subject_id: UUID = column(Category.RECORD, index=True)  # the text
    agency_id: UUID = column(Category.RECORD, foreign_key="agency.id")
    status: AlarmStatus = one_of(AlarmStatus, default=AlarmStatus.WAITING)
    stage: Stage = one_of(Stage, named="alarm_stage", default=Stage.ON_CALL)
    worker_id: UUID | None = column(Category.RECORD, default=None)  # whom it is with; None: everybody of the stage
    turn: int = column(Category.RECORD, default=0)  # how many have been asked
    raised_at: datetime = when()
    acknowledge_by: datetime = when()
    acknowledged_at: datetime | None = when(default=None)
    look_at: datetime = when()


class AlarmTurn(Row, table=True):
    """One asking: whom, when, and by when they were to answer. Appended, never changed."""

    __tablename__ = "alarm_turn"
    __table_args__ = (UniqueConstraint("alarm_id", "number"),)
    alarm_id: UUID = column(Category.RECORD, index=True, foreign_key="alarm.id")
    number: int = column(Category.RECORD)
    agency_id: UUID = column(Category.RECORD, foreign_key="agency.id")
    stage: Stage = one_of(Stage, named="alarm_turn_stage")
    worker_id: UUID | None = column(Category.RECORD, default=None)
    because: str = column(Category.RECORD)  # raised, unanswered, handed_on, left
    at: datetime = when()
    acknowledge_by: datetime = when()


class TextAgain(Row, table=True):
    """A later text that stands with the work, and the alarm, about an earlier one of the same need. Never more than moved."""

    __tablename__ = "text_again"
    __table_args__ = (
        Index("ix_text_again_subject", "subject_id", "errand"),
        UniqueConstraint("text_id", "errand", "case_id"),
    )
    case_id: UUID | None = column(Category.RECORD, default=None, foreign_key="case.id")
    errand: str = column(Category.RECORD)  # the kind of work that both call for
    subject_id: UUID = column(Category.RECORD)  # the text that the work is about
    text_id: UUID = column(Category.RECORD)
    received_at: datetime = when()


UNSENT = "sent_at IS NULL AND let_go_at IS NULL"


class StaffAlert(Row, table=True):
    """One worker is to be told, by e-mail, that something cannot wait. Sent at least once, or let go when nobody need be told."""

    __tablename__ = "staff_alert"
    __table_args__ = (
        Index("ix_staff_alert_unsent", "created_at", postgresql_where=text(UNSENT), sqlite_where=text(UNSENT)),
        Index("ix_staff_alert_sent", "sent_at"),
    )
    key: str = column(Category.RECORD, unique=True)  # the alarm, the asking and the worker
    alarm_id: UUID = column(Category.RECORD, index=True, foreign_key="alarm.id")
    worker_id: UUID = column(Category.RECORD, index=True, foreign_key="worker.id")
    lease_until: datetime | None = when(default=None)
    tries: int = column(Category.RECORD, default=0)
    sent_at: datetime | None = when(default=None)
    let_go_at: datetime | None = when(default=None)

"""What happened, who did it, and when: appended in the same transaction, never edited."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import JSON, Index, text

from throughcare.kernel.categories import Category
from throughcare.kernel.rows import Row, column, when


class Event(BaseModel):
    """A past-tense fact. Carries ids, dates and statuses, never prose: the audit can be read widely.

    `subject_id` is the row it happened to; `case_id` the case, if any; `on` the day that starts a service clock when
    that is not the day it was recorded.
    """

    model_config = ConfigDict(frozen=True, defer_build=True)
    name: ClassVar[str]
    said: ClassVar[str] = ""  # the timeline's words
    subject_id: UUID
    case_id: UUID | None = None
    on: date | None = None
    for_agency_id: UUID | None = None  # whose turn it makes it, where the event itself knows
    for_team_id: UUID | None = None
    for_worker_id: UUID | None = None


def said_of(name: str) -> str:
    """The timeline's words for events of this name; blank where they have none of their own."""
    kinds = [Event]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
    return next((kind.said for kind in kinds[1:] if getattr(kind, "name", "") == name), "")


class AuditRow(Row, table=True):
    """One event as it was written down. The case's timeline and the record of readings are made of these."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_case_id_at", "case_id", "at"),
        Index("ix_audit_actor_id_name", "actor_id", "name"),
        Index(
            "ix_audit_unmarked", "id", postgresql_where=text("mark = ''"), sqlite_where=text("mark = ''")
        ),  # few, or none
    )
    name: str = column(Category.RECORD, index=True)
    subject_id: UUID = column(Category.RECORD, index=True)
    case_id: UUID | None = column(Category.RECORD, default=None)
    actor_id: UUID = column(Category.RECORD)
    actor_role: str = column(Category.RECORD)
    actor_agency_id: UUID | None = column(Category.RECORD, default=None)
    at: datetime = when()
    body: dict[str, Any] = column(Category.RECORD, sa_type=JSON)
    mark: str = column(
        Category.RECORD, default="", sa_column_kwargs={"server_default": ""}
    )  # only the service can put it

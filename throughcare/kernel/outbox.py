"""Texts are written down with the change that caused them and sent by the dispatcher later (checkins R1-R4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import select

from throughcare.kernel.categories import Category
from throughcare.kernel.delivery import REINS, Delivery, Purpose
from throughcare.kernel.rows import CaseRow, Row, column, one_of, sealed, structure, when
from throughcare.kernel.work import Work

AT_REST = "state IN ('delivered', 'undelivered', 'failed', 'suppressed', 'expired', 'cancelled', 'unconfirmed')"
AT_REST_WITH_WORDS = f"{AT_REST} AND text <> ''"  # until they have been kept long enough (R36)
WITH_A_COPY = f"{AT_REST} AND sid IS NOT NULL AND redacted_at IS NULL"  # their words are still at the provider's
UNRESOLVED = "state IN ('claimed', 'sending', 'ambiguous', 'accepted', 'sent')"  # somebody must look again


@dataclass(frozen=True)
class Message:
    """A text to be sent to one person; no `case_id`: to a number that nobody has. The same `key` is never queued twice (R2)."""

    key: str
    case_id: UUID | None
    to: str  # E.164, as it stood when planned; asked again when sent
    purpose: Purpose
    template: str
    language: str
    text: str
    not_before: datetime
    expires_at: datetime
    subject_id: UUID | None = None  # the check-in, appointment or reply it belongs to
    segments: int = 1
    facts: dict[str, Any] = field(default_factory=dict)


class OutboxRow(CaseRow, table=True):
    """One text. The rows are the queue: claimed in batches, one state column, one table of moves.

    One without a case answers a number that nobody has (R24): nobody has standing over it, and so no page shows it.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_due", "priority", "not_before",
            postgresql_where=text("state IN ('planned', 'claimed')"), sqlite_where=text("state IN ('planned', 'claimed')"),
        ),
        Index("ix_outbox_words", "not_before", postgresql_where=text(AT_REST_WITH_WORDS), sqlite_where=text(AT_REST_WITH_WORDS)),
        Index("ix_outbox_copy", "redact_at", postgresql_where=text(WITH_A_COPY), sqlite_where=text(WITH_A_COPY)),
        Index("ix_outbox_unresolved", "state", "lease_until", postgresql_where=text(UNRESOLVED), sqlite_where=text(UNRESOLVED)),
    )  # fmt: skip
    case_id: UUID | None = column(Category.RECORD, default=None, index=True, foreign_key="case.id")  # type: ignore[assignment]  # the one row of a case that may have none
    key: str = column(Category.RECORD, unique=True)
    subject_id: UUID | None = column(Category.RECORD, default=None, index=True)
    to: str = column(Category.CONTACT, index=True)
    purpose: Purpose = one_of(Purpose)
    priority: int = column(Category.RECORD)
    template: str = column(Category.RECORD)
    language: str = column(Category.RECORD, default="en")
    text: str = sealed(Category.SMS, "outbox.text")
    segments: int = column(Category.RECORD, default=1, sa_column_kwargs={"server_default": "1"})  # what it costs
    not_before: datetime = when()
    expires_at: datetime = when()
    state: Delivery = one_of(Delivery, default=Delivery.PLANNED)
    why: str = column(Category.RECORD, default="")  # a code, where the state needs one
    attempts: int = column(Category.RECORD, default=0)
    lease_until: datetime | None = when(default=None)  # until then it is somebody's; after it, somebody must look again
    leased_by: str = column(Category.RECORD, default="")
    provider: str = column(
        Category.RECORD, default="", sa_column_kwargs={"server_default": ""}
    )  # who was last asked to take it, or is known to have: they alone can say what became of it (R15)
    sid: str | None = column(Category.RECORD, default=None, index=True)
    sending_at: datetime | None = when(default=None)
    accepted_at: datetime | None = when(default=None)
    delivered_at: datetime | None = when(default=None)
    ended_at: datetime | None = when(default=None)
    provider_code: int | None = column(Category.RECORD, default=None)
    blanked_at: datetime | None = when(default=None)  # from then on its words are no longer kept here
    redact_at: datetime | None = when(default=None)  # when to ask the provider again to blank its copy
    redacted_at: datetime | None = when(default=None)
    facts: dict[str, Any] = structure(Category.RECORD)


class MessageEvent(Row, table=True):
    """Every move of every text, appended (R3)."""

    __tablename__ = "message_event"
    __table_args__ = (
        Index("ix_message_event_unmarked", "id", postgresql_where=text("mark = ''"), sqlite_where=text("mark = ''")),
    )
    message_id: UUID = column(Category.RECORD, index=True)
    old: str = column(Category.RECORD)
    new: str = column(Category.RECORD)
    why: str = column(Category.RECORD, default="")
    at: datetime = when()
    mark: str = column(
        Category.RECORD, default="", sa_column_kwargs={"server_default": ""}
    )  # only the service can put it


def send(work: Work, message: Message) -> OutboxRow | None:
    """Write a text in the outbox, in this transaction; None when its key is there already."""
    if work.session.exec(select(OutboxRow.id).where(OutboxRow.key == message.key)).first():
        return None
    return work.add(
        OutboxRow(
            key=message.key,
            case_id=message.case_id,
            subject_id=message.subject_id,
            to=message.to,
            purpose=message.purpose,
            priority=REINS[message.purpose].priority,
            template=message.template,
            language=message.language,
            text=message.text,
            segments=message.segments,
            not_before=message.not_before,
            expires_at=message.expires_at,
            facts=message.facts,
        )
    )

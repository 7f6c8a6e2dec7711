"""The service's own wording of its texts, a row for every one that was ever drafted: its words are never changed (R1, R40)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text

from throughcare.kernel.categories import Category
from throughcare.kernel.forms import Word
from throughcare.kernel.rows import Row, column, one_of, when

WAITS = "status = 'drafted'"


class WordingStatus(Word):
    """Whether anybody has agreed to it."""

    DRAFTED = "drafted", "Waiting for somebody else to agree"
    AGREED = "agreed", "Agreed"
    WITHDRAWN = "withdrawn", "Withdrawn"


class SmsWording(Row, table=True):
    """The words of one text in one language. Numbered when it is agreed: the highest number stands, from `holds_from`.

    One at most waits to be agreed. `brought_back`: whose words these are again, by the number it had.
    """

    __tablename__ = "sms_wording"
    __table_args__ = (
        UniqueConstraint("code", "language", "number"),
        Index(
            "uq_sms_wording_waits", "code", "language", unique=True,
            postgresql_where=text(WAITS), sqlite_where=text(WAITS),
        ),
    )  # fmt: skip
    code: str = column(Category.RECORD)
    language: str = column(Category.RECORD)
    text: str = column(Category.RECORD)
    status: WordingStatus = one_of(WordingStatus, default=WordingStatus.DRAFTED)
    number: int | None = column(Category.RECORD, default=None)
    brought_back: int | None = column(Category.RECORD, default=None)
    drafted_by: UUID = column(Category.RECORD, foreign_key="worker.id")
    agreed_by: UUID | None = column(Category.RECORD, default=None, foreign_key="worker.id")
    holds_from: datetime | None = when(default=None)
    withdrawn_by: UUID | None = column(Category.RECORD, default=None, foreign_key="worker.id")
    withdrawn_at: datetime | None = when(default=None)
    reviewed_by: UUID | None = column(Category.RECORD, default=None, foreign_key="worker.id")
    reviewed_at: datetime | None = when(default=None)

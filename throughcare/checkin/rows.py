"""Tables of check-ins: the plan, each time somebody is to be asked, what came back, and who wants no texts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text

from throughcare.casework.people import Language
from throughcare.checkin.replies import Kind
from throughcare.kernel.categories import Category
from throughcare.kernel.forms import Word
from throughcare.kernel.rows import CaseRow, Row, column, one_of, sealed, several, when


class PlanStatus(Word):
    """Where a plan is."""

    AGREED = "agreed", "Agreed, starts on release"
    ACTIVE = "active", "Running"
    PAUSED = "paused", "Paused"
    ENDED = "ended", "Ended"


class CheckinPlan(CaseRow, table=True):
    """How one person is asked after one release: one open plan a case, earlier ones kept."""

    __tablename__ = "checkin_plan"
    __table_args__ = (
        Index(
            "uq_checkin_plan_open", "case_id", unique=True,
            postgresql_where=text("status <> 'ended'"), sqlite_where=text("status <> 'ended'"),
        ),
    )  # fmt: skip
    episode_id: UUID | None = column(Category.RECORD, default=None)
    code: str = column(Category.RECORD, default="standard")
    days: str = column(Category.RECORD, default="")  # of their own; blank: the plan's
    hour: int | None = column(Category.CONTACT, default=None)  # London; None: the service's usual time
    language: Language = one_of(Language, Category.CONTACT, default=Language.ENGLISH)
    status: PlanStatus = one_of(PlanStatus, default=PlanStatus.AGREED)
    released_on: date | None = column(Category.RECORD, default=None)
    known_at: datetime | None = when(
        default=None
    )  # what was over by then is not made up for: the release, or the last resumption
    proof_from: datetime | None = when(default=None)  # the code word is asked for from here on
    wrong_replies: int = column(Category.RECORD, default=0)
    next_at: datetime | None = when(default=None, index=True)  # when planning must look again
    paused_at: datetime | None = when(default=None)
    paused_until: date | None = column(Category.RECORD, default=None)  # None: until somebody resumes it
    paused_because: str = column(Category.RECORD, default="")
    ended_at: datetime | None = when(default=None)
    ended_because: str = column(Category.RECORD, default="")


class CheckinPrompt(CaseRow, table=True):
    """One time a person is to be asked, by text or, where that cannot be, by a call. Once a plan, step and day (R2)."""

    __tablename__ = "checkin_prompt"
    __table_args__ = (UniqueConstraint("plan_id", "step", "on"),)
    plan_id: UUID = column(Category.RECORD, index=True, foreign_key="checkin_plan.id")
    step: str = column(Category.RECORD)  # proof, day_1, day_2 ...
    day: int = column(Category.RECORD)  # since release
    on: date = column(Category.RECORD)
    not_before: datetime = when()
    expires_at: datetime = when()
    message_id: UUID | None = column(Category.RECORD, default=None, index=True)
    instead: str = column(Category.RECORD, default="")  # why no text was planned: a Why, or late, paused ...
    answered_at: datetime | None = when(default=None)
    late: bool = column(Category.RECORD, default=False)
    score: int | None = column(Category.SMS, default=None, summary=True)
    asked_again: bool = column(Category.RECORD, default=False)
    contact_at: datetime | None = when(default=None)
    held_at: datetime | None = when(default=None)  # known to be in custody or hospital
    stopped_at: datetime | None = when(default=None)
    failed_at: datetime | None = when(default=None)
    verdict: str = column(Category.RECORD, default="")
    repaired_at: datetime | None = when(default=None)
    look_at: datetime | None = when(default=None, index=True)  # when the ladders must look; None: nothing more to do


# What became of a text that came in. Early: from before its number was proven to be its holder's.
PLACED, UNKNOWN, SHARED, EARLY, FAILED = "placed", "unknown", "shared", "early", "failed"
HELD = frozenset({SHARED, EARLY})  # the number is somebody's, and the words may not be theirs


KEPT = text("text <> ''")
LEFT = text("body <> '' AND settled_at IS NOT NULL")  # settled, and still nobody's
INBOUND_COPY = text(
    "settled_at IS NOT NULL AND redacted_at IS NULL AND NOT rang"
)  # its words are still at the provider's


class InboundText(Row, table=True):
    """A text as it arrived, once, or a ring. Its words stay here only until it is known whose they are."""

    __tablename__ = "inbound_text"
    __table_args__ = (
        Index("ix_inbound_text_from", "from_number", "received_at"),
        Index("ix_inbound_text_words", "received_at", postgresql_where=LEFT, sqlite_where=LEFT),
        Index("ix_inbound_text_copy", "redact_at", postgresql_where=INBOUND_COPY, sqlite_where=INBOUND_COPY),
    )
    sid: str = column(Category.RECORD, unique=True)
    from_number: str = column(Category.CONTACT)
    to_number: str = column(Category.CONTACT)
    body: str = sealed(Category.SMS, "inbound_text.body")
    media: int = column(Category.RECORD, default=0)
    rang: bool = column(Category.RECORD, default=False)  # a call, rejected: it has no words
    received_at: datetime = when()
    settled_at: datetime | None = when(default=None, index=True)
    fate: str = column(Category.RECORD, default="")
    tries: int = column(Category.RECORD, default=0)
    try_at: datetime | None = when(default=None)  # not before then again
    case_id: UUID | None = column(Category.RECORD, default=None, index=True)
    answered_at: datetime | None = when(default=None)  # we answered by ourselves
    blanked_at: datetime | None = when(default=None)  # from then on its words are no longer kept here
    redact_at: datetime | None = when(default=None)  # when to ask the provider again to blank its copy
    redacted_at: datetime | None = when(default=None)


class TextReceived(CaseRow, table=True):
    """What a person said by text, as read by the rules and, where it calls for one, by a worker."""

    __tablename__ = "text_received"
    __table_args__ = (Index("ix_text_received_words", "received_at", postgresql_where=KEPT, sqlite_where=KEPT),)
    inbound_id: UUID = column(Category.RECORD, unique=True)
    prompt_id: UUID | None = column(Category.RECORD, default=None, index=True)
    from_number: str = column(Category.CONTACT)
    text: str = sealed(Category.SMS, "text_received.text")
    received_at: datetime = when(index=True)
    kind: Kind = one_of(Kind, Category.SMS, summary=True)
    value: int | None = column(Category.SMS, default=None, summary=True)
    confidence: float = column(Category.RECORD, default=0)
    rule: str = column(Category.RECORD, default="")
    media: int = column(Category.RECORD, default=0)  # pictures and sounds that came with it: never fetched (R25)
    concerns: list[Any] = several(Category.SMS)
    reasons: list[Any] = several(Category.SMS)  # why it went to the named worker at once
    late: bool = column(Category.RECORD, default=False)
    to_read: bool = column(Category.RECORD, default=False)
    read_at: datetime | None = when(default=None)
    read_by: UUID | None = column(Category.RECORD, default=None)
    blanked_at: datetime | None = when(default=None)  # from then on its words are no longer kept


class Choice(Word):
    """What a person may change by text (R52)."""

    HOUR = "hour", "The hour of the texts"
    LANGUAGE = "language", "The language of the texts"
    PAUSE = "pause", "A pause of the texts"


class CheckinChoice(CaseRow, table=True):
    """One thing a person chose for themselves by text, and what was before: only ever added to (R52)."""

    __tablename__ = "checkin_choice"
    plan_id: UUID = column(Category.RECORD, index=True, foreign_key="checkin_plan.id")
    text_id: UUID = column(Category.RECORD, unique=True, foreign_key="text_received.id")
    what: Choice = one_of(Choice)
    was: str = column(Category.CONTACT, default="")
    became: str = column(Category.CONTACT, default="")
    at: datetime = when()


class OptOut(Row, table=True):
    """One line of the ledger of who wants texts and who does not: only ever added to (R27)."""

    __tablename__ = "opt_out"
    __table_args__ = (Index("ix_opt_out_number_at", "number", "at"),)
    number: str = column(Category.CONTACT)
    case_id: UUID | None = column(Category.RECORD, default=None, index=True)
    out: bool = column(Category.RECORD)  # False: wants texts again
    source: str = column(Category.RECORD)  # sms, provider or worker
    verbatim: str = sealed(Category.SMS, "opt_out.verbatim", default="")
    by: UUID = column(Category.RECORD)
    at: datetime = when()
    blanked_at: datetime | None = when(default=None)  # from then on the words are no longer kept


class Outage(Row, table=True):
    """A time when nothing could be sent: silence is not counted while it lasts (R14, R45)."""

    __tablename__ = "outage"
    __table_args__ = (
        Index(
            "uq_outage_open", "cause", unique=True,
            postgresql_where=text("ended_at IS NULL"), sqlite_where=text("ended_at IS NULL"),
        ),
    )  # fmt: skip
    cause: str = column(Category.RECORD)
    started_at: datetime = when()
    ended_at: datetime | None = when(default=None)


class SenderPace(Row, table=True):
    """The token bucket of one sender, shared by every process (R11). `tokens` are segments; it may run into debt.

    What was spent on `day` in London, and in its month, is counted beside it (R49).
    """

    __tablename__ = "sender_pace"
    sender: str = column(Category.RECORD, unique=True)
    tokens: float = column(Category.RECORD)
    at: datetime = when()
    paused_until: datetime | None = when(default=None)
    day: date | None = column(Category.RECORD, default=None)
    day_used: int = column(Category.RECORD, default=0)  # segments
    month_used: int = column(Category.RECORD, default=0)

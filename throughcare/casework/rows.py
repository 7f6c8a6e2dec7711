"""The spine's own tables: standing, custody, appointments, tasks and service clocks. Their neighbours are people and agencies."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text

from throughcare.disclosure.policy import Basis
from throughcare.kernel.actors import Jurisdiction, Role
from throughcare.kernel.categories import Category
from throughcare.kernel.forms import Word
from throughcare.kernel.rows import CaseRow, column, one_of, several, when


class Involvement(CaseRow, table=True):
    """An agency's dated standing in a case: why it is here, and on what basis it may read."""

    __tablename__ = "involvement"
    __table_args__ = (Index("ix_involvement_standing", "agency_id", "case_id"),)
    agency_id: UUID = column(Category.RECORD, index=True, foreign_key="agency.id")
    basis: Basis = one_of(Basis)
    because: str = column(Category.RECORD, default="")  # a code: reception, handover, order, screener, referral ...
    from_at: datetime = when()
    until_at: datetime | None = when(default=None)


class CustodyStatus(Word):
    """On what footing the person is held."""

    REMAND = "remand"
    SENTENCED = "sentenced"
    RECALLED = "recalled"


class SentenceType(Word):
    """What decides which release-day rules apply (DOMAIN C.3)."""

    DETERMINATE = "determinate", "Determinate sentence"
    INDETERMINATE = "indeterminate", "Life or other indeterminate sentence"
    NONE = "none", "Not sentenced"
    NOT_KNOWN = "not_known", "Not known"


class ReleaseType(Word):
    """How the release comes about."""

    AUTOMATIC = "automatic", "Automatic release"
    PAROLE = "parole", "Discretionary release by the Parole Board"
    HDC = "hdc", "Home detention curfew"
    FIXED_RECALL = "fixed_recall", "End of a fixed-term recall"
    COURT = "court", "Release by a court"
    NOT_KNOWN = "not_known", "Not known"


class LeftFor(Word):
    """Where a release led: only one into the community is followed as one (DOMAIN E.1)."""

    COMMUNITY = "community", "The community"
    CUSTODY = "custody", "Other custody"
    IMMIGRATION = "immigration", "Immigration detention"
    HOSPITAL = "hospital", "Secure hospital"
    ABROAD = "abroad", "Another country"


NOT_COMMUNITY = frozenset(LeftFor) - {
    LeftFor.COMMUNITY
}  # where nobody is texted, and no deadline in the community runs


class EpisodeStatus(Word):
    """How a stay in custody stands."""

    HELD = "held", "In custody"
    RELEASED = "released"
    DIED = "died", "Died in custody"


class CustodyEpisode(CaseRow, table=True):
    """One stay in custody, from reception to release. A recall opens another and keeps this one."""

    __tablename__ = "custody_episode"
    __table_args__ = (
        Index(
            "uq_custody_episode_open", "case_id", unique=True,
            postgresql_where=text("ended_at IS NULL"), sqlite_where=text("ended_at IS NULL"),
        ),
        Index(
            "ix_custody_episode_due", "confirmed_release_date",
            postgresql_where=text("ended_at IS NULL"), sqlite_where=text("ended_at IS NULL"),
        ),
    )  # fmt: skip
    prison_id: UUID = column(Category.CUSTODY, index=True, foreign_key="agency.id")
    received_on: date = column(Category.CUSTODY)
    status: EpisodeStatus = one_of(EpisodeStatus, Category.CUSTODY, default=EpisodeStatus.HELD)
    custody_status: CustodyStatus = one_of(CustodyStatus, Category.CUSTODY)
    sentence_type: SentenceType = one_of(SentenceType, Category.CUSTODY, default=SentenceType.NOT_KNOWN)
    release_type: ReleaseType = one_of(ReleaseType, Category.CUSTODY, default=ReleaseType.NOT_KNOWN)
    days_served_by_release: int | None = column(Category.CUSTODY, default=None)
    sentence_release_date: date | None = column(Category.CUSTODY, default=None)
    suggested_release_date: date | None = column(Category.CUSTODY, default=None)
    confirmed_release_date: date | None = column(Category.CUSTODY, default=None)
    released_at: datetime | None = when(Category.CUSTODY, default=None)
    ended_at: datetime | None = when(Category.CUSTODY, default=None)  # released, or died in custody
    left_for: LeftFor | None = one_of(LeftFor, Category.CUSTODY, default=None, nullable=True)
    in_community_on: date | None = column(Category.CUSTODY, default=None)  # the day they came on from there


class DateChange(CaseRow, table=True):
    """One change to one release date, with where it came from: the history the page shows."""

    __tablename__ = "date_change"
    episode_id: UUID = column(Category.CUSTODY, index=True, foreign_key="custody_episode.id")
    field: str = column(Category.CUSTODY)
    old: date | None = column(Category.CUSTODY, default=None)
    new: date | None = column(Category.CUSTODY, default=None)
    source: str = column(Category.CUSTODY, default="")
    by: UUID = column(Category.RECORD)


class AppointmentStatus(Word):
    """The fact about an appointment, recorded once by whoever keeps it (DOMAIN D.4)."""

    BOOKED = "booked"
    ATTENDED = "attended"
    ATTENDED_LATE = "attended_late", "Attended late"
    NOT_ENGAGED = "attended_not_engaged", "Attended but did not take part"
    ABSENT = "absent", "Did not attend"
    CANCELLED_BY_SERVICE = "cancelled_by_service", "Cancelled by the service"
    REARRANGED = "rearranged", "Rearranged"
    NOT_REQUIRED = "not_required", "Not required"


BOOKED = text("status = 'booked'")


class Appointment(CaseRow, table=True):
    """A place, a time and a named worker. `requirement_id` when an order or licence requires it."""

    __tablename__ = "appointment"
    __table_args__ = (
        Index("ix_appointment_at", "case_id", "at"),
        Index("ix_appointment_booked", "at", postgresql_where=BOOKED, sqlite_where=BOOKED),
    )
    agency_id: UUID = column(Category.ATTENDANCE, index=True, foreign_key="agency.id")
    kind: str = column(Category.ATTENDANCE)  # first_treatment, probation, session, pre_release_meeting, jobcentre ...
    at: datetime = when(Category.ATTENDANCE)
    place: str = column(Category.ATTENDANCE, default="")
    with_whom: str = column(Category.ATTENDANCE, default="")
    phone: str = column(Category.ATTENDANCE, default="")
    status: AppointmentStatus = one_of(AppointmentStatus, Category.ATTENDANCE, default=AppointmentStatus.BOOKED)
    reason_given: str = column(Category.ATTENDANCE, default="")
    recorded_at: datetime | None = when(default=None)
    recorded_by: UUID | None = column(Category.RECORD, default=None)
    requirement_id: UUID | None = column(Category.RECORD, default=None, index=True)
    handover_id: UUID | None = column(Category.RECORD, default=None, index=True)
    replaces_id: UUID | None = column(Category.RECORD, default=None)


UNCLAIMED = text("worker_id IS NULL")  # what falls to anyone of a role or a team
URGENT = text("urgent")


class TaskStatus(Word):
    """Where a piece of work is."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class Task(CaseRow, table=True):
    """A piece of work on somebody's list. `key` makes it once only; the words are `tasks.WORDS[kind]`, never prose."""

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_list", "agency_id", "status", "due_at"),
        Index("ix_task_worker", "worker_id", "status", "due_at"),
        Index("ix_task_unclaimed", "agency_id", "status", "due_at", postgresql_where=UNCLAIMED, sqlite_where=UNCLAIMED),
        Index("ix_task_urgent", "agency_id", "status", "due_at", postgresql_where=URGENT, sqlite_where=URGENT),
    )
    case_id: UUID | None = column(  # type: ignore[assignment] # work may come before it is known whose case it is about
        Category.RECORD, index=True, foreign_key="case.id", nullable=True, default=None
    )
    key: str = column(Category.RECORD, unique=True)
    kind: str = column(Category.RECORD)
    subject_id: UUID = column(Category.RECORD, index=True)
    agency_id: UUID = column(Category.RECORD, foreign_key="agency.id")
    team_id: UUID | None = column(Category.RECORD, default=None)
    role: Role | None = one_of(Role, default=None, nullable=True)
    worker_id: UUID | None = column(Category.RECORD, default=None)
    due_at: datetime = when()
    urgent: bool = column(Category.RECORD, default=False)
    status: TaskStatus = one_of(TaskStatus, default=TaskStatus.OPEN)
    done_at: datetime | None = when(default=None)
    done_by: UUID | None = column(Category.RECORD, default=None)
    outcome: str = column(Category.RECORD, default="")  # a code; what was said is a note elsewhere
    answer_by: datetime | None = when(default=None)  # by when somebody must have said that they are dealing with it
    taken_by: UUID | None = column(Category.RECORD, default=None)  # who said so
    times: int = column(
        Category.RECORD, default=1, sa_column_kwargs={"server_default": "1"}
    )  # how often it was asked for: a later asking is counted with the first


class ClockState(Word):
    """Where a service clock is."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped", "Met"
    STOPPED_LATE = "stopped_late", "Met late"
    REISSUED = "reissued", "Re-issued"  # the trigger date changed; another clock took over
    CANCELLED = "cancelled"


class ServiceClock(CaseRow, table=True):
    """One deadline that is running for one case. `due_at` is computed once and stored with the calendar it used."""

    __tablename__ = "service_clock"
    __table_args__ = (
        Index("ix_service_clock_case_state", "case_id", "state"),
        Index("ix_service_clock_due", "agency_id", "state", "due_at"),
        Index("ix_service_clock_worker", "worker_id", "state", "due_at"),
        Index(
            "ix_service_clock_unclaimed", "agency_id", "state", "role", "due_at",
            postgresql_where=UNCLAIMED, sqlite_where=UNCLAIMED,
        ),
    )  # fmt: skip
    case_id: UUID = column(Category.RECORD, foreign_key="case.id")
    code: str = column(Category.RECORD, index=True)
    subject_id: UUID = column(Category.RECORD, index=True)
    agency_id: UUID = column(Category.RECORD, foreign_key="agency.id")
    worker_id: UUID | None = column(Category.RECORD, default=None)
    role: Role | None = one_of(Role, default=None, nullable=True)
    jurisdiction: Jurisdiction = one_of(Jurisdiction)
    started_on: date = column(Category.RECORD)
    due_at: datetime = when()
    state: ClockState = one_of(ClockState, default=ClockState.RUNNING)
    paused_at: datetime | None = when(default=None)
    pauses: list[Any] = several(Category.RECORD)  # [{"from": iso, "until": iso, "why": code}]
    stopped_at: datetime | None = when(default=None)  # when what met it was recorded
    happened_on: date | None = column(Category.RECORD, default=None)  # the day it was, where that was an earlier one
    reissued_as: UUID | None = column(Category.RECORD, default=None)

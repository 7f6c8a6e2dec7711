"""What has happened in one case, newest first: the event journal in words, without anything the reader may not know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict
from sqlalchemy import ColumnElement, and_, not_, or_, true
from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.agencies import Agency, Worker
from throughcare.casework.clock_rules import ServiceClocks
from throughcare.casework.rows import Appointment
from throughcare.casework.telling import hidden_from, told_of
from throughcare.casework.views import Meeting
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import AuditRow, Event, said_of
from throughcare.kernel.clock import FIRST_YEAR, LAST_YEAR
from throughcare.kernel.forms import Ask, Form, Word
from throughcare.kernel.refusals import NotFound, NotPermitted, refuse_if
from throughcare.kernel.work import Work

PAGE = 50
QUIET = ("disclosure.", "task.", "signin.", "timeline.")  # the record of readings has its own page


class Kind(Word):
    """What the timeline can be narrowed to: the first part of an event's name."""

    CUSTODY = "custody", "Custody and release"
    SCREENING = "screening", "Screening"
    INTERVENTION = "intervention", "Brief intervention"
    SPECIALIST = "specialist", "Specialist referral"
    PLAN = "plan", "Release plan"
    APPOINTMENT = "appointment", "Appointments"
    HANDOVER = "handover", "Handovers"
    REQUIREMENT = "requirement", "Requirements"
    REPORT = "report", "Compliance reports"
    CHECKIN = "checkin", "Check-ins"
    SAFEGUARDING = "safeguarding", "Safeguarding"
    CONSENT = "consent", "Consent"
    CONTACT = "contact", "Contact"


def in_our_time(instant: datetime | None) -> datetime | None:
    """An instant that every database can compare with; ValueError for any other."""
    if instant and (instant.tzinfo is None or not FIRST_YEAR <= instant.year <= LAST_YEAR):
        raise ValueError("Enter a date and time with its offset")
    return instant


class TimelineQuery(Form):
    """The filter and the place to go on from."""

    kind: Annotated[Kind | None, Ask("Show")] = None
    before: Annotated[datetime | None, AfterValidator(in_our_time)] = None


class Entry(BaseModel):
    """One thing that happened. `struck` says why it no longer counts."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    id: UUID
    at: datetime
    words: str
    by: str
    agency: str
    mine: bool = False  # written by the reader's own agency, which alone may strike it
    struck: str = ""
    appointment: str = ""  # which appointment it is about, and when that is, where the reader may know it
    appointment_at: datetime | None = None


class Timeline(BaseModel):
    """A page of a case's history."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    case_id: UUID
    entries: tuple[Entry, ...]
    older: datetime | None = None
    kind: Kind | None = None
    kinds: tuple[Kind, ...] = tuple(Kind)


class Wrong(Word):
    """Why an entry does not count: a code, since the journal holds no prose."""

    WRONG_PERSON = "wrong_person", "It is about somebody else"
    WRONG_DATE = "wrong_date", "The date or time is wrong"
    TWICE = "twice", "It was recorded twice"
    MISTAKE = "mistake", "It did not happen"


class Strike(Form):
    """Why an entry does not count."""

    why: Annotated[Wrong, Ask("Why is this entry wrong?", missing="Select why this entry is wrong")]


class EntryStruck(Event):
    """An entry was marked as wrong. Nothing is deleted."""

    name: ClassVar[str] = "timeline.struck"
    why: Wrong


def timeline(work: Work, case_id: UUID, query: TimelineQuery) -> Timeline:
    """The case's history as this reader may know it. NotFound where there is no standing."""
    access.check(work, case_id)
    rows = select(AuditRow).where(AuditRow.case_id == case_id)
    for quiet in QUIET:
        rows = rows.where(col(AuditRow.name).not_like(f"{quiet}%"))
    rows = rows.where(or_(col(AuditRow.actor_id) == work.actor.id, and_(*_tellable(work, case_id))))
    if query.kind:
        rows = rows.where(col(AuditRow.name).like(f"{query.kind}.%"))
    if query.before:
        rows = rows.where(col(AuditRow.at) < query.before, col(AuditRow.created_at) < query.before)
    found = work.session.exec(
        rows.order_by(col(AuditRow.at).desc(), col(AuditRow.created_at).desc()).limit(PAGE + 1)
    ).all()
    entries = tuple(_entries(work, case_id, found[:PAGE]))
    return Timeline(
        case_id=case_id,
        entries=entries,
        older=found[PAGE - 1].created_at if len(found) > PAGE else None,
        kind=query.kind,
    )


def strike(work: Work, case_id: UUID, entry_id: UUID, form: Strike) -> Timeline:
    """Mark an entry as wrong, by somebody of the agency that wrote it; it stays, struck through, with the reason."""
    access.check(work, case_id)
    entry = work.session.get(AuditRow, entry_id)
    if entry is None or entry.case_id != case_id:
        raise NotFound
    refuse_if(entry.actor_id != work.actor.id and not told_of(work, case_id)(entry.name), NotFound)
    refuse_if(entry.actor_agency_id != work.actor.agency_id, NotPermitted)
    work.record(EntryStruck(subject_id=entry_id, case_id=case_id, why=form.why))
    return timeline(work, case_id, TimelineQuery())


def _tellable(work: Work, case_id: UUID) -> Iterator[ColumnElement[bool]]:
    """Nothing that the reader may not know happened; what they did themselves they know."""
    name = col(AuditRow.name)
    yield true()
    for hidden, told in hidden_from(work, case_id).items():
        longer = [name.startswith(each, autoescape=True) for each in told]
        yield or_(not_(name.startswith(hidden, autoescape=True)), *longer)


def _entries(work: Work, case_id: UUID, rows: list[AuditRow] | Any) -> list[Entry]:
    struck = {row.subject_id: Wrong(row.body["why"]).label for row in work.session.exec(
        select(AuditRow).where(AuditRow.case_id == case_id, AuditRow.name == EntryStruck.name)
    )}  # fmt: skip
    workers = _names(work, Worker, {row.actor_id for row in rows})
    agencies = _names(work, Agency, {row.actor_agency_id for row in rows if row.actor_agency_id})
    meetings = _meetings(work, case_id, rows)
    return [
        Entry(
            id=row.id,
            at=row.at,
            words=_words(work.reference[ServiceClocks], row),
            by=workers.get(row.actor_id, SYSTEM.name),
            agency=agencies.get(row.actor_agency_id, "") if row.actor_agency_id else "",
            mine=row.actor_agency_id == work.actor.agency_id,
            struck=struck.get(row.id, ""),
            **meetings.get(row.subject_id, {}),
        )
        for row in rows
    ]


def _meetings(work: Work, case_id: UUID, rows: Iterable[AuditRow]) -> dict[UUID, dict[str, Any]]:
    """The appointments that entries are about, as this reader may have them, by id."""
    ids = {row.subject_id for row in rows if row.name.startswith("appointment.")}
    if not ids:
        return {}
    found = select(Appointment).where(Appointment.case_id == case_id, col(Appointment.id).in_(ids))
    shown = access.show_all(
        work, work.session.exec(found.order_by(col(Appointment.at), col(Appointment.id))).all(), Meeting
    )
    told = [(each.id, each.kind.replace("_", " ").capitalize(), each.at) for each in shown if each.kind and each.at]
    return {key: {"appointment": kind, "appointment_at": at} for key, kind, at in told}


def _words(book: ServiceClocks, row: AuditRow) -> str:
    """The sentence of the event; a deadline met elsewhere says which one."""
    reasoned = book.events.get(f"{row.name}_{row.body.get('because')}")  # a sentence of its own for why
    plainly = said_of(row.name) or row.name.replace(".", " ").replace("_", " ").capitalize()
    sentence = reasoned or book.events.get(row.name, plainly)
    met = row.name.endswith(".met_elsewhere")
    return f"{sentence.rstrip('.')}: {book.rule(row.body['code']).name}." if met else sentence


def _names(work: Work, kind: type[Any], ids: set[UUID]) -> dict[UUID, str]:
    return dict(work.session.execute(select(kind.id, kind.name).where(kind.id.in_(ids))).all()) if ids else {}

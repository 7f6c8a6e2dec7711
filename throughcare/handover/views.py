"""What may be told of a handover: the summary to a team that is still deciding, more to those with standing in the case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from throughcare.casework import access
from throughcare.casework.agencies import Agency, Service, Team
from throughcare.casework.people import Person
from throughcare.casework.rows import Appointment
from throughcare.disclosure.policy import Basis, Standing, seat_of
from throughcare.disclosure.reading import Tells, View, reveal
from throughcare.handover import doors, sharing
from throughcare.handover.answer_clock import AnswerClock, answer_clock
from throughcare.handover.reasons import HandoverLists
from throughcare.handover.rows import Handover, HandoverMove
from throughcare.handover.rules import Turn, waited
from throughcare.handover.steps import MACHINE, at_sender, moves
from throughcare.handover.words import BEFORE_SENDING, Status
from throughcare.handover.workers import person_row
from throughcare.kernel.categories import Category
from throughcare.kernel.work import Work

RECORD = Tells(Category.RECORD)
PATHS = {
    "waiting_list": "waiting-list",
    "first_contact": "first-contact",
    "offer_return": "return",
    "accept_return": "return/accept",
    "decline_return": "return/decline",
    "decline_early_return": "return/decline",
}
LABELS = {step.name: step.label for step in MACHINE.steps} | {"treatment": "Record start of structured treatment"}
SAID = {"decline_early_return": "Decline return"}


class Piece(BaseModel):
    """A part of a view."""

    model_config = ConfigDict(frozen=True)


class Move(Piece):
    """A move open to this reader."""

    name: str
    label: str
    href: str


class Past(Piece):
    """One move of the history."""

    what: str
    to: str
    at: datetime
    by: str
    codes: tuple[str, ...] = ()
    declined_by: str = ""
    words: str = ""


class Summary(View):
    """All that a team may know before it accepts: nothing here names anybody."""

    id: Annotated[UUID | None, RECORD] = None
    status: Annotated[Status | None, RECORD] = None
    label: Annotated[str, RECORD] = ""
    service: Annotated[str, RECORD] = ""
    receiver: Annotated[str, RECORD] = ""
    sender: Annotated[str, RECORD] = ""
    incoming: Annotated[bool, RECORD] = False
    initials: Annotated[str, RECORD] = ""
    age_band: Annotated[str, RECORD] = ""
    area: Annotated[str, RECORD] = ""
    sought: Annotated[str, RECORD] = ""
    release_week: Annotated[date | None, RECORD] = None
    flags: Annotated[tuple[str, ...], RECORD] = ()
    fast_track: Annotated[bool, RECORD] = False
    sent_at: Annotated[datetime | None, RECORD] = None
    days: Annotated[int, RECORD] = 0
    days_for_them: Annotated[int, RECORD] = 0
    days_for_us: Annotated[int, RECORD] = 0
    turn: Annotated[Turn, RECORD] = ""
    waiting_since: Annotated[datetime | None, RECORD] = None
    clock: Annotated[AnswerClock | None, RECORD] = None
    review_on: Annotated[date | None, RECORD] = None
    moves: Annotated[tuple[Move, ...], RECORD] = ()
    history: Annotated[tuple[Past, ...], Tells(Category.PLAN)] = ()
    open: Annotated[bool, RECORD] = False


class HandoverView(Summary):
    """The handover for those with standing: what was shared, part by part, each on its own basis."""

    case_id: UUID | None = None
    version: int | None = None
    name: Annotated[str, Tells(Category.IDENTITY)] = ""
    identity: Annotated[dict[str, str] | None, Tells(Category.IDENTITY)] = None
    custody: Annotated[dict[str, str] | None, Tells(Category.CUSTODY)] = None
    contact: Annotated[dict[str, str] | None, Tells(Category.CONTACT)] = None
    housing: Annotated[dict[str, str] | None, Tells(Category.HOUSING)] = None
    attendance: Annotated[dict[str, str] | None, Tells(Category.ATTENDANCE)] = None
    plan: Annotated[dict[str, str] | None, Tells(Category.PLAN)] = None
    screening: Annotated[dict[str, str] | None, Tells(Category.SCREENING, summary=True)] = None
    medication: Annotated[dict[str, str] | None, Tells(Category.MEDICATION, summary=True)] = None
    risk: Annotated[dict[str, str] | None, Tells(Category.RISK)] = None
    shared: Annotated[tuple[tuple[str, str], ...], RECORD] = ()  # section code and label, in order
    sha256: Annotated[str, RECORD] = ""
    whole: Annotated[bool, RECORD] = True
    consented: Annotated[bool, RECORD] = True
    worker: Annotated[str, RECORD] = ""
    appointment_at: Annotated[datetime | None, Tells(Category.ATTENDANCE)] = None
    appointment_place: Annotated[str, Tells(Category.ATTENDANCE)] = ""
    first_contact_at: datetime | None = None
    treatment_started_on: date | None = None


SECTIONS = ("identity", "custody", "contact", "housing", "attendance", "plan", "screening", "medication", "risk")


def show(work: Work, row: Handover) -> Summary:
    """What this reader may have of the handover."""
    if not doors.is_open(work, row):
        return strangers(work, [row])[0]
    return access.show(work, row, HandoverView, **summary(work, row), **shared(work, row), **told(work, row))


def strangers(work: Work, rows: Sequence[Handover]) -> list[Summary]:
    """The summaries a team may read on the strength of having been sent them: for direct care, and no more than this."""
    standing = Standing(seat_of(work.actor), frozenset({Basis.CARE, Basis.TASK}))
    return reveal(work, [(row, summary(work, row)) for row in rows], Summary, {row.case_id: standing for row in rows})


def summary(work: Work, row: Handover) -> dict[str, Any]:
    """The fields of a Summary."""
    kept = sharing.snapshot_of(work, row)
    said: Mapping[str, Any] = kept.summary if kept else sharing.preview(work, row).summary
    return _place(work, row) | _said(work, row, said) | _progress(work, row)


def _place(work: Work, row: Handover) -> dict[str, Any]:
    service = work.session.get_one(Service, row.service_id)
    team = work.session.get_one(Team, row.to_team_id)
    return {
        "label": row.status.label,
        "service": service.name,
        "receiver": f"{work.session.get_one(Agency, row.to_agency_id).name}, {team.name}",
        "sender": work.session.get_one(Agency, row.from_agency_id).name,
        "incoming": not at_sender(row, work.actor),
        "open": doors.is_open(work, row),
    }


def _said(work: Work, row: Handover, said: Mapping[str, Any]) -> dict[str, Any]:
    lists = work.reference[HandoverLists]
    return {
        "initials": said["initials"],
        "age_band": said["age_band"],
        "area": said["area"],
        "sought": lists.options.get(said["sought"], said["sought"]),
        "release_week": date.fromisoformat(said["release_week"]) if said["release_week"] else None,
        "flags": tuple(lists.flags.get(flag, flag) for flag in said["flags"]),
        "fast_track": row.fast_track or sharing.PREGNANT in said["flags"],
    }


def _progress(work: Work, row: Handover) -> dict[str, Any]:
    past = doors.history(work, row)
    days = waited([(move.to, move.at) for move in past], work.now)
    return {
        "days": days.total,
        "days_for_them": days.for_them,
        "days_for_us": days.for_us,
        "turn": days.turn,
        "waiting_since": days.since,
        "clock": answer_clock(work, row),
        "moves": tuple(open_moves(work, row)),
        "history": tuple(_past(work, move) for move in past),
    }


def open_moves(work: Work, row: Handover) -> list[Move]:
    """The buttons this reader has now."""
    names = [step.name for step in moves(row, work.actor)]
    if row.status is Status.ACTIVE and row.treatment_started_on is None and "complete" in names:
        names.insert(0, "treatment")
    base = f"/handovers/{row.id}"
    return [Move(name=n, label=SAID.get(n, LABELS[n]), href=f"{base}/{PATHS.get(n, n)}") for n in names]


def _past(work: Work, move: HandoverMove) -> Past:
    return Past(
        what=SAID.get(move.move, LABELS.get(move.move, move.move.capitalize())),
        to=move.to.label,
        at=move.at,
        by=doors.name_of(work, move.by),
        codes=work.reference[HandoverLists].words_of(move.codes),
        declined_by=move.declined_by.label if move.declined_by else "",
        words=move.words,
    )


def shared(work: Work, row: Handover) -> dict[str, Any]:
    """What was sent; before that, exactly what would be."""
    kept = sharing.snapshot_of(work, row)
    now = None if kept else sharing.preview(work, row)
    parts = kept.sections if kept else (now.sections if now else {})
    lists = work.reference[HandoverLists]
    return {code: parts.get(code) for code in SECTIONS} | {
        "shared": tuple((code, lists.sections[code].label) for code in lists.sections if code in parts),
        "sha256": kept.sha256 if kept else (now.sha256 if now else ""),
        "whole": sharing.is_whole(kept) if kept else True,
    }


def told(work: Work, row: Handover) -> dict[str, Any]:
    """The rest of a HandoverView: whose it is, and what came of it."""
    person: Person = person_row(work, row.case_id)
    booked = work.session.get(Appointment, row.appointment_id) if row.appointment_id else None
    drafting = row.status in BEFORE_SENDING
    return {
        "name": f"{person.given} {person.family}",
        "worker": doors.name_of(work, row.worker_id),
        "appointment_at": booked.at if booked else None,
        "appointment_place": booked.place if booked else "",
        "consented": not drafting or sharing.consent_to_refer(work, row.case_id, row.to_agency_id) is not None,
    }

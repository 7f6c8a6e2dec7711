"""The shapes in which a handover is told: each field says what it tells its reader."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from throughcare.casework.views import Tells, View
from throughcare.handover.answer_clock import AnswerClock
from throughcare.handover.rules import Light, Turn
from throughcare.handover.words import Attended, Status
from throughcare.kernel.categories import Category

RECORD = Tells(Category.RECORD)
PLAN = Tells(Category.PLAN)  # what help they are sent for, and what is urgent about them


class Piece(BaseModel):
    """A part of a view."""

    model_config = ConfigDict(frozen=True, defer_build=True)


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
    sought: Annotated[str, PLAN] = ""
    release_week: Annotated[date | None, RECORD] = None
    flags: Annotated[tuple[str, ...], PLAN] = ()
    fast_track: Annotated[bool, PLAN] = False
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
    party: Annotated[bool, RECORD] = True


class HandoverLine(Summary):
    """A handover on a list: with a name for those who may have it."""

    case_id: UUID | None = None
    name: Annotated[str, Tells(Category.IDENTITY)] = ""


class HandoverView(HandoverLine):
    """The handover for those with standing: what was shared, part by part, each on its own basis."""

    version: int | None = None
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
    appointment_to_record: Annotated[bool, Tells(Category.ATTENDANCE)] = (
        False  # it has been, and nobody has said what happened
    )
    appointment_place: Annotated[str, Tells(Category.ATTENDANCE)] = ""
    first_contact_at: datetime | None = None
    treatment_started_on: date | None = None


class MeetingView(View):
    """One meeting before release, as it was recorded."""

    held_on: date | None = None
    prison: Attended | None = None
    community: Attended | None = None
    person: Attended | None = None
    why_not: str = ""


class CaseHandovers(BaseModel):
    """The Handovers tab of a case."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    handovers: tuple[HandoverLine, ...] = ()
    meetings: tuple[MeetingView, ...] = ()
    meeting_light: Light = ""
    missing: bool = False
    not_needed: str = ""
    may_draft: bool = False
    may_meet: bool = False

"""Closing a case: only when nothing of it is live with anybody else, and then everything that is left ends with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import col, select

from throughcare.casework import access, custody, tasks_ending
from throughcare.casework.agencies import Service
from throughcare.casework.events import CaseClosed
from throughcare.casework.overview import keeps
from throughcare.casework.people import Case
from throughcare.casework.release_day import open_stay
from throughcare.handover.rows import Handover
from throughcare.handover.words import LIVE, Status
from throughcare.kernel.forms import Ask, Form, Word
from throughcare.kernel.refusals import NotPermitted, WrongState, refuse_if
from throughcare.kernel.work import Work


class Because(Word):
    """Why a case is closed."""

    ENDED = "support_ended", "The support has ended as planned"
    DECLINED = "declined", "They no longer want support"
    MOVED = "moved_away", "They have moved away"
    LOST = "contact_lost", "Contact has been lost, and everything agreed was tried"
    DIED = "died", "They have died"


class CloseForm(Form):
    """Why the case is closed."""

    because: Annotated[Because, Ask("Why is this case closed?", missing="Select why this case is closed")]


class OpenAgain(Form):
    """Nothing is asked: pressing the button is the act."""


class StillLive(WrongState):
    """Something of this case is still live, so it cannot be closed yet."""

    code = "still_live"


class Closed(BaseModel):
    """The case, and whether it is closed."""

    id: UUID
    closed: bool


def closable(work: Work, case_id: UUID) -> Case:
    """The case, locked, if this reader may close it now; StillLive names everything that is still live."""
    case = _owned(work, case_id)
    refuse_if(case.closed_at, WrongState("This case is closed."))
    found = list(live(work, case))
    refuse_if(found, StillLive("This case cannot be closed yet. " + " ".join(found)))
    return case


def close(work: Work, case_id: UUID, form: CloseForm) -> Closed:
    """Close it: deadlines, check-ins and open work end, all but work about children."""
    case = closable(work, case_id)
    case.closed_at, case.closed_because = work.now, form.because.value
    case.co_agency_id = case.co_worker_id = None
    work.session.add(case)
    work.session.flush()
    tasks_ending.cancel_all(work, case_id, "case_closed")
    work.record(CaseClosed(subject_id=case_id, case_id=case_id, because=form.because.value))
    return Closed(id=case_id, closed=True)


def open_again(work: Work, case_id: UUID, _: OpenAgain) -> Closed:
    """It was closed too soon, or they came back."""
    case = reopenable(work, case_id)
    custody.reopen(work, case)
    return Closed(id=case_id, closed=False)


def reopenable(work: Work, case_id: UUID) -> Case:
    """The case, locked, if this reader may open it again."""
    case = _owned(work, case_id)
    refuse_if(case.closed_at is None, WrongState("This case is open."))
    return case


def ready(work: Work, case_id: UUID) -> bool:
    """Whether nothing of it is live any more."""
    return not any(live(work, access.find_case(work, case_id)))


def live(work: Work, case: Case) -> Iterator[str]:
    """What is still live, a sentence each: each is ended by its own step, which tells the other side."""
    if open_stay(work, case.id):
        yield "They are in custody."
    query = (
        select(Handover.status, Service.name)
        .join(Service, col(Service.id) == col(Handover.service_id))
        .where(Handover.case_id == case.id, col(Handover.status).in_(LIVE))
        .order_by(col(Handover.created_at))
    )
    for status, service in work.session.exec(query):
        yield f"The handover to {service} is {Status(status).label.lower()}: end it on the Handovers tab first."


def _owned(work: Work, case_id: UUID) -> Case:
    """The case, locked, for those whose it is to close."""
    case = access.take_case(work, case_id)
    refuse_if(not keeps(work, case), NotPermitted)
    return case

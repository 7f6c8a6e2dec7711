"""A parent told of children, or of a pregnancy: somebody considers whether there is a concern, and says what they found."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.people import Case
from throughcare.casework.rows import CustodyEpisode, Task, TaskStatus
from throughcare.casework.tasks import About, For, errand, give
from throughcare.casework.whose import owner_of
from throughcare.kernel.audit import Event
from throughcare.kernel.categories import Category
from throughcare.kernel.clock import MIDNIGHT, at
from throughcare.kernel.refusals import NotPermitted
from throughcare.kernel.work import Work
from throughcare.safeguarding import events
from throughcare.safeguarding.actions import next_working_day
from throughcare.safeguarding.forms import NoConcernForm
from throughcare.safeguarding.rows import Concern, NoConcern
from throughcare.safeguarding.views import CaseSafeguarding, page

CONSIDER = errand(
    Category.CHILD,
    "child_consider",
    "Consider the children they told of: record a concern, or that there is none",
    "/cases/{case_id}/safeguarding",
    {"safeguarding.considered"},
)


def ask(work: Work, event: Event) -> None:
    """The reaction to children, or a pregnancy, told of: whoever asked considers it by the next working day, once a stay.

    The levels of need apply to an unborn baby too (DOMAIN F.1, F.6). A concern already recorded in this stay has been
    considered.
    """
    assert event.case_id
    case = work.session.get_one(Case, event.case_id)
    if _considered(work, case.id):
        return
    whose = For(work.actor.agency_id, worker_id=work.actor.id) if work.actor.agency_id else owner_of(case)
    about = About(case.id, case.id, f"{case.id}:{event.subject_id}")
    give(work, CONSIDER, whose, about, next_working_day(work, whose.agency_id))


def answered(work: Work, event: Event) -> None:
    """The reaction to a concern recorded: it has been considered."""
    assert event.case_id
    open_one = select(Task.id).where(
        Task.subject_id == event.case_id, Task.kind == CONSIDER.kind, Task.status == TaskStatus.OPEN
    )
    if work.session.exec(open_one).first():
        work.record(events.Considered(subject_id=event.case_id, case_id=event.case_id))


def no_concern(work: Work, case_id: UUID, form: NoConcernForm) -> CaseSafeguarding:
    """Record that the children were considered and there is no concern for now, and why."""
    access.check(work, case_id)
    if work.actor.agency_id is None:
        raise NotPermitted
    found = NoConcern(case_id=case_id, why=form.why, agency_id=work.actor.agency_id, recorded_by=work.actor.id)
    work.add(found)
    work.record(events.Considered(subject_id=case_id, case_id=case_id))
    return page(work, case_id)


def _considered(work: Work, case_id: UUID) -> bool:
    """Whether it was asked, or a concern recorded, since the person came in."""
    latest = select(col(CustodyEpisode.received_on)).where(CustodyEpisode.case_id == case_id)
    came = work.session.exec(latest.order_by(col(CustodyEpisode.received_on).desc())).first()
    since = at(came, MIDNIGHT) if came else work.now
    asked = select(Task.id).where(Task.case_id == case_id, Task.kind == CONSIDER.kind, col(Task.created_at) >= since)
    worried = select(col(Concern.id)).where(Concern.case_id == case_id, col(Concern.formed_at) >= since)
    return bool(work.session.exec(asked).first() or work.session.exec(worried).first())

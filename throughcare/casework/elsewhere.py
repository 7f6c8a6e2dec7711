"""A case's deadlines, and recording that one was met outside the service: by its owner, with the day and how it is known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.agencies import Agency, Worker
from throughcare.casework.clock_rules import ClockRule, ServiceClocks
from throughcare.casework.clocks import LIVE, meet, start
from throughcare.casework.elsewhere_rows import TOLD, Known, MetElsewhere, MetForm
from throughcare.casework.jobs import tellable
from throughcare.casework.naming import names_of
from throughcare.casework.people import Case
from throughcare.casework.rows import ClockState, ServiceClock
from throughcare.casework.tasks import NOT_DOERS
from throughcare.casework.views import Tells, View
from throughcare.kernel.actors import Role
from throughcare.kernel.audit import AuditRow, Event
from throughcare.kernel.categories import Category
from throughcare.kernel.refusals import Invalid, NotFound, NotPermitted, WrongState, refuse_if
from throughcare.kernel.work import Work

SHOWN = 100


class NotByHand(WrongState):
    """This deadline is met in the service itself: open the page it names and record it there."""

    code = "not_by_hand"


class Over(WrongState):
    """This deadline no longer runs; reload the page to see how it ended."""

    code = "over"


class Deadline(View):
    """One service clock of a case, and how it ended. `stopped_at` is when that was recorded, `happened_on` when it was."""

    id: UUID | None = None
    words: Annotated[str, Tells(Category.RECORD)] = ""
    whose: Annotated[str, Tells(Category.RECORD)] = ""
    source: Annotated[str, Tells(Category.RECORD)] = ""
    started_on: date | None = None
    due_at: datetime | None = None
    state: ClockState | None = None
    stopped_at: datetime | None = None
    happened_on: date | None = None
    by_hand: Annotated[bool, Tells(Category.RECORD)] = False  # the reader may record it as met elsewhere


class Elsewhere(View):
    """That a deadline was met elsewhere, who recorded it, and whether that was wrong."""

    clock_id: UUID | None = None
    words: Annotated[str, Tells(Category.RECORD)] = ""
    worker: Annotated[str, Tells(Category.RECORD)] = ""
    on: date | None = None
    known: Known | None = None
    where: str | None = None
    created_at: datetime | None = None
    struck_at: datetime | None = None


class Deadlines(BaseModel):
    """The page: what runs first, then what has ended, the latest first."""

    case_id: UUID
    deadlines: tuple[Deadline, ...]
    elsewhere: tuple[Elsewhere, ...]


def deadlines(work: Work, case_id: UUID) -> Deadlines:
    """The case's service clocks as far as the reader may know of them. NotFound where there is no standing."""
    access.check(work, case_id)
    book = work.reference[ServiceClocks]
    found = select(ServiceClock).where(ServiceClock.case_id == case_id)
    newest = found.order_by(col(ServiceClock.created_at).desc(), col(ServiceClock.due_at)).limit(SHOWN)
    clocks = [clock for clock in work.session.exec(newest) if tellable(work, clock, book.rule(clock.code))]
    live = sorted((clock for clock in clocks if clock.state in LIVE), key=lambda clock: clock.due_at)
    ended = [clock for clock in clocks if clock.state not in LIVE]
    return Deadlines(
        case_id=case_id,
        deadlines=tuple(access.show_all(work, [*live, *ended], Deadline, _told(work, clocks))),
        elsewhere=_elsewhere(work, case_id, {clock.id: book.rule(clock.code).name for clock in clocks}),
    )


def meetable(work: Work, case_id: UUID, clock_id: UUID) -> ServiceClock:
    """The clock, if this reader may record that it was met elsewhere."""
    clock = access.take(work, ServiceClock, clock_id)
    refuse_if(clock.case_id != case_id or not tellable(work, clock, _rule(work, clock)), NotFound)
    refuse_if(not _owns(work, clock), NotPermitted)
    refuse_if(not _rule(work, clock).met_by_hand, NotByHand)
    refuse_if(clock.state not in LIVE, Over)
    return clock


def meet_elsewhere(work: Work, case_id: UUID, clock_id: UUID, form: MetForm) -> Deadlines:
    """Record it: the clock stops, late or not by that day, and what its own event starts begins."""
    clock = meetable(work, case_id, clock_id)
    rule = _rule(work, clock)
    refuse_if(form.on > work.today, Invalid("The day it was met must be today or in the past.", beside="on"))
    early = "The day it was met must be the day the deadline began, or later."
    refuse_if(form.on < clock.started_on, Invalid(early, beside="on"))
    told, about = TOLD[rule.stops_on[0].partition(".")[0]]
    agency_id = work.actor.agency_id or clock.agency_id
    written = MetElsewhere(
        case_id=case_id, clock_id=clock.id, about=about, by=work.actor.id, agency_id=agency_id, was=clock.state,
        **form.model_dump(),
    )  # fmt: skip
    work.add(written)
    event = told(subject_id=written.id, case_id=case_id, on=form.on, code=clock.code, meets=rule.stops_on[0])
    meet(work, clock, rule, event)
    work.session.add(clock)
    work.record(event)
    _start_next(work, clock, rule, form.on)
    return deadlines(work, case_id)


def take_back(work: Work, event: Event) -> None:
    """The reaction to an entry struck from the timeline: its clock runs again as it did, what began with it is cancelled."""
    entry = work.session.get_one(AuditRow, event.subject_id)
    written = work.session.get(MetElsewhere, entry.subject_id)
    if written is None or written.struck_at:
        return
    clock = access.take(work, ServiceClock, written.clock_id)
    clock.state, clock.stopped_at, clock.happened_on = ClockState(written.was), None, None
    written.struck_at = work.now
    work.session.add_all([clock, written])
    for begun in _begun_with(work, clock, written):
        begun.state, begun.stopped_at = ClockState.CANCELLED, work.now
        work.session.add(begun)


def _start_next(work: Work, clock: ServiceClock, rule: ClockRule, on: date) -> None:
    case = work.session.get_one(Case, clock.case_id)
    met = Event(subject_id=clock.subject_id, case_id=case.id, on=on)
    for following in work.reference[ServiceClocks].started_by(rule.stops_on[0], case.jurisdiction, work.today):
        start(work, case, following, met)


def _begun_with(work: Work, clock: ServiceClock, written: MetElsewhere) -> Iterable[ServiceClock]:
    book = work.reference[ServiceClocks]
    began = book.started_by(_rule(work, clock).stops_on[0], clock.jurisdiction, clock.started_on)
    return work.session.exec(
        select(ServiceClock).where(
            ServiceClock.case_id == clock.case_id,
            ServiceClock.created_at == written.created_at,
            col(ServiceClock.code).in_({rule.code for rule in began}),
            col(ServiceClock.state).in_(LIVE),
        )
    )


def _rule(work: Work, clock: ServiceClock) -> ClockRule:
    return work.reference[ServiceClocks].rule(clock.code)


def _owns(work: Work, clock: ServiceClock) -> bool:
    """Its worker, anyone of its role, and a manager, of the agency that holds it; anyone there where it names nobody."""
    actor = work.actor
    if actor.agency_id != clock.agency_id or actor.role in NOT_DOERS:
        return False
    unnamed = clock.role is None and clock.worker_id is None
    return unnamed or actor.role in {Role.MANAGER, clock.role} or actor.id == clock.worker_id


def _told(work: Work, clocks: list[ServiceClock]) -> dict[UUID, dict[str, Any]]:
    workers = names_of(work, Worker, [clock.worker_id for clock in clocks])
    agencies = names_of(work, Agency, [clock.agency_id for clock in clocks])
    return {clock.id: _words(work, clock, workers, agencies) for clock in clocks}


def _words(work: Work, clock: ServiceClock, workers: dict[UUID, str], agencies: dict[UUID, str]) -> dict[str, Any]:
    rule = _rule(work, clock)
    who = workers.get(clock.worker_id or clock.id) or (clock.role.label if clock.role else "")
    return {
        "words": rule.name,
        "whose": ", ".join(filter(None, (who, agencies[clock.agency_id]))),
        "source": f"{rule.authority}: {rule.source}",
        "by_hand": rule.met_by_hand and clock.state in LIVE and _owns(work, clock),
    }


def _elsewhere(work: Work, case_id: UUID, names: dict[UUID, str]) -> tuple[Elsewhere, ...]:
    query = select(MetElsewhere).where(MetElsewhere.case_id == case_id, col(MetElsewhere.clock_id).in_(names))
    rows = list(work.session.exec(query.order_by(col(MetElsewhere.created_at).desc())))
    workers = names_of(work, Worker, [row.by for row in rows])
    more = {row.id: {"words": names[row.clock_id], "worker": workers.get(row.by, "")} for row in rows}
    return tuple(access.show_all(work, rows, Elsewhere, more))

"""Who is on call, as planned: read for whoever must be asked now, and planned by the managers of an agency (R42)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlmodel import col, or_, select

from throughcare.casework.agencies import Agency, Membership, Worker
from throughcare.casework.carrying import Carrying, open_calls
from throughcare.casework.naming import names_of
from throughcare.casework.visitors import holds
from throughcare.checkin import events, steps
from throughcare.checkin.forms_on_call import PlanTurn
from throughcare.checkin.ladders import Span
from throughcare.checkin.on_call import OnCall, Turn, gaps, promised
from throughcare.checkin.on_call_rows import RotaTurn
from throughcare.kernel.actors import Role, acts_among
from throughcare.kernel.clock import at
from throughcare.kernel.refusals import Invalid, NotFound, NotPermitted, refuse_if
from throughcare.kernel.work import Work


class TurnShown(BaseModel):
    """One turn of the rota. `gone`: whoever it names no longer works here, so nobody has it."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    id: UUID
    worker_id: UUID
    name: str
    from_at: datetime
    until_at: datetime
    place: int
    now: bool
    gone: bool


class Gap(BaseModel):
    """A stretch of the promised hours that nobody has."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    from_at: datetime
    until_at: datetime


class Colleague(BaseModel):
    """Somebody who may be given work, and how many calls are on their list."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    worker_id: UUID
    name: str
    calls: int
    too_many: bool


class Rota(BaseModel):
    """The page: who is on call, what is planned, where nobody is."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    agency: str
    until: date
    turns: tuple[TurnShown, ...] = ()
    gaps: tuple[Gap, ...] = ()
    on_call: tuple[str, ...] = ()
    may_plan: bool = False


def planned(work: Work, agency_id: UUID, until: datetime, team_id: UUID | None = None) -> list[RotaTurn]:
    """The turns that are not over and begin by then, of the agency; with a team, those of another team left out."""
    query = select(RotaTurn).where(
        RotaTurn.agency_id == agency_id,
        col(RotaTurn.until_at) > work.now,
        col(RotaTurn.from_at) <= until,
        col(RotaTurn.taken_off_at).is_(None),
    )
    if team_id:
        query = query.where(or_(col(RotaTurn.team_id).is_(None), RotaTurn.team_id == team_id))
    order = (col(RotaTurn.from_at), col(RotaTurn.place), col(RotaTurn.created_at), col(RotaTurn.id))
    return list(work.session.exec(query.order_by(*order)))


def turns(work: Work, agency_id: UUID, until: datetime, team_id: UUID | None = None) -> list[Turn]:
    """The same as rules see them, without those who have left: nobody is asked who is not there."""
    rows, here = planned(work, agency_id, until, team_id), {one.worker_id for one in colleagues(work, agency_id)}
    return [Turn(row.worker_id, row.from_at, row.until_at, row.place) for row in rows if row.worker_id in here]


def colleagues(work: Work, agency_id: UUID) -> list[Colleague]:
    """Those of an agency who work with texts, by name, each with the calls that are on their list (R47)."""
    here = (
        select(col(Worker.id), col(Worker.name))
        .join(Membership, col(Membership.worker_id) == col(Worker.id))
        .where(
            Membership.agency_id == agency_id,
            col(Membership.role).in_(steps.STAFF),
            col(Worker.disabled_at).is_(None),
            holds(work),
        )
        .distinct()
    )
    calls, carrying = open_calls(work, agency_id), work.reference[Carrying]
    return [
        Colleague(worker_id=key, name=name, calls=calls[key], too_many=carrying.too_many(calls[key]))
        for key, name in work.session.exec(here.order_by(col(Worker.name), col(Worker.id)))
    ]


def rota(work: Work) -> Rota:
    """The rota of the reader's agency, for those of it who work with texts."""
    refuse_if(not acts_among(work.actor, steps.STAFF), NotPermitted)
    agency_id = _mine(work)
    agency, plans = work.session.get_one(Agency, agency_id), work.reference[OnCall]
    last = work.today + timedelta(days=plans.days_shown)
    until = at(last + timedelta(days=1), time())
    here = {one.worker_id for one in colleagues(work, agency_id)}
    rows = planned(work, agency_id, until)
    names = names_of(work, Worker, {row.worker_id for row in rows})
    shown = tuple(_shown(work, row, names, gone=row.worker_id not in here) for row in rows)
    covered = [Turn(turn.worker_id, turn.from_at, turn.until_at) for turn in shown if not turn.gone]
    left = gaps(promised(plans.hours(agency.name), work.now, until), covered)
    return Rota(
        agency=agency.name,
        until=last,
        turns=shown,
        gaps=tuple(_gap(span) for span in left),
        on_call=tuple(turn.name for turn in shown if turn.now and not turn.gone),
        may_plan=work.actor.role is Role.MANAGER,
    )


def _mine(work: Work) -> UUID:
    if work.actor.agency_id is None:
        raise NotFound
    return work.actor.agency_id


def _shown(work: Work, row: RotaTurn, names: dict[UUID, str], *, gone: bool) -> TurnShown:
    holds_now = Turn(row.worker_id, row.from_at, row.until_at).holds(work.now)
    facts = {name: getattr(row, name) for name in ("id", "worker_id", "from_at", "until_at", "place")}
    return TurnShown(**facts, name=names.get(row.worker_id, ""), now=holds_now, gone=gone)


def _gap(span: Span) -> Gap:
    return Gap(from_at=span.start, until_at=span.end or span.start)


def may_plan(work: Work) -> UUID:
    """The agency whose rota this reader plans: its manager."""
    refuse_if(work.actor.role is not Role.MANAGER or not acts_among(work.actor, steps.STAFF), NotPermitted)
    return _mine(work)


def plan(work: Work, form: PlanTurn) -> None:
    """Put somebody on call, once or week after week at the same London time (the clocks may change between)."""
    agency_id = may_plan(work)
    here = {one.worker_id for one in colleagues(work, agency_id)}
    refuse_if(form.worker_id not in here, Invalid("Select somebody who works here", beside="worker_id"))
    most = work.reference[OnCall].most_weeks
    refuse_if(form.weeks > most, Invalid(f"Plan at most {most} weeks ahead", beside="weeks"))
    for week in range(form.weeks):
        later = timedelta(weeks=week)
        start, end = at(form.from_on + later, form.from_at), at(form.until_on + later, form.until_at)
        refuse_if(end <= work.now, Invalid("The turn must end after now", beside="until_on"))
        row = work.add(
            RotaTurn(
                agency_id=agency_id, worker_id=form.worker_id, from_at=start, until_at=end, place=form.place,
                planned_by=work.actor.id,
            )
        )  # fmt: skip
        work.record(events.RotaPlanned(subject_id=row.id, on=form.from_on + later))


def turn_of(work: Work, turn_id: UUID) -> RotaTurn:
    """One turn of the rota this reader plans, locked."""
    agency_id = may_plan(work)
    row = work.session.get(RotaTurn, turn_id, with_for_update=True)
    if row is None or row.agency_id != agency_id or row.taken_off_at:
        raise NotFound
    return row


def take_off(work: Work, turn_id: UUID) -> None:
    """Nobody is asked by this turn any more."""
    row = turn_of(work, turn_id)
    row.taken_off_at = work.now
    work.session.add(row)
    work.record(events.RotaTakenOff(subject_id=row.id))

"""Handovers as they are listed: those sent to us, those sent by us, and all of one case."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, String, and_, case, cast, func, literal, not_, or_
from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.paging import Key, Order, instant, place, rank
from throughcare.casework.rows import CustodyEpisode
from throughcare.disclosure.policy import Seat, seat_of
from throughcare.handover import meetings, steps
from throughcare.handover.forms import Direction, HandoverQuery
from throughcare.handover.reasons import HandoverLists
from throughcare.handover.rows import Handover
from throughcare.handover.rules import turn_in
from throughcare.handover.shapes import CaseHandovers, HandoverLine, MeetingView
from throughcare.handover.sharing import PREGNANT
from throughcare.handover.views import lines
from throughcare.handover.words import BEFORE_SENDING, LIVE, Status
from throughcare.kernel.actors import Role, acts_among
from throughcare.kernel.clock import FIRST_YEAR, MIDNIGHT, at
from throughcare.kernel.refusals import NotPermitted, refuse_if
from throughcare.kernel.rows import Instant
from throughcare.kernel.work import Work

SHOWN = 50


class HandoverList(BaseModel):
    """One page of a list: who waits for the reader, then who waits for the other side, each the longest wait first, then
    what is settled, the newest first. `older` is where the next page begins.
    """

    model_config = ConfigDict(frozen=True, defer_build=True)
    lines: tuple[HandoverLine, ...] = ()
    older: str = ""


def listed(work: Work, query: HandoverQuery) -> HandoverList:
    """The handovers this reader is a side of, under these filters."""
    refuse_if(work.actor.role is Role.HEALTHCARE or seat_of(work.actor) in {None, Seat.PROBATION}, NotPermitted)
    turn, since = _turn(work), _since()
    order = Order(
        (
            Key(turn, rank),
            Key(since, instant),
            Key(col(Handover.created_at), instant, falling=True),
            Key(col(Handover.id), UUID),
        )
    )
    ours = select(Handover, turn.label("turn"), since.label("since")).where(_ours(work, query.direction))
    wanted = ours.where(_wanted(work, query), order.after(query.before))
    rows = work.session.execute(wanted.order_by(*order.columns).limit(SHOWN + 1)).all()
    last = rows[SHOWN - 1] if len(rows) > SHOWN else None
    older = place(last.turn, last.since, last.Handover.created_at, last.Handover.id) if last else ""
    return HandoverList(lines=tuple(lines(work, [row.Handover for row in rows[:SHOWN]])), older=older)


def _turn(work: Work) -> ColumnElement[int]:
    """0 where it is this reader's side that must act, 1 where it is the other, 2 where nobody must."""
    status, incoming = col(Handover.status), col(Handover.to_agency_id) == work.actor.agency_id
    turns: dict[str, list[Status]] = {"receiver": [], "sender": []}
    for each in Status:
        turns.setdefault(turn_in(each), []).append(each)
    theirs = and_(incoming, status.in_(turns["receiver"])), and_(not_(incoming), status.in_(turns["sender"]))
    return case((or_(*theirs), 0), (status.in_([*turns["receiver"], *turns["sender"]]), 1), else_=2)


def _since() -> ColumnElement[datetime]:
    """Since when it waits; of what is settled nothing, so that the newest of it comes first."""
    waits = col(Handover.status).in_([each for each in Status if turn_in(each)])
    begun: Any = func.coalesce(col(Handover.sent_at), col(Handover.created_at))
    return case((waits, begun), else_=literal(at(date(FIRST_YEAR, 1, 2), MIDNIGHT), Instant()))


def _ours(work: Work, direction: Direction | None) -> ColumnElement[bool]:
    actor = work.actor
    sent = col(Handover.status).notin_(BEFORE_SENDING)
    incoming = and_(col(Handover.to_agency_id) == actor.agency_id, sent)
    if actor.role is not Role.MANAGER:
        incoming = and_(incoming, col(Handover.to_team_id) == actor.team_id)
    known = col(Handover.case_id).in_(access.cases_with_standing(work))
    outgoing = and_(col(Handover.from_agency_id) == actor.agency_id, or_(sent, known))
    both = {Direction.INCOMING: incoming, Direction.OUTGOING: outgoing}
    return both[direction] if direction else or_(incoming, outgoing)


def _wanted(work: Work, query: HandoverQuery) -> ColumnElement[bool]:
    status = col(Handover.status) == query.status if query.status else col(Handover.status).in_(LIVE)
    return and_(status, _urgent(work)) if query.urgent else status


def _urgent(work: Work) -> ColumnElement[bool]:
    """Fast track; for those who may not know of a pregnancy, where they said so themselves."""
    if seat_of(work.actor) is not Seat.PRISON_THROUGHCARE:
        return col(Handover.fast_track).is_(True)
    return and_(col(Handover.fast_track), cast(col(Handover.flags), String).contains(f'"{PREGNANT}"'))


def of_case(work: Work, case_id: UUID) -> CaseHandovers:
    """The Handovers tab of a case: every handover and meeting, and what is still missing."""
    found = access.find_case(work, case_id)
    rows = work.session.exec(
        select(Handover).where(Handover.case_id == case_id).order_by(col(Handover.created_at).desc(), col(Handover.id))
    ).all()
    met = meetings.held(work, case_id)
    said_none = meetings.none_needed(work, case_id)
    owns = work.actor.agency_id == found.owner_agency_id and acts_among(work.actor, steps.SENDERS)
    return CaseHandovers(
        handovers=tuple(lines(work, [row for row in rows if _theirs_to_see(work, row)])),
        meetings=tuple(access.show_all(work, met, MeetingView)),
        meeting_light=meetings.light(work, found, met, _received_on(work, case_id)),
        missing=meetings.is_missing(work, case_id),
        not_needed=work.reference[HandoverLists].not_needed.get(said_none.reason, "") if said_none else "",
        may_draft=owns and found.closed_at is None,
        may_meet=any(row.status in meetings.to_meet() for row in rows) and acts_among(work.actor, steps.SENDERS),
    )


def _theirs_to_see(work: Work, row: Handover) -> bool:
    """A draft is its own agency's until it is sent."""
    return row.status not in {Status.DRAFT, Status.DISCARDED} or steps.at_sender(row, work.actor)


def _received_on(work: Work, case_id: UUID) -> date | None:
    latest = select(col(CustodyEpisode.received_on)).where(CustodyEpisode.case_id == case_id)
    return work.session.exec(latest.order_by(col(CustodyEpisode.received_on).desc())).first()

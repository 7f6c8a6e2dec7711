"""Handovers as they are listed: those sent to us, those sent by us, and all of one case."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, String, and_, cast, or_
from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.rows import CustodyEpisode
from throughcare.disclosure.policy import Seat, seat_of
from throughcare.handover import meetings, steps
from throughcare.handover.forms import Direction, HandoverQuery
from throughcare.handover.reasons import HandoverLists
from throughcare.handover.rows import Handover
from throughcare.handover.shapes import CaseHandovers, HandoverLine, MeetingView
from throughcare.handover.sharing import PREGNANT
from throughcare.handover.views import lines
from throughcare.handover.words import BEFORE_SENDING, LIVE, Status
from throughcare.kernel.actors import Role, acts_among
from throughcare.kernel.clock import FIRST_YEAR, LAST_YEAR
from throughcare.kernel.refusals import NotPermitted, refuse_if
from throughcare.kernel.work import Work

SHOWN = 50
FIRST_PAGE = col(Handover.id).is_not(None)


class HandoverList(BaseModel):
    """One page of a list, the newest first; `older` is where the next page begins."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    lines: tuple[HandoverLine, ...] = ()
    older: str = ""


def listed(work: Work, query: HandoverQuery) -> HandoverList:
    """The handovers this reader is a side of, under these filters."""
    refuse_if(work.actor.role is Role.HEALTHCARE or seat_of(work.actor) in {None, Seat.PROBATION}, NotPermitted)
    found = select(Handover).where(_ours(work, query.direction), _wanted(work, query), _after(query.before))
    newest = found.order_by(col(Handover.created_at).desc(), col(Handover.id).desc()).limit(SHOWN + 1)
    rows = work.session.exec(newest).all()
    last = rows[SHOWN - 1] if len(rows) > SHOWN else None
    older = f"{last.created_at.isoformat()}_{last.id}" if last else ""
    return HandoverList(lines=tuple(lines(work, rows[:SHOWN])), older=older)


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


def _after(before: str) -> ColumnElement[bool]:
    """Where the page begins; an address that cannot be read begins at the first."""
    at, _, row_id = before.partition("_")
    try:
        instant, last = datetime.fromisoformat(at), UUID(row_id)
    except ValueError:
        return FIRST_PAGE
    if instant.tzinfo is None or not FIRST_YEAR <= instant.year <= LAST_YEAR:
        return FIRST_PAGE
    created = col(Handover.created_at)
    return or_(created < instant, and_(created == instant, col(Handover.id) < last))


def of_case(work: Work, case_id: UUID) -> CaseHandovers:
    """The Handovers tab of a case: every handover and meeting, and what is still missing."""
    case = access.find_case(work, case_id)
    rows = work.session.exec(
        select(Handover).where(Handover.case_id == case_id).order_by(col(Handover.created_at).desc())
    ).all()
    met = meetings.held(work, case_id)
    said_none = meetings.none_needed(work, case_id)
    owns = work.actor.agency_id == case.owner_agency_id and acts_among(work.actor, steps.SENDERS)
    return CaseHandovers(
        handovers=tuple(lines(work, [row for row in rows if _theirs_to_see(work, row)])),
        meetings=tuple(access.show_all(work, met, MeetingView)),
        meeting_light=meetings.light(work, case, met, _received_on(work, case_id)),
        missing=meetings.is_missing(work, case_id),
        not_needed=work.reference[HandoverLists].not_needed.get(said_none.reason, "") if said_none else "",
        may_draft=owns and case.closed_at is None,
        may_meet=any(row.status in meetings.to_meet() for row in rows) and acts_among(work.actor, steps.SENDERS),
    )


def _theirs_to_see(work: Work, row: Handover) -> bool:
    """A draft is its own agency's until it is sent."""
    return row.status not in {Status.DRAFT, Status.DISCARDED} or steps.at_sender(row, work.actor)


def _received_on(work: Work, case_id: UUID) -> date | None:
    latest = select(col(CustodyEpisode.received_on)).where(CustodyEpisode.case_id == case_id)
    return work.session.exec(latest.order_by(col(CustodyEpisode.received_on).desc())).first()

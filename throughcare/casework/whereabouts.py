"""Where a release led: deadlines in the community run only for those who are there, and begin when they come."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from throughcare.casework import access, events
from throughcare.casework.clock_rules import ClockRule, ServiceClocks
from throughcare.casework.clocks import running, start
from throughcare.casework.forms_custody import Came
from throughcare.casework.overview import shown_stay
from throughcare.casework.people import Case
from throughcare.casework.rows import NOT_COMMUNITY, ClockState, CustodyEpisode
from throughcare.casework.views_people import Stay
from throughcare.kernel.actors import Role, acts_among
from throughcare.kernel.among import among
from throughcare.kernel.audit import Event
from throughcare.kernel.clock import london_day
from throughcare.kernel.refusals import Invalid, NotPermitted, WrongState, refuse_if
from throughcare.kernel.work import Work

BY_RELEASE = "custody.released"


class NotAway(WrongState):
    """They are not recorded as in hospital, other custody, detention or abroad."""

    code = "not_away"


def away(stay: CustodyEpisode | None) -> bool:
    """Whether a stay's release led somewhere else than the community, and they have not come on from there."""
    return stay is not None and stay.left_for in NOT_COMMUNITY and stay.in_community_on is None


def cases_away(named: str) -> Select[Any]:
    """Of the cases given as this parameter, those whose latest stay led elsewhere, as a query for their ids."""
    later = aliased(CustodyEpisode)
    followed = select(later.id).where(
        later.case_id == CustodyEpisode.case_id, later.created_at > CustodyEpisode.created_at
    )
    return select(col(CustodyEpisode.case_id)).where(
        among(CustodyEpisode.case_id, named),
        col(CustodyEpisode.left_for).in_(NOT_COMMUNITY),
        col(CustodyEpisode.in_community_on).is_(None),
        ~followed.exists(),
    )


def came(work: Work, case_id: UUID, form: Came, by: frozenset[Role]) -> Stay:
    """They are in the community: check-ins and the deadlines that count from a release begin on that day."""
    access.take_case(work, case_id)
    refuse_if(not acts_among(work.actor, by), NotPermitted)
    stay = last_stay(work, case_id)
    if stay is None or not away(stay):
        raise NotAway
    refuse_if(form.on > work.today, Invalid("The date must not be in the future", beside="on"))
    left = london_day(stay.ended_at) if stay.ended_at else stay.received_on
    refuse_if(form.on < left, Invalid("The date must not be before they left prison", beside="on"))
    stay.in_community_on = form.on
    work.session.add(stay)
    work.session.flush()
    work.record(events.CameToCommunity(subject_id=stay.id, case_id=case_id, on=form.on))
    return shown_stay(work, stay)


def last_stay(work: Work, case_id: UUID) -> CustodyEpisode | None:
    """The latest stay, ended or not, locked."""
    stays = select(CustodyEpisode).where(CustodyEpisode.case_id == case_id)
    return work.session.exec(stays.order_by(col(CustodyEpisode.created_at).desc()).with_for_update()).first()


def released(work: Work, event: Event) -> None:
    """The reaction to a release: what counts from it does not run for somebody who is not in the community."""
    assert event.case_id
    if not away(work.session.get(CustodyEpisode, event.subject_id)):
        return
    for clock in running(work, event.case_id, {rule.code for rule in _counted(work, event.case_id)}):
        clock.state, clock.stopped_at = ClockState.CANCELLED, work.now
        work.session.add(clock)


def arrived(work: Work, event: Event) -> None:
    """The reaction to their coming: what counts from a release begins now."""
    assert event.case_id
    case = work.session.get_one(Case, event.case_id)
    for rule in _counted(work, case.id):
        start(work, case, rule, event)


def _counted(work: Work, case_id: UUID) -> tuple[ClockRule, ...]:
    case = work.session.get_one(Case, case_id)
    return work.reference[ServiceClocks].started_by(BY_RELEASE, case.jurisdiction, work.today)

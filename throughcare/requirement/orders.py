"""What people do about a requirement as a whole: record it, give it another officer, start supervision."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.agencies import Agency, Membership, Worker
from throughcare.casework.people import Person
from throughcare.casework.rows import CustodyEpisode
from throughcare.casework.visitors import holds
from throughcare.casework.whereabouts import away, last_stay
from throughcare.disclosure.policy import Basis
from throughcare.kernel.actors import AgencyKind, Role, acts_among
from throughcare.kernel.refusals import Invalid, NotPermitted, WrongState, refuse_if
from throughcare.kernel.rounds import each_alone
from throughcare.kernel.work import Work
from throughcare.requirement import events
from throughcare.requirement.doors import KEEPERS, book, may_tell, row_of
from throughcare.requirement.endings import BECAUSE, leave
from throughcare.requirement.forms import ChangeOfficer, RecordRequirement
from throughcare.requirement.periods import first_period_end
from throughcare.requirement.reference import Kind
from throughcare.requirement.rows import Requirement
from throughcare.requirement.rules import refuse_future
from throughcare.requirement.showing import shown
from throughcare.requirement.views import RequirementShown
from throughcare.requirement.words import OrderKind


class NotThisKind(Invalid):
    """Select a requirement that can be made there, on that day."""

    code, beside = "not_this_kind", "kind"


class NotThisOrder(Invalid):
    """This requirement cannot be made under that kind of order or licence."""

    code, beside = "not_this_order", "order"


class TooManyDays(Invalid):
    """This requirement cannot be made for that many days."""

    code, beside = "too_many_days", "ends_on"


class NotAnOfficer(Invalid):
    """Select an officer who works at a supervising agency today."""

    code, beside = "not_an_officer", "officer_id"


def record(work: Work, case_id: UUID, form: RecordRequirement) -> RequirementShown:
    """Write down an order's or a licence's requirement, and give the supervising agency its standing in the case."""
    case = access.take_case(work, case_id)
    refuse_if(not acts_among(work.actor, KEEPERS), NotPermitted)
    kind = _kind(work, form)
    refuse_future(form.told_on, work.today, "told_on")
    agency = _agency_of(work, form.officer_id) if form.officer_id else None
    requirement = work.add(
        Requirement(
            case_id=case_id,
            jurisdiction=kind.jurisdiction or case.jurisdiction,
            agency_id=agency.id if agency else None,
            period_ends_on=first_period_end(work, form.starts_on) if form.order is not OrderKind.NONE else None,
            **form.model_dump(),
        )
    )
    _involve(work, requirement)
    work.record(
        events.RequirementRecorded(
            subject_id=requirement.id, case_id=case_id, kind=requirement.kind, order=requirement.order,
            for_agency_id=requirement.agency_id, for_worker_id=requirement.officer_id,
        )
    )  # fmt: skip
    if form.order is not OrderKind.LICENCE and form.starts_on <= work.today:
        begin_supervision(work, requirement, form.starts_on)
    return shown(work, requirement)


def _kind(work: Work, form: RecordRequirement) -> Kind:
    kind = book(work).kinds.get(form.kind)
    if kind is None or not kind.holds(form.starts_on):
        raise NotThisKind
    refuse_if(form.order not in kind.orders, NotThisOrder)
    days = (form.ends_on - form.starts_on).days + 1 if form.ends_on else 0
    refuse_if(kind.longest_days and days > kind.longest_days, TooManyDays)
    return kind


def officers(work: Work) -> list[tuple[UUID, str]]:
    """Everybody who may be a responsible officer today, with their agency."""
    query = (
        select(Worker.id, Worker.name, Agency.name)
        .join(Membership, col(Membership.worker_id) == col(Worker.id))
        .join(Agency, col(Agency.id) == col(Membership.agency_id))
        .where(Membership.role == Role.PROBATION, Agency.kind == AgencyKind.PROBATION, holds(work))
        .where(col(Worker.disabled_at).is_(None))
        .order_by(col(Worker.name), col(Worker.id))
    )
    return [(worker_id, f"{name}, {agency}") for worker_id, name, agency in work.session.exec(query)]


def _agency_of(work: Work, officer_id: UUID) -> Agency:
    query = (
        select(Agency)
        .join(Membership, col(Membership.agency_id) == col(Agency.id))
        .where(Membership.worker_id == officer_id, Membership.role == Role.PROBATION, holds(work))
        .where(Agency.kind == AgencyKind.PROBATION)
    )
    found = work.session.exec(query).first()
    if found is None:
        raise NotAnOfficer
    return found


def _involve(work: Work, requirement: Requirement) -> None:
    """Standing comes with an order or licence, and with nothing less."""
    if requirement.order is not OrderKind.NONE and requirement.agency_id:
        for basis in (Basis.ORDER, Basis.TASK):
            access.involve(work, requirement.case_id, requirement.agency_id, basis, BECAUSE)


def change_officer(work: Work, case_id: UUID, requirement_id: UUID, form: ChangeOfficer) -> RequirementShown:
    """Another officer is responsible from now on, perhaps at another office."""
    requirement = row_of(work, Requirement, case_id, requirement_id)
    refuse_if(not acts_among(work.actor, KEEPERS), NotPermitted)
    refuse_if(requirement.ended_on is not None, WrongState)
    agency, old = _agency_of(work, form.officer_id), requirement.agency_id
    requirement.officer_id, requirement.agency_id = form.officer_id, agency.id
    work.session.add(requirement)
    work.session.flush()
    _involve(work, requirement)
    work.record(
        events.OfficerChanged(
            subject_id=requirement.id, case_id=case_id, for_agency_id=agency.id, for_worker_id=form.officer_id
        )
    )
    view = shown(work, requirement)  # while whoever passes it on may still read it
    if old and old != agency.id:
        leave(work, case_id, old, work.today, now=True)
    return view


def begin_supervision(work: Work, requirement: Requirement, on: date) -> None:
    """Supervision starts, once: on the order's first day, or on release for a licence."""
    if requirement.supervision_from is not None or not may_tell(work, requirement) or requirement.agency_id is None:
        return
    requirement.supervision_from = on
    work.session.add(requirement)
    work.session.flush()
    work.record(
        events.SupervisionStarted(
            subject_id=requirement.id, case_id=requirement.case_id, on=on,
            for_agency_id=requirement.agency_id, for_worker_id=requirement.officer_id,
        )
    )  # fmt: skip


def begin_on_release(work: Work, case_id: UUID, on: date) -> None:
    """What the journey calls when somebody leaves prison: every live order or licence of theirs begins."""
    live = select(Requirement).where(Requirement.case_id == case_id, col(Requirement.ended_on).is_(None))
    for requirement in work.session.exec(live.order_by(col(Requirement.created_at))).all():
        begin_supervision(work, requirement, max(on, requirement.starts_on))


def begin_due(work: Work) -> int:
    """Start supervision under orders whose first day has come, for living people in the community; how many began."""
    held = select(CustodyEpisode.case_id).where(col(CustodyEpisode.ended_at).is_(None))
    dead = select(Person.case_id).where(col(Person.deceased_on).is_not(None))
    query = select(Requirement.id).where(
        col(Requirement.ended_on).is_(None),
        col(Requirement.supervision_from).is_(None),
        col(Requirement.order) != OrderKind.NONE,
        col(Requirement.starts_on) <= work.today,
        col(Requirement.case_id).not_in(held),
        col(Requirement.case_id).not_in(dead),
    )
    return each_alone(work, work.session.exec(query.order_by(col(Requirement.starts_on))).all(), _begin)


def _begin(work: Work, requirement_id: UUID) -> int:
    requirement = work.session.get_one(Requirement, requirement_id, with_for_update=True, populate_existing=True)
    if requirement.supervision_from is None and not away(last_stay(work, requirement.case_id)):
        begin_supervision(work, requirement, requirement.starts_on)
        return int(requirement.supervision_from is not None)
    return 0

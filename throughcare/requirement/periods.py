"""Report periods: when one ends a report falls due on somebody's list, with its clock."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework import tasks
from throughcare.casework.people import Case, Person
from throughcare.casework.rows import CustodyEpisode
from throughcare.casework.tasks import About, For
from throughcare.casework.whose import involved_agency, owner_of
from throughcare.kernel.actors import AgencyKind
from throughcare.kernel.rounds import each_alone
from throughcare.kernel.work import Work
from throughcare.requirement import errands, events
from throughcare.requirement.doors import book, may_tell, refuse_unless_told, working_day_end
from throughcare.requirement.rows import ComplianceReport, Requirement
from throughcare.requirement.rules import periods, untold
from throughcare.requirement.words import OrderKind


def first_period_end(work: Work, starts_on: date) -> date:
    """The last day of the period that is running now: what went before the requirement was recorded is not reported."""
    months = book(work).reports.months
    return next(last for _, last in periods(starts_on, months) if last >= work.today)


def end_periods(work: Work) -> int:
    """Every period that ended before today: its report is due. How many fell due. Safe to run again, and late."""
    query = select(Requirement.id).where(
        col(Requirement.ended_on).is_(None),
        col(Requirement.order) != OrderKind.NONE,
        col(Requirement.period_ends_on) < work.today,
    )
    return each_alone(work, work.session.exec(query.order_by(col(Requirement.period_ends_on))).all(), _catch_up)


def _catch_up(work: Work, requirement_id: UUID) -> int:
    requirement = work.session.get_one(Requirement, requirement_id, with_for_update=True)
    made, months = 0, book(work).reports.months
    for first, last in periods(requirement.starts_on, months):
        if last >= work.today:
            requirement.period_ends_on = last
            break
        if requirement.period_ends_on and last >= requirement.period_ends_on:
            made += _fall_due(work, requirement, first, last)
    work.session.add(requirement)
    work.session.flush()
    return made


def end_last_period(work: Work, requirement: Requirement, on: date) -> None:
    """The requirement ended: its running period ends with it."""
    if requirement.period_ends_on is None:
        return
    months = book(work).reports.months
    for first, last in periods(requirement.starts_on, months):
        if first > on:
            break
        if last >= requirement.period_ends_on:
            _fall_due(work, requirement, first, min(last, on))


def _fall_due(work: Work, requirement: Requirement, first: date, last: date) -> int:
    """Reports to write on the days no other is about; none for one in prison throughout, one who died, or one not told of."""
    case_id = requirement.case_id
    if not may_tell(work, requirement) or _in_prison(work, case_id, first) or _has_died(work, case_id):
        return 0
    told = select(col(ComplianceReport.period_from), col(ComplianceReport.period_to)).where(
        ComplianceReport.requirement_id == requirement.id
    )
    stretches = untold(first, last, work.session.exec(told).all())
    for begins, ends in stretches:
        add_report(work, requirement, begins, ends)
    return len(stretches)


def add_report(work: Work, requirement: Requirement, first: date, last: date) -> ComplianceReport:
    """Put the report of a period on its writers' list."""
    writer, to_agency_id = writers_of(work, requirement), refuse_unless_told(work, requirement)
    due_at = working_day_end(work, writer.agency_id, last, book(work).reports.due_working_days)
    report = work.add(
        ComplianceReport(
            case_id=requirement.case_id, requirement_id=requirement.id, agency_id=writer.agency_id,
            to_agency_id=to_agency_id, period_from=first, period_to=last, due_at=due_at,
        )
    )  # fmt: skip
    work.record(
        events.PeriodEnded(
            subject_id=report.id, case_id=report.case_id, on=last,
            for_agency_id=writer.agency_id, for_team_id=writer.team_id, for_worker_id=writer.worker_id,
        )
    )  # fmt: skip
    tasks.give(work, errands.WRITE, writer, About(report.case_id, report.id), due_at)
    return report


def writers_of(work: Work, requirement: Requirement) -> For:
    """Who reports: the case's owner when that is a provider or a prison, else the provider involved last."""
    case = work.session.get_one(Case, requirement.case_id)
    provider = involved_agency(work, case, AgencyKind.PROVIDER)
    if provider is None or provider == case.owner_agency_id:
        return owner_of(case)
    return For(provider, worker_id=case.co_worker_id if provider == case.co_agency_id else None)


def _has_died(work: Work, case_id: UUID) -> bool:
    """Nobody writes about somebody who has died as though they had failed to come."""
    died = select(Person.id).where(Person.case_id == case_id, col(Person.deceased_on).is_not(None))
    return work.session.exec(died).first() is not None


def _in_prison(work: Work, case_id: UUID, first: date) -> bool:
    """Whether the person has been in prison since before the period began."""
    held = select(CustodyEpisode.id).where(
        CustodyEpisode.case_id == case_id,
        col(CustodyEpisode.ended_at).is_(None),
        col(CustodyEpisode.received_on) < first + timedelta(days=1),
    )
    return work.session.exec(held).first() is not None

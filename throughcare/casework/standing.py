"""Whose case it becomes when somebody moves: standing begins and ends, ownership passes, work finds its new list."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from throughcare.casework import access, events, tasks
from throughcare.casework.agencies import Agency, Membership
from throughcare.casework.clocks import LIVE, calendar_for
from throughcare.casework.drafts import forget_about
from throughcare.casework.people import Case
from throughcare.casework.rows import Involvement, ServiceClock, Task, TaskStatus
from throughcare.casework.tasks import About, For, errand, reaching
from throughcare.casework.visitors import holds
from throughcare.disclosure.policy import Basis
from throughcare.kernel.actors import AgencyKind, Role
from throughcare.kernel.categories import Category
from throughcare.kernel.work import Work

ALLOCATE = errand(
    Category.RECORD,
    "allocate_case",
    "Give this case to a worker",
    "/cases/{case_id}/allocate",
    closed_by={"case.allocated"},
)


def move_to_prison(work: Work, case: Case, prison: Agency, because: str) -> None:
    """This prison holds the person now: other prisons' standing ends, and what a prison owned passes to its team.

    A community provider that owns the case goes on owning it: it passes only by a handover.
    """
    for basis in (Basis.TASK, Basis.CARE):
        access.involve(work, case.id, prison.id, basis, because)
    _end_other_prisons(work, case, prison.id)
    bring_along(work, case, prison)
    owner = work.session.get_one(Agency, case.owner_agency_id)
    if case.officer_id and not serves(work, case.officer_id, prison.id):
        case.officer_id = None
    case.jurisdiction = prison.jurisdiction
    if owner.kind is AgencyKind.PRISON and owner.id != prison.id:
        _pass_to(work, case, prison)
    elif case.officer_id is None and work.actor.role is Role.OFFICER and work.actor.agency_id == prison.id:
        case.officer_id = work.actor.id
    work.session.add(case)
    work.session.flush()


def bring_along(work: Work, case: Case, prison: Agency) -> None:
    """What other prisons had still to do for this person is this one's to do: nobody there may open the case any more."""
    elsewhere = select(Agency.id).where(Agency.kind == AgencyKind.PRISON, Agency.id != prison.id)
    officers = team_of_officers(work, prison.id)
    open_tasks = select(Task).where(
        Task.case_id == case.id, Task.status == TaskStatus.OPEN, col(Task.agency_id).in_(elsewhere)
    )
    for task in work.session.exec(open_tasks.order_by(col(Task.created_at))):
        list_ = reaching(work, For(prison.id, None if task.role else officers, task.role))
        task.agency_id, task.team_id, task.role, task.worker_id = prison.id, list_.team_id, list_.role, None
        work.session.add(task)
    live = select(ServiceClock).where(
        ServiceClock.case_id == case.id, col(ServiceClock.state).in_(LIVE), col(ServiceClock.agency_id).in_(elsewhere)
    )
    for clock in work.session.exec(live.order_by(col(ServiceClock.created_at))):
        clock.agency_id, clock.role, clock.worker_id = (
            prison.id,
            reaching(work, For(prison.id, role=clock.role)).role,
            None,
        )
        work.session.add(clock)


def _pass_to(work: Work, case: Case, prison: Agency) -> None:
    old = case.owner_agency_id
    case.owner_agency_id, case.owner_team_id = prison.id, team_of_officers(work, prison.id)
    case.owner_worker_id = case.officer_id = None
    work.session.add(case)
    work.session.flush()
    tasks.cancel(work, subject_id=case.id, kinds={ALLOCATE.kind}, why="moved")
    work.record(events.OwnerChanged(subject_id=case.id, case_id=case.id, from_agency_id=old, to_agency_id=prison.id))
    ask_to_allocate(work, case)


def ask_to_allocate(work: Work, case: Case) -> None:
    """A case with no worker is work on its team's list, due by the end of the next working day."""
    calendar = calendar_for(work, case.owner_agency_id)
    due = calendar.end_of(calendar.working_days_after(work.today, 1))
    whose = For(case.owner_agency_id, team_id=case.owner_team_id)
    tasks.give(work, ALLOCATE, whose, About(case.id, case.id, f"{case.id}:{work.now.isoformat()}"), due)


def team_of_officers(work: Work, agency_id: UUID) -> UUID | None:
    """The team whose officers take on what is not allocated: the worker's own where it has any, else the oldest."""
    serving = select(Membership.team_id).where(
        Membership.agency_id == agency_id, Membership.role == Role.OFFICER, holds(work)
    )
    teams = list(work.session.exec(serving.order_by(col(Membership.from_on), col(Membership.id))))
    own = work.actor.team_id if work.actor.agency_id == agency_id else None
    return own if own in teams else next(filter(None, teams), own)


def serves(work: Work, worker_id: UUID, agency_id: UUID) -> bool:
    """Whether this worker has a role at this agency today."""
    query = select(Membership.id).where(
        Membership.worker_id == worker_id, Membership.agency_id == agency_id, holds(work)
    )
    return work.session.exec(query).first() is not None


def end(work: Work, involvement: Involvement) -> None:
    """This agency's standing on this basis is over, now."""
    involvement.until_at = work.now
    work.session.add(involvement)
    work.session.flush()
    work.record(
        events.InvolvementEnded(
            subject_id=involvement.id,
            case_id=involvement.case_id,
            agency_id=involvement.agency_id,
            basis=involvement.basis,
            because=involvement.because,
        )
    )
    still = select(Involvement.id).where(
        Involvement.case_id == involvement.case_id,
        Involvement.agency_id == involvement.agency_id,
        or_(col(Involvement.until_at).is_(None), col(Involvement.until_at) > work.now),
    )
    if work.session.exec(still).first() is None:
        forget_about(work, involvement.case_id, involvement.agency_id)


def _end_other_prisons(work: Work, case: Case, prison_id: UUID) -> None:
    query = (
        select(Involvement)
        .join(Agency, col(Agency.id) == col(Involvement.agency_id))
        .where(
            Involvement.case_id == case.id,
            Agency.kind == AgencyKind.PRISON,
            Involvement.agency_id != prison_id,
            or_(col(Involvement.until_at).is_(None), col(Involvement.until_at) > work.now),
        )
    )
    for involvement in work.session.exec(query).all():
        end(work, involvement)

"""Who may sign in, and as what: the administrator's verbs. None of them sees a case."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AfterValidator, StringConstraints
from sqlalchemy import update
from sqlmodel import col, select

from throughcare.casework import opening, second_factor
from throughcare.casework.agencies import Agency, Membership, Team, Worker
from throughcare.casework.credentials import ApiToken
from throughcare.casework.left_behind import leave_to_others
from throughcare.casework.visitors import memberships_of
from throughcare.kernel.actors import WORKS_AT, AgencyKind, Role
from throughcare.kernel.audit import Event
from throughcare.kernel.forms import Ask, Form, Line, choices, one_line
from throughcare.kernel.refusals import Invalid, NotFound, NotPermitted, Refusal, refuse_if
from throughcare.kernel.work import Work

ROLES = tuple(role for role in Role if role is not Role.SYSTEM)
USERS = frozenset({AgencyKind.PRISON, AgencyKind.PROVIDER, AgencyKind.PROBATION})


def email_address(text: str) -> str:
    """An address in lower case. Only its shape is looked at: whether it is theirs, the set-up code shows."""
    name, _, host = text.lower().partition("@")
    if not name or "." not in host.strip(".") or any(letter.isspace() or letter == "@" for letter in name + host):
        raise ValueError("Enter an email address in the correct format, like name@example.org")
    return text.lower()


Email = Annotated[
    str, StringConstraints(min_length=1, max_length=254), AfterValidator(one_line), AfterValidator(email_address)
]


class WorkerAdded(Event):
    name: ClassVar[str] = "worker.added"


class WorkerDisabled(Event):
    name: ClassVar[str] = "worker.disabled"


class WorkerEnabled(Event):
    name: ClassVar[str] = "worker.enabled"


class WorkerReset(Event):
    name: ClassVar[str] = "worker.reset"


class MembershipAdded(Event):
    name: ClassVar[str] = "membership.added"
    worker_id: UUID
    role: Role


class MembershipEnded(Event):
    name: ClassVar[str] = "membership.ended"
    worker_id: UUID


class NotOnYourself(NotPermitted):
    """You cannot do this to your own account; ask another administrator."""

    code = "not_on_yourself"


class AddressTaken(Refusal):
    """There is already a worker with this email address."""

    code, status, beside = "address_taken", 422, "email"


class NewRole(Form):
    """A role at an agency, from today."""

    role: Annotated[Role, Ask("Role", widget="radios", choices=choices(Role, ROLES), missing="Select a role")]
    agency_id: Annotated[UUID, Ask("Agency", widget="select", choices="agencies", missing="Select an agency")]
    team_id: Annotated[UUID | None, Ask("Team", "Leave empty if none.", widget="select", choices="teams")] = None


class NewWorker(NewRole):
    """A person who is to sign in, and their first role."""

    name: Annotated[Line, Ask("Full name", autocomplete="off", missing="Enter the worker’s full name")]
    email: Annotated[
        Email, Ask("Work email address", widget="email", autocomplete="off", missing="Enter an email address")
    ]


@dataclass(frozen=True)
class Invited:
    """A worker, and the code to choose a password with: said once, stored nowhere."""

    id: UUID
    set_up_code: str = field(repr=False)


def add(work: Work, new: NewWorker) -> Invited:
    """A new worker with a role from today."""
    administrators_only(work)
    refuse_if(_by_email(work, new.email), AddressTaken)
    worker = work.add(Worker(email=new.email, name=new.name))
    work.record(WorkerAdded(subject_id=worker.id))
    add_membership(work, worker.id, new)
    return Invited(worker.id, second_factor.give_set_up_code(work, worker.id))


def add_membership(work: Work, worker_id: UUID, new: NewRole) -> Membership:
    """A role for a worker from today; those they have stay."""
    administrators_only(work)
    worker = someone_else(work, worker_id)
    _refuse_unfit(work, new)
    membership = work.add(
        Membership(
            worker_id=worker.id, agency_id=new.agency_id, team_id=new.team_id, role=new.role, from_on=work.today
        )
    )  # fmt: skip
    work.record(MembershipAdded(subject_id=membership.id, worker_id=worker.id, role=new.role))
    return membership


def end_membership(work: Work, membership_id: UUID) -> None:
    """The role is over now: refused on the very next request. One that is over already stays as it was."""
    administrators_only(work)
    membership = work.session.get(Membership, membership_id, with_for_update=True)
    if membership is None:
        raise NotFound
    someone_else(work, membership.worker_id)
    if membership.to_on is None or membership.to_on > work.today:
        membership.to_on = work.today
        work.session.add(membership)
        leave_to_others(work, membership)
        work.record(MembershipEnded(subject_id=membership.id, worker_id=membership.worker_id))


def disable(work: Work, worker_id: UUID) -> None:
    """The worker is signed out everywhere and cannot sign in; their tokens are revoked for good, their work is others'."""
    administrators_only(work)
    worker = someone_else(work, worker_id)
    if worker.disabled_at is None:
        worker.disabled_at = work.now
        _shut_out(work, worker)
        for membership, _ in memberships_of(work, worker.id):
            leave_to_others(work, membership)
        work.record(WorkerDisabled(subject_id=worker.id))


def enable(work: Work, worker_id: UUID) -> None:
    """The worker may sign in again with what they had; what was ended stays ended."""
    administrators_only(work)
    worker = someone_else(work, worker_id)
    if worker.disabled_at is not None:
        worker.disabled_at = None
        work.session.add(worker)
        work.record(WorkerEnabled(subject_id=worker.id))


def reset(work: Work, worker_id: UUID) -> str:
    """Password, app and recovery codes are gone, and all sessions with them; the new set-up code is said once."""
    administrators_only(work)
    worker = someone_else(work, worker_id)
    worker.password_hash, worker.totp_secret, worker.totp_last_step = "", "", 0
    second_factor.forget_recovery_codes(work, worker.id)
    _shut_out(work, worker)
    work.record(WorkerReset(subject_id=worker.id))
    return second_factor.give_set_up_code(work, worker.id)


def by_email(work: Work, email: str) -> Worker:
    """The worker with this address."""
    administrators_only(work)
    worker = _by_email(work, email.strip().lower())
    if worker is None:
        raise NotFound("There is no worker with this email address.")
    return worker


def _by_email(work: Work, email: str) -> Worker | None:
    return work.session.exec(select(Worker).where(Worker.email == email)).first()


def administrators_only(work: Work) -> None:
    refuse_if(work.actor.role not in {Role.ADMIN, Role.SYSTEM}, NotPermitted)


def someone_else(work: Work, worker_id: UUID) -> Worker:
    """The worker, locked. Nobody changes what they themselves may do."""
    refuse_if(work.actor.id == worker_id, NotOnYourself)
    worker = work.session.get(Worker, worker_id, with_for_update=True)
    if worker is None:
        raise NotFound
    return worker


def _refuse_unfit(work: Work, new: NewRole) -> None:
    """Roles belong to kinds of agency; front doors and commissioners receive, and do not sign in."""
    agency = work.session.get(Agency, new.agency_id)
    team = work.session.get(Team, new.team_id) if new.team_id else None
    refuse_if(
        agency is None or agency.kind not in USERS,
        Invalid("Select an agency whose workers sign in", beside="agency_id"),
    )
    fits = agency is not None and WORKS_AT.get(new.role, agency.kind) is agency.kind
    refuse_if(not fits, Invalid("Select a role that this kind of agency has", beside="role"))
    stray = new.team_id and (team is None or team.agency_id != new.agency_id)
    refuse_if(stray, Invalid("Select a team of that agency", beside="team_id"))


def _shut_out(work: Work, worker: Worker) -> None:
    work.session.add(worker)
    opening.end_all(work, worker.id)
    standing = update(ApiToken).where(col(ApiToken.worker_id) == worker.id, col(ApiToken.revoked_at).is_(None))
    work.session.execute(standing.values(revoked_at=work.now))

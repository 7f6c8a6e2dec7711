"""A text that is nobody's yet is still somebody's work: who is told of it, and who may then read it (R24, R42)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from throughcare.casework import contact, tasks
from throughcare.casework.agencies import Agency, Membership
from throughcare.casework.people import Case, PhoneNumber
from throughcare.casework.rows import Task, TaskStatus
from throughcare.casework.tasks import About, Errand, For
from throughcare.checkin import errands
from throughcare.checkin.crisis import concerns_in
from throughcare.checkin.lexicon import Lexicon
from throughcare.checkin.on_call_rows import TextAgain
from throughcare.checkin.rows import FAILED, HELD, UNKNOWN, CheckinPlan, InboundText, PlanStatus
from throughcare.checkin.service import Answering
from throughcare.kernel.actors import AgencyKind, Role
from throughcare.kernel.sealing import Unreadable
from throughcare.kernel.work import Work

AT_THE_GATE = {AgencyKind.PRISON: Role.OFFICER, AgencyKind.PROVIDER: Role.PROVIDER}  # who works with texts, by agency
MOST_WAITING = 10  # pieces of work about one number at once; words that may mean a crisis are never held back (R26)
MOST_RINGS = 1  # of those for rings: most are sales calls


def concerning(work: Work, body: str) -> bool:
    """Are there words in this that may mean a crisis? Where they cannot be read, for all that anybody knows."""
    return isinstance(body, Unreadable) or bool(concerns_in(body, work.reference[Lexicon]))


def lists(work: Work, *, urgent: bool) -> list[tuple[For, Agency]]:
    """Those that something nobody has placed is put on: of each agency on duty, its managers, or those of a role."""
    return [
        (For(agency.id, role=role), agency) for agency in on_duty(work) for role in _roles(work, agency, urgent=urgent)
    ]


def tell(work: Work, text: InboundText, *, urgent: bool) -> None:
    """Put a text from a number nobody has on the lists of those on duty: at once, where it is urgent."""
    if not urgent and _waiting(work, text.from_number) >= (MOST_RINGS if text.rang else MOST_WAITING):
        return
    for whose, agency in lists(work, urgent=urgent):
        about = About(None, text.id, f"{text.id}:{whose.role or 'anyone'}")
        due = errands.ring_by_in(work, agency.jurisdiction)
        tasks.give(work, errands.UNKNOWN, whose, about, due, urgent=urgent)


def tell_on_duty(work: Work, what: Errand, key: str, due_at: datetime, *, urgent: bool = False) -> None:
    """Put something about the texts as a whole on the list of the managers of those on duty, once a key."""
    for agency in on_duty(work):
        about = About(None, agency.id, key)
        tasks.give(work, what, For(agency.id, role=Role.MANAGER), about, due_at, urgent=urgent)


def on_duty(work: Work) -> list[Agency]:
    """The agencies named in the configuration; with none named, those whose people are texted; with none yet, all who might."""
    named = select(Agency).where(col(Agency.name).in_(work.reference[Answering].duty))
    texted = (
        select(Case.owner_agency_id)
        .join(CheckinPlan, col(CheckinPlan.case_id) == col(Case.id))
        .where(CheckinPlan.status != PlanStatus.ENDED)
    )
    might = select(Agency).where(col(Agency.kind).in_(list(AT_THE_GATE)), col(Agency.closed_on).is_(None))
    for query in (named, might.where(col(Agency.id).in_(texted)), might):
        if found := list(work.session.exec(query.order_by(col(Agency.name)))):
            return found
    return []


def _roles(work: Work, agency: Agency, *, urgent: bool) -> list[Role | None]:
    """Its managers; where it cannot wait, or there is no manager, those who work with texts too."""
    here = select(Membership.id).where(
        Membership.agency_id == agency.id,
        Membership.role == Role.MANAGER,
        Membership.from_on <= work.today,
        or_(col(Membership.to_on).is_(None), col(Membership.to_on) > work.today),
    )
    managed = work.session.exec(here).first() is not None
    managers: list[Role | None] = [Role.MANAGER] if managed else []
    return managers if managed and not urgent else [*managers, AT_THE_GATE.get(agency.kind)]


def _waiting(work: Work, number: str) -> int:
    open_ones = (
        select(func.count(func.distinct(Task.subject_id)))
        .join(InboundText, col(InboundText.id) == col(Task.subject_id))
        .where(InboundText.from_number == number, Task.kind == errands.UNKNOWN.kind, Task.status == TaskStatus.OPEN)
    )
    return work.session.exec(open_ones).one()


def on_their_list(work: Work) -> Any:
    """The texts that are this worker's open work, or stand with it, and which they may therefore read and place."""
    actor = work.actor
    anyones = and_(col(Task.worker_id).is_(None), or_(col(Task.role).is_(None), col(Task.role) == actor.role))
    mine = and_(
        col(Task.agency_id) == actor.agency_id,
        col(Task.status) == TaskStatus.OPEN,
        col(Task.kind).in_([errands.UNKNOWN.kind, errands.UNSETTLED.kind]),
        or_(col(Task.worker_id) == actor.id, anyones),
    )
    return select(Task.subject_id).where(mine).union_all(select(TextAgain.text_id).where(stands_with(), mine))


def stands_with() -> ColumnElement[bool]:
    """Of later texts and work: that the text stands with it."""
    of_one = and_(col(TextAgain.subject_id) == col(Task.subject_id), col(TextAgain.errand) == col(Task.kind))
    return and_(of_one, col(TextAgain.case_id).is_not_distinct_from(col(Task.case_id)))


def may_be_placed(work: Work) -> ColumnElement[bool]:
    """Of texts: that this reader may read and place it. It is on their list; or they are a manager, and it came from
    somebody of their agency's or from a number that nobody has.
    """
    listed = col(InboundText.id).in_(on_their_list(work))
    if work.actor.role is not Role.MANAGER:
        return listed
    failed = col(InboundText.fate) == FAILED
    return and_(col(InboundText.fate).not_in(HELD), or_(listed, ~failed, from_ours(work), ~_held(work).exists()))


def theirs_to_place(work: Work) -> ColumnElement[bool]:
    """Those of their agency's people, and what is on their list. From a number that nobody has: every manager's."""
    fate = col(InboundText.fate)
    theirs = and_(fate.in_(HELD), from_ours(work))
    return and_(fate.in_([UNKNOWN, FAILED, *HELD]), or_(theirs, may_be_placed(work)))


def from_ours(work: Work) -> ColumnElement[bool]:
    """Of texts: that one of those who have its number is this agency's to answer for."""
    ours = or_(col(Case.owner_agency_id) == work.actor.agency_id, col(Case.co_agency_id) == work.actor.agency_id)
    return _held(work).join(Case, col(Case.id) == col(PhoneNumber.case_id)).where(ours).exists()


def _held(work: Work) -> SelectOfScalar[UUID]:
    """Those who have the number a text came from."""
    return select(PhoneNumber.id).where(PhoneNumber.number == InboundText.from_number, *contact.live(work))


def may_place(work: Work, text_id: UUID) -> bool:
    """Whether this reader may read and place a text that is not of a shared number."""
    query = select(InboundText.id).where(InboundText.id == text_id, may_be_placed(work))
    return work.session.exec(query).first() is not None

"""Numbers to mend: those that are missing, cannot be texted, are suspended, shared, not proven, or long silent (R23, R35, R44)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, Subquery, and_, case, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col

from throughcare.casework import access, contact
from throughcare.casework.paging import Key, Order, instant, place, rank
from throughcare.casework.people import Case, Consent, ConsentState, PhoneNumber
from throughcare.casework.views import CaseHeading, Tells, Told, View, headings
from throughcare.checkin import steps
from throughcare.checkin.grounds import TEXTS
from throughcare.checkin.plans import CheckinPlans
from throughcare.checkin.rows import CheckinPlan, PlanStatus
from throughcare.kernel.actors import acts_among
from throughcare.kernel.categories import Category
from throughcare.kernel.delivery import Verdict
from throughcare.kernel.forms import Ask, Form, OptionalLine, Word
from throughcare.kernel.refusals import NotPermitted, refuse_if
from throughcare.kernel.work import Work

PAGE = 50
NO_TEXTS = (Verdict.NUMBER_INVALID, Verdict.NOT_MOBILE)


class Fault(Word):
    """What is wrong, the worst first: the person cannot be texted at all, or it may be somebody else who is."""

    MISSING = "missing", "There is no number to text"
    INVALID = "invalid", "It cannot be sent texts"
    SUSPENDED = "suspended", "It is suspended"
    SHARED = "shared", "Somebody else we know has it too"
    UNPROVEN = "unproven", "It is not proven to be theirs"
    SILENT = "silent", "Nothing has come from it for a long time"


WORST_FIRST = tuple(Fault)
NONE = len(WORST_FIRST)


class NumbersQuery(Form):
    """The list's filters, as they stand in the address."""

    fault: Annotated[Fault | None, Ask("What is wrong", widget="select")] = None
    mine: Annotated[bool, Ask("Only the people I answer for", widget="checkboxes")] = False
    after: Annotated[OptionalLine, Ask("Page", widget="hidden")] = ""


class ToMend(View):
    """One number, or one person without any, and what is wrong."""

    number: Annotated[str, Tells(Category.CONTACT)] = ""
    fault: Annotated[Fault | None, Tells(Category.CONTACT)] = None
    since: Annotated[datetime | None, Tells(Category.CONTACT)] = None


class Line(BaseModel):
    """It, with whose it is and where it is mended."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    heading: CaseHeading
    told: ToMend
    path: str


class Counted(BaseModel):
    """How many have one fault."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    fault: Fault
    label: str
    count: int


class Numbers(BaseModel):
    """The page: the worst first, and the longest so."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    total: int = 0
    counts: tuple[Counted, ...] = ()
    lines: tuple[Line, ...] = ()
    later: str = ""
    silent_days: int = 0


def numbers(work: Work, query: NumbersQuery) -> Numbers:
    """Of the people this reader's agency answers for."""
    refuse_if(not acts_among(work.actor, steps.STAFF), NotPermitted)
    found = _found(work, query)
    counts = tuple(_counts(work, found))
    lines, later = _page(work, query, found)
    return Numbers(
        total=sum(each.count for each in counts),
        counts=counts,
        lines=lines,
        later=later,
        silent_days=work.reference[CheckinPlans].proof.again_after.days,
    )


def _counts(work: Work, found: Subquery) -> Iterator[Counted]:
    each = select(found.c.fault, func.count()).group_by(found.c.fault).order_by(found.c.fault)
    for number, count in work.session.execute(each):
        yield Counted(fault=WORST_FIRST[number], label=WORST_FIRST[number].label, count=count)


def _page(work: Work, query: NumbersQuery, found: Subquery) -> tuple[tuple[Line, ...], str]:
    order = Order((Key(found.c.fault, rank), Key(found.c.since, instant), Key(found.c.key, UUID)))
    wanted = select(found).where(order.after(query.after))
    if query.fault:
        wanted = wanted.where(found.c.fault == WORST_FIRST.index(query.fault))
    rows = work.session.execute(wanted.order_by(*order.columns).limit(PAGE + 1)).all()
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    rows = rows[:PAGE]
    named = headings(work, {row.case_id for row in rows})
    told = access.show_lines_of(work, [(Told(row.key, row.case_id), _told(row)) for row in rows], ToMend)
    lines = tuple(
        Line(heading=named[row.case_id], told=each, path=f"/cases/{row.case_id}/contact")
        for row, each in zip(rows, told, strict=True)
    )
    return lines, place(last.fault, last.since, last.key) if last else ""


def _told(row: Any) -> dict[str, Any]:
    return {"number": row.number, "fault": WORST_FIRST[row.fault], "since": row.since}


def _found(work: Work, query: NumbersQuery) -> Subquery:
    """A line for each number with a fault, and for each person without a number. One fault a number: the worst."""
    fault = _fault(work)
    held = (
        select(
            col(PhoneNumber.case_id).label("case_id"),
            col(PhoneNumber.id).label("key"),
            col(PhoneNumber.number).label("number"),
            _since().label("since"),
            fault.label("fault"),
        )
        .join(Case, col(Case.id) == col(PhoneNumber.case_id))
        .where(*contact.live(work), *_theirs(work, query), fault < NONE)
    )
    without = select(
        col(Case.id), col(Case.id), literal(""), col(Case.created_at), literal(WORST_FIRST.index(Fault.MISSING))
    ).where(*_theirs(work, query), _to_be_texted(work), ~_texted(work).exists())
    return union_all(held, without).subquery("found")


def _theirs(work: Work, query: NumbersQuery) -> list[ColumnElement[bool]]:
    """Open cases that the reader's agency answers for, and that they may know of."""
    me, agency = work.actor.id, work.actor.agency_id
    ours = or_(col(Case.owner_agency_id) == agency, col(Case.co_agency_id) == agency)
    mine = or_(col(Case.owner_worker_id) == me, col(Case.co_worker_id) == me, col(Case.officer_id) == me)
    return [col(Case.closed_at).is_(None), ours, access.known(work, col(Case.id)), *([mine] if query.mine else [])]


def _to_be_texted(work: Work) -> ColumnElement[bool]:
    """There is a plan, or they agreed to texts."""
    agreed = exists().where(
        col(Consent.case_id) == col(Case.id),
        col(Consent.purpose) == TEXTS,
        col(Consent.state) == ConsentState.GIVEN,
        col(Consent.ended_at).is_(None),
        or_(col(Consent.expires_on).is_(None), col(Consent.expires_on) >= work.today),
    )
    planned = exists().where(col(CheckinPlan.case_id) == col(Case.id), col(CheckinPlan.status) != PlanStatus.ENDED)
    return or_(agreed, planned)


def _texted(work: Work) -> Any:
    return select(PhoneNumber.id).where(  # type: ignore[call-overload] # SQLModel's columns
        col(PhoneNumber.case_id) == col(Case.id), col(PhoneNumber.texts).is_(True), *contact.live(work)
    )


def _since() -> Any:
    """Since when: suspended, last heard from, proven, or begun to be used."""
    number = PhoneNumber
    return func.coalesce(
        col(number.suspended_at), col(number.last_heard_at), col(number.proven_at), col(number.from_at)
    )


def _fault(work: Work) -> ColumnElement[int]:
    number, other = PhoneNumber, aliased(PhoneNumber)
    textable, proven = col(number.texts).is_(True), col(number.proven_at)
    silent_since = work.now - work.reference[CheckinPlans].proof.again_after
    still = or_(col(other.until_at).is_(None), col(other.until_at) > work.now)
    shared = exists().where(col(other.number) == col(number.number), col(other.case_id) != col(number.case_id), still)
    running = col(CheckinPlan.status).in_([PlanStatus.ACTIVE, PlanStatus.PAUSED])
    released = exists().where(col(CheckinPlan.case_id) == col(number.case_id), running)
    heard = or_(col(number.last_heard_at).is_(None), col(number.last_heard_at) <= silent_since)
    found = (
        (col(number.suspended_because).in_(NO_TEXTS), Fault.INVALID),
        (and_(~textable, released, ~_other_textable(work)), Fault.INVALID),
        (col(number.suspended_at).is_not(None), Fault.SUSPENDED),
        (shared, Fault.SHARED),
        (and_(textable, proven.is_(None), released), Fault.UNPROVEN),
        (and_(textable, proven <= silent_since, heard), Fault.SILENT),
    )
    return case(*((holds, WORST_FIRST.index(each)) for holds, each in found), else_=NONE)


def _other_textable(work: Work) -> ColumnElement[bool]:
    other = aliased(PhoneNumber)
    still = or_(col(other.until_at).is_(None), col(other.until_at) > work.now)
    mine = col(other.case_id) == col(PhoneNumber.case_id)
    return exists().where(mine, col(other.texts).is_(True), still)

"""Deadlines that somebody else has to meet and a worker is told of: the owner, whoever shares responsibility, the officer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Subquery, and_, select, union
from sqlmodel import col

from throughcare.casework import access
from throughcare.casework.agencies import Agency
from throughcare.casework.clock_rules import ClockRule, ServiceClocks
from throughcare.casework.clocks import LIVE
from throughcare.casework.naming import names_of
from throughcare.casework.people import Case
from throughcare.casework.rows import ServiceClock
from throughcare.casework.telling import addressed, tale_of
from throughcare.disclosure.policy import Matrix
from throughcare.kernel.actors import Role
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.work import Work

SHOWN = 200


def told_too(work: Work) -> Sequence[Row[Any]]:
    """The live clocks this worker is told of beside whoever has to meet them, as the clock file names them.

    `case_owner` is the owner's worker and, from acceptance to first contact, the receiving worker who shares the
    responsibility (they are told of the owner's own clocks too). None whose name tells more than they may know; a
    manager is told that there is one all the same.
    """
    clock = ServiceClock.__table__  # type: ignore[attr-defined] # SQLModel does not say that it has one
    first = union(*(select(part.c.id) for part in map(_first, _parts(work))))
    query = select(clock).where(clock.c.id.in_(first)).order_by(clock.c.due_at).limit(SHOWN)
    found = [row for row in work.session.execute(query).all() if not addressed(work.actor, row)]
    may, book = _tellable(work, {row.case_id for row in found}), work.reference[ServiceClocks]
    manages = work.actor.role is Role.MANAGER
    return [row for row in found if manages or may(row.case_id, book.rule(row.code))]


def doers(work: Work, clocks: Iterable[Row[Any]]) -> dict[UUID, str]:
    """Who must meet each deadline that is not this reader's own, by calling and agency."""
    others = [clock for clock in clocks if not addressed(work.actor, clock)]
    agencies = names_of(work, Agency, {clock.agency_id for clock in others})
    said = ((clock.id, clock.role.label if clock.role else "", agencies.get(clock.agency_id, "")) for clock in others)
    return {key: ", ".join(filter(None, told)) for key, *told in said}


def _first(whose: ColumnElement[bool]) -> Subquery:
    """The first to fall due of one kind: asked for apart, for an index of its own finds it."""
    live = select(col(ServiceClock.id), col(ServiceClock.due_at)).where(col(ServiceClock.state).in_(LIVE), whose)
    return live.order_by(col(ServiceClock.due_at)).limit(SHOWN).subquery()


def _parts(work: Work) -> list[ColumnElement[bool]]:
    me, agency = work.actor.id, work.actor.agency_id
    told, code = _codes(work), col(ServiceClock.code)
    parts = [
        and_(code.in_(told["case_owner"]), _of_case(Case.owner_worker_id, me)),
        and_(code.in_(told["case_owner"] | _owned(work)), _of_case(Case.co_worker_id, me)),
        and_(code.in_(told[Role.OFFICER]), _of_case(Case.officer_id, me)),
        and_(code.in_(told["recorder"]), _recorded_by_me(work)),
    ]
    if work.actor.role is Role.MANAGER:
        parts.append(and_(code.in_(told[Role.MANAGER]), col(ServiceClock.agency_id) == agency))
    return parts


def _of_case(who: UUID | None, me: UUID) -> ColumnElement[bool]:
    return col(ServiceClock.case_id).in_(select(col(Case.id)).where(col(who) == me))


def _codes(work: Work) -> dict[str, set[str]]:
    """Who is told -> the codes of the clocks they are told of."""
    rules = work.reference[ServiceClocks].clock
    roles = ("case_owner", "recorder", Role.OFFICER, Role.MANAGER)
    return {role: {rule.code for rule in rules if role in rule.also_told} for role in roles}


def _owned(work: Work) -> set[str]:
    return {rule.code for rule in work.reference[ServiceClocks].clock if rule.owner_role == "case_owner"}


def _recorded_by_me(work: Work) -> ColumnElement[bool]:
    """Whether this worker recorded what such a clock is about."""
    rules = work.reference[ServiceClocks].clock
    names = {name for rule in rules if "recorder" in rule.also_told for name in rule.starts_on}
    mine = select(col(AuditRow.subject_id)).where(
        col(AuditRow.actor_id) == work.actor.id, col(AuditRow.name).in_(names)
    )
    return col(ServiceClock.subject_id).in_(mine)


def _tellable(work: Work, case_ids: Iterable[UUID]) -> Callable[[UUID, ClockRule], bool]:
    """A deadline's name says what happened: told only where every event it names may be told."""
    bases, matrix = access.standings(work, case_ids), work.reference[Matrix]

    def may(case_id: UUID, rule: ClockRule) -> bool:
        if case_id not in bases:
            return False
        tales = [tale_of(name) for name in rule.named_events]
        grants = [(tale, matrix.grant_for(tale.category, bases[case_id])) for tale in tales]
        return all(grant is not None and (tale.summary or not grant.summary) for tale, grant in grants)

    return may

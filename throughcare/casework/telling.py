"""What the words of an event, a deadline or a piece of work tell by themselves, and to whom they may be told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from throughcare.casework import access
from throughcare.casework.tasks import NOT_DOERS
from throughcare.disclosure.policy import Matrix
from throughcare.kernel.actors import Actor, Role
from throughcare.kernel.categories import Category
from throughcare.kernel.work import Work

NOT_TOLD = "Work that you may not read about"


@dataclass(frozen=True)
class Tale:
    """What it tells to say that a thing happened; `summary` where that is no more than the matrix's flag."""

    category: Category
    summary: bool = False


# By the beginning of an event's name, the longest that fits. What help is offered, planned and agreed with the person
# tells of the plan even when nothing of its contents is said.
TALES = {
    **{f"{kind}.": Tale(Category.RECORD) for kind in ("agency", "team", "worker", "membership", "token", "signin")},
    **{f"{kind}.": Tale(Category.RECORD) for kind in ("disclosure", "task", "timeline", "person", "case", "retention")},
    **{f"{kind}.": Tale(Category.RECORD) for kind in ("involvement", "custody", "handover", "report", "requirement")},
    **{f"{kind}.": Tale(Category.PLAN) for kind in ("screening", "intervention", "specialist", "plan", "healthcare")},
    **{f"{kind}.": Tale(Category.PLAN) for kind in ("consent", "contact")},
    "appointment.": Tale(Category.RECORD),
    "checkin.": Tale(Category.SMS),
    "handover.fast_tracked": Tale(Category.CLINICAL),  # for a pregnancy, and nothing else
    "intervention.clinical_test": Tale(Category.CLINICAL),
    "requirement.sample": Tale(Category.DRUG_TEST),
    "requirement.test_result": Tale(Category.DRUG_TEST),
    "risk.": Tale(Category.RISK),
    "safeguarding.": Tale(Category.CHILD),
    "safeguarding.concern_": Tale(Category.CHILD, summary=True),
    "safeguarding.pregnancy_": Tale(Category.CLINICAL),
    "safeguarding.dash_": Tale(Category.RISK),
    "safeguarding.marac_": Tale(Category.RISK),
    "screening.pregnancy_": Tale(Category.CLINICAL),
    "screening.children_": Tale(Category.CHILD),
}


@cache
def tale_of(name: str) -> Tale:
    """What it tells that an event of this name happened. KeyError for one that nobody has judged."""
    fitting = [beginning for beginning in TALES if name.startswith(beginning)]
    if not fitting:
        raise KeyError(name)
    return TALES[max(fitting, key=len)]


def told_of(work: Work, case_id: UUID) -> Callable[[str], bool]:
    """Whether this reader is told that an event of this name happened at all in this case."""
    may, matrix = access.standing(work, case_id), work.reference[Matrix]

    def told(name: str) -> bool:
        tale = tale_of(name)
        grant = matrix.grant_for(tale.category, may)
        return grant is not None and (tale.summary or not grant.summary)

    return told


def hidden_from(work: Work, case_id: UUID) -> dict[str, list[str]]:
    """Beginnings of names that this reader is not told of -> the longer beginnings among them that they are."""
    told = told_of(work, case_id)
    return {
        beginning: [longer for longer in TALES if longer.startswith(beginning) and told(longer)]
        for beginning in TALES
        if not told(beginning)
    }


def addressed(actor: Actor, row: Any) -> bool:
    """Whether this task or clock is on the reader's own list: theirs by name, or by role and team where nobody is named."""
    if actor.agency_id != row.agency_id or actor.role in NOT_DOERS:
        return False
    if row.worker_id is not None:
        return bool(row.worker_id == actor.id)
    return row.role in {None, actor.role} and getattr(row, "team_id", None) in {None, actor.team_id}


def theirs_to_do(actor: Actor, task: Any) -> bool:
    """Whether they may do it, or say that it is done: whose list it is on, and their manager."""
    managed = actor.role is Role.MANAGER and actor.agency_id == task.agency_id
    return managed or addressed(actor, task)


def readable(work: Work, case_ids: Iterable[UUID]) -> Callable[[UUID | None, Category], bool]:
    """Whether this reader, of work on their own agency's list, may read words that tell this about this case."""
    bases, matrix = access.standings(work, case_ids), work.reference[Matrix]

    def may(case_id: UUID | None, tells: Category) -> bool:
        grant = matrix.grant_for(tells, bases[case_id]) if case_id in bases else None
        return tells is Category.RECORD or (grant is not None and not grant.summary)

    return may

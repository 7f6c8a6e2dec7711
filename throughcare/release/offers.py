"""What this reader may do with a release plan from where it stands, so that no button is shown that would be refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import select

from throughcare.casework.people import Case, Person
from throughcare.kernel.actors import Role
from throughcare.kernel.work import Work
from throughcare.release import facts, steps
from throughcare.release.reference import ReleaseBook
from throughcare.release.rows import ChecklistItem, ReleasePlan
from throughcare.release.rules import Gap, may_change
from throughcare.release.rules.gaps import NO_FIXED_ABODE

PATHS = {"submit": "submit", "agree": "agree", "give_back": "return", "reopen": "reopen"}
PRESCRIBING = {Role.HEALTHCARE, Role.TREATMENT, Role.PROVIDER}
SUBSISTENCE = "subsistence"


class Move(NamedTuple):
    """A button: its words, and the page under the plan's that does it."""

    label: str
    part: str


def may_start(work: Work, case_id: UUID) -> bool:
    """Whether this reader may start a plan: someone who writes plans, for a stay that has none."""
    if work.actor.role not in steps.WRITERS:
        return False
    episode, plan = facts.stay(work, case_id), facts.current(work, case_id)
    if episode is None or episode.ended_at:
        return False
    return plan is None or plan.episode_id != episode.id


def offered(work: Work, plan: ReleasePlan, missing: Sequence[Gap]) -> dict[str, Any]:
    """The moves and the doors that are open."""
    role = work.actor.role
    writes = role in steps.WRITERS
    return {
        "moves": tuple(
            Move(step.label, PATHS[step.name])
            for step in steps.PLANS.open_to(plan, role)
            if not _would_refuse(work, step.name, plan, missing)
        ),
        "may_write": writes and may_change(plan.status),
        "may_record": writes,
        "may_prescribe": role in PRESCRIBING,
    }


def _would_refuse(work: Work, name: str, plan: ReleasePlan, missing: Sequence[Gap]) -> bool:
    if work.actor.agency_kind not in steps.PLANNING:
        return True
    if name != "agree":
        return False
    homeless = any(gap.code == NO_FIXED_ABODE for gap in missing)
    return steps.is_author(plan, work.moment) or (homeless and work.actor.role is not Role.MANAGER)


def domains(work: Work, case_id: UUID) -> tuple[tuple[str, str], ...]:
    """The pathways offered for this person: code and label."""
    sex = work.session.exec(select(Person.sex).where(Person.case_id == case_id)).first()
    return tuple((domain.code, domain.label) for domain in work.reference[ReleaseBook].domains_for(str(sex)))


def item_words(work: Work, row: ChecklistItem) -> dict[str, str]:
    """What a line of the checklist says; the payment at the gate names its amount and how sure we are of it."""
    word = work.reference[ReleaseBook].item(row.code)
    return {"label": word.label, "hint": payment(work, row.case_id) if row.code == SUBSISTENCE else word.hint}


def payment(work: Work, case_id: UUID) -> str:
    """The payment at the gate in one line: for whom, how much, and whether anybody has checked the amount."""
    paid = work.reference[ReleaseBook].subsistence.get(work.session.get_one(Case, case_id).jurisdiction)
    if paid is None:
        return ""
    amount = f"£{paid.amount}" if paid.amount else "ask the prison for the amount"
    checked = "" if paid.certainty == "verified" else "; check the amount in force"
    return (
        f"{paid.name}: {amount}, aged {paid.from_age} or over and more than {paid.over_days_in_custody} days in custody,"
        f" not for {paid.not_for}{checked}"
    )

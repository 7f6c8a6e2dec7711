"""What the other parts of the pathway add to a handover: needs, tonight's address, the screening band, naloxone.

Each gives no more than the summary the matrix marks where a sender may know no more than that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework import consents
from throughcare.handover import parts
from throughcare.handover.sharing import FIRST_NIGHTS, Sources
from throughcare.kernel.categories import Category
from throughcare.kernel.work import Work
from throughcare.release import facts
from throughcare.release.reference import ReleaseBook
from throughcare.release.rows import HOUSED, Need
from throughcare.release.rules import Severity
from throughcare.screening.rows import Screening

Part = Mapping[str, str]


def plan(work: Work, case_id: UUID) -> Part:
    """The needs on each pathway but housing, which has a part of its own."""
    return _needs(work, (need for need in _of_plan(work, case_id) if need.domain != HOUSED))


def housing(work: Work, case_id: UUID) -> Part:
    """The postcode before custody, where they sleep on the night of release, and what they need to be housed."""
    told = dict(parts.housing(work, case_id))
    current = facts.current(work, case_id)
    lodging = facts.lodging_of(work, current) if current else None
    if lodging and lodging.no_fixed_abode:
        told["First night"] = "No fixed abode"
    elif lodging and lodging.tonight:
        told["First night"] = lodging.tonight
    return told | dict(_needs(work, (need for need in _of_plan(work, case_id) if need.domain == HOUSED)))


def first_nights(work: Work, case_id: UUID) -> Part:
    """Where they sleep, in the planner's words, and its telephone: for comparing with, never for telling."""
    current = facts.current(work, case_id)
    lodging = facts.lodging_of(work, current) if current else None
    if lodging is None or lodging.no_fixed_abode:
        return {}
    told = {"tonight": lodging.tonight, "telephone": lodging.tonight_phone, "later": lodging.later_nights}
    return {name: value for name, value in told.items() if value}


def screening(work: Work, case_id: UUID) -> Part:
    """The band of the latest of each instrument, where the person let it go to others: never an answer or a score.

    What they agreed to when they were screened holds until they take it back.
    """
    if not consents.covers(work, case_id, Category.SCREENING):
        return {}
    done = select(Screening).where(
        Screening.case_id == case_id,
        col(Screening.completed_at).is_not(None),
        Screening.band != "",
        col(Screening.share_agreed).is_(True),
    )
    rows = work.session.exec(done.order_by(col(Screening.completed_at)))
    return {row.instrument.upper().replace("_", "-"): row.band.replace("_", " ").capitalize() for row in rows}


def medication(work: Work, case_id: UUID) -> Part:
    """Whether they leave with naloxone; doses are for the prescriber's letter."""
    current = facts.current(work, case_id)
    return {"Naloxone": facts.medicines_of(work, current).naloxone.label} if current else {}


def _of_plan(work: Work, case_id: UUID) -> Iterable[Need]:
    current = facts.current(work, case_id)
    needs = facts.needs_of(work, current) if current else ()
    return (need for need in needs if need.severity is not Severity.NONE)


def _needs(work: Work, needs: Iterable[Need]) -> Part:
    book, told = work.reference[ReleaseBook], dict[str, str]()
    for need in needs:
        known = book.domain(need.domain)
        pathway = known.label if known else need.domain
        line = f"{need.what} ({need.severity.label.lower()}, {need.status.label.lower()})"
        told[pathway] = f"{told[pathway]}; {line}" if pathway in told else line
    return told


SOURCES = Sources(
    {"plan": plan, "housing": housing, "screening": screening, "medication": medication, FIRST_NIGHTS: first_nights}
)

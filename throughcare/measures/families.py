"""Parents in touch with treatment, and what was said to children's services, in a year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any
from uuid import UUID

from sqlmodel import col

from throughcare.casework.rows import CustodyEpisode
from throughcare.handover.rows import Handover
from throughcare.handover.words import OVER
from throughcare.intervention.rows import FirstContact
from throughcare.kernel.clock import london_day
from throughcare.kernel.work import Work
from throughcare.measures.facts import Parent, ToldAboutChild
from throughcare.measures.gathering import Cases, Prisons, bounds, by_case, pick, prisons_of
from throughcare.measures.periods import Period
from throughcare.safeguarding.rows import Child, Consultation, Referral
from throughcare.screening.rows import AskedToo, ToldUs

Spell = tuple[date, date | None]


def parents(work: Work, period: Period, cases: Cases) -> Iterator[Parent]:
    """Every adult with children who was in touch with treatment in the period, with the spells of it."""
    of_parents = pick(col(AskedToo.case_id)).where(
        col(AskedToo.case_id).in_(cases), col(AskedToo.children) == ToldUs.YES
    ).union(pick(col(Child.case_id)).where(col(Child.case_id).in_(cases)))  # fmt: skip
    chosen = pick(of_parents.subquery().c[0])
    spells = _spells(work, chosen)
    prisons = prisons_of(work, chosen)
    for case_id, ran in spells.items():
        in_period = tuple(spell for spell in ran if period.meets(*spell))
        if in_period:
            yield Parent(prisons.on(case_id, min(period.last, work.today)), in_period)


def _spells(work: Work, cases: Cases) -> Mapping[UUID, Sequence[Spell]]:
    """In custody from the substance team's first contact until the stay ends; after it from the start of treatment."""
    found: dict[UUID, list[Spell]] = {}
    contacts = by_case(work, pick(FirstContact.case_id, FirstContact.on).where(col(FirstContact.case_id).in_(cases)))
    held = pick(CustodyEpisode.case_id, CustodyEpisode.received_on, CustodyEpisode.ended_at)
    for case_id, stays in by_case(work, held.where(col(CustodyEpisode.case_id).in_(cases))).items():
        for contact in contacts.get(case_id, ()):
            found.setdefault(case_id, []).extend(_of_contact(contact.on, stays))
    started = pick(Handover.case_id, Handover.treatment_started_on, Handover.status, Handover.moved_at).where(
        col(Handover.case_id).in_(cases), col(Handover.treatment_started_on).is_not(None)
    )
    for row in work.session.execute(started):
        over = london_day(row.moved_at) if row.status in OVER and row.moved_at else None
        found.setdefault(row.case_id, []).append((row.treatment_started_on, over))
    return found


def _of_contact(on: date, stays: Sequence[Any]) -> Iterator[Spell]:
    """From a contact to the end of the stay it was made in."""
    for stay in stays:
        left_on = london_day(stay.ended_at) if stay.ended_at else None
        if stay.received_on <= on and (left_on is None or on <= left_on):
            yield on, left_on


def told(work: Work, period: Period, cases: Cases) -> Iterator[ToldAboutChild]:
    """Each consultation and each referral of the period."""
    first, last = bounds(period)
    consulted = pick(Consultation.case_id, Consultation.held_at).where(
        col(Consultation.case_id).in_(cases), col(Consultation.held_at).between(first, last)
    )
    referred = pick(Referral.case_id, Referral.phoned_at).where(
        col(Referral.case_id).in_(cases), col(Referral.phoned_at).between(first, last)
    )
    prisons = prisons_of(work, cases)
    yield from chain(_told(work, consulted, prisons, referral=False), _told(work, referred, prisons, referral=True))


def _told(work: Work, query: Any, prisons: Prisons, *, referral: bool) -> Iterator[ToldAboutChild]:
    for case_id, instant in work.session.execute(query).all():
        day = london_day(instant)
        yield ToldAboutChild(prisons.on(case_id, day), day, referral=referral)

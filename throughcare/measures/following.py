"""Reads the weeks after each release: phone numbers, first contact, doses; and the compliance reports of a year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import col

from throughcare.casework.people import PhoneNumber
from throughcare.casework.rows import Appointment, AppointmentStatus
from throughcare.handover.rows import Handover
from throughcare.kernel.actors import AgencyKind
from throughcare.kernel.clock import london_day
from throughcare.kernel.work import Work
from throughcare.measures.around import FIRST_TREATMENT
from throughcare.measures.followed import Followed, ReportDue, Spell
from throughcare.measures.gathering import ByCase, Cases, Stay, bounds, by_case, pick, prisons_of
from throughcare.measures.leaving import Release
from throughcare.measures.periods import Period
from throughcare.release.rows import LeavingMedicines, ReleasePlan
from throughcare.release.rules import Bridging, Known
from throughcare.requirement.rows import ComplianceReport

CAME = (AppointmentStatus.ATTENDED, AppointmentStatus.ATTENDED_LATE, AppointmentStatus.NOT_ENGAGED)


@dataclass(frozen=True)
class After:
    """Rows by case, and the medicines of each stay's plan."""

    numbers: ByCase
    contacts: ByCase
    visits: ByCase
    medicines: ByCase


def followed(work: Work, released: Sequence[tuple[Stay, Release]], cases: Cases) -> Iterator[Followed]:
    """The weeks after each of these releases."""
    after = _after(work, cases)
    for stay, release in released:
        ends = [day for day in (release.died_on, release.back_on) if day]
        doses = next(iter(after.medicines.get(stay.id, ())), None)
        yield Followed(
            prison=release.prison,
            on=release.on,
            until=min(ends, default=None),
            reachable=tuple(_spells(after.numbers.get(stay.case_id, ()))),
            need=release.need,
            attended_on=_first_seen(stay, release.on, after),
            last_dose_on=doses.last_supervised_on if doses else None,
            next_dose_on=london_day(doses.next_dose_at) if doses and doses.next_dose_at else None,
            bridged=bool(doses and doses.bridging is Bridging.CONFIRMED),
        )


def _spells(numbers: Sequence[Any]) -> Iterator[Spell]:
    """From the day a mobile was proven to the day it was given up or suspended."""
    for row in numbers:
        ended = [instant for instant in (row.until_at, row.suspended_at) if instant and instant > row.proven_at]
        yield london_day(row.proven_at), london_day(min(ended)) if ended else None


def _first_seen(stay: Stay, released_on: date, after: After) -> date | None:
    """The first day on or after release on which a community service saw them."""
    instants: list[datetime] = [row.first_contact_at for row in after.contacts.get(stay.case_id, ())]
    instants += [row.at for row in after.visits.get(stay.case_id, ())]
    left = stay.released_at
    return min(
        (london_day(it) for it in instants if left and it >= left and london_day(it) >= released_on), default=None
    )


def _after(work: Work, cases: Cases) -> After:
    phone, visit, doses = PhoneNumber, Appointment, LeavingMedicines
    numbers = pick(phone.case_id, phone.proven_at, phone.until_at, phone.suspended_at).where(
        col(phone.case_id).in_(cases), col(phone.proven_at).is_not(None), col(phone.texts).is_(True)
    )
    contacts = pick(Handover.case_id, Handover.first_contact_at).where(
        col(Handover.case_id).in_(cases), col(Handover.first_contact_at).is_not(None)
    )
    visits = pick(visit.case_id, visit.at).where(
        col(visit.case_id).in_(cases), col(visit.kind) == FIRST_TREATMENT, col(visit.status).in_(CAME)
    )
    medicines = pick(ReleasePlan.episode_id, doses.last_supervised_on, doses.next_dose_at, doses.bridging).join(
        LeavingMedicines, col(doses.plan_id) == col(ReleasePlan.id)
    )
    medicines = medicines.where(col(doses.case_id).in_(cases), col(doses.opioid_medicine) == Known.YES)
    return After(*(by_case(work, query) for query in (numbers, contacts, visits, medicines)))


def reports_due(work: Work, period: Period, cases: Cases) -> Iterator[ReportDue]:
    """The first version of each compliance report that fell due in the period and has gone or is overdue."""
    first, last = bounds(period)
    it = ComplianceReport
    query = pick(it.case_id, it.due_at, it.sent_at).where(
        col(it.case_id).in_(cases), col(it.due_at).between(first, last), col(it.number) == 1
    )
    if work.actor.agency_kind is AgencyKind.PROVIDER:
        query = query.where(col(it.agency_id) == work.actor.agency_id)
    prisons = prisons_of(work, cases)
    for row in work.session.execute(query).all():
        if row.sent_at is not None or row.due_at < work.now:
            day = london_day(row.due_at)
            yield ReportDue(prisons.on(row.case_id, day), day, row.sent_at is not None and row.sent_at <= row.due_at)

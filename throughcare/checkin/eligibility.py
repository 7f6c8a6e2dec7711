"""What is known about a batch of texts, in as many statements as there are kinds of fact, for the question whether each may go (R6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import col

from throughcare.casework.contact import current_number, may_be_texted
from throughcare.casework.people import Consent, ConsentState, Person, PhoneNumber, SafeContact
from throughcare.casework.rows import Appointment, AppointmentStatus, CustodyEpisode
from throughcare.casework.whereabouts import cases_away
from throughcare.checkin.grounds import TEXTS, Asking, Facts, Why, barred, held_back
from throughcare.checkin.rows import CheckinPlan, CheckinPrompt, OptOut, PlanStatus
from throughcare.checkin.service import Texted
from throughcare.kernel.delivery import Purpose
from throughcare.kernel.work import Work


def may_text(work: Work, case_id: UUID, purpose: Purpose) -> tuple[str, Why | None]:
    """The number to text this person on, and why they may not be; for one about to plan a text."""
    number = current_number(work, case_id)
    asking = Asking(case_id, number.number if number else "", purpose)
    return asking.to, held_back(asking, facts_about(work, [asking])[0])


@dataclass(frozen=True)
class _Found:
    """What the tables say about a batch: one statement each, however many texts there are."""

    holders: Mapping[str, Sequence[PhoneNumber]]
    dead: frozenset[UUID]
    opted: Mapping[str, Sequence[OptOut]]
    consented: frozenset[UUID]
    contacts: Mapping[UUID, SafeContact]
    held: frozenset[UUID]
    away: frozenset[UUID]
    plans: Mapping[UUID, PlanStatus]
    answered: frozenset[UUID] = field(default_factory=frozenset)
    unbooked: frozenset[UUID] = field(default_factory=frozenset)
    untexted: frozenset[str] = field(default_factory=frozenset)
    texted: Texted = field(default_factory=Texted)

    def about(self, asking: Asking) -> Facts:
        holders = self.holders.get(asking.to, ())
        if asking.case_id is None:
            return self._of_nobody(asking.to)
        ledger = [
            line for line in self.opted.get(asking.to, ()) if line.case_id is None or line.case_id == asking.case_id
        ]
        return Facts(
            number=next((number for number in holders if number.case_id == asking.case_id), None),
            holders=len({number.case_id for number in holders}),
            deceased=asking.case_id in self.dead,
            opted_out=bool(ledger) and ledger[-1].out,
            consented=asking.case_id in self.consented,
            contact=self.contacts.get(asking.case_id),
            in_custody=asking.case_id in self.held,
            away=asking.case_id in self.away,
            plan=self.plans.get(asking.case_id),
            answered=asking.subject_id in self.answered,
            booked=asking.subject_id not in self.unbooked,
            barred=barred(asking.to, self.texted) if asking.to else None,
        )

    def _of_nobody(self, number: str) -> Facts:
        """Of a number that nobody has: a STOP by anybody who ever wrote from it holds."""
        last = {line.case_id: line.out for line in self.opted.get(number, ())}
        return Facts(
            holders=len(self.holders.get(number, ())),
            opted_out=any(last.values()),
            texted=number not in self.untexted,
            barred=barred(number, self.texted),
        )


def facts_about(work: Work, askings: Sequence[Asking]) -> list[Facts]:
    """The facts about each of these, from ten statements in all."""
    cases = {asking.case_id for asking in askings if asking.case_id}
    numbers = {asking.to for asking in askings}
    subjects = {asking.subject_id for asking in askings if asking.subject_id}
    reminded = {asking.subject_id for asking in askings if asking.purpose is Purpose.REMINDER}
    found = _Found(
        holders=_grouped(_live_numbers(work, numbers)),
        dead=_cases(
            work, select(col(Person.case_id)).where(_in(Person.case_id, cases), col(Person.deceased_on).is_not(None))
        ),
        opted=_grouped(_ledger(work, numbers)),
        consented=_cases(work, _consents(work, cases)),
        contacts={row.case_id: row for row in _contacts(work, cases)},
        held=_cases(work, _in_custody(cases)),
        away=_cases(work, cases_away(cases)),
        plans={row.case_id: row.status for row in _plans(work, cases)},
        answered=_cases(work, _answered(subjects)) if subjects else frozenset(),
        unbooked=_cases(work, _unbooked(reminded)) if reminded else frozenset(),
        untexted=_untexted(work, askings),
        texted=work.reference[Texted],
    )
    return [found.about(asking) for asking in askings]


def _untexted(work: Work, askings: Sequence[Asking]) -> frozenset[str]:
    """Of the numbers that nobody has, those of kinds that are not texted."""
    strange = {asking.to for asking in askings if asking.case_id is None}
    return frozenset(number for number in strange if not may_be_texted(work, number))


def _in(column: Any, values: Iterable[Any]) -> Any:
    return col(column).in_(list(values))


def _cases(work: Work, query: Any) -> frozenset[UUID]:
    return frozenset(work.session.scalars(query))


def _grouped(rows: Iterable[Any]) -> dict[str, list[Any]]:
    """By number, in the order given."""
    table: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        table[row.number].append(row)
    return table


def _live_numbers(work: Work, numbers: set[str]) -> Iterable[PhoneNumber]:
    ended = or_(col(PhoneNumber.until_at).is_(None), col(PhoneNumber.until_at) > work.now)
    return work.session.scalars(select(PhoneNumber).where(_in(PhoneNumber.number, numbers), ended))


def _ledger(work: Work, numbers: set[str]) -> Iterable[OptOut]:
    lines = select(OptOut).where(_in(OptOut.number, numbers))
    return work.session.scalars(lines.order_by(col(OptOut.at), col(OptOut.created_at), col(OptOut.out)))


def _in_custody(cases: set[UUID]) -> Any:
    open_ = (_in(CustodyEpisode.case_id, cases), col(CustodyEpisode.ended_at).is_(None))
    return select(col(CustodyEpisode.case_id)).where(*open_)


def _consents(work: Work, cases: set[UUID]) -> Any:
    return select(col(Consent.case_id)).where(
        _in(Consent.case_id, cases),
        col(Consent.purpose) == TEXTS,
        col(Consent.state) == ConsentState.GIVEN,
        col(Consent.ended_at).is_(None),
        or_(col(Consent.expires_on).is_(None), col(Consent.expires_on) >= work.today),
    )


def _contacts(work: Work, cases: set[UUID]) -> Iterable[SafeContact]:
    live = select(SafeContact).where(_in(SafeContact.case_id, cases), col(SafeContact.replaced_at).is_(None))
    return work.session.scalars(live)


def _plans(work: Work, cases: set[UUID]) -> Iterable[CheckinPlan]:
    live = select(CheckinPlan).where(_in(CheckinPlan.case_id, cases), col(CheckinPlan.status) != PlanStatus.ENDED)
    return work.session.scalars(live)


def _unbooked(subjects: set[UUID | None]) -> Any:
    return select(col(Appointment.id)).where(
        _in(Appointment.id, subjects), col(Appointment.status) != AppointmentStatus.BOOKED
    )


def _answered(subjects: set[UUID]) -> Any:
    return select(col(CheckinPrompt.id)).where(
        _in(CheckinPrompt.id, subjects), col(CheckinPrompt.answered_at).is_not(None)
    )

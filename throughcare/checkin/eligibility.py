"""What is known about a batch of texts, in four statements put together once, for the question whether each may go (R6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Row,
    Select,
    String,
    bindparam,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlmodel import col

from throughcare.casework.contact import current_number, may_be_texted
from throughcare.casework.people import Consent, ConsentState, Person, PhoneNumber, SafeContact
from throughcare.casework.rows import Appointment, AppointmentStatus, CustodyEpisode
from throughcare.casework.whereabouts import cases_away
from throughcare.checkin.grounds import TEXTS, Asking, Facts, Why, barred, held_back
from throughcare.checkin.rows import CheckinPlan, CheckinPrompt, OptOut, PlanStatus
from throughcare.checkin.service import OneWay, Texted
from throughcare.kernel.among import among
from throughcare.kernel.delivery import Purpose
from throughcare.kernel.work import Work


def may_text(work: Work, case_id: UUID, purpose: Purpose) -> tuple[str, Why | None]:
    """The number to text this person on, and why they may not be; for one about to plan a text."""
    number = current_number(work, case_id)
    asking = Asking(case_id, number.number if number else "", purpose)
    return asking.to, held_back(asking, facts_about(work, [asking])[0])


@dataclass(frozen=True)
class _Found:
    """What the tables say about a batch."""

    holders: Mapping[str, Sequence[Row[Any]]]
    opted: Mapping[str, Sequence[Row[Any]]]  # lines of the ledger: case_id, out
    contacts: Mapping[UUID, Row[Any]]
    known: Mapping[str, set[UUID]]  # one of the words of _known -> the cases, prompts or appointments it is true of
    untexted: frozenset[str] = field(default_factory=frozenset)
    texted: Texted = field(default_factory=Texted)
    one_way: OneWay = field(default_factory=OneWay)

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
            deceased=asking.case_id in self.known["dead"],
            opted_out=bool(ledger) and ledger[-1].out,
            consented=asking.case_id in self.known["consented"],
            contact=self.contacts.get(asking.case_id),
            in_custody=asking.case_id in self.known["held"],
            away=asking.case_id in self.known["away"],
            plan=next((status for status in PlanStatus if asking.case_id in self.known[status]), None),
            answered=asking.subject_id in self.known["answered"],
            booked=asking.purpose is not Purpose.REMINDER or asking.subject_id not in self.known["unbooked"],
            unanswerable=self.one_way.never(asking.purpose, asking.template),
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
    """The facts about each of these, however many they are, from four statements."""
    asked = {
        "cases": [asking.case_id for asking in askings if asking.case_id],
        "numbers": [asking.to for asking in askings],
        "subjects": [asking.subject_id for asking in askings if asking.subject_id],
        "now": work.now,
        "today": work.today,
    }
    found = _Found(
        holders=_grouped(work.session.execute(_live_numbers(), asked)),
        opted=_grouped(work.session.execute(_ledger(), asked)),
        contacts={row.case_id: row for row in work.session.execute(_contacts(), asked)},
        known=_by_word(work.session.execute(_known(), asked)),
        untexted=_untexted(work, askings),
        texted=work.reference[Texted],
        one_way=work.reference[OneWay],
    )
    return [found.about(asking) for asking in askings]


def _untexted(work: Work, askings: Sequence[Asking]) -> frozenset[str]:
    """Of the numbers that nobody has, those of kinds that are not texted."""
    strange = {asking.to for asking in askings if asking.case_id is None}
    return frozenset(number for number in strange if not may_be_texted(work, number))


def _by_word(rows: Iterable[Any]) -> Mapping[str, set[UUID]]:
    known: dict[str, set[UUID]] = defaultdict(set)
    for word, of in rows:
        known[word].add(of)
    return known


def _grouped(rows: Iterable[Any]) -> dict[str, list[Any]]:
    """By number, in the order given."""
    table: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        table[row.number].append(row)
    return table


def _columns(table: type[Any], *names: str) -> list[Any]:
    return [getattr(table, name) for name in names]


@cache
def _live_numbers() -> Select[Any]:
    ended = or_(col(PhoneNumber.until_at).is_(None), col(PhoneNumber.until_at) > bindparam("now"))
    return select(*_columns(PhoneNumber, "case_id", "number", "suspended_at", "proven_at")).where(
        among(PhoneNumber.number, "numbers"), ended
    )


@cache
def _ledger() -> Select[Any]:
    lines = select(*_columns(OptOut, "number", "case_id", "out")).where(among(OptOut.number, "numbers"))
    return lines.order_by(col(OptOut.at), col(OptOut.created_at), col(OptOut.out))


@cache
def _contacts() -> Select[Any]:
    return select(*_columns(SafeContact, "case_id", "safe_from", "safe_until", "never_text")).where(
        among(SafeContact.case_id, "cases"), col(SafeContact.replaced_at).is_(None)
    )


@cache
def _known() -> CompoundSelect[Any]:
    """Lines of a word and of whom it is true: a case, a prompt or an appointment; of a plan the word is where it stands."""
    true: dict[str, tuple[Any, ...]] = {
        "dead": (Person.case_id, among(Person.case_id, "cases"), col(Person.deceased_on).is_not(None)),
        "held": (
            CustodyEpisode.case_id, among(CustodyEpisode.case_id, "cases"), col(CustodyEpisode.ended_at).is_(None)
        ),
        "consented": (Consent.case_id, among(Consent.case_id, "cases"), *_agreed()),
        "answered": (CheckinPrompt.id, among(CheckinPrompt.id, "subjects"), col(CheckinPrompt.answered_at).is_not(None)),
        "unbooked": (Appointment.id, among(Appointment.id, "subjects"), col(Appointment.status) != AppointmentStatus.BOOKED),
    }  # fmt: skip
    away = cases_away("cases").subquery()
    plans = (among(CheckinPlan.case_id, "cases"), col(CheckinPlan.status) != PlanStatus.ENDED)
    lines: list[Any] = [select(literal(word), col(who)).where(*where) for word, (who, *where) in true.items()]
    lines.append(select(literal("away"), away.c.case_id))
    lines.append(select(type_coerce(col(CheckinPlan.status), String), col(CheckinPlan.case_id)).where(*plans))
    return union_all(*lines)


def _agreed() -> tuple[ColumnElement[bool], ...]:
    """To texts, and still."""
    expires = col(Consent.expires_on)
    return (
        col(Consent.purpose) == TEXTS,
        col(Consent.state) == ConsentState.GIVEN,
        col(Consent.ended_at).is_(None),
        or_(expires.is_(None), expires >= bindparam("today", type_=Date())),
    )

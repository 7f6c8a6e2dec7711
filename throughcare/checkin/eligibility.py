"""Whether one text may go to one person now: asked when it is planned, and again in the transaction that sends it (R6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import col

from throughcare.casework.contact import current_number
from throughcare.casework.people import Consent, ConsentState, Person, PhoneNumber, SafeContact
from throughcare.casework.rows import CustodyEpisode
from throughcare.casework.whereabouts import cases_away
from throughcare.checkin.rows import CheckinPlan, CheckinPrompt, OptOut, PlanStatus
from throughcare.checkin.schedule import ANY_HOURS, Hours
from throughcare.kernel.delivery import Purpose
from throughcare.kernel.forms import Word
from throughcare.kernel.work import Work

TEXTS = "texts"  # the purpose of the consent
APOLOGY = "wrong_number_reply"  # the one text that may go to a number just suspended (R35)
OURS = frozenset({Purpose.PROOF, Purpose.CHECKIN})  # these hang on a plan


class Why(Word):
    """Why a text may not go. A worker reads the label."""

    DECEASED = "deceased", "The person has died"
    NO_NUMBER = "no_number", "There is no number to text"
    SHARED = "shared", "Two people we know have this number"
    SUSPENDED = "suspended", "The number is suspended"
    OPTED_OUT = "opted_out", "The person chose not to use texts"
    NO_CONSENT = "no_consent", "The person has not agreed to texts"
    NO_SAFE_CONTACT = "no_safe_contact", "How it is safe to reach them is not recorded"
    NEVER_TEXT = "never_text", "It is not safe to text this person"
    NO_SAFE_TIME = "no_safe_time", "There is no time at which a text is safe"
    IN_CUSTODY = "in_custody", "The person is in custody"
    AWAY = "away", "The person is in hospital, other custody, detention or abroad"
    NO_PLAN = "no_plan", "The check-in plan has ended"
    PAUSED = "paused", "The check-ins are paused"
    ANSWERED = "answered", "There is nothing left to ask"
    NOT_PROVEN = "not_proven", "The number is not proven to be theirs"


@dataclass(frozen=True)
class Facts:
    """All that the question hangs on, about one text to one number."""

    number: PhoneNumber | None = None
    holders: int = 0
    deceased: bool = False
    opted_out: bool = False
    consented: bool = False
    contact: SafeContact | None = None
    in_custody: bool = False
    away: bool = False
    plan: PlanStatus | None = None
    answered: bool = False


@dataclass(frozen=True)
class Asking:
    """A text as the question sees it."""

    case_id: UUID
    to: str
    purpose: Purpose
    template: str = ""
    subject_id: UUID | None = None


def held_back(asking: Asking, facts: Facts) -> Why | None:
    """Why this text may not go; None when it may. The first reason is the one that would hold longest."""
    found = (
        (Why.DECEASED, facts.deceased),
        (Why.NO_NUMBER, facts.number is None),
        (Why.SHARED, facts.holders > 1),
        (Why.SUSPENDED, facts.number and facts.number.suspended_at and asking.template != APOLOGY),
    )
    why = next((reason for reason, holds in found if holds), None)
    if why or asking.purpose is Purpose.SAFETY or asking.template == APOLOGY:
        return why  # what answers a text just received is not held to the rest
    return _unasked(facts) or _unplanned(asking, facts)


def _unasked(facts: Facts) -> Why | None:
    """What stands in the way of any text that the person has not just asked for."""
    found = (
        (Why.OPTED_OUT, facts.opted_out),
        (Why.NO_CONSENT, not facts.consented),
        (Why.NO_SAFE_CONTACT, facts.contact is None),
        (Why.NEVER_TEXT, facts.contact and facts.contact.never_text),
        (Why.NO_SAFE_TIME, hours_of(facts.contact) is None),
        (Why.IN_CUSTODY, facts.in_custody),
        (Why.AWAY, facts.away),
    )
    return next((reason for reason, holds in found if holds), None)


def _unplanned(asking: Asking, facts: Facts) -> Why | None:
    proven = bool(facts.number and facts.number.proven_at)
    if asking.purpose in OURS and facts.plan is not PlanStatus.ACTIVE:
        return Why.PAUSED if facts.plan is PlanStatus.PAUSED else Why.NO_PLAN
    if facts.answered or (asking.purpose is Purpose.PROOF and proven):
        return Why.ANSWERED
    return None if proven or asking.purpose is Purpose.PROOF else Why.NOT_PROVEN


def hours_of(contact: SafeContact | None, chosen: int | None = None) -> Hours | None:
    """The person's safe times; None where there is no such time."""
    if contact is None:
        return ANY_HOURS
    safe_from, safe_to = _wall(contact.safe_from), _wall(contact.safe_until)
    return Hours(chosen, safe_from, safe_to) if not safe_from or not safe_to or safe_from < safe_to else None


def _wall(said: str) -> time | None:
    try:
        return time.fromisoformat(said) if said else None
    except ValueError:
        return None


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

    def about(self, asking: Asking) -> Facts:
        holders = self.holders.get(asking.to, ())
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
        )


def facts_about(work: Work, askings: Sequence[Asking]) -> list[Facts]:
    """The facts about each of these, from nine statements in all."""
    cases = {asking.case_id for asking in askings}
    numbers = {asking.to for asking in askings}
    subjects = {asking.subject_id for asking in askings if asking.subject_id}
    found = _Found(
        holders=_grouped(_live_numbers(work, numbers)),
        dead=_cases(
            work, select(col(Person.case_id)).where(_in(Person.case_id, cases), col(Person.deceased_on).is_not(None))
        ),
        opted=_grouped(_ledger(work, numbers)),
        consented=_cases(work, _consents(work, cases)),
        contacts={row.case_id: row for row in _contacts(work, cases)},
        held=_cases(
            work,
            select(col(CustodyEpisode.case_id)).where(
                _in(CustodyEpisode.case_id, cases), col(CustodyEpisode.ended_at).is_(None)
            ),
        ),
        away=_cases(work, cases_away(cases)),
        plans={row.case_id: row.status for row in _plans(work, cases)},
        answered=_cases(work, _answered(subjects)) if subjects else frozenset(),
    )
    return [found.about(asking) for asking in askings]


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


def _answered(subjects: set[UUID]) -> Any:
    return select(col(CheckinPrompt.id)).where(
        _in(CheckinPrompt.id, subjects), col(CheckinPrompt.answered_at).is_not(None)
    )

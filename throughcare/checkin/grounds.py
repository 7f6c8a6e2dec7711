"""Why one text may not go to one person now, from all that is known: asked when it is planned and when it is sent (R6). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from throughcare.casework.people import PhoneNumber, SafeContact
from throughcare.casework.phone_numbers import country_of, is_dear
from throughcare.checkin.rows import PlanStatus
from throughcare.checkin.schedule import ANY_HOURS, Hours
from throughcare.checkin.service import Texted
from throughcare.kernel.delivery import Purpose
from throughcare.kernel.forms import Word

TEXTS = "texts"  # the purpose of the consent
APOLOGY = "wrong_number_reply"  # the one text that may go to a number just suspended (R35)
OURS = frozenset({Purpose.PROOF, Purpose.CHECKIN})  # these hang on a plan
QUIET_WHEN_PAUSED = OURS | {Purpose.REMINDER}


class Why(Word):
    """Why a text may not go. A worker reads the label."""

    NOT_LIVE = "not_live", "This is a rehearsal, and the number is not on the list of those it may text"
    ABROAD = "abroad", "This service does not text numbers of that country or island"
    DEAR = "dear", "This service does not text numbers at a special rate"
    DECEASED = "deceased", "The person has died"
    NO_NUMBER = "no_number", "There is no number to text"
    SHARED = "shared", "Two people we know have this number"
    SUSPENDED = "suspended", "The number is suspended"
    ONE_WAY = "one_way", "Nobody can answer the texts of this service"
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
    NO_APPOINTMENT = "no_appointment", "The appointment was moved, or is over"
    NOT_PROVEN = "not_proven", "The number is not proven to be theirs"
    UNREADABLE = "unreadable", "Its words cannot be read: whoever runs the service must find their key"
    SOMEBODYS = "somebodys", "The number has become somebody’s"
    WORDING = "wording", "Its wording is no longer allowed, and has to be changed first"
    NOT_TEXTED = "not_texted", "This service does not text numbers of that kind"


@dataclass(frozen=True)
class Facts:
    """All that the question hangs on, about one text to one number."""

    number: PhoneNumber | Row[Any] | None = None  # or those of its columns that the question hangs on
    holders: int = 0
    deceased: bool = False
    opted_out: bool = False
    consented: bool = False
    contact: SafeContact | Row[Any] | None = None
    in_custody: bool = False
    away: bool = False
    plan: PlanStatus | None = None
    answered: bool = False
    booked: bool = True  # of a reminder: the appointment stands
    texted: bool = True  # of a number that nobody has: this service texts such numbers
    unanswerable: bool = False  # it asks for an answer, and none can come
    barred: Why | None = None  # no text of any kind goes to such a number (R49)


@dataclass(frozen=True)
class Asking:
    """A text as the question sees it; no case: to a number that nobody has."""

    case_id: UUID | None
    to: str
    purpose: Purpose
    template: str = ""
    subject_id: UUID | None = None
    readable: bool = True


def barred(number: str, texted: Texted) -> Why | None:
    """Why no text goes to this number, whosever it is and whatever it says (R49)."""
    if texted.only is not None and number not in texted.only:
        return Why.NOT_LIVE
    if country_of(number) not in texted.countries:
        return Why.ABROAD
    return Why.DEAR if is_dear(number) and not texted.dear else None


def held_back(asking: Asking, facts: Facts) -> Why | None:
    """Why this text may not go; None when it may. The first reason is the one that would hold longest."""
    if facts.barred or not asking.readable:
        return facts.barred or Why.UNREADABLE
    if asking.case_id is None:
        return _to_nobody(asking, facts)
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


def _to_nobody(asking: Asking, facts: Facts) -> Why | None:
    """What stands in the way of an answer to a number that nobody has (R24)."""
    found = (
        (Why.SOMEBODYS, facts.holders > 0),
        (Why.NOT_TEXTED, not facts.texted),
        (Why.OPTED_OUT, facts.opted_out and asking.purpose is not Purpose.SAFETY),
    )
    return next((reason for reason, holds in found if holds), None)


def _unasked(facts: Facts) -> Why | None:
    """What stands in the way of any text that the person has not just asked for."""
    found = (
        (Why.ONE_WAY, facts.unanswerable),
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
    if asking.purpose in QUIET_WHEN_PAUSED and facts.plan is PlanStatus.PAUSED:
        return Why.PAUSED
    if asking.purpose in OURS and facts.plan is not PlanStatus.ACTIVE:
        return Why.NO_PLAN
    if not facts.booked:
        return Why.NO_APPOINTMENT
    if facts.answered or (asking.purpose is Purpose.PROOF and proven):
        return Why.ANSWERED
    return None if proven or asking.purpose is Purpose.PROOF else Why.NOT_PROVEN


def hours_of(contact: SafeContact | Row[Any] | None, chosen: int | None = None) -> Hours | None:
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

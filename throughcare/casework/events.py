"""What happens to a person, their custody and how they are reached: said once here, in ids, dates and codes."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from throughcare.disclosure.policy import Basis
from throughcare.kernel.audit import Event


class PersonLookedFor(Event):
    """A search for duplicates before registering: how many were shown, and how many the reader may not know of."""

    name: ClassVar[str] = "person.looked_for"
    shown: int
    held_elsewhere: int
    cases: tuple[UUID, ...] = ()


class PersonRegistered(Event):
    name: ClassVar[str] = "person.registered"
    said: ClassVar[str] = "Person registered"
    different_from: tuple[UUID, ...] = ()  # the records they were said not to be


class IdentityChanged(Event):
    name: ClassVar[str] = "person.identity_changed"
    said: ClassVar[str] = "Details changed"
    fields: tuple[str, ...]


class PersonDied(Event):
    name: ClassVar[str] = "person.died"
    said: ClassVar[str] = "Death recorded"


class CaseAllocated(Event):
    name: ClassVar[str] = "case.allocated"
    said: ClassVar[str] = "Case allocated"
    worker_id: UUID


class CaseClosed(Event):
    name: ClassVar[str] = "case.closed"
    said: ClassVar[str] = "Case closed"
    because: str


class CaseReopened(Event):
    name: ClassVar[str] = "case.reopened"
    said: ClassVar[str] = "Case opened again"


class OwnerChanged(Event):
    name: ClassVar[str] = "case.owner_changed"
    said: ClassVar[str] = "Case passed to another owner"
    from_agency_id: UUID
    to_agency_id: UUID


class InvolvementBegan(Event):
    name: ClassVar[str] = "involvement.began"
    said: ClassVar[str] = "Agency involved"
    agency_id: UUID
    basis: Basis
    because: str


class InvolvementEnded(Event):
    name: ClassVar[str] = "involvement.ended"
    said: ClassVar[str] = "Agency no longer involved"
    agency_id: UUID
    basis: Basis
    because: str


class Received(Event):
    name: ClassVar[str] = "custody.received"
    said: ClassVar[str] = "Received into custody"
    prison_id: UUID


class Transferred(Event):
    name: ClassVar[str] = "custody.transferred"
    said: ClassVar[str] = "Moved to another prison"
    from_prison_id: UUID
    to_prison_id: UUID


class ReleaseDateSet(Event):
    name: ClassVar[str] = "custody.release_date_set"
    said: ClassVar[str] = "Release date set"
    old: date | None
    new: date | None


class ReleaseDateConfirmed(Event):
    name: ClassVar[str] = "custody.release_date_confirmed"
    said: ClassVar[str] = "Release date confirmed"
    old: date | None
    new: date | None


class ReleaseDateUnconfirmed(Event):
    """The confirmed day no longer holds: `new` is the day suggested or the sentence's own, if there is one."""

    name: ClassVar[str] = "custody.release_date_unconfirmed"
    said: ClassVar[str] = "Confirmed release date taken back"
    old: date | None
    new: date | None


class BroughtForwardToToday(Event):
    name: ClassVar[str] = "custody.release_brought_forward_to_today"
    said: ClassVar[str] = "Release moved to today"


class Released(Event):
    name: ClassVar[str] = "custody.released"
    said: ClassVar[str] = "Released"


class CameToCommunity(Event):
    """After a release into hospital, other custody, detention or abroad, they are in the community now."""

    name: ClassVar[str] = "custody.came_to_community"
    said: ClassVar[str] = "Came into the community"


class Recalled(Event):
    name: ClassVar[str] = "custody.recalled"
    said: ClassVar[str] = "Recalled to custody"
    prison_id: UUID


class ContactChanged(Event):
    name: ClassVar[str] = "contact.safety_changed"
    said: ClassVar[str] = "Safe contact recorded"


class NumberChanged(Event):
    """`what` is added, ended, suspended, resumed or code_word."""

    name: ClassVar[str] = "contact.number_changed"
    said: ClassVar[str] = "Phone number changed"
    what: str


class CodeWordAgreed(Event):
    name: ClassVar[str] = "checkin.code_word_agreed"
    said: ClassVar[str] = "Code word agreed"


class Consented(Event):
    name: ClassVar[str] = "consent.given"
    said: ClassVar[str] = "Consent given"
    purpose: str
    agency_id: UUID | None


class ConsentRefused(Event):
    name: ClassVar[str] = "consent.refused"
    said: ClassVar[str] = "Consent refused"
    purpose: str
    agency_id: UUID | None


class ConsentWithdrawn(Event):
    name: ClassVar[str] = "consent.withdrawn"
    said: ClassVar[str] = "Consent withdrawn"
    purpose: str
    agency_id: UUID | None

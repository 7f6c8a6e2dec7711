"""Corrects what is known of a person: names, identifiers, how to speak with them. Which fields changed is kept, never the values."""

from __future__ import annotations

from uuid import UUID

from throughcare.casework import access, events
from throughcare.casework.forms import Details
from throughcare.casework.matching import IDENTIFIERS
from throughcare.casework.overview import CORRECTORS, person_of
from throughcare.casework.people import Person
from throughcare.casework.register import check_details, known_by
from throughcare.casework.views_people import Portrait
from throughcare.kernel.actors import acts_among
from throughcare.kernel.refusals import NotPermitted, refuse_if
from throughcare.kernel.work import Work


def correct(work: Work, case_id: UUID, form: Details) -> Portrait:
    """The person as the form now says, findable by their new names at once."""
    case = access.take_case(work, case_id)
    refuse_if(not acts_among(work.actor, CORRECTORS), NotPermitted)
    person = access.take(work, Person, person_of(work, case_id).id)
    number = check_details(work, form, case.jurisdiction)
    told = form.model_dump(include=set(Details.model_fields)) | {"prison_number": number}
    told |= {name: told[name] or None for name in IDENTIFIERS}
    changed = tuple(name for name, value in told.items() if getattr(person, name) != value)
    if not changed:
        return access.show(work, person, Portrait)
    for name in changed:
        setattr(person, name, told[name])
    work.session.add(person)
    work.session.flush()
    known_by(work, person)
    work.record(events.IdentityChanged(subject_id=person.id, case_id=case_id, fields=changed))
    return access.show(work, person, Portrait)


def correctable(work: Work, case_id: UUID) -> Person:
    """Who the case is about, where this reader may correct what is known of them."""
    access.find_case(work, case_id)
    refuse_if(not acts_among(work.actor, CORRECTORS), NotPermitted)
    return person_of(work, case_id)

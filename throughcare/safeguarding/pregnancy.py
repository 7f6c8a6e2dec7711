"""What is known of a pregnancy, recorded by those who work with the person: it fast-tracks their treatment."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import select

from throughcare.casework import access
from throughcare.casework.people import Case, Person
from throughcare.casework.tasks import About, give
from throughcare.casework.whose import whose_turn
from throughcare.kernel.actors import Role, acts_among
from throughcare.kernel.refusals import NotPermitted, refuse_if
from throughcare.kernel.work import Work
from throughcare.safeguarding import events
from throughcare.safeguarding.actions import next_working_day
from throughcare.safeguarding.errands import BOOK
from throughcare.safeguarding.forms import BookedForm, JustDo
from throughcare.safeguarding.steps import CARERS
from throughcare.safeguarding.views import CaseSafeguarding, page


def may_record(work: Work, case_id: UUID) -> None:
    """Refuses whoever may not record what is known of a pregnancy: probation, and those who only look after records."""
    access.check(work, case_id)
    refuse_if(not acts_among(work.actor, CARERS), NotPermitted)


def pregnancy_known(work: Work, case_id: UUID, _: JustDo) -> CaseSafeguarding:
    """Record a pregnancy: fast track, an unborn-baby prompt, and never a word of it by text."""
    may_record(work, case_id)
    person = work.session.exec(select(Person).where(Person.case_id == case_id)).one()
    if person.pregnant is not True:
        person.pregnant = True
        work.session.add(person)
        event = events.PregnancyKnown(subject_id=case_id, case_id=case_id)
        work.record(event)
        booker = whose_turn(work, work.session.get_one(Case, case_id), Role.PROVIDER, event)
        give(work, BOOK, booker, About(case_id, case_id), next_working_day(work, booker.agency_id), urgent=True)
    return page(work, case_id)


def pregnancy_booked(work: Work, case_id: UUID, _: BookedForm) -> CaseSafeguarding:
    """Record that they are booked in."""
    may_record(work, case_id)
    work.record(events.PregnancyBooked(subject_id=case_id, case_id=case_id))
    return page(work, case_id)

"""The parts of a snapshot that the spine itself knows: who, where, when, and how to reach them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework.agencies import Agency
from throughcare.casework.people import Case, Person, PhoneNumber, SafeContact
from throughcare.casework.phone_numbers import written
from throughcare.casework.rows import Appointment, AppointmentStatus, CustodyEpisode
from throughcare.handover.rules import spoken, spoken_day
from throughcare.kernel.work import Work

Part = Mapping[str, str]


def _said(**told: str | None) -> Part:
    """Only what there is; the names are the labels with spaces for underscores."""
    return {name.replace("_", " "): value for name, value in told.items() if value}


def _person(work: Work, case_id: UUID) -> Person:
    return work.session.exec(select(Person).where(Person.case_id == case_id)).one()


def identity(work: Work, case_id: UUID) -> Part:
    person = _person(work, case_id)
    return _said(
        Name=f"{person.given} {person.family}",
        Known_as=person.known_as,
        Date_of_birth=spoken_day(person.birth_date),
        Sex=person.sex.label,
        Gender=person.gender,
        Prison_number=person.prison_number,
        NHS_number=person.nhs_number,
        CHI_number=person.chi,
        Language=", ".join(filter(None, (person.language.label, person.other_languages))),
        Interpreter="Needed" if person.interpreter else "",
        Communication=person.communication_needs,
    )


def custody(work: Work, case_id: UUID) -> Part:
    case = work.session.get_one(Case, case_id)
    stays = select(CustodyEpisode).where(CustodyEpisode.case_id == case_id)
    stay = work.session.exec(stays.order_by(col(CustodyEpisode.received_on).desc())).first()
    prison = work.session.get(Agency, stay.prison_id) if stay else None
    return _said(
        Prison=prison.name if prison else "",
        Held_as=stay.custody_status.label if stay else "",
        Release_date=spoken_day(case.release_on) if case.release_on else "Not known yet",
        Released=spoken(stay.released_at) if stay and stay.released_at else "",
    )


def contact(work: Work, case_id: UUID) -> Part:
    safe = work.session.exec(
        select(SafeContact).where(SafeContact.case_id == case_id, col(SafeContact.replaced_at).is_(None))
    ).first()
    numbers = work.session.exec(
        select(col(PhoneNumber.number))
        .where(PhoneNumber.case_id == case_id, col(PhoneNumber.until_at).is_(None))
        .order_by(col(PhoneNumber.from_at), col(PhoneNumber.number))
    )
    phone = ", ".join(map(written, numbers))
    if safe is None:
        return _said(Phone=phone)
    return _said(
        Phone=phone,
        Safe_name=safe.safe_name,
        Safe_times=f"{safe.safe_from} to {safe.safe_until}",
        Who_sees_the_phone=safe.phone_shared.label,
        Texts="Never text" if safe.never_text else "",
        Who_may_be_told=safe.may_be_told,
    )


def housing(work: Work, case_id: UUID) -> Part:
    return _said(Postcode=_person(work, case_id).postcode)


def attendance(work: Work, case_id: UUID) -> Part:
    booked = select(Appointment).where(
        Appointment.case_id == case_id,
        Appointment.status == AppointmentStatus.BOOKED,
        col(Appointment.at) >= work.now,
    )
    return {
        f"{kept.kind.replace('_', ' ').capitalize()}, {spoken(kept.at)}": ", ".join(
            filter(None, (kept.place, kept.with_whom))
        )
        for kept in work.session.exec(booked.order_by(col(Appointment.at)))
    }


OURS: dict[str, Callable[[Work, UUID], Part]] = {
    "identity": identity,
    "custody": custody,
    "contact": contact,
    "housing": housing,
    "attendance": attendance,
}

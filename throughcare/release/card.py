"""The release-day card: the person's own copy of where to go, when, whom to see and whom to ring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, time
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlmodel import select

from throughcare.casework import access
from throughcare.casework.agencies import Agency, Worker
from throughcare.casework.people import Case, Language, Person
from throughcare.casework.rows import AppointmentStatus
from throughcare.kernel.actors import Jurisdiction
from throughcare.kernel.clock import at
from throughcare.kernel.ports import DoesNotFit, Printing
from throughcare.kernel.refusals import Refusal
from throughcare.kernel.work import Work
from throughcare.release import events, facts
from throughcare.release.reference import CardWords, ReleaseBook
from throughcare.release.rows import LeavingMedicines, ReleasePlan
from throughcare.release.rules.card import Dose, Section, Stop, Told, Tongue, sections
from throughcare.release.views import CardShown

DOCUMENT = "card"


class CardTooLong(Refusal):
    """The card does not fit on one sheet; shorten the places, or the address for tonight."""

    code = "card_too_long"


class CardPage(BaseModel):
    """The card as it is read on the screen. `reviewed`: a reader of the language has checked its wording."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    case_id: UUID
    language: str
    reviewed: bool
    title: str  # all that stands on the outside
    inside: str
    sections: tuple[Section, ...]
    dose_left_out: bool = False  # a next dose is arranged that this reader may not know of


def card(work: Work, case_id: UUID, language: Language | None = None) -> CardPage:
    """The card as this worker may hand it over. NotFound before a plan is started."""
    shown, words = _shown(work, case_id, language)
    return CardPage(
        case_id=case_id,
        language=words.language,
        reviewed=words.reviewed,
        title=shown.safe_name or words.default_name,
        inside=words.words["inside"],
        sections=sections(_told(work, case_id, shown, words), _tongue(words)),
        dose_left_out=shown.dose_arranged and "dose" in shown.withheld,
    )


def printed(work: Work, case_id: UUID, language: Language | None = None) -> bytes:
    """The card as a PDF of one sheet. The last appointments are left off where they do not fit, and it says so."""
    shown, words = _shown(work, case_id, language)
    told, tongue = _told(work, case_id, shown, words), _tongue(words)
    title = shown.safe_name or words.default_name
    data = {"lang": words.language, "title": title, "inside": words.words["inside"], "stamp": int(work.now.timestamp())}
    for kept in _fewer(len(told.stops)):
        try:
            inside = [asdict(part) for part in sections(told, tongue, kept)]
            pdf = work.reference[Printing].printer.print(DOCUMENT, {**data, "sections": inside})
        except DoesNotFit:
            continue
        left_out = len(told.stops) - kept
        plan = facts.plan_of(work, case_id)
        work.record(events.CardPrinted(subject_id=plan.id, case_id=case_id, language=words.language, left_out=left_out))
        return pdf
    raise CardTooLong


def _fewer(stops: int) -> Iterator[int]:
    """All the appointments, then one fewer at a time; the first is never left off."""
    yield stops
    yield from range(stops - 1, 0, -1)


def _shown(work: Work, case_id: UUID, language: Language | None) -> tuple[CardShown, CardWords]:
    case = access.find_case(work, case_id)
    plan = facts.plan_of(work, case_id)
    spoken = language or work.session.exec(select(Person.language).where(Person.case_id == case_id)).one()
    lodging, medicines = facts.lodging_of(work, plan), facts.medicines_of(work, plan)
    contact = facts.safe_contact(work, case_id)
    worker, phone = _worker(work, case)
    shown = access.show(
        work,
        plan,
        CardShown,
        safe_name=contact.safe_name.strip() if contact else "",
        stops=_stops(work, case, plan),
        tonight=lodging.tonight,
        tonight_phone=lodging.tonight_phone,
        later_nights=lodging.later_nights,
        dose=_dose(medicines),
        dose_arranged=medicines.next_dose_at is not None,
        worker=worker,
        worker_phone=phone,
    )
    return shown, work.reference[ReleaseBook].cards[spoken]


def _stops(work: Work, case: Case, plan: ReleasePlan) -> tuple[Stop, ...]:
    """What is booked from the day of release on, or from today once that day has gone."""
    since: datetime = at(max(work.today, case.release_on or work.today), time(0))
    return tuple(
        Stop(row.kind, row.at, row.place, row.with_whom, row.phone)
        for row in facts.appointments_of(work, plan)
        if row.status is AppointmentStatus.BOOKED and row.at >= since
    )


def _dose(row: LeavingMedicines) -> Dose | None:
    return Dose(row.next_dose_at, row.next_dose_where, row.next_dose_phone) if row.next_dose_at else None


def _worker(work: Work, case: Case) -> tuple[str, str]:
    """Whom the person may ring: the community worker where one has accepted them, else the officer."""
    worker = work.session.get(Worker, case.co_worker_id or case.officer_id or case.owner_worker_id or UUID(int=0))
    if worker is None:
        return "", ""
    agency = work.session.get(Agency, case.co_agency_id or case.owner_agency_id)
    return worker.name, worker.phone or (agency.phone if agency else "")


def _told(work: Work, case_id: UUID, shown: CardShown, words: CardWords) -> Told:
    book = work.reference[ReleaseBook]
    nation = _nation(work.session.get_one(Case, case_id), words.language)
    more: dict[str, Any] = {"help": book.crisis_lines(nation, words.language), "emergency": book.emergency}
    return Told(
        shown.stops, shown.tonight, shown.tonight_phone, shown.later_nights, shown.dose,
        shown.dose_arranged and "dose" in shown.withheld, shown.worker, shown.worker_phone, **more,
    )  # fmt: skip


def _nation(case: Case, language: str) -> str:
    if case.jurisdiction is Jurisdiction.SCOTLAND:
        return "scotland"
    return "wales" if language == Language.WELSH else "england"


def _tongue(words: CardWords) -> Tongue:
    return Tongue(words.words, words.kinds, words.days, words.months)

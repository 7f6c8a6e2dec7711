"""The first tab of a case: who it is about, where they are, whose it is, and what is to be done."""

from __future__ import annotations

from throughcare.casework import allocation, details, overview
from throughcare.casework.forms import Allocation, Details
from throughcare.casework.overview import Overview
from throughcare.casework.people import Language, Sex
from throughcare.casework.views_people import Hands, Involved, Portrait
from throughcare.journey import closing
from throughcare.kernel.forms import Choice
from throughcare.kernel.work import Work
from throughcare.web import words
from throughcare.web.acts import Act, Look, Opening
from throughcare.web.forms import values_of
from throughcare.web.parts import Row
from throughcare.web.visit import Ids

BECAUSE = {
    "reception": "Received here",
    "transfer": "Moved here",
    "recall": "Recalled here",
    "handover": "A handover",
    "order": "An order or licence",
    "referral": "A referral",
}


LINKS = (
    ("Custody and release dates", "/custody"),
    ("Safe contact and phone numbers", "/contact"),
    ("Deadlines", "/deadlines"),
)
CORRECT = ("Change their details", "/person")
CLOSE, OPEN = ("Close this case", "/close"), ("Open this case again", "/open-again")
ALLOCATE = ("Give the case to a worker", "/allocate")


class OverviewPage(Overview):
    """The same, as lines of summary lists: a line with nothing in it is left out."""

    @property
    def person_rows(self) -> list[Row]:
        told = self.person
        spoken = [told.language.label if isinstance(told.language, Language) else "", told.other_languages]
        return filled(
            ("Name", words.name(told.given, told.family)),
            ("Known as", told.known_as),
            ("Date of birth", words.day(told.birth_date)),
            ("Sex as recorded", told.sex.label if isinstance(told.sex, Sex) else ""),
            ("Gender", told.gender),
            ("Prison number", told.prison_number),
            ("Case reference number (CRN)", told.crn),
            ("PNC number", told.pnc),
            ("NHS number", told.nhs_number),
            ("CHI number", told.chi),
            ("Postcode before custody", told.postcode),
            ("Languages", words.listed([spoken_one for spoken_one in spoken if spoken_one])),
            ("Interpreter", "Needed" if told.interpreter else ""),
            ("Communication needs", told.communication_needs),
        )

    @property
    def stay_rows(self) -> list[Row]:
        stay = self.stay
        if stay is None:
            return []
        earlier = words.plural(self.earlier_stays, "earlier stay") if self.earlier_stays else ""
        return filled(
            ("Prison", stay.prison),
            ("Received", words.day(stay.received_on)),
            ("Status", stay.custody_status.label if stay.custody_status else ""),
            ("Sentence", stay.sentence_type.label if stay.sentence_type else ""),
            ("Release date on the sentence", words.day(stay.sentence_release_date)),
            ("Suggested release date", words.day(stay.suggested_release_date)),
            ("Confirmed release date", words.day(stay.confirmed_release_date)),
            ("Released", words.instant(stay.released_at)),
            ("Before this", earlier),
        )

    @property
    def hand_rows(self) -> list[Row]:
        return filled(
            ("Owner", self.hands.owner),
            ("Shares responsibility", self.hands.co_responsible),
            ("Throughcare officer", self.hands.officer),
        )

    @property
    def links(self) -> list[tuple[str, str]]:
        acts = (
            (CORRECT, self.may_correct),
            (ALLOCATE, self.may_allocate),
            (CLOSE, self.may_close),
            (OPEN, self.may_open),
        )
        more = (*LINKS, *(link for link, may in acts if may))
        return [(label, f"/cases/{self.case_id}{tail}") for label, tail in more]

    @property
    def involved_rows(self) -> list[tuple[str, str, str]]:
        return [(row.agency, standing(row), words.day(row.from_at)) for row in self.involved]


def standing(row: Involved) -> str:
    """The basis and what gave it, each said once."""
    basis, why = row.basis.label if row.basis else "", because(row.because)
    return basis if not basis or why in basis else f"{basis}: {why}"


def because(code: str) -> str:
    """Why an agency is involved, in words."""
    return words.lower_first(BECAUSE.get(code, code.replace("_", " ")))


def filled(*rows: tuple[str, str | None]) -> list[Row]:
    """The lines that have something in them."""
    return [Row(key, value) for key, value in rows if value]


def opened(work: Work, ids: Ids, _: None) -> OverviewPage:
    shown = overview.show(work, ids["case_id"])
    ready = shown.may_close and closing.ready(work, shown.case_id)
    return OverviewPage(**dict(shown) | {"may_close": ready})


def opens_details(work: Work, ids: Ids) -> Opening:
    """What is known of the person now. The version is the person's: nobody overwrites another's correction unseen."""
    person = details.correctable(work, ids["case_id"])
    standing = {name: getattr(person, name) or "" for name in Details.model_fields}
    return Opening(values=values_of(Details, standing | {"interpreter": person.interpreter}), version=person.version)


def carried(one: allocation.Candidate) -> str:
    """What a worker does, and what they carry."""
    calls = words.calls(one.open_calls, too_many=one.too_many)
    return f"{one.role.label}, {words.plural(one.open_cases, 'open case')}, {calls}"


def opens_allocation(work: Work, ids: Ids) -> Opening:
    """The workers of the owning team, each with the open cases they have."""
    case = allocation.allocatable(work, ids["case_id"])
    workers = [Choice(str(one.worker_id), one.name, carried(one)) for one in allocation.candidates(work, case)]
    chosen = [str(case.owner_worker_id)] if case.owner_worker_id else []
    return Opening(values={"worker_id": chosen}, choices={"workers": workers}, version=case.version)


ROUTES: tuple[object, ...] = (
    Act(
        "/cases/{case_id:uuid}/person",
        "Change their details",
        "Save details",
        Details,
        opens_details,
        lambda work, ids, form: details.correct(work, ids["case_id"], form),
        "/cases/{case_id}",
        said="Details saved",
        answers=Portrait,
        tab="Overview",
    ),
    Act(
        "/cases/{case_id:uuid}/allocate",
        "Give the case to a worker",
        "Give case",
        Allocation,
        opens_allocation,
        lambda work, ids, form: allocation.allocate(work, ids["case_id"], form),
        "/cases/{case_id}",
        said="Case given to the worker",
        answers=Hands,
        tab="Overview",
    ),
    Look("/cases/{case_id:uuid}", "Overview", "cases/overview.html", opened, Overview, tab="Overview"),
)

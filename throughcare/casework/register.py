"""Registers a person on reception: who they are, their stay in custody, and the case that follows them."""

from __future__ import annotations

import re
import secrets
from typing import Annotated
from uuid import UUID

from sqlmodel import col, delete, select

from throughcare.casework import access, duplicates, events
from throughcare.casework.agencies import Agency
from throughcare.casework.drafts import draft_of, forget_draft, keep_draft
from throughcare.casework.duplicates import Known
from throughcare.casework.forms import Details, Registration, SamePerson
from throughcare.casework.identifiers import prison_number
from throughcare.casework.matching import folded
from throughcare.casework.people import Case, NameWord, Person
from throughcare.casework.rows import CustodyEpisode, CustodyStatus, SentenceType
from throughcare.casework.standing import ask_to_allocate, team_of_officers
from throughcare.casework.views import Tells, View
from throughcare.disclosure.policy import Basis
from throughcare.kernel.actors import AgencyKind, Role
from throughcare.kernel.categories import Category
from throughcare.kernel.refusals import Invalid, NotPermitted, WrongState, refuse_if
from throughcare.kernel.work import Work

REGISTERS = frozenset({Role.OFFICER, Role.TREATMENT, Role.HEALTHCARE, Role.MANAGER})
ADULT = 18  # this service is for adults
OLDEST = 120
LETTERS = "BCDFGHJKMPQRTVWXY"  # no vowels, so no words; nothing that is read or heard as another
WAITING = "~cases.register.waiting"  # no page writes under such a name: the draft that holds a registration until the records found are settled
DIFFERENT = "different"


class NothingWaiting(WrongState):
    """There is no registration waiting for your answer; start again."""

    code = "nothing_waiting"


class Registered(View):
    """The case that was opened, or the records to look at first: nothing has been saved while `id` is empty."""

    id: Annotated[UUID | None, Tells(Category.RECORD)] = None
    reference: Annotated[str, Tells(Category.RECORD)] = ""
    may_be_known: Annotated[tuple[Known, ...], Tells(Category.IDENTITY)] = ()
    held_elsewhere: Annotated[int, Tells(Category.RECORD)] = 0


def begin(work: Work, form: Registration) -> Registered:
    """Register a person, unless there are records that may be theirs: those come back, and the form waits."""
    checked = _checked(work, form).model_copy(update={"different": False})
    shown = form.different and waiting(work) == checked  # it is said of records that were shown, or of none
    found = duplicates.look(work, checked)
    if found and not shown:
        keep_draft(work, WAITING, {"form": checked.model_dump_json()})
        return Registered(may_be_known=found.known, held_elsewhere=found.held_elsewhere)
    return _open(work, checked, tuple(known.case_id for known in found.known if known.case_id))


def settle(work: Work, answer: SamePerson) -> Registered:
    """The waiting registration, after looking at the records found: one of them, or somebody different."""
    form = waiting(work)
    if form is None:
        raise NothingWaiting
    if answer.answer != DIFFERENT:
        case = access.find_case(work, _case_id(answer.answer))
        forget_draft(work, WAITING)
        return Registered(id=case.id)
    return begin(work, form.model_copy(update={"different": True}))


def waiting(work: Work) -> Registration | None:
    """What this worker was registering when records were found that may be the same person."""
    kept = draft_of(work, WAITING).get("form")
    try:
        return Registration.model_validate_json(kept[0]) if kept else None
    except ValueError:
        return None


def known_by(work: Work, person: Person) -> None:
    """Make the person findable by each word of their names."""
    work.session.exec(delete(NameWord).where(col(NameWord.case_id) == person.case_id))
    for word in sorted(words_of(person.given, person.family, person.known_as)):
        work.add(NameWord(case_id=person.case_id, word=word))


def words_of(*names: str) -> set[str]:
    """The words of these names as they are searched: "O'Neil-Smith" gives oneilsmith, oneil and smith."""
    wholes = [whole for name in names for whole in name.split()]
    parts = [part for whole in wholes for part in re.split(r"[-\u2010-\u2015]", whole)]
    return {word for word in map(folded, (*wholes, *parts)) if word}


def prison_of(work: Work) -> Agency:
    """The prison where this worker registers people; NotPermitted where they do not."""
    refuse_if(work.actor.role not in REGISTERS or work.actor.agency_kind is not AgencyKind.PRISON, NotPermitted)
    return work.session.get_one(Agency, work.actor.agency_id)


def check_details(work: Work, details: Details, jurisdiction: str) -> str:
    """The prison number as it is kept; Invalid beside the field where that or the date of birth will not do."""
    years = work.today.year - details.birth_date.year
    age = years - ((work.today.month, work.today.day) < (details.birth_date.month, details.birth_date.day))
    refuse_if(age < ADULT, Invalid("This service is for people aged 18 or over", beside="birth_date"))
    refuse_if(age > OLDEST, Invalid("Check the year of birth", beside="birth_date"))
    try:
        return prison_number(details.prison_number, jurisdiction) if details.prison_number else ""
    except ValueError as fault:
        raise Invalid(str(fault), beside="prison_number") from fault


def _checked(work: Work, form: Registration) -> Registration:
    number = check_details(work, form, prison_of(work).jurisdiction)
    refuse_if(form.received_on > work.today, Invalid("Date of reception must not be after today", beside="received_on"))
    refuse_if(
        form.received_on <= form.birth_date,
        Invalid("Date of reception must be after their date of birth", beside="received_on"),
    )
    return form.model_copy(update={"prison_number": number})


def _open(work: Work, form: Registration, different_from: tuple[UUID, ...]) -> Registered:
    prison = prison_of(work)
    case = work.add(_case(work, prison))
    told = form.model_dump(include=set(Details.model_fields))
    blank = {name: told[name] or None for name in ("prison_number", "crn", "pnc", "nhs_number", "chi")}
    person = work.add(Person(case_id=case.id, **told | blank))
    known_by(work, person)
    episode = work.add(_episode(case.id, prison.id, form))
    for basis in (Basis.TASK, Basis.CARE):
        access.involve(work, case.id, prison.id, basis, "reception")
    work.record(events.PersonRegistered(subject_id=person.id, case_id=case.id, different_from=different_from))
    work.record(events.Received(subject_id=episode.id, case_id=case.id, on=form.received_on, prison_id=prison.id))
    if case.owner_worker_id is None:
        ask_to_allocate(work, case)
    forget_draft(work, WAITING)
    return access.show(work, person, Registered, **_saved(case))


def _saved(case: Case) -> dict[str, object]:
    return {"id": case.id, "reference": case.reference, "may_be_known": (), "held_elsewhere": 0}


def _case(work: Work, prison: Agency) -> Case:
    """Owned by the officer who registers; by nobody yet in the officers' team when somebody else does."""
    officer = work.actor.id if work.actor.role is Role.OFFICER else None
    return Case(
        reference=_reference(work),
        jurisdiction=prison.jurisdiction,
        owner_agency_id=prison.id,
        owner_team_id=work.actor.team_id if officer else team_of_officers(work, prison.id),
        owner_worker_id=officer,
        officer_id=officer,
    )


def _episode(case_id: UUID, prison_id: UUID, form: Registration) -> CustodyEpisode:
    sentence = SentenceType.NONE if form.custody_status is CustodyStatus.REMAND else form.sentence_type
    return CustodyEpisode(
        case_id=case_id,
        prison_id=prison_id,
        received_on=form.received_on,
        custody_status=form.custody_status,
        sentence_type=sentence,
    )


def _reference(work: Work) -> str:
    while True:
        letters = "".join(secrets.choice(LETTERS) for _ in range(8))
        made = f"TC-{letters[:4]}-{letters[4:]}"
        if not work.session.exec(select(Case.id).where(Case.reference == made)).first():
            return made


def _case_id(answer: str) -> UUID:
    try:
        return UUID(answer)
    except ValueError as fault:
        raise Invalid("Select one of the answers", beside="answer") from fault

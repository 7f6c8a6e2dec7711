"""How it is safe to reach a person, and on which number: kept in versions, never edited away (checkins R23, R31, R35)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import col, select

from throughcare.casework import access, events
from throughcare.casework.contacting import Contacting
from throughcare.casework.forms_contact import CodeWord, NewNumber, Safety
from throughcare.casework.matching import folded
from throughcare.casework.people import NameWord, PhoneNumber, PhoneShared, SafeContact
from throughcare.casework.phone_numbers import phone_number, texting_number
from throughcare.casework.views import Tells, View
from throughcare.kernel.actors import Role, acts_among
from throughcare.kernel.categories import Category
from throughcare.kernel.refusals import Invalid, NotFound, NotPermitted, WrongState, refuse_if
from throughcare.kernel.work import Work

REACHERS = frozenset({Role.OFFICER, Role.TREATMENT, Role.HEALTHCARE, Role.PROVIDER, Role.MANAGER})


class NumberEnded(WrongState):
    """This number is no longer used for this person."""

    code = "number_ended"


class Safe(View):
    """How it is safe to reach the person."""

    id: UUID | None = None
    created_at: datetime | None = None
    safe_name: str = ""
    may_be_told: str = ""
    safe_from: str = ""
    safe_until: str = ""
    phone_shared: PhoneShared | None = None
    never_text: bool | None = None
    second_contact: str = ""


class Number(View):
    """A number, as far as the reader may know it. `shared`: somebody else known to the service uses it too."""

    id: UUID | None = None
    number: str = ""
    texts: bool | None = None
    from_at: datetime | None = None
    until_at: datetime | None = None
    proven_at: datetime | None = None
    suspended_at: datetime | None = None
    suspended_because: str = ""
    has_code_word: Annotated[bool, Tells(Category.CONTACT)] = False
    shared: Annotated[bool, Tells(Category.CONTACT)] = False


def record_safety(work: Work, case_id: UUID, form: Safety) -> Safe:
    """What is safe from now on; what was recorded before is kept."""
    may_reach(work, case_id)
    earlier = safe_contact_of(work, case_id)
    if earlier:
        earlier.replaced_at = work.now
        work.session.add(earlier)
    told = form.model_dump() | {
        "safe_from": form.safe_from.strftime("%H:%M"),
        "safe_until": form.safe_until.strftime("%H:%M"),
    }
    row = work.add(SafeContact(case_id=case_id, **told))
    work.record(events.ContactChanged(subject_id=row.id, case_id=case_id))
    return access.show(work, row, Safe)


def add_number(work: Work, case_id: UUID, form: NewNumber) -> Number:
    """A number from now on. It may be one that somebody else uses too: that is flagged, never refused."""
    may_reach(work, case_id)
    plain, texts = checked_number(work, form.number)
    word = checked_word(work, case_id, form.code_word) if form.code_word else ""
    live = numbers_of(work, case_id)
    same = any(row.number == plain for row in live)
    refuse_if(same, Invalid("This is a number we already have for them", beside="number"))
    if form.replaces:
        for row in live:
            _end(work, row)
    row = work.add(PhoneNumber(case_id=case_id, number=plain, texts=texts, from_at=work.now, code_word=word))
    _changed(work, row, "added")
    if word:
        work.record(events.CodeWordAgreed(subject_id=row.id, case_id=case_id))
    return shown(work, [row])[0]


def end_number(work: Work, case_id: UUID, number_id: UUID) -> Number:
    """This number is theirs no longer, from now."""
    row = take_number(work, case_id, number_id)
    _end(work, row)
    return shown(work, [row])[0]


def agree_code_word(work: Work, case_id: UUID, number_id: UUID, form: CodeWord) -> Number:
    """The word we will ask for by text. A new word has yet to be proven."""
    row = take_number(work, case_id, number_id)
    row.code_word, row.proven_at = checked_word(work, case_id, form.code_word), None
    _changed(work, row, "code_word")
    work.record(events.CodeWordAgreed(subject_id=row.id, case_id=case_id))
    return shown(work, [row])[0]


def suspend(work: Work, row: PhoneNumber, because: str) -> None:
    """Nothing more goes to this number until somebody looks: a wrong number, a dead one, somebody else's (R35)."""
    if row.suspended_at is None:
        row.suspended_at, row.suspended_because, row.proven_at = work.now, because, None
        _changed(work, row, "suspended")


def resume(work: Work, case_id: UUID, number_id: UUID) -> Number:
    """The number may be tried again. It has to be proven anew."""
    row = take_number(work, case_id, number_id)
    row.suspended_at, row.suspended_because, row.proven_at = None, "", None
    _changed(work, row, "resumed")
    return shown(work, [row])[0]


def current_number(work: Work, case_id: UUID, *, texts: bool = True) -> PhoneNumber | None:
    """The number in use, the newest first; one for texts unless told otherwise. It may be unproven or suspended."""
    return next((row for row in numbers_of(work, case_id) if row.texts or not texts), None)


def numbers_of(work: Work, case_id: UUID) -> list[PhoneNumber]:
    """The numbers now in use, the newest first."""
    query = select(PhoneNumber).where(PhoneNumber.case_id == case_id, *live(work))
    return list(work.session.exec(query.order_by(col(PhoneNumber.from_at).desc(), col(PhoneNumber.id))))


def holders_of(work: Work, number: str) -> list[PhoneNumber]:
    """Everybody who now uses this number (E.164): a reply from a shared one is nobody's until a worker says (R23)."""
    return list(work.session.exec(select(PhoneNumber).where(PhoneNumber.number == number, *live(work))))


def safe_contact_of(work: Work, case_id: UUID) -> SafeContact | None:
    """What is safe now; None where it has not been recorded, and then nothing is sent."""
    query = select(SafeContact).where(SafeContact.case_id == case_id, col(SafeContact.replaced_at).is_(None))
    return work.session.exec(query.order_by(col(SafeContact.created_at).desc())).first()


def versions_of_safety(work: Work, case_id: UUID) -> int:
    """How many times safe contact has been recorded: what a form was filled in against."""
    counted = select(func.count()).select_from(SafeContact).where(SafeContact.case_id == case_id)
    return int(work.session.exec(counted).one())


def may_reach(work: Work, case_id: UUID) -> None:
    """Refuses whoever may not record how the person is reached. The case is locked while it is done."""
    access.take_case(work, case_id)
    refuse_if(not acts_among(work.actor, REACHERS), NotPermitted)


def take_number(work: Work, case_id: UUID, number_id: UUID) -> PhoneNumber:
    """A number of this case that is in use, locked."""
    may_reach(work, case_id)
    row = access.take(work, PhoneNumber, number_id)
    refuse_if(row.case_id != case_id, NotFound)
    refuse_if(row.until_at is not None and row.until_at <= work.now, NumberEnded)
    return row


def may_be_texted(work: Work, number: str) -> bool:
    """Does this service text numbers of this kind? Not abroad, nor landlines, short codes and names (R24, R49)."""
    known = work.reference[Contacting]
    try:
        taken = texting_number(number, test_numbers=known.test_numbers, crown_dependencies=known.crown_dependencies)
    except ValueError:
        return False
    return taken == number


def checked_number(work: Work, typed: str) -> tuple[str, bool]:
    """The number as E.164 and whether it can be sent texts; Invalid beside the field when it can be neither rung nor texted."""
    contacting = work.reference[Contacting]
    test_numbers = contacting.test_numbers
    try:
        islands = contacting.crown_dependencies
        return texting_number(typed, test_numbers=test_numbers, crown_dependencies=islands), True
    except ValueError as no_text:
        try:
            return phone_number(typed, test_numbers=test_numbers), False
        except ValueError:
            raise Invalid(str(no_text), beside="number") from no_text


def checked_word(work: Work, case_id: UUID, typed: str) -> str:
    """A code word that means nothing else in a text and is no name of theirs; Invalid beside the field otherwise."""
    fault = work.reference[Contacting].code_word_fault(typed)
    refuse_if(fault, Invalid(fault or "", beside="code_word"))
    names = set(work.session.exec(select(NameWord.word).where(NameWord.case_id == case_id)))
    refuse_if(folded(typed) in names, Invalid("Choose a word that is not a name", beside="code_word"))
    return typed.lower()


def shown(work: Work, rows: list[PhoneNumber]) -> list[Number]:
    """The numbers as the reader may see them, each flagged where somebody else uses it too."""
    others = select(PhoneNumber.number, PhoneNumber.case_id).where(
        col(PhoneNumber.number).in_({row.number for row in rows}), *live(work)
    )
    held = set(work.session.exec(others).all())
    more = {
        row.id: {
            "has_code_word": bool(row.code_word),
            "shared": any(number == row.number and case_id != row.case_id for number, case_id in held),
        }
        for row in rows
    }
    return access.show_all(work, rows, Number, more)


def live(work: Work) -> tuple[Any, ...]:
    """Of numbers: that they are somebody’s now."""
    ended = or_(col(PhoneNumber.until_at).is_(None), col(PhoneNumber.until_at) > work.now)
    return (col(PhoneNumber.from_at) <= work.now, ended)


def _end(work: Work, row: PhoneNumber) -> None:
    row.until_at = work.now
    _changed(work, row, "ended")


def _changed(work: Work, row: PhoneNumber, what: str) -> None:
    work.session.add(row)
    work.session.flush()
    work.record(events.NumberChanged(subject_id=row.id, case_id=row.case_id, what=what))

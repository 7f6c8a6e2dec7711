"""What is asked to register a person, to change what is known of them, and to give their case to a worker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, StringConstraints, model_validator

from throughcare.casework import identifiers
from throughcare.casework.carrying import Reason
from throughcare.casework.people import Language, Sex
from throughcare.casework.rows import CustodyStatus, SentenceType
from throughcare.kernel.forms import Ask, Form, Line, OptionalLine, beside, clean, one_line

SERVING = frozenset({SentenceType.DETERMINATE, SentenceType.INDETERMINATE})


def if_given(check: Callable[[str], str]) -> Callable[[str], str]:
    """A check of an identifier that may be left empty."""
    return lambda typed: check(typed) if typed else ""


Crn = Annotated[OptionalLine, AfterValidator(if_given(identifiers.crn))]
Pnc = Annotated[OptionalLine, AfterValidator(if_given(identifiers.pnc))]
NhsNumber = Annotated[OptionalLine, AfterValidator(if_given(identifiers.nhs_number))]
Chi = Annotated[OptionalLine, AfterValidator(if_given(identifiers.chi))]
Postcode = Annotated[OptionalLine, AfterValidator(if_given(identifiers.postcode))]
Needs = Annotated[str, StringConstraints(max_length=1_000), AfterValidator(clean)]


class Details(Form):
    """Who somebody is and how to speak with them. The prison number is checked against the prison's country."""

    given: Annotated[Line, Ask("Given name", missing="Enter the given name", section="Who they are")]
    family: Annotated[Line, Ask("Family name", missing="Enter the family name")]
    known_as: Annotated[OptionalLine, Ask("Known as", "The name they want to be called by, if another.")] = ""
    birth_date: Annotated[date, Ask("Date of birth", missing="Enter the date of birth")]
    sex: Annotated[Sex, Ask("Sex as recorded", missing="Select the sex as recorded")]
    gender: Annotated[OptionalLine, Ask("Gender", "In their own words, if it differs from the sex as recorded.")] = ""
    prison_number: Annotated[
        OptionalLine, Ask("Prison number", "Such as A1234BC, or digits in Scotland.", width="10", section="Identifiers")
    ] = ""
    crn: Annotated[Crn, Ask("Case reference number (CRN)", "Probation’s, such as X123456.", width="10")] = ""
    pnc: Annotated[Pnc, Ask("PNC number", "Such as 2001/123Y.", width="20")] = ""
    nhs_number: Annotated[NhsNumber, Ask("NHS number", "10 digits.", width="20")] = ""
    chi: Annotated[Chi, Ask("CHI number", "Scotland: 10 digits that begin with the date of birth.", width="20")] = ""
    postcode: Annotated[
        Postcode, Ask("Postcode before custody", "ZZ99 3VZ for no fixed abode.", width="10", autocomplete="off")
    ] = ""
    language: Annotated[
        Language, Ask("Language for texts and letters", section="Speaking with them", widget="radios")
    ] = Language.ENGLISH
    other_languages: Annotated[OptionalLine, Ask("Other languages they speak")] = ""
    interpreter: Annotated[bool, Ask("Do they need an interpreter?")] = False
    communication_needs: Annotated[
        Needs, Ask("Communication needs", "Such as large print, hearing, reading, or a learning disability.", rows=3)
    ] = ""

    @model_validator(mode="after")
    def _chi_begins_with_the_birth_date(self) -> Self:
        if self.chi and self.birth_date not in identifiers.chi_birth_dates(self.chi):
            raise beside("chi", "CHI number does not begin with the date of birth. Check both")
        return self


class Registration(Details):
    """A person on reception. `different` says that the records that may be theirs have been looked at and are not."""

    received_on: Annotated[date, Ask("Date of reception", missing="Enter the date of reception", section="Custody")]
    custody_status: Annotated[CustodyStatus, Ask("Custody status", missing="Select the custody status")]
    sentence_type: Annotated[SentenceType, Ask("Kind of sentence", missing="Select the kind of sentence")]
    different: Annotated[bool, Ask("They are not in the records found", widget="hidden")] = False

    @model_validator(mode="after")
    def _the_sentence_fits(self) -> Self:
        refuse_unfit_sentence(self.custody_status, self.sentence_type)
        return self


def refuse_unfit_sentence(status: CustodyStatus, kind: SentenceType) -> None:
    """Beside the kind of sentence, where it and the custody status cannot both be true."""
    if status is CustodyStatus.REMAND and kind in SERVING:
        raise beside("sentence_type", "Select not sentenced or not known for somebody on remand")
    if status is not CustodyStatus.REMAND and kind is SentenceType.NONE:
        raise beside("sentence_type", "Select the kind of sentence, or not known")


class SamePerson(Form):
    """Which record, if any, is the person who is being registered: a case id, or `different`."""

    answer: Annotated[
        Line,
        Ask("Is the person one of these?", widget="radios", choices="records", missing="Select one of the answers"),
    ]


class Allocation(Form):
    """The worker who is to own the case."""

    worker_id: Annotated[UUID, Ask("Worker", widget="radios", choices="workers", missing="Select a worker")]
    despite: Reason = None


class CaseFilter(Form):
    """What the cases list is narrowed to. It lives in the address."""

    show: Annotated[str, StringConstraints(pattern="^(mine|team|all|)$")] = ""
    stage: Annotated[str, StringConstraints(max_length=40), AfterValidator(one_line)] = ""
    release: Annotated[str, StringConstraints(pattern="^(12|24|)$")] = ""
    q: OptionalLine = ""
    after: Annotated[str, StringConstraints(max_length=60)] = ""
    before: Annotated[str, StringConstraints(max_length=60)] = ""

"""What is asked about reaching somebody safely: what is safe, the number, the code word, and what they agree to."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from throughcare.casework.people import ConsentState, Language, PhoneShared
from throughcare.kernel.categories import Category
from throughcare.kernel.forms import Ask, Choice, Form, Line, OptionalLine, Word, beside, choices, clean, one_line

Short = Annotated[str, StringConstraints(min_length=1, max_length=40), AfterValidator(one_line)]
Words = Annotated[str, StringConstraints(max_length=1_000), AfterValidator(clean)]


class Route(Word):
    """How the person said it."""

    IN_PERSON = "in_person", "In person"
    PHONE = "phone", "By phone"
    VIDEO = "video", "By video"
    LETTER = "letter", "In writing"
    TEXT = "text", "By text"


class Purpose(Word):
    """What a consent is for."""

    SHARE = "share", "Sharing with an agency"
    REFERRAL = "referral", "A referral to an agency"
    TEXTS = "texts", "Texts after release"
    CONSULTATION = "safeguarding_consultation", "A consultation about a child"


ANSWERS = choices(ConsentState, (ConsentState.GIVEN, ConsentState.REFUSED))
ASKED = (
    Choice(ConsentState.GIVEN, "They agree"),
    Choice(ConsentState.REFUSED, "They refuse"),
)
ROUTES = choices(Route, (Route.IN_PERSON, Route.PHONE, Route.VIDEO, Route.LETTER))


class Safety(Form):
    """How it is safe to reach the person, in their own words where there are any."""

    safe_name: Annotated[
        Short,
        Ask(
            "Safe name", "The name that may stand on a text or an envelope.", missing="Enter the safe name", width="20"
        ),
    ]
    may_be_told: Annotated[Words, Ask("Who may be told", "Who may take a message, and what they may know.", rows=3)] = (
        ""
    )
    safe_from: Annotated[time, Ask("Safe from", missing="Enter the time it is safe from")] = time(9)
    safe_until: Annotated[time, Ask("Safe until", missing="Enter the time it is safe until")] = time(20)
    phone_shared: Annotated[PhoneShared, Ask("Who else sees the phone?", missing="Select who else sees the phone")]
    never_text: Annotated[bool, Ask("Is it unsafe ever to text them?")] = False
    second_contact: Annotated[
        OptionalLine, Ask("Another person or place to try", "Such as a hostel or a relative, with a phone number.")
    ] = ""
    second_contact_consent: Annotated[bool, Ask("They agree that we try this person or place", widget="checkboxes")] = (
        False
    )

    @model_validator(mode="after")
    def _safe_times_are_a_stretch_of_the_day(self) -> Self:
        if self.safe_until <= self.safe_from:
            raise beside("safe_until", "Safe until must be later than safe from")
        if self.second_contact and not self.second_contact_consent:
            raise beside("second_contact_consent", "Record another contact only if they agree that we try it")
        return self


class NewNumber(Form):
    """A number the person may be reached on from now."""

    number: Annotated[Line, Ask("Phone number", widget="tel", missing="Enter the phone number", width="20")]
    replaces: Annotated[bool, Ask("Does it take the place of the number we have?")] = True
    code_word: Annotated[
        OptionalLine,
        Ask(
            "Code word",
            "One word of 4 to 12 letters, never a name. We ask for it by text to know it is them.",
            width="10",
        ),
    ] = ""


class CodeWord(Form):
    """The word by which a text shows that the phone is in the right hands."""

    code_word: Annotated[
        Line, Ask("Code word", "One word of 4 to 12 letters, never a name.", missing="Enter a code word", width="10")
    ]


class TextsAnswer(Form):
    """What the person said to being texted, after the notice was read with them in the language named."""

    answer: Annotated[
        ConsentState,
        Ask("Do they agree to be texted?", widget="radios", choices=ASKED, missing="Select what they said"),
    ]
    language: Annotated[Language, Ask("Language the notice was read in", widget="radios")] = Language.ENGLISH
    route: Annotated[Route, Ask("How they said it", widget="radios", choices=ROUTES)] = Route.IN_PERSON
    note: Annotated[Words, Ask("Anything they asked for", rows=3)] = ""


class SharingAnswer(Form):
    """What the person said to an agency having some kinds of information."""

    agency_id: Annotated[UUID, Ask("Agency", widget="select", choices="agencies", missing="Select an agency")]
    purpose: Annotated[
        Purpose,
        Ask(
            "What for",
            widget="radios",
            choices=choices(Purpose, (Purpose.SHARE, Purpose.REFERRAL)),
            missing="Select what it is for",
        ),
    ] = Purpose.SHARE
    answer: Annotated[
        ConsentState, Ask("Do they agree?", widget="radios", choices=ASKED, missing="Select what they said")
    ]
    categories: Annotated[
        tuple[Category, ...],
        Field(max_length=len(Category)),
        Ask(
            "What the agency may have",
            choices="categories",
            missing="Select what the agency may have",
            when=("answer", "given"),
        ),
    ] = ()
    expires_on: Annotated[date | None, Ask("Until", "Leave empty if it holds until they withdraw it.")] = None
    route: Annotated[Route, Ask("How they said it", widget="radios", choices=ROUTES)] = Route.IN_PERSON
    note: Annotated[Words, Ask("Anything they asked for", rows=3)] = ""

    @model_validator(mode="after")
    def _agreeing_is_to_something(self) -> Self:
        if self.answer is ConsentState.GIVEN and not self.categories:
            raise beside("categories", "Select what the agency may have")
        if self.answer is ConsentState.WITHDRAWN:
            raise beside("answer", "Select whether they agree or refuse")
        return self


class Withdrawal(Form):
    """The person takes back what they agreed to."""

    route: Annotated[Route, Ask("How they said it", widget="radios", choices=ROUTES)] = Route.IN_PERSON
    note: Annotated[Words, Ask("Anything they asked for", rows=3)] = ""

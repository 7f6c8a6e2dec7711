"""What staff tell us about children, and what is sent on."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from throughcare.kernel.forms import Ask, Form, Line, Note, OptionalLine, OptionalNote, Word, beside
from throughcare.safeguarding.rows import Choice
from throughcare.safeguarding.rules import Level, missing_from_referral


class JustDo(Form):
    """Nothing is asked: pressing the button is the act."""


class ChildForm(Form):
    """One child the person lives with, cares for or sees."""

    unborn: Annotated[bool, Ask("Is this a baby not yet born?", missing="Say whether the baby is not yet born")]
    name: Annotated[OptionalLine, Ask("Child’s name")] = ""
    age: Annotated[Annotated[int, Field(ge=0, le=18)] | None, Ask("Age in years", width="2")] = None
    lives_with: Annotated[OptionalLine, Ask("Who the child lives with, and where")] = ""
    contact: Annotated[OptionalLine, Ask("Contact between the child and this person")] = ""
    other_services: Annotated[OptionalLine, Ask("Other services involved")] = ""


class ConcernForm(Form):
    """A concern about a child, born or not."""

    level: Annotated[Level, Ask("Level of need", widget="radios", choices="levels", missing="Select the level of need")]
    child_id: Annotated[
        UUID | None,
        Ask("Which child is it about?", "Leave empty if not yet recorded.", widget="select", choices="children"),
    ] = None
    what: Annotated[Note, Ask("What are you concerned about?", rows=8, missing="Say what you are concerned about")]


class NoConcernForm(Form):
    """The children told of were considered, and nothing more is needed for now."""

    why: Annotated[
        Note,
        Ask(
            "Why is there no concern for now?",
            "Such as who looks after the children, and who else sees them.",
            rows=4,
            missing="Say why there is no concern for now",
        ),
    ]


class ConsultationForm(Form):
    """Advice with the consent of whoever holds parental responsibility."""

    front_door_id: Annotated[
        UUID, Ask("Who was asked", widget="radios", choices="front_doors", missing="Select who was asked")
    ]
    consent_by: Annotated[
        Line,
        Ask("Who holds parental responsibility and agreed", missing="Enter who agreed, or ask anonymously instead"),
    ]
    child_details: Annotated[
        Note, Ask("Child’s name, date of birth and address", rows=3, missing="Enter the child’s details")
    ]
    want: Annotated[Note, Ask("What do you want from the consultation?", rows=3, missing="Say what you want")]
    concerns: Annotated[Note, Ask("Your concerns", missing="Say what you are concerned about")]
    others_involved: Annotated[OptionalLine, Ask("Other professionals involved")] = ""


class AnonymousConsultationForm(Form):
    """Advice without consent: there is no place here for a name, a date of birth or an address."""

    front_door_id: Annotated[
        UUID, Ask("Who was asked", widget="radios", choices="front_doors", missing="Select who was asked")
    ]
    want: Annotated[
        Note, Ask("What do you want from the consultation?", "Name nobody.", rows=3, missing="Say what you want")
    ]
    concerns: Annotated[
        Note,
        Ask(
            "Your concerns",
            "Name nobody and nothing that could identify the child.",
            missing="Say what you are concerned about",
        ),
    ]


class OutcomeForm(Form):
    """The adviser's written outcome, which the caller tells the family."""

    outcome: Annotated[Note, Ask("Outcome and actions agreed", missing="Enter the outcome you were given in writing")]
    family_told_on: Annotated[date | None, Ask("When the family was told", "Leave empty if not yet.")] = None


class ReferralForm(Form):
    """A level 4 referral: everything the protocol requires."""

    front_door_id: Annotated[
        UUID, Ask("Who you telephoned", widget="radios", choices="front_doors", missing="Select who you telephoned")
    ]
    spoke_to: Annotated[Line, Ask("Who you spoke to", missing="Enter who you spoke to at the front door")]
    child_details: Annotated[
        Note,
        Ask(
            "Child’s name, date of birth, address and circumstances",
            "As far as you know them",
            rows=4,
            missing="Enter the child’s name, date of birth and address, as far as you know them",
        ),
    ]
    concerns: Annotated[Note, Ask("Your concerns", rows=8, missing="Say clearly what you are concerned about")]
    family_knows: Annotated[
        bool, Ask("Does the family know about this referral?", missing="Say whether the family knows")
    ]
    why_not_told: Annotated[
        OptionalNote, Ask("Why the family has not been told", rows=3, when=("family_knows", "no"))
    ] = ""
    availability: Annotated[Line, Ask("When you could join a visit", missing="Say when you could join a visit")]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        told = {
            name: getattr(self, name)
            for name in ("spoke_to", "child_details", "concerns", "availability", "why_not_told")
        }
        for lacking in missing_from_referral(told, family_knows=self.family_knows):
            raise beside(lacking.field, lacking.sentence)
        return self


class Decided(Word):
    """The front door's answer."""

    ACCEPTED = "accepted", "Accepted for assessment"
    NOT_ACCEPTED = "not_accepted", "Not accepted"


class DecisionForm(Form):
    """The decision on a referral, and the advice that came with it."""

    decided: Annotated[Decided, Ask("Decision", missing="Select the decision")]
    advice: Annotated[OptionalNote, Ask("Advice given", rows=4)] = ""
    lead_professional: Annotated[OptionalLine, Ask("Social worker, who is the lead professional")] = ""


class HeldForm(Form):
    """When something was held, and who leads."""

    on: Annotated[date, Ask("When was it?", missing="Enter the date")]
    lead_professional: Annotated[OptionalLine, Ask("Lead professional")] = ""


class BookedForm(Form):
    """The first treatment appointment of a pregnant person."""

    where: Annotated[Line, Ask("Where they are booked in, and with whom", missing="Enter where they are booked in")]


class SharingForm(Form):
    """A decision to share without consent, or not to share."""

    decided: Annotated[Choice, Ask("What was decided?", missing="Select what was decided")]
    with_whom: Annotated[Line, Ask("With whom", missing="Enter with whom")]
    what: Annotated[Note, Ask("What exactly", rows=3, missing="Enter what exactly")]
    why: Annotated[Note, Ask("Why it is necessary and proportionate", rows=4, missing="Enter why")]
    person_told: Annotated[bool, Ask("Was the person told?", missing="Say whether the person was told")]
    why_not_told: Annotated[OptionalNote, Ask("Why not", rows=2, when=("person_told", "no"))] = ""
    advice_from: Annotated[OptionalLine, Ask("Who gave advice")] = ""
    rules: Annotated[
        tuple[str, ...],
        Ask("Golden rules considered", widget="checkboxes", choices="rules", missing="Tick the rules you considered"),
    ]

    @model_validator(mode="after")
    def _says_why_not(self) -> Self:
        if not self.person_told and not self.why_not_told.strip():
            raise beside("why_not_told", "Say why the person was not told")
        return self

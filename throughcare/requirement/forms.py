"""What comes in about requirements, their appointments and their absences."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Self
from uuid import UUID

from pydantic import StringConstraints, model_validator

from throughcare.casework.rows import AppointmentStatus
from throughcare.kernel.forms import Ask, Form, Note, OptionalLine, OptionalNote, beside, choices
from throughcare.requirement.words import (
    AbsenceStatus,
    ContactRoute,
    Ending,
    EnforcementChoice,
    Evidence,
    OrderKind,
    SamplePurpose,
    SampleResult,
    SampleStage,
    SampleType,
)

WHEN = "Leave this empty if it was today"
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,39}$")]
CourtReference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 /.\-]{0,40}$")]
OUTCOMES = tuple(status for status in AppointmentStatus if status is not AppointmentStatus.BOOKED)
CLASSES = (AbsenceStatus.ACCEPTABLE, AbsenceStatus.UNACCEPTABLE, AbsenceStatus.AWAITING)


class Press(Form):
    """Nothing is asked: pressing the button says it."""


class RecordRequirement(Form):
    """What a court or a licence requires of the person, or that nothing does."""

    kind: Annotated[Code, Ask("What is required?", choices="kinds", widget="radios", missing="Select what is required")]
    order: Annotated[
        OrderKind, Ask("Under what order or licence?", widget="radios", missing="Select the order or licence")
    ]
    reference: Annotated[
        CourtReference, Ask("Court or licence reference", "Letters, numbers, spaces and / . - only", width="20")
    ] = ""
    starts_on: Annotated[date, Ask("When does it start?", missing="Enter when it starts")]
    ends_on: Annotated[date | None, Ask("When does it end?", hint="If a day is set")] = None
    officer_id: Annotated[
        UUID | None, Ask("Responsible officer", "Not needed where there is no order or licence", choices="officers")
    ] = None
    told_on: Annotated[
        date | None,
        Ask("When were they told, in plain words, what is passed on?", hint="The day they signed for it, if they have"),
    ] = None

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.ends_on and self.ends_on < self.starts_on:
            raise beside("ends_on", "The end must not be before the start")
        if self.order is not OrderKind.NONE and self.officer_id is None:
            raise beside("officer_id", "Select the responsible officer")
        return self


class ChangeOfficer(Form):
    """Who supervises from now on."""

    officer_id: Annotated[
        UUID, Ask("Responsible officer", choices="officers", missing="Select the responsible officer")
    ]


class EndRequirement(Form):
    """Why it is over, and since when."""

    ended_on: Annotated[date | None, Ask("When did it end?", hint=WHEN)] = None
    because: Annotated[Ending, Ask("Why did it end?", missing="Select why it ended")]


class BookOrdered(Form):
    """An appointment that the order or licence requires."""

    kind: Annotated[Code, Ask("What kind of appointment?", choices="appointments", missing="Select the kind")]
    on: Annotated[date, Ask("Date", missing="Enter the date")]
    at: Annotated[time, Ask("Time", "Such as 9:30am", width="10", missing="Enter the time")]
    place: Annotated[OptionalLine, Ask("Place")] = ""
    with_whom: Annotated[OptionalLine, Ask("With whom")] = ""
    phone: Annotated[OptionalLine, Ask("Phone number to ring about it", widget="tel", width="20")] = ""


class RecordOutcome(Form):
    """The fact, recorded once, and the reason given for an absence."""

    status: Annotated[
        AppointmentStatus,
        Ask(
            "What happened?",
            widget="radios",
            choices=choices(AppointmentStatus, OUTCOMES),
            missing="Select what happened",
        ),
    ]
    reason: Annotated[
        Code | None,
        Ask("What reason did they give?", choices="reasons", when=("status", AppointmentStatus.ABSENT.value)),
    ] = None

    @model_validator(mode="after")
    def _is_an_outcome(self) -> Self:
        if self.status is AppointmentStatus.BOOKED:
            raise beside("status", "Select what happened")
        return self


class RecordEvidence(Form):
    """What was seen, and when."""

    evidence: Annotated[Evidence, Ask("What was seen?", missing="Select what was seen")]
    evidence_on: Annotated[date | None, Ask("When was it seen?", hint=WHEN)] = None


class FollowUp(Form):
    """That a missed appointment was followed up."""

    followed_up_on: Annotated[date | None, Ask("When was it followed up?", hint=WHEN)] = None


class Classify(Form):
    """What the supervising agency makes of an absence."""

    outcome: Annotated[
        AbsenceStatus,
        Ask("The absence is", widget="radios", choices=choices(AbsenceStatus, CLASSES), missing="Select what it is"),
    ]
    reason: Annotated[Code | None, Ask("For what reason?", choices="reasons")] = None
    because: Annotated[
        OptionalNote,
        Ask("Why is it decided again?", "Needed when it was decided before. The first stays on record.", rows=3),
    ] = ""

    @model_validator(mode="after")
    def _is_a_class(self) -> Self:
        if self.outcome is AbsenceStatus.UNDECIDED:
            raise beside("outcome", "Select what it is")
        return self


class GiveWarning(Form):
    """A warning with its prescribed contents."""

    given_on: Annotated[date | None, Ask("When was it given?", hint=WHEN)] = None
    circumstances: Annotated[Note, Ask("The circumstances, as it describes them", missing="Describe the circumstances")]
    says_unacceptable: Annotated[bool, Ask("It says that they are unacceptable", widget="checkboxes")] = False
    says_liable: Annotated[
        bool,
        Ask("It says that a further breach within 12 months makes them liable to court", widget="checkboxes"),
    ] = False

    @model_validator(mode="after")
    def _has_its_contents(self) -> Self:
        if not self.says_unacceptable:
            raise beside("says_unacceptable", "A warning must say that the circumstances are unacceptable")
        if not self.says_liable:
            raise beside("says_liable", "A warning must say what follows within 12 months")
        return self


class WithdrawWarning(Form):
    """Why a warning no longer stands."""

    because: Annotated[Note, Ask("Why is it withdrawn?", rows=3, missing="Say why it is withdrawn")]


class DecideEnforcement(Form):
    """What the supervising agency decided to do."""

    choice: Annotated[EnforcementChoice, Ask("What was decided?", missing="Select what was decided")]


class RecordTest(Form):
    """A sample was taken."""

    type: Annotated[SampleType, Ask("How was the sample taken?", missing="Select how it was taken")]
    purpose: Annotated[
        SamplePurpose,
        Ask(
            "What is it for?",
            "A clinical test is never passed on to the supervising agency",
            missing="Select what it is for",
        ),
    ]
    collected_on: Annotated[date | None, Ask("When was it taken?", hint=WHEN)] = None


class RecordResult(Form):
    """What the test came to. It triggers nothing."""

    result: Annotated[SampleResult, Ask("Result", missing="Select the result")]
    stage: Annotated[SampleStage, Ask("Screening or confirmatory?", missing="Select screening or confirmatory")]
    result_on: Annotated[date | None, Ask("When did the result come?", hint=WHEN)] = None


class RecordRisk(Form):
    """That risk has changed, and whom to ring. What changed is said by phone, never written here."""

    changed_on: Annotated[date | None, Ask("When did it change?", hint=WHEN)] = None
    route: Annotated[ContactRoute, Ask("Whom should the responsible officer ring?", missing="Select whom to ring")]

"""What comes in about brief interventions and specialist referrals."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from throughcare.intervention.rows import Assessed, DeclinedBy
from throughcare.intervention.rules import Frames
from throughcare.kernel.forms import Ask, Form, Line, Note, OptionalLine, OptionalNote, Whole

Minutes = Annotated[Whole, Field(ge=1, le=600)]
WHEN = "Leave this empty if it was today"


class Offer(Form):
    """Nothing is asked: pressing the button says that it was offered."""


class GiveBrief(Form):
    """What was given, by whom, and what the person made of it."""

    given_on: Annotated[date | None, Ask("When was it given?", hint=WHEN)] = None
    delivered_by: Annotated[UUID, Ask("Who gave it?", choices="deliverers", missing="Select who gave it")]
    trained: Annotated[bool | None, Ask("Are they trained to give brief interventions?")] = None
    minutes: Annotated[
        Minutes, Ask("How many minutes did it take?", width="3", missing="Enter how many minutes it took")
    ]
    elements: Annotated[
        tuple[Frames, ...],
        Field(min_length=1),
        Ask("What was covered?", hint="Tick everything that was", missing="Tick at least one element that was covered"),
    ]
    goal: Annotated[OptionalNote, Ask("Their goal, in their own words", rows=3)] = ""
    readiness: Annotated[
        Annotated[Whole, Field(ge=0, le=10)] | None,
        Ask("How ready to change do they say they are?", hint="0 is not at all, 10 is completely", width="2"),
    ] = None
    leaflet: Annotated[bool, Ask("They were given a leaflet", widget="checkboxes")] = False
    follow_up_on: Annotated[date | None, Ask("When will somebody follow it up?")] = None


class DeclineBrief(Form):
    """Why a brief intervention was declined, as far as the person says."""

    declined_because: Annotated[OptionalNote, Ask("What did they say?", rows=3)] = ""


class FollowUp(Form):
    """How it has gone since."""

    followed_up_on: Annotated[date | None, Ask("When?", hint=WHEN)] = None
    follow_up_note: Annotated[Note, Ask("How has it gone?", rows=4, missing="Say how it has gone")]


class HoldSession(Form):
    """One extended session."""

    on: Annotated[date | None, Ask("When was it held?", hint=WHEN)] = None
    minutes: Annotated[
        Minutes, Ask("How many minutes did it take?", width="3", missing="Enter how many minutes it took")
    ]
    note: Annotated[OptionalNote, Ask("What was worked on", rows=4)] = ""


class Refer(Form):
    """To whom the person is referred."""

    to_service: Annotated[Line, Ask("Which service?", missing="Enter the service")]
    appointment_on: Annotated[date | None, Ask("When is the assessment?", hint="If it is known")] = None


class AcceptReferral(Form):
    """What the specialist service said."""

    appointment_on: Annotated[date | None, Ask("When is the assessment?", hint="If it is known")] = None


class DeclineReferral(Form):
    """Whose no it was, and why."""

    declined_by: Annotated[DeclinedBy, Ask("Who declined?", missing="Select who declined")]
    declined_because: Annotated[Note, Ask("Why?", rows=3, missing="Say why")]


class Saw(Form):
    """That a specialist saw the person."""

    seen_on: Annotated[date | None, Ask("When?", hint=WHEN)] = None
    seen_by: Annotated[OptionalLine, Ask("Who saw them?")] = ""


class Conclude(Form):
    """What the assessment came to."""

    assessed: Annotated[Assessed, Ask("What did the assessment come to?", missing="Select what it came to")]
    note: Annotated[OptionalNote, Ask("Anything healthcare should know", rows=4)] = ""


class SeenByTeam(Form):
    """The substance team's first contact."""

    on: Annotated[date | None, Ask("When did the team first see them?", hint=WHEN)] = None
    note: Annotated[OptionalNote, Ask("Anything to add", rows=3)] = ""

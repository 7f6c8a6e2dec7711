"""What comes in about a handover, from either side."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Self
from uuid import UUID

from pydantic import model_validator

from throughcare.handover.words import Attended, DeclinedBy, Status
from throughcare.kernel.forms import Ask, Form, Line, Note, OptionalLine, OptionalNote, Word, beside

UNNAMED = "Until they accept, they do not know who this is: leave out names, numbers and addresses"


class Drafting(Form):
    """A handover begun: to whom, for what."""

    service_id: Annotated[UUID, Ask("Which service?", widget="radios", choices="services", missing="Select a service")]
    sought: Annotated[str, Ask("What is asked for?", choices="options", missing="Select what is asked for")]
    area: Annotated[
        Line, Ask("Town or borough they will stay in", hint="Not an address", width="20", missing="Enter a town or borough")
    ]  # fmt: skip
    flags: Annotated[
        tuple[str, ...], Ask("What is urgent?", hint="The team sees these before it accepts", choices="flags")
    ] = ()


class Sharing(Form):
    """What the receiving team will read once it accepts."""

    sections: Annotated[
        tuple[str, ...], Ask("What do you share?", hint="Who they are is always part of it", choices="sections")
    ] = ()
    plan_note: Annotated[OptionalNote, Ask("What is asked for, and the plan so far")] = ""
    medication_note: Annotated[
        OptionalNote, Ask("Medication alert", hint="What is prescribed and when the next dose is due")
    ] = ""
    risk_note: Annotated[OptionalNote, Ask("Risk the team should know before meeting them")] = ""

    @model_validator(mode="after")
    def _written_is_ticked(self) -> Self:
        """Words that nobody will read are a mistake: they are ticked, or they are taken out."""
        written = {"plan": self.plan_note, "medication": self.medication_note, "risk": self.risk_note}
        left_out = [code for code, words in written.items() if words and code not in self.sections]
        if left_out:
            raise beside("sections", f"Select {left_out[0]} to share what you wrote about it, or clear what you wrote")
        return self


class Sending(Form):
    """The press that sends, against the very preview that was read."""

    sha256: Annotated[str, Ask("Preview", widget="hidden")]


class Nothing(Form):
    """An act that asks nothing."""


class Saying(Form):
    """An act with a few optional words."""

    words: Annotated[OptionalNote, Ask("Anything to add?")] = ""


class Asking(Form):
    """What the receiving team needs to know before it can answer."""

    asked: Annotated[tuple[str, ...], Ask("What do you need to know?", choices="information")] = ()
    words: Annotated[OptionalNote, Ask("Your question in your own words")] = ""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.asked:
            raise beside("asked", "Select what you need to know")
        return self


class Answering(Form):
    """The sender's answer, read by a team that does not yet know who this is."""

    words: Annotated[Note, Ask("Your answer", hint=UNNAMED, missing="Enter your answer")]


class Waiting(Form):
    """A place on a waiting list, and when it is looked at again."""

    review_on: Annotated[date, Ask("When will you look at this again?")]
    words: Annotated[OptionalNote, Ask("What should the sender know?")] = ""


class Accepting(Form):
    """A named worker and a first appointment: without both it is not an acceptance."""

    worker_id: Annotated[UUID, Ask("Who will see them?", choices="workers", missing="Select a worker")]
    on: Annotated[date, Ask("Date of the first appointment", section="First appointment")]
    at: Annotated[time, Ask("Time", hint="For example, 2:30pm", width="10")]
    place: Annotated[Line, Ask("Where", missing="Enter where the appointment is")]
    phone: Annotated[OptionalLine, Ask("Phone number to give the person", widget="tel", width="20")] = ""
    words: Annotated[OptionalNote, Ask("Anything to tell the sender?")] = ""


class Declining(Form):
    """Whose no it was, and why."""

    declined_by: Annotated[DeclinedBy, Ask("Whose decision was it?")]
    reason: Annotated[str, Ask("Why?", widget="radios", choices="reasons", missing="Select why")]
    words: Annotated[OptionalNote, Ask("What should the sender know?")] = ""


class Recalling(Form):
    """Why it is taken back."""

    reason: Annotated[str, Ask("Why are you recalling it?", choices="reasons", missing="Select why")]
    words: Annotated[OptionalNote, Ask("Anything to tell the team?", hint=UNNAMED)] = ""


class How(Word):
    """How first contact was made."""

    IN_PERSON = "in_person", "In person, at the service"
    IN_REACH = "in_reach", "In person, in prison"
    VIDEO = "video", "By video"
    PHONE = "phone", "By phone"


class FirstContact(Form):
    """The receiving service and the person have spoken: from here the case is theirs."""

    on: Annotated[date, Ask("When was it?")]
    at: Annotated[time, Ask("Time", hint="For example, 2:30pm", width="10")]
    how: Annotated[How, Ask("How?")]
    at_appointment: Annotated[
        bool,
        Ask(
            "It was at the first appointment",
            "This records that they came, and it is not asked again.",
            widget="checkboxes",
        ),
    ] = False


class TreatmentStart(Form):
    """The start of structured treatment: a first meeting is not one."""

    on: Annotated[
        date,
        Ask(
            "When did structured treatment start?",
            hint="The day the first treatment intervention began, not a booked or first meeting",
        ),
    ]


class Completing(Form):
    """How it ended."""

    outcome: Annotated[str, Ask("How did it end?", choices="outcomes", missing="Select how it ended")]
    words: Annotated[OptionalNote, Ask("Anything to add?")] = ""


class Returning(Form):
    """Why the case is offered back."""

    reason: Annotated[str, Ask("Why are you returning the case?", choices="reasons", missing="Select why")]
    words: Annotated[Note, Ask("What should happen next?", missing="Enter what should happen next")]


class RefusingReturn(Form):
    """Why the case is not taken back."""

    reason: Annotated[str, Ask("Why?", choices="reasons", missing="Select why")]
    words: Annotated[OptionalNote, Ask("What should the service know?")] = ""


class Meeting(Form):
    """The meeting of prison, community and person before release."""

    handover_id: Annotated[UUID, Ask("With which service?", choices="handovers", missing="Select the service")]
    held_on: Annotated[date, Ask("When was it held?")]
    prison: Annotated[Attended, Ask("How did the prison take part?")]
    community: Annotated[Attended, Ask("How did the community service take part?")]
    person: Annotated[Attended, Ask("How did the person take part?")]
    why_not: Annotated[
        OptionalNote, Ask("Why was somebody not there in person?", hint="If everybody was, leave this empty")
    ] = ""

    @model_validator(mode="after")
    def _why(self) -> Self:
        absent = {self.prison, self.community, self.person} - {Attended.IN_PERSON}
        if absent and not self.why_not:
            raise beside("why_not", "Say why somebody was not there in person")
        return self


class NotNeeding(Form):
    """Why no handover is made."""

    reason: Annotated[str, Ask("Why is no handover needed?", choices="reasons", missing="Select why")]
    words: Annotated[OptionalNote, Ask("Anything to add?")] = ""


class Direction(Word):
    """Which way."""

    INCOMING = "incoming", "Sent to us"
    OUTGOING = "outgoing", "Sent by us"


class HandoverQuery(Form):
    """The list's filters, as they stand in the address."""

    direction: Annotated[Direction | None, Ask("Which way")] = None
    status: Annotated[Status | None, Ask("Status", widget="select")] = None
    urgent: Annotated[bool, Ask("Fast track only", widget="checkboxes")] = False
    before: Annotated[OptionalLine, Ask("Page", widget="hidden")] = ""


class ServiceQuery(Form):
    """The directory's filters."""

    option: Annotated[str, Ask("Treatment", choices="options", widget="select")] = ""
    area: Annotated[OptionalLine, Ask("Area", width="20")] = ""

"""What is asked about check-ins: the plan, a pause, a call that was made, a text to write."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, StringConstraints

from throughcare.casework.people import Language
from throughcare.checkin.needs import Need
from throughcare.checkin.own_days import days_in, written
from throughcare.kernel.forms import Ask, Form, OptionalLine, Word, clean

Words = Annotated[str, StringConstraints(min_length=1, max_length=400), AfterValidator(clean)]


class Why(Word):
    """Why check-ins are paused or ended."""

    ASKED = "their_request", "They asked for it"
    HOSPITAL = "hospital", "They are in hospital"
    OTHER = "another_reason", "Another reason"


class EndWhy(Word):
    """Why check-ins end for good."""

    ASKED = "their_request", "They asked for it"
    FINISHED = "finished", "They no longer need them"
    MOVED = "moved_away", "They have moved away"


NOT_BY_HAND = {  # why the service itself paused or ended them
    "recalled": "They were recalled to custody",
    "released_again": "They were released again",
    "died": "They have died",
    "case_closed": "The case was closed",
    "left_for_custody": "Their release led to other custody",
    "left_for_immigration": "Their release led to immigration detention",
    "left_for_hospital": "Their release led to hospital",
    "left_for_abroad": "Their release led to another country",
}


def why_said(code: str) -> str:
    """Why check-ins are paused or ended, in words."""
    by_hand = {word.value: word.label for kind in (Why, EndWhy) for word in kind}
    return (NOT_BY_HAND | by_hand).get(code, code.replace("_", " ").capitalize())


class Spoken(Word):
    """How the person was spoken to."""

    PHONE = "phone", "By phone"
    IN_PERSON = "in_person", "In person"
    OTHER = "through_somebody", "Through somebody they agreed to"


class AgreePlan(Form):
    """The plan agreed with the person, before release or after it."""

    code: Annotated[str, Ask("Plan", widget="radios", choices="plans", missing="Select a plan")] = "standard"
    days: Annotated[
        OptionalLine,
        Ask(
            "Days of their own, instead of the plan’s",
            "Days after release with commas between them, like 1, 2, 3, 5, 7. Leave it empty for the plan’s days.",
        ),
        AfterValidator(lambda typed: written(days_in(typed))),
    ] = ""
    hour: Annotated[str, Ask("Time of day they choose", widget="select", choices="hours")] = ""
    language: Annotated[Language, Ask("Language of the texts", widget="radios")] = Language.ENGLISH
    code_word: Annotated[
        OptionalLine,
        Ask("Code word", "One word of 4 to 12 letters. Leave it empty to keep the one agreed.", width="10"),
    ] = ""


class PausePlan(Form):
    """A pause of the check-ins; without a day it lasts until somebody resumes them."""

    because: Annotated[Why, Ask("Why are the check-ins paused?", missing="Select why the check-ins are paused")]
    until: Annotated[date | None, Ask("First day of texts again", "Leave it empty if it is not known.")] = None


class ResumePlan(Form):
    """The check-ins go on."""


class EndPlan(Form):
    """The check-ins end for good."""

    because: Annotated[EndWhy, Ask("Why do the check-ins end?", missing="Select why the check-ins end")]


class Call(Form):
    """A call or a meeting, whoever began it."""

    reached: Annotated[bool, Ask("Did you speak to them?", missing="Select whether you spoke to them")]
    how: Annotated[Spoken, Ask("How?", widget="radios", missing="Select how")] = Spoken.PHONE
    proven: Annotated[
        bool, Ask("They said the code word on the number we text", "This proves the number.", widget="checkboxes")
    ] = False


class WriteBack(Form):
    """A worker's own words."""

    message: Annotated[
        Words,
        Ask(
            "Your text",
            "Anybody may see it on a locked phone. Say nothing that shows who we are or why we write.",
            missing="Enter your text",
            widget="textarea",
            rows=4,
        ),
    ]
    seen: Annotated[
        bool, Ask("I have checked how it looks on a locked phone", "You are shown it first.", widget="checkboxes")
    ] = False


class ReadText(Form):
    """The text has been read and what it asks for is done."""


class RecordStop(Form):
    """The person told a worker that they want no texts."""


class Place(Form):
    """Whose words an unplaced text is."""

    case_id: Annotated[UUID | None, Ask("Whose text is it?", widget="radios", choices="people")] = None
    reference: Annotated[
        OptionalLine, Ask("Or the reference of their case", "Where they are not listed above.", width="10")
    ] = ""
    new_number: Annotated[
        bool, Ask("They use this number now", "It is to be proven before anything is sent to it.", widget="checkboxes")
    ] = False


class Whose(Word):
    """Whose check-ins are listed."""

    MINE = "mine", "Mine"
    TEAM = "team", "My team’s"
    AGENCY = "agency", "My whole agency’s"


class InboxQuery(Form):
    """The inbox's filters, as they stand in the address. A named worker's are listed whosever the others are."""

    whose: Annotated[Whose | None, Ask("Whose")] = None  # not said: a manager's team, anybody else's own
    worker: Annotated[UUID | None, Ask("Who has it", choices="workers", widget="select")] = None
    need: Annotated[Need | None, Ask("Why they wait", widget="select")] = None
    after: Annotated[OptionalLine, Ask("Page", widget="hidden")] = ""
    before: Annotated[OptionalLine, Ask("Page of texts", widget="hidden")] = ""

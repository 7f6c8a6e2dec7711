"""What is asked about a stay in custody: the sentence, the release day, the release, a recall, a move, a death."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from throughcare.casework.forms import refuse_unfit_sentence
from throughcare.casework.rows import CustodyStatus, LeftFor, ReleaseType, SentenceType
from throughcare.kernel.forms import Ask, Form, Line, OptionalLine, beside

Days = Annotated[int, Field(ge=0, le=40_000)]
ASK_SOURCE = Ask("Where this comes from", "Such as the sentence calculation, the warrant or the prison’s records.")


class Sentence(Form):
    """What the suggested release day is worked out from, and where it was read."""

    custody_status: Annotated[CustodyStatus, Ask("Custody status", missing="Select the custody status")]
    sentence_type: Annotated[SentenceType, Ask("Kind of sentence", missing="Select the kind of sentence")]
    release_type: Annotated[
        ReleaseType, Ask("How the release comes about", missing="Select how the release comes about")
    ]
    days_served_by_release: Annotated[
        Days | None, Ask("Days that will have been served by then", "Count from the first day in custody.", width="5")
    ] = None
    sentence_release_date: Annotated[
        date | None, Ask("Release date on the sentence", missing="Enter the release date on the sentence")
    ] = None
    source: Annotated[Line, ASK_SOURCE]

    @model_validator(mode="after")
    def _the_sentence_fits(self) -> Self:
        refuse_unfit_sentence(self.custody_status, self.sentence_type)
        return self


class Confirmation(Form):
    """The day the prison has set."""

    confirmed_release_date: Annotated[date, Ask("Confirmed release date", missing="Enter the confirmed release date")]
    source: Annotated[Line, ASK_SOURCE]


class Release(Form):
    """The moment somebody left prison, on London's clock."""

    released_on: Annotated[date, Ask("Date of release", missing="Enter the date of release")]
    released_at: Annotated[time, Ask("Time of release", missing="Enter the time of release")]
    left_for: Annotated[LeftFor, Ask("Released to")] = LeftFor.COMMUNITY


class WasReleased(Form):
    """The answer to "Was ... released?": yes and when, or no and the new date if there is one."""

    released: Annotated[bool, Ask("Have they been released?", missing="Select yes if they have been released")]
    released_on: Annotated[
        date | None, Ask("Date of release", missing="Enter the date of release", when=("released", "yes"))
    ] = None
    released_at: Annotated[
        time | None, Ask("Time of release", missing="Enter the time of release", when=("released", "yes"))
    ] = None
    left_for: Annotated[LeftFor, Ask("Released to", when=("released", "yes"))] = LeftFor.COMMUNITY
    new_date: Annotated[
        date | None, Ask("New release date", "Leave empty if it is not known yet.", when=("released", "no"))
    ] = None
    source: Annotated[
        OptionalLine,
        Ask("Where the new date comes from", missing="Enter where this comes from", when=("released", "no")),
    ] = ""

    @model_validator(mode="after")
    def _each_answer_is_whole(self) -> Self:
        wanted = ("released_on", "released_at") if self.released else ("source",)
        for name in wanted:
            if not getattr(self, name):
                raise beside(name, "Enter when they were released" if self.released else "Enter where this comes from")
        return self


class Transfer(Form):
    """A move to another prison."""

    prison_id: Annotated[UUID, Ask("Prison", widget="select", choices="prisons", missing="Select a prison")]
    moved_on: Annotated[date, Ask("Date of the move", missing="Enter the date of the move")]


class Recall(Form):
    """A return to custody: another stay begins, and the earlier one is kept."""

    prison_id: Annotated[UUID, Ask("Prison", widget="select", choices="prisons", missing="Select a prison")]
    received_on: Annotated[date, Ask("Date they arrived", missing="Enter the date they arrived")]
    custody_status: Annotated[CustodyStatus, Ask("Custody status", missing="Select the custody status")] = (
        CustodyStatus.RECALLED
    )
    sentence_type: Annotated[SentenceType, Ask("Kind of sentence", missing="Select the kind of sentence")] = (
        SentenceType.NOT_KNOWN
    )
    release_type: Annotated[ReleaseType, Ask("How the next release comes about")] = ReleaseType.NOT_KNOWN

    @model_validator(mode="after")
    def _the_sentence_fits(self) -> Self:
        refuse_unfit_sentence(self.custody_status, self.sentence_type)
        return self


class Came(Form):
    """The day somebody came into the community from hospital, other custody, detention or abroad."""

    on: Annotated[date, Ask("Date they came into the community", missing="Enter the date they came into the community")]


class Death(Form):
    """The day somebody died."""

    died_on: Annotated[date, Ask("Date of death", missing="Enter the date of death")]

"""What is asked about who is on call: a turn of the rota, and whom something is handed to."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from throughcare.casework.carrying import Reason
from throughcare.kernel.clock import FIRST_YEAR, LAST_YEAR
from throughcare.kernel.forms import Ask, Choice, Form, Whole, beside

LONGEST = timedelta(days=7)  # one person's turn
PLACES = (Choice("1", "First"), Choice("2", "Second, if the first does not answer"))


class PlanTurn(Form):
    """One worker is on call from a day and time to another."""

    worker_id: Annotated[
        UUID, Ask("Who is on call?", widget="select", choices="workers", missing="Select who is on call")
    ]
    from_on: Annotated[date, Ask("First day", missing="Enter the first day")]
    from_at: Annotated[time, Ask("From", "For example, 9am", width="5", missing="Enter the time the turn begins")]
    until_on: Annotated[date, Ask("Last day", missing="Enter the last day")]
    until_at: Annotated[time, Ask("Until", "For example, 8pm", width="5", missing="Enter the time the turn ends")]
    place: Annotated[Annotated[Whole, Field(ge=1, le=2)], Ask("Who is asked?", widget="radios", choices=PLACES)] = 1
    weeks: Annotated[Annotated[Whole, Field(ge=1)], Ask("For how many weeks?", "1 if it is this once.", width="2")] = 1

    @model_validator(mode="after")
    def _it_ends_after_it_begins(self) -> Self:
        if not FIRST_YEAR <= self.from_on.year <= self.until_on.year <= LAST_YEAR:
            raise beside("from_on", "The turn must begin before it ends, in a year the service can count")
        begins, ends = datetime.combine(self.from_on, self.from_at), datetime.combine(self.until_on, self.until_at)
        if ends <= begins:
            raise beside("until_on", "The turn must end after it begins")
        if ends - begins > LONGEST:
            raise beside("until_on", "One turn is a week at most")
        return self


class TakeOff(Form):
    """The turn is nobody's any more."""


class Take(Form):
    """I am dealing with this."""


class HandOn(Form):
    """A colleague takes it over, once they say so."""

    worker_id: Annotated[UUID, Ask("Who takes it over?", widget="radios", choices="workers", missing="Select a worker")]
    despite: Reason = None

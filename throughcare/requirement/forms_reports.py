"""What comes in about compliance reports."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import StringConstraints, model_validator

from throughcare.kernel.forms import Ask, Form, Note, beside
from throughcare.requirement.words import Rating, Recommendation, ReportStatus, TreatmentStage

Sentence = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class BeginReport(Form):
    """A report outside the monthly round."""

    period_from: Annotated[date, Ask("From", missing="Enter the first day")]
    period_to: Annotated[date, Ask("To", missing="Enter the last day")]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.period_to < self.period_from:
            raise beside("period_to", "The last day must not be before the first")
        return self


class WriteReport(Form):
    """What the author adds to the counts: four choices and one sentence."""

    rating: Annotated[Rating, Ask("How are they taking part?", missing="Select how they are taking part")]
    sentence: Annotated[
        Sentence,
        Ask(
            "One sentence on how they take part",
            "At most 300 characters. No figures, and nothing clinical or about other people.",
            widget="textarea", rows=3, missing="Say in one sentence how they take part",
        ),
    ]  # fmt: skip
    risk_changed: Annotated[
        bool, Ask("Has risk changed in this period?", "What changed is said by phone", missing="Select yes or no")
    ]
    stage: Annotated[TreatmentStage, Ask("Where are they in treatment?", missing="Select where they are")]
    recommendation: Annotated[Recommendation, Ask("What do you recommend?", missing="Select what you recommend")]


class ReturnReport(Form):
    """Why it goes back to its author."""

    because: Annotated[Note, Ask("What needs to change?", rows=3, missing="Say what needs to change")]


class ReportFilter(Form):
    """What the reports list is narrowed to. It lives in the address."""

    status: Annotated[ReportStatus | None, Ask("Status", widget="select")] = None

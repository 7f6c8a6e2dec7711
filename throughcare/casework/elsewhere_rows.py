"""What is written down when a deadline was met outside the service: the form, the row and the events."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, ClassVar
from uuid import UUID

from throughcare.kernel.audit import Event
from throughcare.kernel.categories import Category
from throughcare.kernel.forms import Ask, Form, Line, Word
from throughcare.kernel.rows import CaseRow, column, one_of, when


class Known(Word):
    """How it is known that something was done elsewhere."""

    SEEN = "seen", "I did it, or was there"
    TOLD = "told", "Somebody who was there told me"
    LETTER = "letter", "A letter or an email says so"
    RECORD = "record", "I read it in another record"


class MetForm(Form):
    """That a deadline was met elsewhere."""

    on: Annotated[date, Ask("When was it met?", missing="Enter the day it was met")]
    known: Annotated[Known, Ask("How is it known?", missing="Select how it is known", widget="radios")]
    where: Annotated[
        Line,
        Ask(
            "Who did it, or where is it written?",
            "Such as a name and a team, or the record it stands in. Not what was said.",
            missing="Enter who did it, or where it is written",
        ),
    ]


class MetElsewhere(CaseRow, table=True):
    """A deadline met outside the service, as its owner recorded it. Never edited; struck when it was wrong."""

    __tablename__ = "met_elsewhere"
    clock_id: UUID = column(Category.RECORD, index=True, foreign_key="service_clock.id")
    on: date = column(Category.RECORD)
    known: Known = one_of(Known)
    where: str = column(Category.RECORD)  # told as what the clock is about, see category_of
    about: Category = one_of(Category)
    by: UUID = column(Category.RECORD)
    agency_id: UUID = column(Category.RECORD, foreign_key="agency.id")
    was: str = column(Category.RECORD)  # the state the clock was in, to go back to
    struck_at: datetime | None = when(default=None)

    def category_of(self, name: str) -> Category:
        return self.about if name == "where" else super().category_of(name)


class MetElsewhereTold(Event):
    """A deadline was recorded as met elsewhere: `code` is the clock's, `meets` the event it stands for."""

    code: str
    meets: str


class HealthcareMetElsewhere(MetElsewhereTold):
    name: ClassVar[str] = "healthcare.met_elsewhere"
    said: ClassVar[str] = "A deadline for healthcare was met elsewhere"


class RequirementMetElsewhere(MetElsewhereTold):
    name: ClassVar[str] = "requirement.met_elsewhere"
    said: ClassVar[str] = "A deadline of a requirement was met elsewhere"


class SafeguardingMetElsewhere(MetElsewhereTold):
    name: ClassVar[str] = "safeguarding.met_elsewhere"
    said: ClassVar[str] = "A safeguarding deadline was met elsewhere"


TOLD: dict[str, tuple[type[MetElsewhereTold], Category]] = {  # by the first part of the event that meets the clock
    "healthcare": (HealthcareMetElsewhere, Category.CLINICAL),
    "requirement": (RequirementMetElsewhere, Category.ENGAGEMENT),
    "safeguarding": (SafeguardingMetElsewhere, Category.CHILD),
}

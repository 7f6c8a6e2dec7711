"""When a brief intervention has been given, and not merely ticked. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from throughcare.kernel.forms import Word
from throughcare.kernel.refusals import Invalid, refuse_if

MOST_READY = 10


class Frames(Word):
    """The six elements of a brief intervention (Miller and Sanchez 1993)."""

    FEEDBACK = "feedback", "Feedback on their own drinking or use"
    RESPONSIBILITY = "responsibility", "Responsibility: the choice is theirs"
    ADVICE = "advice", "Advice to cut down or stop safely"
    MENU = "menu", "Menu of ways to change"
    EMPATHY = "empathy", "Empathy"
    SELF_EFFICACY = "self_efficacy", "Self-efficacy: confidence that they can"


class NoElement(Invalid):
    """Tick at least one element that was covered, or do not record it as given."""

    code, beside = "no_element", "elements"


class NoDeliverer(Invalid):
    """Say who gave the brief intervention."""

    code, beside = "no_deliverer", "delivered_by"


class NoMinutes(Invalid):
    """Enter how many minutes it took, 1 or more."""

    code, beside = "no_minutes", "minutes"


class NotReadiness(Invalid):
    """Readiness is a whole number from 0 to 10."""

    code, beside = "not_readiness", "readiness"


class NotYetHappened(Invalid):
    """The date cannot be in the future."""

    code = "not_yet_happened"


def refuse_unless_given(
    elements: Collection[Frames], delivered_by: object, minutes: int, readiness: int | None
) -> None:
    """Refuse to call it given without an element, a deliverer and a time; readiness may be left out."""
    refuse_if(not elements, NoElement)
    refuse_if(not delivered_by, NoDeliverer)
    refuse_if(isinstance(minutes, bool) or minutes < 1, NoMinutes)
    refuse_if(readiness is not None and not is_readiness(readiness), NotReadiness)


def is_readiness(value: int) -> bool:
    """Whether this is a point on the 0 to 10 ruler."""
    return not isinstance(value, bool) and 0 <= value <= MOST_READY


def refuse_unless_past(day: date | None, today: date, beside: str) -> None:
    """Refuse a day that has not come: what is recorded here has happened."""
    refuse_if(day is not None and day > today, NotYetHappened(beside=beside))

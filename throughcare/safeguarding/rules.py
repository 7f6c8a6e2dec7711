"""What a concern about a child calls for. Pure (DOMAIN F.1 to F.4, F.8)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from throughcare.kernel.forms import Word


class Level(Word):
    """Levels of need (local joint protocol). They apply to an unborn baby too."""

    UNIVERSAL = "1", "Level 1: universal services"
    ADDITIONAL = "2", "Level 2: one additional need"
    MULTIPLE = "3", "Level 3: several needs, Early Help"
    SIGNIFICANT_HARM = "4", "Level 4: suffering, or likely to suffer, significant harm"


class Response(Word):
    """What follows from a level."""

    NOTHING_EXTRA = "nothing_extra", "Nothing extra"
    CONSULT = "consult", "Consult the front door"
    REFER = "refer", "Refer without delay"


def response_to(level: Level) -> Response:
    """Level 4 is always referred; 2 and 3 are talked over; 1 needs nothing extra."""
    if level is Level.SIGNIFICANT_HARM:
        return Response.REFER
    return Response.NOTHING_EXTRA if level is Level.UNIVERSAL else Response.CONSULT


@dataclass(frozen=True)
class Missing:
    """A part of a required document that is not there: the form's field, and the sentence beside it."""

    field: str
    sentence: str


def missing_from_referral(told: dict[str, str], *, family_knows: bool) -> Sequence[Missing]:
    """What F.3 requires of a referral and this one lacks."""
    needed = {
        "child_details": "Enter the child’s name, date of birth and address, as far as you know them",
        "concerns": "Say clearly what you are concerned about",
        "spoke_to": "Enter who you spoke to at the front door",
        "availability": "Say when you could join a visit",
    }
    lacking = [Missing(name, said) for name, said in needed.items() if not told.get(name, "").strip()]
    if not family_knows and not told.get("why_not_told", "").strip():
        lacking.append(Missing("why_not_told", "Say why the family has not been told"))
    return lacking


def rules_not_met(ticked: Iterable[str], rules: Iterable[str]) -> frozenset[str]:
    """The golden rules that were not considered: a decision to share without consent needs every one."""
    return frozenset(rules) - frozenset(ticked)

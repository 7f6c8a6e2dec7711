"""What each item comes to once its parts are counted, and what of it a recipient may never see. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from throughcare.screening.instruments import Instrument, Item
from throughcare.screening.rules.interview import BadAnswers


def profiled(instrument: Instrument, answers: Mapping[str, int]) -> dict[str, int]:
    """The value of every item answered, itself or by all of its parts; refuses parts that disagree with their item."""
    found = {item.code: _value(item, answers) for item in instrument.items}
    return {code: value for code, value in found.items() if value is not None}


def _value(item: Item, answers: Mapping[str, int]) -> int | None:
    given = [answers[code] for code in item.parts if code in answers]
    stated = answers.get(item.code)
    if not given:
        return stated
    made = sum(given) if item.parts_make == "sum" else int(any(given))
    if stated is not None and _disagrees(stated, made, whole=len(given) == len(item.parts)):
        raise BadAnswers(f"{item.code}: its parts come to {made}, but {stated} was entered.", beside=item.code)
    return made if len(given) == len(item.parts) else None


def _disagrees(stated: int, made: int, *, whole: bool) -> bool:
    """Whether these parts cannot belong to this total; some parts alone may still come to less, never to more."""
    return stated != made if whole else made > stated


def withheld_from(instrument: Instrument, recipient: str) -> frozenset[str]:
    """The codes, parts included, that this recipient ("probation", "police") must never be given."""
    return frozenset(
        code for item in instrument.items if recipient in item.withheld_from for code in (item.code, *item.parts)
    )

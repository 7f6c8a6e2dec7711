"""Which question comes next, which need no answer, and what may be answered at all. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from throughcare.kernel.refusals import Invalid, Refusal
from throughcare.screening.instruments import Instrument, Item, Skip

Answers = Mapping[str, int]


class BadAnswers(Invalid):
    """One of the answers is not one this instrument has."""

    code = "bad_answers"


class InstrumentClosed(Refusal):
    """This instrument cannot be opened until its licensed pack is installed."""

    code = "instrument_closed"


def checked(instrument: Instrument, answers: Mapping[str, object]) -> dict[str, int]:
    """The answers, known to fit. Refuses booleans, unknown codes and values outside an item's set."""
    if instrument.closed_because:
        raise InstrumentClosed(instrument.closed_because)
    allowed = _allowed(instrument)
    return {code: _checked_one(instrument, allowed, code, value) for code, value in answers.items()}


def _allowed(instrument: Instrument) -> dict[str, frozenset[int]]:
    own = {item.code: item.allowed for item in instrument.items}
    parts = {code: frozenset(range(item.parts_highest + 1)) for item in instrument.items for code in item.parts}
    return own | parts


def _checked_one(instrument: Instrument, allowed: Mapping[str, frozenset[int]], code: str, value: object) -> int:
    if code not in allowed:
        raise BadAnswers(f"{instrument.short} has no question {code[:40]}.")
    if isinstance(value, bool) or not isinstance(value, int) or value not in allowed[code]:
        raise BadAnswers(f"Question {number_of(instrument, code)} takes {said(allowed[code])}.", beside=code)
    return value


def number_of(instrument: Instrument, code: str) -> str:
    """The number on the paper form; the code itself for a part of an item."""
    return next((item.number for item in instrument.items if item.code == code), code)


def said(allowed: frozenset[int]) -> str:
    """The set of answers in words: "0, 2 or 4", "a whole number from 0 to 20"."""
    values = sorted(allowed)
    if values == list(range(values[0], values[-1] + 1)):
        return f"a whole number from {values[0]} to {values[-1]}"
    return f"{', '.join(str(value) for value in values[:-1])} or {values[-1]}"


def rule_used(instrument: Instrument, rule: str | None) -> str:
    """The name of the stop rule in force; empty for an instrument that has none."""
    name = rule or instrument.default_rule
    if name and name not in instrument.rules:
        raise BadAnswers(f"{instrument.short} has no rule called {name[:40]}.")
    return name


def skipped(instrument: Instrument, answers: Answers, rule: str | None = None) -> tuple[str, ...]:
    """Items that need no answer, in the order of the instrument; each scores 0."""
    name = rule_used(instrument, rule)
    stops = instrument.rules[name].stops if name else ()
    spared = {code for skip in (*instrument.skips, *stops) if _holds(skip, answers) for code in skip.skip}
    return tuple(item.code for item in instrument.items if item.code in spared and item.code not in answers)


def _holds(skip: Skip, answers: Answers) -> bool:
    return all(code in answers for code in skip.items) and sum(answers[code] for code in skip.items) in skip.sums


def missing(instrument: Instrument, answers: Answers, rule: str | None = None) -> tuple[str, ...]:
    """Items still to be answered, in the order of the instrument."""
    spared = skipped(instrument, answers, rule)
    return tuple(item.code for item in instrument.items if item.code not in spared and not _answered(item, answers))


def _answered(item: Item, answers: Answers) -> bool:
    """An item with parts is answered by itself or by all of them, but never by some of them."""
    given = [code in answers for code in item.parts]
    return all(given) if any(given) else item.code in answers


def next_item(instrument: Instrument, answers: Answers, rule: str | None = None) -> Item | None:
    """The question to ask now; None when the interview is over."""
    left = missing(instrument, checked(instrument, answers), rule)
    return instrument.item(left[0]) if left else None


def contradictions(instrument: Instrument, answers: Answers) -> tuple[str, ...]:
    """Answers that cannot both be right, each in a sentence for the interviewer."""
    return tuple(
        f"Question {number_of(instrument, rule.item)} is answered {_label(instrument, rule.item, rule.score)}, "
        f"but question {number_of(instrument, code)} scores {answers[code]}. Check both with the person."
        for rule in instrument.contradictions
        if answers.get(rule.item) == rule.score
        for code in rule.zero
        if answers.get(code, 0) > 0
    )


def _label(instrument: Instrument, code: str, score: int) -> str:
    return next(option.label for option in instrument.item(code).options if option.score == score)

"""What a new wording of a text must say and may not, whatever its values turn out to be: faults stop it (R31-R34, R42). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache, cached_property
from typing import Any

from throughcare.checkin.forbidden import Forbidden
from throughcare.checkin.privacy import lint
from throughcare.checkin.saying import CrisisLines, day_said
from throughcare.checkin.segments import sanitise, segments
from throughcare.checkin.service import OneWay
from throughcare.checkin.wording import FIELD, LONGEST, CannotRender, Template, fits, render
from throughcare.kernel.delivery import REINS

A_YEAR = 366  # days: every name of a day
LEAP = date(2028, 1, 1)
BY = {"en": "by", "cy": "erbyn"}
LATE = "12:30pm"  # no time is longer
NATIONS = ("england", "wales", "scotland")


@dataclass(frozen=True)
class WordingRules:
    """What no text asks for, and how long one may be: out of config/data/sms/rules.toml."""

    never_asked: tuple[str, ...]
    asking: tuple[str, ...]
    between: tuple[str, ...]
    longest: int
    figures: int

    @cached_property
    def asks(self) -> re.Pattern[str]:
        """Finds a word that is never asked for: in capitals anywhere, in small letters where an answer is asked for."""
        never, asking, between = (
            "|".join(map(re.escape, each)) for each in (self.never_asked, self.asking, self.between)
        )
        return re.compile(
            rf"(?<!\w)(?:{never})(?!\w)|(?i:(?<!\w)(?:{asking})\W+(?:(?:{between})\W+)*(?:{never})(?!\w))"
        )

    @cached_property
    def number(self) -> re.Pattern[str]:
        """Finds what may be a telephone number, however it is spaced."""
        return re.compile(rf"\d(?:[ -]?\d){{{self.figures - 1},}}")


@dataclass(frozen=True)
class Against:
    """What a wording is held against."""

    rules: WordingRules
    forbidden: Forbidden
    lines: CrisisLines
    hours: Mapping[str, str]  # when texts are read, by language
    one_way: OneWay = field(default_factory=OneWay)


def wording_rules_from(table: Mapping[str, Any]) -> WordingRules:
    """The rules out of their file."""
    each: dict[str, Sequence[str]] = {name: tuple(table[name]) for name in ("never_asked", "asking", "between")}
    return WordingRules(**each, longest=table["longest"], figures=table["figures"])  # type: ignore[arg-type] # as read


def made_plain(words: str) -> str:
    """The words as they are kept: in the letters in which they would be sent, without a space too many."""
    lines = [" ".join(line.split()) for line in sanitise(words).split("\n")]
    return "\n".join(lines).strip()


def faults(words: str, template: Template, against: Against) -> list[str]:
    """Every reason why these words may not stand for this text, as sentences for their author; empty when they may."""
    new = Template(template.code, template.language, template.purpose, words, 0, keeps=template.keeps)
    if len(words) > against.rules.longest:
        return [f"Say it in at most {against.rules.longest} letters."]
    found = [*_fields(new, template), *_kept(new), *_asked(new, against.rules), *_unanswerable(new, against.one_way)]
    if template.approved or "lines" in template.fields:
        found += _figures(new, against.rules)
    found += own_faults(new, against.forbidden) if found else _rendered(new, against)
    return list(dict.fromkeys(found))


def _fields(new: Template, template: Template) -> Iterator[str]:
    """The values it takes are those that are given to it, all of them."""
    if set(FIELD.sub("", new.text)) & {"{", "}"}:
        yield "Write each value as its name in curly brackets, like {sender}."
    for value in sorted(new.fields - template.fields):
        yield f"Take out {{{value}}}: this text is not given it."
    for value in sorted(template.fields - new.fields):
        yield f"Put in {{{value}}}: this text must say it."


def _kept(new: Template) -> Iterator[str]:
    for said in new.keeps:
        if not re.search(rf"(?<!\w){re.escape(said)}(?!\w)", new.text):
            yield f"Keep “{said}”, to the letter: this text must say it."


def _asked(new: Template, rules: WordingRules) -> Iterator[str]:
    for found in rules.asks.finditer(new.text):
        word = re.findall(r"\w+", found.group())[-1].upper()
        yield f"Do not ask for {word}: phone companies act on it, or it can mean too much. Ask for a number or another word."


def _unanswerable(new: Template, one_way: OneWay) -> Iterator[str]:
    """A text that stands in where nobody can answer asks for no answer (R15)."""
    if new.code in one_way.instead.values() and replace(one_way, on=True).asks(new.purpose, new.text):
        yield "Ask for no answer: this text goes where nobody can give one."


def _figures(new: Template, rules: WordingRules) -> Iterator[str]:
    for found in rules.number.finditer(new.text):
        yield f"Take out {found.group()}: the numbers of help come from their own list, which is checked."


def _rendered(new: Template, against: Against) -> Iterator[str]:
    """What is wrong with it once it holds its values: any nation's lines of help, and the longest that each may be."""
    for nation in NATIONS:
        values = longest_values(new.language, nation, against)
        try:
            said = render(new, {name: values[name] for name in new.fields})
        except CannotRender as cannot:
            yield f"It cannot be made: {cannot}."
            continue
        approved = " ".join([new.text, *values.values()])
        yield from (finding.says for finding in lint(said, against.forbidden, approved=approved))
        if not fits(said, new.purpose):
            most = REINS[new.purpose].most_segments
            yield f"It is too long: {segments(said).count} segments with the longest values, of at most {most}."


def own_faults(template: Template, forbidden: Forbidden) -> tuple[str, ...]:
    """Why these words, with no values in them, may not be sent to anybody."""
    return tuple(finding.says for finding in lint(FIELD.sub(" ", template.text), forbidden))


def longest_values(language: str, nation: str, against: Against) -> dict[str, str]:
    """Values as long as they may be, that give nobody away."""
    day = _longest_day(language)
    return {
        "sender": "m" * LONGEST["sender"],
        "name": "m" * LONGEST["name"],
        "day": day,
        "time": LATE,
        "first": "19",
        "last": "19",
        "when": f"{day} {BY[language]} {LATE}",
        "hours": against.hours[language],
        "lines": against.lines.said(nation, language),
        "emergency": against.lines.emergency,
        "message": "m" * LONGEST["message"],
    }


@cache
def _longest_day(language: str) -> str:
    days = (LEAP + timedelta(number) for number in range(A_YEAR))
    return max((day_said(day, day - timedelta(days=1), language) for day in days), key=len)

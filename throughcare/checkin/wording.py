"""What the service says by text: approved templates, the few values they may take, and both languages. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from throughcare.checkin.segments import GSM_BASIC, GSM_ESCAPED, sanitise, segments
from throughcare.kernel.delivery import REINS, Purpose

ENGLISH = "en"
FIELD = re.compile(r"\{(\w+)\}")
# The values a template may take, and the most letters of each (R33). `message` is a worker's own words, which pass the linter.
LONGEST: Mapping[str, int] = {
    "sender": 18,
    "name": 20,
    "day": 34,
    "time": 7,
    "first": 2,  # and last: hours of the clock
    "last": 2,
    "when": 50,
    "hours": 60,
    "lines": 130,
    "emergency": 3,
    "message": 400,
}
GSM_ONLY = frozenset(LONGEST) - {"name", "message"}  # one letter outside GSM-7 here would make every text cost double


@dataclass(frozen=True)
class Template:
    """One text. `approved`: one of the three replies agreed beforehand for a person in trouble (R42).

    `name`, `topic`: what workers call it, and among what. `keeps`: what every wording of it says, to the letter. `wording_id`: the service's own words, and not those that came with
    the software. `barred`: why these words are no longer sent to anybody.
    """

    code: str
    language: str
    purpose: Purpose
    text: str
    version: int
    reviewed_by: str = ""
    approved: bool = False
    keeps: tuple[str, ...] = ()
    wording_id: UUID | None = None
    barred: tuple[str, ...] = ()
    name: str = ""
    topic: str = ""

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(FIELD.findall(self.text))

    @property
    def reviewed(self) -> bool:
        """English is what the service agreed; another language needs the name of its reviewer (R40)."""
        return self.language == ENGLISH or bool(self.reviewed_by.strip())


@dataclass(frozen=True)
class Chosen:
    """The template to send. `unreviewed`: English stands in for a text that nobody has reviewed, so make a task of it."""

    template: Template
    unreviewed: bool = False


@dataclass(frozen=True)
class Wording:
    """Every template by code and language; each code is there in every language."""

    templates: Mapping[tuple[str, str], Template]

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(sorted({language for _, language in self.templates}))

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(sorted({code for code, _ in self.templates}))

    @property
    def topics(self) -> dict[str, list[str]]:
        """The codes of each topic, in the order of the English file."""
        found: dict[str, list[str]] = {}
        for (code, language), template in self.templates.items():
            if language == ENGLISH:
                found.setdefault(template.topic, []).append(code)
        return found

    def choose(self, code: str, language: str, *, reviewed_only: bool) -> Chosen:
        """The template for this person. `reviewed_only` is production's rule (R40)."""
        wanted = self.templates[code, language]
        if wanted.reviewed or not reviewed_only:
            return Chosen(wanted)
        return Chosen(self.templates[code, ENGLISH], unreviewed=True)


class CannotRender(ValueError):
    """A value is missing, not allowed, or too long: this one text cannot be made."""


def wording_from(tables: Sequence[Mapping[str, Any]]) -> Wording:
    """The wording of every language; ValueError names what differs between them or is not allowed."""
    called = _called(tables)
    each = [_template(row, table["language"], called) for table in tables for row in table["templates"]]
    wording = Wording({(template.code, template.language): template for template in each})
    if len(wording.templates) != len(each):
        raise ValueError("a template is there twice in one language")
    for code in wording.codes:
        _same_everywhere(code, wording)
    return wording


def _called(tables: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, str]]:
    """The name and topic of each code, which stand in the English file alone: workers read them in English."""
    english = next(table for table in tables if table["language"] == ENGLISH)
    return {row["code"]: (row["name"], row["topic"]) for row in english["templates"]}


def render(template: Template, values: Mapping[str, str]) -> str:
    """The text as it will be sent, in plain letters. Exactly the template's fields must be given."""
    if set(values) != template.fields:
        raise CannotRender(f"{template.code} takes {sorted(template.fields)}, was given {sorted(values)}")
    clean = {field: sanitise(value).strip() for field, value in values.items()}
    faults = [fault for field, value in clean.items() if (fault := value_fault(field, value))]
    if faults:
        raise CannotRender(f"{template.code}: {faults[0]}")
    text = FIELD.sub(lambda found: clean[found[1]], sanitise(template.text))
    return text.replace("  ", " ").strip()


def value_fault(field: str, value: str) -> str | None:
    """Why this value may not go into a text; None when it may."""
    if field not in LONGEST:
        return f"{field} is not a field a text may have"
    if not value or len(value) > LONGEST[field]:
        return f"{field} must be 1 to {LONGEST[field]} letters long"
    if field in GSM_ONLY and not set(value) <= GSM_BASIC | GSM_ESCAPED:
        return f"{field} has a letter that would double the cost of the text"
    return "a value may not hold a field" if FIELD.search(value) else None


def fits(text: str, purpose: Purpose) -> bool:
    """Is the text within the segments its purpose allows?"""
    return segments(text).count <= REINS[purpose].most_segments


def _template(row: Mapping[str, Any], language: str, called: Mapping[str, tuple[str, str]]) -> Template:
    name, topic = called.get(row["code"], ("", ""))
    template = Template(
        row["code"],
        language,
        Purpose(row["purpose"]),
        row["text"],
        row["version"],
        row.get("reviewed_by", ""),
        row.get("approved", False),
        tuple(row.get("keeps", ())),
        name=name,
        topic=topic,
    )
    unknown = template.fields - set(LONGEST)
    if unknown:
        raise ValueError(f"{template.code} ({language}) asks for {sorted(unknown)}, which no text may have")
    return template


def _same_everywhere(code: str, wording: Wording) -> None:
    each = [wording.templates.get((code, language)) for language in wording.languages]
    found = [template for template in each if template]
    if len(found) != len(each):
        raise ValueError(f"{code} is not written in every language")
    if len({(each.purpose, each.fields, each.approved, len(each.keeps)) for each in found}) != 1:
        raise ValueError(f"{code} differs between languages in its purpose, fields, approval or what it keeps")

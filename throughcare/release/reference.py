"""What release planning knows from its data files: pathways, the day-of-release checklist, and the words of the card."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, model_validator

from throughcare.kernel.actors import Jurisdiction
from throughcare.release.rules import Severity

LANGUAGES = ("en", "cy")


class Frozen(BaseModel):
    """A piece of the file: nothing missing, nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Sourced(Frozen):
    """Who says so, and how sure we are of it."""

    authority: str
    certainty: str  # verified, from_memory or local
    source: str


class Domain(Sourced):
    """A pathway that needs are sorted by; `sexes` limits whom it is offered for, as recorded."""

    code: str
    label: str
    hint: str = ""
    sexes: tuple[str, ...] = ()


class SeverityWord(Frozen):
    code: Severity
    hint: str


class ChecklistWord(Frozen):
    """One line of the checklist. `missing` is the gap while nobody has arranged it; blank where a gap says it already."""

    code: str
    label: str
    hint: str = ""
    missing: str = ""


class Subsistence(Sourced):
    """The payment at the gate: pounds, and who it is for."""

    amount: str
    name: str
    over_days_in_custody: int
    from_age: int
    not_for: str


class CardWords(Frozen):
    """Every word printed on the card in one language."""

    language: str
    reviewed_by: str
    version: int
    default_name: str
    words: Mapping[str, str]
    kinds: Mapping[str, str]
    days: tuple[str, str, str, str, str, str, str]
    months: tuple[str, str, str, str, str, str, str, str, str, str, str, str]

    @property
    def reviewed(self) -> bool:
        """English is what the service agreed; another language needs the name of its reviewer."""
        return self.language == "en" or bool(self.reviewed_by.strip())


class CrisisLine(Frozen):
    """A number somebody may ring at any hour, for the nations named."""

    nations: frozenset[str]
    said: Mapping[str, str]


class ReleaseBook(Frozen):
    """All of it. `emergency` is the number for danger to life."""

    domains: tuple[Domain, ...]
    severities: tuple[SeverityWord, ...]
    checklist: tuple[ChecklistWord, ...]
    kinds: Mapping[str, str]
    subsistence: Mapping[Jurisdiction, Subsistence]
    cards: Mapping[str, CardWords]
    crisis: tuple[CrisisLine, ...]
    emergency: str

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        english = self.cards["en"]
        for card in self.cards.values():
            if card.words.keys() != english.words.keys() or card.kinds.keys() != self.kinds.keys():
                raise ValueError(f"the card in {card.language} does not have the words that the English one has")
        if {word.code for word in self.severities} != set(Severity):
            raise ValueError("each severity has its line")
        return self

    def domain(self, code: str) -> Domain | None:
        return next((domain for domain in self.domains if domain.code == code), None)

    def domains_for(self, sex: str) -> tuple[Domain, ...]:
        """The pathways offered for a person of this recorded sex; where it is not recorded, all of them."""
        known = sex in ("female", "male")
        return tuple(domain for domain in self.domains if not domain.sexes or not known or sex in domain.sexes)

    def item(self, code: str) -> ChecklistWord:
        """A line of the checklist; one that has left the file keeps its code as its label."""
        return next((word for word in self.checklist if word.code == code), ChecklistWord(code=code, label=code))

    def crisis_lines(self, nation: str, language: str) -> tuple[str, ...]:
        return tuple(line.said[language] for line in self.crisis if nation in line.nations)


def read_release(read: Callable[[str], Mapping[str, Any]]) -> ReleaseBook:
    """The book out of its data files: `read` gives one by its name. Only crisis lines that somebody has checked are in it."""
    cards = [read(f"card/{language}.toml") for language in LANGUAGES]
    crisis = read("sms/crisis_lines.toml")
    checked = [line for line in crisis["lines"] if line["certainty"] != "unverified"]
    return ReleaseBook.model_validate(
        {
            **read("release.toml"),
            "cards": {card["language"]: card for card in cards},
            "crisis": [
                {"nations": line["nations"], "said": {tongue: line[tongue] for tongue in LANGUAGES}} for line in checked
            ],
            "emergency": crisis["emergency"]["number"],
        }
    )

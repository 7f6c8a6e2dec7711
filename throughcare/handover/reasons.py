"""The lists a worker chooses from, and this partnership's figures: the frozen kind that config reads from handover.toml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from throughcare.handover.words import DeclinedBy
from throughcare.kernel.categories import Category
from throughcare.kernel.forms import Choice

Labels = Mapping[str, str]


class Frozen(BaseModel):
    """A piece of the file: nothing missing, nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Figures(Frozen):
    """The partnership's numbers."""

    grace_days: int = Field(ge=0)
    reminders_at: tuple[int, ...]
    suppress_under: int = Field(ge=1)
    meeting_amber_days: int
    meeting_red_days: int
    age_bands: tuple[int, ...] = Field(min_length=2)


class Section(Frozen):
    """One part of what may be shared, and the row of the matrix that rules on it."""

    label: str
    tells: Category
    always: bool = False


class HandoverLists(Frozen):
    """The whole file. A code that was ever stored keeps its meaning."""

    version: str
    figures: Figures
    options: Labels
    flags: Labels
    sections: Mapping[str, Section]
    decline: Mapping[DeclinedBy, Labels]
    recall: Labels
    returned: Labels = Field(alias="return")
    return_declined: Labels
    not_needed: Labels
    outcomes: Labels
    information: Labels

    @model_validator(mode="after")
    def _hangs_together(self) -> HandoverLists:
        if set(self.decline) != set(DeclinedBy):
            raise ValueError("there are reasons for the service and for the person")
        twice = self.decline[DeclinedBy.PROVIDER].keys() & self.decline[DeclinedBy.PERSON].keys()
        if twice:
            raise ValueError(f"whose reason is it: {', '.join(sorted(twice))}")
        return self

    @property
    def declines(self) -> Labels:
        """Every reason for a decline, whosever it is."""
        return {**self.decline[DeclinedBy.PROVIDER], **self.decline[DeclinedBy.PERSON]}

    def words_of(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Codes of a move as they are read; one no longer listed reads as its code."""
        lists = (self.declines, self.recall, self.returned, self.return_declined, self.outcomes, self.information)
        known: dict[str, str] = {}
        for labels in lists:
            known = {**labels, **known}
        return tuple(known.get(code, code.replace("_", " ")) for code in codes)


def options(labels: Labels) -> tuple[Choice, ...]:
    """A list as it is chosen from."""
    return tuple(Choice(code, label) for code, label in labels.items())


def parse_lists(data: Mapping[str, Any]) -> HandoverLists:
    """The file as read; ValueError (pydantic's) says what is wrong with it."""
    return HandoverLists.model_validate(data)

"""The words of the local protocol, as its data file holds them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from throughcare.kernel.actors import Jurisdiction
from throughcare.kernel.forms import Choice


class Protocol(BaseModel):
    """Levels of need with their threshold help, the golden rules in the version shown, and whom a referral goes to."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    version: str
    authority: str
    levels: Mapping[str, str]
    danger: Mapping[str, str]
    referral_to: Mapping[Jurisdiction, str]
    rules: Mapping[str, str]

    @property
    def rules_version(self) -> str:
        """Which wording of the golden rules a decision was made under."""
        return self.rules["version"]

    @property
    def rule_choices(self) -> tuple[Choice, ...]:
        """The rules as tick boxes."""
        return tuple(Choice(code, words) for code, words in self.rules.items() if code != "version")


def protocol_from(data: Mapping[str, Any]) -> Protocol:
    """The file as read; ValueError (pydantic's) says what is wrong with it."""
    return Protocol.model_validate(data)

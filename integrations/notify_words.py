"""What GOV.UK Notify says, by numbers of our own: it gives words and no numbers, and its words may quote what is personal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

GONE = 7404  # of a text it has not, or has no longer


@dataclass(frozen=True)
class Refusing:
    """One way in which it refuses: the HTTP status, its name for the error where one is given, words its message holds."""

    code: int
    http: int
    error: str = ""
    says: str = ""

    def fits(self, http: int, error: str, message: str) -> bool:
        return http == self.http and self.error in {"", error} and self.says.casefold() in message.casefold()


@dataclass(frozen=True)
class NotifyWords:
    """Its refusals, in the order in which they are looked for, and the number of each status that is a failure."""

    refusals: Sequence[Refusing]
    failures: Mapping[str, int]

    def refusal(self, http: int, body: object) -> int | None:
        """The number of this answer; None for one that is not of its form, which may be from something on the way."""
        said = list(_errors(body))
        return next((row.code for row in self.refusals for each in said if row.fits(http, *each)), None)


def notify_words_from(table: Mapping[str, Any]) -> NotifyWords:
    """Out of config/data/notify_errors.toml; ValueError for a failure without a meaning."""
    known = {row["code"] for row in table["errors"]}
    if missing := {GONE, *table["failures"].values()} - known:
        raise ValueError(f"what these mean is not said: {sorted(missing)}")
    refusals = [
        Refusing(row["code"], row["http"], row.get("error", ""), row.get("says", ""))
        for row in table["errors"]
        if "http" in row
    ]
    return NotifyWords(refusals, dict(table["failures"]))


def _errors(body: object) -> Iterator[tuple[str, str]]:
    listed = body.get("errors") if isinstance(body, dict) else None
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict):
            yield str(each.get("error", "")), str(each.get("message", ""))

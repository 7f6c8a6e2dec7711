"""What the service knows from its data files: read and validated once, frozen, looked up by kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

T = TypeVar("T")


@dataclass(frozen=True)
class Reference:
    """One frozen object of each kind: `work.reference[Clocks]`. A kind that was not loaded is our fault: KeyError."""

    held: Mapping[type[Any], Any] = field(default_factory=dict)

    def __getitem__(self, kind: type[T]) -> T:
        return cast("T", self.held[kind])

"""A file outside the database that remembers each checkpoint of the journal, so that its newest end cannot be cut off unseen (R51)."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class FileWitness:
    """One line a checkpoint: its number and its chain. Only ever added to; best on a disk that the database's keepers cannot write."""

    path: Path

    def last(self) -> int:
        return max(self.kept(), default=0)

    def kept(self) -> Mapping[int, str]:
        """Every checkpoint by its number; a line half written by a power cut counts for nothing."""
        try:
            lines = self.path.read_text("utf-8").splitlines()
        except FileNotFoundError:
            return {}
        parts = (line.split(" ") for line in lines)
        return {int(part[0]): part[1] for part in parts if len(part) == 3 and part[0].isdecimal() and part[2] == "."}  # noqa: PLR2004 - number, chain, end

    def keep(self, checkpoints: Sequence[tuple[int, str]]) -> None:
        """On the disk when it returns."""
        if not checkpoints:
            return
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        opened = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(opened, "a", encoding="utf-8") as file:
            file.write("".join(f"{no} {chain} .\n" for no, chain in checkpoints))
            file.flush()
            os.fsync(file.fileno())

"""A folder that keeps the provider's calls while the database cannot: one file each, on the disk before the call is answered (R20)."""

from __future__ import annotations

import errno
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Lock
from uuid import UUID, uuid4

from throughcare.kernel.ports import Said
from throughcare.kernel.sealing import FORM, Safe

ENDING, HALF, ASIDE = ".json", ".part", ".failed"
WRITTEN_BY = timedelta(minutes=1)  # longer than anybody writes at one
SPOOL = "spool"  # what the seal is bound to


@dataclass
class FileSpool:
    """The Spool of one machine. Its files hold what people wrote, sealed; the folder is the service's own, and nobody else's."""

    folder: Path
    safe: Safe
    most: int = 10_000  # files
    _number: count[int] = field(default_factory=count)  # of two in one instant, the first
    _lock: Lock = field(default_factory=Lock)

    @property
    def waiting(self) -> bool:
        """Whichever process of this machine keeps it; one half-written counts too (R21)."""
        return bool(self._names((ENDING, HALF)))

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """As Spool.alone; the system lets go of it when the process ends."""
        try:
            opened = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        except OSError:
            yield False  # there is nothing yet
            return
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield True
        except BlockingIOError:
            yield False
        finally:
            os.close(opened)

    def keep(self, said: Said) -> None:
        """As Spool.keep. The file has its name only once all of it is on the disk."""
        with self._lock:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if len(self._names()) >= self.most:
                raise OSError(errno.ENOSPC, "the spool is full")
            name = f"{said.at.timestamp():017.6f}-{next(self._number):06}-{uuid4().hex}"
            half = self.folder / f"{name}{HALF}"
            _write(half, self.safe.seal(json.dumps(_written(said)), SPOOL).encode())
            half.rename(self.folder / f"{name}{ENDING}")
            _settle(self.folder)

    def kept(self) -> Iterator[tuple[str, Said]]:
        """As Spool.kept; a file that cannot be read is put aside."""
        for name in self._names():
            try:
                said = _read(self.safe.open((self.folder / name).read_text("utf-8"), SPOOL))
            except FileNotFoundError:
                continue  # another process was here first
            except (ValueError, KeyError, TypeError):
                self.put_aside(name)
                continue
            yield name, said

    def tidy(self, now: datetime, keep: timedelta) -> int:
        """As Spool.tidy. What a crash left half-kept is kept after all where it is whole."""
        for name in self._older(HALF, now - WRITTEN_BY):
            try:
                self.safe.open((self.folder / name).read_text("utf-8"), SPOOL)
                (self.folder / name).rename(self.folder / f"{name.removesuffix(HALF)}{ENDING}")
            except (ValueError, FileNotFoundError):
                self.put_aside(name)
        gone = self._older(ASIDE, now - keep)
        for name in gone:
            self.done(name)
        return len(gone)

    def done(self, name: str) -> None:
        (self.folder / name).unlink(missing_ok=True)

    def put_aside(self, name: str) -> None:
        with suppress(FileNotFoundError):
            (self.folder / name).rename(self.folder / f"{name}{ASIDE}")

    def depth(self) -> tuple[int, int]:
        """How many wait, and how many were put aside."""
        return len(self._names()), len(self._names(ASIDE))

    def older(self) -> int:
        """How many, waiting or put aside, are not sealed with the newest key."""
        ours = f"{FORM}{self.safe.newest}:".encode()
        there = [self.folder / name for ending in (ENDING, ASIDE) for name in self._names(ending)]
        return sum(not path.read_bytes().startswith(ours) for path in there if path.exists())

    def _older(self, ending: str, than: datetime) -> list[str]:
        """Those last written before then."""
        return [name for name in self._names(ending) if (self.folder / name).stat().st_mtime < than.timestamp()]

    def _names(self, ending: str | tuple[str, ...] = ENDING) -> list[str]:
        """Oldest first."""
        try:
            return sorted(name for name in os.listdir(self.folder) if name.endswith(ending))  # noqa: PTH208 - names alone
        except (FileNotFoundError, NotADirectoryError):
            return []


def _written(said: Said) -> dict[str, object]:
    return {"at": said.at.isoformat(), "fields": dict(said.fields), "about": str(said.about) if said.about else None}


def _read(content: str) -> Said:
    held = json.loads(content)
    return Said(datetime.fromisoformat(held["at"]), held["fields"], UUID(held["about"]) if held["about"] else None)


def _write(path: Path, content: bytes) -> None:
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """The new name, too, is on the disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)

"""Is the journal as it was written? Goes through the checkpoints and names the first place that is not (R51)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import chain as joined
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as ask
from sqlmodel import col, select

from throughcare.kernel import marking
from throughcare.kernel.checkpoints import (
    KEPT,
    LATE,
    MARKED,
    START,
    Checkpoint,
    Kept,
    digest_of,
    late_from,
    lines_of,
    unmarked,
    unsealed_ids,
)
from throughcare.kernel.ports import Witnessing
from throughcare.kernel.sealing import Safe
from throughcare.kernel.work import Work


def broken(work: Work, newest: int | None = None) -> str:
    """The first place that is not as it was written, in a sentence; blank where all is. `newest`: only so many checkpoints."""
    return next(joined(_checkpoints(work, newest), _cut(work), _since(work)), "")


def _checkpoints(work: Work, newest: int | None) -> Iterator[str]:
    numbers = list(work.session.exec(select(Checkpoint.no).order_by(col(Checkpoint.no))))
    if numbers != list(range(1, len(numbers) + 1)):
        gap = next(no for no, found in enumerate([*numbers, 0], 1) if no != found)
        yield f"Checkpoint {gap} is missing."
    first = max(len(numbers) - newest, 0) if newest else 0
    before = _chain(work, first) if first else START
    for no in numbers[first:]:
        one = work.session.exec(select(Checkpoint).where(Checkpoint.no == no)).one()
        yield from _one(work, one, before, last=no == len(numbers))
        before = one.chain
        work.session.expunge(one)


def _chain(work: Work, no: int) -> str:
    return work.session.exec(select(Checkpoint.chain).where(Checkpoint.no == no)).one()


def _one(work: Work, one: Checkpoint, before: str, *, last: bool) -> Iterator[str]:
    """What is wrong with one checkpoint, or with the lines it sealed."""
    if one.before != before or one.linked() != one.chain:
        yield f"Checkpoint {one.no} was changed, or one before it."
    ours = work.reference[Safe].marked(one.seal, one.chain.encode(), marking.PURPOSE)
    if ours is False or (ours is None and last):
        yield f"The seal of checkpoint {one.no} is not ours."
    found = hashlib.sha256()
    for kept in KEPT:
        ids = one.ids(kept.table)
        lines = {line["id"]: line for line in lines_of(work, kept, ids)}
        for missing in (each for each in ids if each not in lines):
            yield f"Line {missing} of {kept.table.name}, sealed by checkpoint {one.no}, is missing."
        found.update(digest_of(kept, (lines[each] for each in ids if each in lines)))
    if found.hexdigest() != one.digest:
        yield from _changed(work, one)
        yield f"Lines sealed by checkpoint {one.no} were changed."


def _changed(work: Work, one: Checkpoint) -> Iterator[str]:
    """Which of its lines no longer bear their mark."""
    for kept in KEPT:
        for line in sorted(_unsound(work, kept, one.ids(kept.table))):
            yield f"Line {line} of {kept.table.name}, sealed by checkpoint {one.no}, was changed."


def _unsound(work: Work, kept: Kept, ids: list[UUID]) -> Iterator[UUID]:
    safe = work.reference[Safe]
    for line in lines_of(work, kept, ids):
        if not kept.is_ours(line, safe):
            yield line["id"]


def _cut(work: Work) -> Iterator[str]:
    """Against what was written outside: a chain whose newest end is cut off is still a chain."""
    witness = work.reference[Witnessing].witness
    kept = witness.kept() if witness else {}
    chains = dict(work.session.exec(select(Checkpoint.no, Checkpoint.chain)).all()) if kept else {}
    for no in sorted(kept):
        if no not in chains:
            yield f"Checkpoint {no} was written outside the database and is not in it: the newest lines were cut off."
        elif kept[no] != chains[no]:
            yield f"Checkpoint {no} is not the one that was written outside the database."


def _since(work: Work) -> Iterator[str]:
    """Lines in no checkpoint: those since the last bear a mark of ours, and there are no others."""
    last = work.session.exec(select(Checkpoint).order_by(col(Checkpoint.no).desc())).first()
    for kept in KEPT:
        new = unsealed_ids(work, kept.table, last)
        for line in sorted(_unsound(work, kept, new)):
            yield f"Line {line} of {kept.table.name} was not written by the service."
        if last:
            yield from _stray(work, kept, last)
    first = work.session.exec(select(Checkpoint).where(Checkpoint.no == 1)).first()
    if first and unmarked(work.session.connection()) != first.unmarked:
        yield "Lines without a mark were added or removed since the first checkpoint."


def _stray(work: Work, kept: Kept, last: Checkpoint) -> Iterator[str]:
    """A line far from the newest that no checkpoint sealed: only counted, and looked for where the count is wrong.

    What others write meanwhile is not far from it.
    """
    table, far = kept.table, late_from(work, last)
    marked = MARKED, table.c.id < far
    there = work.session.connection().scalar(ask(func.count()).select_from(table).where(*marked))
    if there == _sealed(work, kept, last, far):
        return
    known: set[UUID] = set()
    for pack in work.session.exec(select(getattr(Checkpoint, table.name))):
        known.update(marking.unpacked(pack))
    ids = work.session.connection().scalars(ask(table.c.id).where(*marked).order_by(table.c.id))
    for stray in (each for each in ids if each not in known):
        yield f"Line {stray} of {table.name} is in no checkpoint."


def _sealed(work: Work, kept: Kept, last: Checkpoint, far: UUID) -> int:
    """How many lines with smaller ids than this were sealed, up to this checkpoint."""
    pack = getattr(Checkpoint, kept.table.name)
    size = select(func.coalesce(func.sum(func.length(col(pack))), 0)).where(Checkpoint.no <= last.no)
    recent = select(pack).where(Checkpoint.no <= last.no, col(Checkpoint.at) >= marking.made_at(far) - LATE)
    near = sum(len(marking.from_on(each, far)) for each in work.session.exec(recent))
    return (int(work.session.exec(size).one()) - near) // marking.SIZE

"""Each minute what was written since is sealed: a chain of checkpoints over the journal and the moves of texts (R51).

Nobody who writes waits for it: the lines bear no number and no hash of the one before, and one round alone goes over them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Connection, LargeBinary, Table, func, text
from sqlalchemy import select as ask
from sqlmodel import col, select

from throughcare.kernel import marking
from throughcare.kernel.categories import Category
from throughcare.kernel.moves import EVENTS
from throughcare.kernel.ports import Witnessing
from throughcare.kernel.rows import Row, column, when
from throughcare.kernel.sealing import Safe
from throughcare.kernel.work import JOURNAL, Work

log = structlog.get_logger()
LATE = timedelta(hours=1)  # no transaction of ours lasts so long: what it writes is sealed when it has been committed
AHEAD = LATE  # what a clock further ahead than this wrote is sealed when its time has come, and so once
MARKED, UNMARKED = text("mark <> ''"), text("mark = ''")  # the very words of the partial index
MOST = 50_000  # lines of one table in one checkpoint
AT_ONCE = 5  # checkpoints in one round
START = "the journal begins"


@dataclass(frozen=True)
class Kept:
    """One table whose lines are sealed, which of its columns say something, and what they say as bytes."""

    table: Table
    columns: tuple[str, ...]
    said: Callable[[Mapping[str, Any]], bytes]

    def is_ours(self, line: Mapping[str, Any], safe: Safe) -> bool:
        """Does it bear the mark that the service put to it?"""
        return bool(safe.marked(line["mark"], self.said(line), marking.PURPOSE))


KEPT = (Kept(JOURNAL, marking.AUDIT, marking.audit_said), Kept(EVENTS, marking.MOVES, marking.move_said))


class Checkpoint(Row, table=True):
    """The lines that one round sealed. `chain` holds those of all rounds before; `seal` only a holder of the key can make."""

    __tablename__ = "journal_checkpoint"
    no: int = column(Category.RECORD, unique=True)
    at: datetime = when(index=True)
    before: str = column(Category.RECORD)
    audit: bytes = column(Category.RECORD, sa_type=LargeBinary)  # ids, sixteen bytes each, in order
    message_event: bytes = column(Category.RECORD, sa_type=LargeBinary)
    unmarked: int = column(Category.RECORD, default=0)  # lines from before there were marks, when the first was made
    digest: str = column(Category.RECORD)  # of what the lines say
    chain: str = column(Category.RECORD, default="")
    seal: str = column(Category.RECORD, default="")

    def ids(self, table: Table) -> list[UUID]:
        """The lines of this table."""
        return marking.unpacked(getattr(self, table.name))

    @property
    def until(self) -> datetime:
        """What was made before is sealed, but for what is committed late: a full one leaves the rest to the next."""
        full = (ids[-1] for ids in (self.ids(kept.table) for kept in KEPT) if len(ids) >= MOST)
        return min([self.at, *map(marking.made_at, full)])

    def linked(self) -> str:
        """What `chain` must be."""
        ids = hashlib.sha256(self.audit + b"|" + self.message_event).hexdigest()
        at = marking.instant(self.at)
        said = "|".join((self.before, str(self.no), at, str(self.unmarked), ids, self.digest))
        return hashlib.sha256(said.encode()).hexdigest()


def seal_journal(work: Work) -> int:
    """A round: seal what has been written since, and tell whoever stands outside what was sealed before; how many lines."""
    sealed = 0
    for _ in range(AT_ONCE):
        last = _last(work)
        if last is None and _any(work):
            return sealed  # another process is at it
        count = _seal(work, last)
        sealed += count
        if not count:
            break
    _tell(work)
    return sealed


def _any(work: Work) -> int:
    return int(work.session.exec(select(func.coalesce(func.max(Checkpoint.no), 0))).one())


def _last(work: Work) -> Checkpoint | None:
    """The newest, locked; None where there is none, or another process holds it or has just made a newer one."""
    newest = _any(work)
    held = select(Checkpoint).where(Checkpoint.no == newest).with_for_update(skip_locked=True)
    last = work.session.exec(held).first() if newest else None
    return last if last and _any(work) == newest else None


def _seal(work: Work, last: Checkpoint | None) -> int:
    safe, found, packed = work.reference[Safe], hashlib.sha256(), dict[str, bytes]()
    for kept in KEPT:
        lines = sorted(
            _sound(work, kept, unsealed_ids(work, kept.table, last, MOST)), key=lambda line: line["id"].bytes
        )
        packed[kept.table.name] = marking.packed(line["id"] for line in lines)
        found.update(digest_of(kept, lines))
    if last and not any(packed.values()):
        return 0
    made = Checkpoint(
        no=last.no + 1 if last else 1,
        at=work.now,
        before=last.chain if last else START,
        audit=packed[JOURNAL.name],
        message_event=packed[EVENTS.name],
        unmarked=0 if last else unmarked(work.session.connection()),
        digest=found.hexdigest(),
    )
    made.chain = made.linked()
    made.seal = safe.mark(made.chain.encode(), marking.PURPOSE)
    work.add(made)
    return sum(map(len, packed.values())) // marking.SIZE


def need_older(work: Work) -> bool:
    """Is there what only an older key vouches for: the newest seal, or a line that no checkpoint has taken yet?"""
    newest = f"{work.reference[Safe].newest}:"
    last = work.session.exec(select(Checkpoint).where(Checkpoint.no == _any(work))).first()
    if last and not last.seal.startswith(newest):
        return True
    for kept in KEPT:
        new = unsealed_ids(work, kept.table, last)
        if any(not line["mark"].startswith(newest) for line in lines_of(work, kept, new)):
            return True
    return False


def digest_of(kept: Kept, lines: Iterable[Any]) -> bytes:
    """What the lines of one table say, in the order given."""
    found = hashlib.sha256(kept.table.name.encode())
    for line in lines:
        found.update(hashlib.sha256(kept.said(line)).digest())
    return found.digest()


def unmarked(connection: Connection) -> int:
    """How many lines bear no mark: those from before there were any."""
    every = (ask(func.count()).select_from(kept.table).where(UNMARKED) for kept in KEPT)
    return sum(int(connection.scalar(each) or 0) for each in every)


def unsealed_ids(work: Work, table: Table, last: Checkpoint | None, most: int | None = None) -> list[UUID]:
    """The marked lines that are in no checkpoint, by id: those made since the last, and those committed late.

    `most`: so many to be sealed now, whose time has come. Nearly all ids from before there were marks are beyond that.
    """
    since, known = _looked_for(work, table, last) if last else (UUID(int=0), frozenset[UUID]())
    ids = ask(table.c.id).where(MARKED, table.c.id >= since).order_by(table.c.id)
    if most:
        ids = ids.where(table.c.id < marking.first_id(work.now + AHEAD)).limit(most + len(known))
    return [each for each in work.session.connection().scalars(ids) if each not in known][:most]


def late_from(work: Work, last: Checkpoint) -> UUID:
    """No line with a smaller id is committed any more, or left to be sealed after this checkpoint."""
    return marking.first_id(min(last.until, work.now) - LATE)


def _looked_for(work: Work, table: Table, last: Checkpoint) -> tuple[UUID, frozenset[UUID]]:
    """The id from which on there may be more, and those from there on that are sealed already.

    The hour before is only counted, unless there is more in it than was sealed: there are as many lines as there are texts.
    """
    reached = min(last.until, work.now)
    late, new = late_from(work, last), marking.first_id(reached)
    recent = select(Checkpoint).where(col(Checkpoint.at) >= reached - 2 * LATE)
    packs = [marking.from_on(getattr(each, table.name), late) for each in work.session.exec(recent)]
    sealed = sum(len(pack) - len(marking.from_on(pack, new)) for pack in packs) // marking.SIZE
    there = ask(func.count()).select_from(table).where(MARKED, table.c.id >= late, table.c.id < new)
    since = new if work.session.connection().scalar(there) == sealed else late
    return since, frozenset(each for pack in packs for each in marking.unpacked(marking.from_on(pack, since)))


def lines_of(work: Work, kept: Kept, ids: Sequence[UUID]) -> Iterator[Any]:
    """These lines as they stand, a few thousand at a time."""
    columns = [kept.table.c[name] for name in (*kept.columns, "mark")]
    for start in range(0, len(ids), 5_000):
        some = ask(*columns).where(kept.table.c.id.in_(ids[start : start + 5_000]))
        yield from work.session.connection().execute(some).mappings()


def _sound(work: Work, kept: Kept, ids: Sequence[UUID]) -> Iterator[Any]:
    """Those whose mark is ours. Another is never sealed: that would make it ours."""
    safe = work.reference[Safe]
    for line in lines_of(work, kept, ids):
        if kept.is_ours(line, safe):
            yield line
        else:
            log.error("a line of the journal was not written by the service", where=[f"{kept.table.name} {line['id']}"])


def _tell(work: Work) -> None:
    """Write what earlier rounds sealed outside the database: this one's may yet be taken back."""
    witness = work.reference[Witnessing].witness
    if witness is None:
        return
    new = select(Checkpoint.no, Checkpoint.chain).where(Checkpoint.no > witness.last(), col(Checkpoint.at) < work.now)
    told = [(no, chain) for no, chain in work.session.exec(new.order_by(col(Checkpoint.no)))]
    witness.keep(told)
    for no, chain in told:
        log.info("journal sealed", count=no, reference=chain)

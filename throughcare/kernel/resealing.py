"""Seals anew, a few at a time, what an older key sealed or nobody did, and knows when nothing is left of either (R36)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Column, ColumnElement, String, case, func, type_coerce, update
from sqlalchemy import select as ask
from sqlmodel import SQLModel, col, select

from throughcare.kernel import checkpoints
from throughcare.kernel.categories import Category
from throughcare.kernel.rows import Row, column, when
from throughcare.kernel.sealing import FORM, Safe, Sealed, SealedObject, Unopened
from throughcare.kernel.work import Work

log = structlog.get_logger()
LOOKED_AT, SEALED_ANEW = 5_000, 500  # values of one column in one round


class SealingWalk(Row, table=True):
    """How far a walk through one column has come. `after` is the last row done; None: it begins anew."""

    __tablename__ = "sealing_walk"
    about: str = column(Category.RECORD, unique=True)  # table.column
    key: str = column(Category.RECORD)  # the id of the key that it seals with
    after: UUID | None = column(Category.RECORD, default=None)
    found: int = column(Category.RECORD, default=0)  # on this walk, not sealed with that key
    stuck: int = column(Category.RECORD, default=0)  # on this walk, not to be opened at all
    lost: int = column(Category.RECORD, default=0)  # the same, on the last whole walk
    clean_at: datetime | None = when(default=None)  # when a whole walk last found nothing to do


def _left(work: Work, sealed: Column[Any], safe: Safe) -> bool:
    some = ask(sealed.table.c.id).where(~_fine(sealed, safe)).limit(1)
    return work.session.connection().scalar(some) is not None


def sealed_columns() -> Iterator[Column[Any]]:
    """Every column whose values are sealed."""
    for table in SQLModel.metadata.sorted_tables:
        yield from (each for each in table.columns if isinstance(each.type, Sealed | SealedObject))


def seal_anew(work: Work) -> int:
    """A round: go on with the walk through each column; how many values were sealed anew."""
    safe = work.reference[Safe]
    return sum(_walk_on(work, each, safe) for each in sealed_columns())


def _walk_on(work: Work, sealed: Column[Any], safe: Safe) -> int:
    walk = _walk(work, f"{sealed.table.name}.{sealed.name}", safe.newest)
    seen = _seen(work, sealed, safe, walk.after)
    old = [row.id for row in seen if row.old]
    due = old[:SEALED_ANEW]
    done, stuck = _anew(work, sealed, safe, due) if due else (0, 0)
    walk.found, walk.stuck = walk.found + len(due), walk.stuck + stuck
    if len(old) > len(due):
        walk.after = due[-1]
    elif len(seen) == LOOKED_AT:
        walk.after = seen[-1].id
    else:
        _end(walk, work.now)
    work.session.add(walk)
    return done


def _walk(work: Work, about: str, key: str) -> SealingWalk:
    walk = work.session.exec(select(SealingWalk).where(SealingWalk.about == about).with_for_update()).first()
    if walk is None:
        return work.add(SealingWalk(about=about, key=key))
    if walk.key != key:
        walk.key, walk.after, walk.found, walk.stuck, walk.clean_at = key, None, 0, 0, None
    return walk


def _seen(work: Work, sealed: Column[Any], safe: Safe, after: UUID | None) -> Sequence[Any]:
    """The next rows by their ids, and of each whether its value is not sealed with the newest key."""
    ids = sealed.table.c.id
    query = ask(ids, case((_fine(sealed, safe), 0), else_=1).label("old")).order_by(ids).limit(LOOKED_AT)
    return work.session.connection().execute(query.where(ids > after) if after else query).all()


def _fine(sealed: Column[Any], safe: Safe) -> ColumnElement[bool]:
    """That there is nothing to seal anew: no words, or the newest key sealed them."""
    kept = type_coerce(sealed, String)
    return (kept == "") | kept.startswith(f"{FORM}{safe.newest}:", autoescape=True)


def _anew(work: Work, sealed: Column[Any], safe: Safe, ids: Sequence[UUID]) -> tuple[int, int]:
    """How many were sealed anew, and how many cannot be opened. Who else holds a row keeps it: the next walk finds it."""
    kept, about = type_coerce(sealed, String), f"{sealed.table.name}.{sealed.name}"
    query = ask(sealed.table.c.id, kept.label("kept")).where(sealed.table.c.id.in_(ids))
    connection, done, stuck = work.session.connection(), 0, 0
    for row in connection.execute(query.with_for_update(skip_locked=True)).all():
        try:
            words = safe.open(row.kept, about)
        except Unopened:
            stuck += 1
            continue
        put = update(sealed.table).where(sealed.table.c.id == row.id)
        connection.execute(put.values({sealed: type_coerce(safe.seal(words, about), String)}))
        done += 1
    return done, stuck


def _end(walk: SealingWalk, now: datetime) -> None:
    """The end of a walk: clean when it found nothing that it had to do."""
    if walk.stuck:
        log.error("words cannot be opened with the keys that are here", count=walk.stuck)
    walk.clean_at = None if walk.found else now
    walk.lost, walk.after, walk.found, walk.stuck = walk.stuck, None, 0, 0


def advice(work: Work, on_disk: int = 0) -> Iterator[str]:
    """What whoever runs the service should know of the keys, in plain sentences.

    `on_disk`: how much is kept outside the database that an older key sealed. Rows are looked at as they are now: a
    process that has not been started again may have written behind the walk.
    """
    safe = work.reference[Safe]
    lost = work.session.exec(select(func.coalesce(func.sum(SealingWalk.lost), 0))).one()
    if lost:
        yield f"{lost} sealed texts cannot be opened: their key is not in SEALING__KEYS, or they were changed."
    clean = ask(col(SealingWalk.about)).where(
        col(SealingWalk.key) == safe.newest, col(SealingWalk.clean_at).is_not(None)
    )
    if not (safe.clear_readable or len(safe.keys) > 1):
        return
    walked = {f"{each.table.name}.{each.name}" for each in sealed_columns()} <= set(work.session.scalars(clean))
    left = not walked or on_disk or any(_left(work, each, safe) for each in sealed_columns())
    if left or (len(safe.keys) > 1 and checkpoints.need_older(work)):
        yield "Not everything is sealed with the newest key yet: leave SEALING__KEYS and SEALING__CLEAR_READABLE as they are."
    elif safe.clear_readable:
        yield "Everything is sealed: turn SEALING__CLEAR_READABLE off, so that clear words are not believed."
    elif len(safe.keys) > 1:
        yield "Everything is sealed with the newest key: the older ones may be taken out of SEALING__KEYS."

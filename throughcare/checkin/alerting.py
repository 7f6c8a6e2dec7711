"""Tells workers who are not looking at a screen: an e-mail that says only that something waits, at least once (R42, R45)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, update
from sqlmodel import col, func, select

from throughcare.casework.agencies import Membership, Worker
from throughcare.casework.visitors import holds
from throughcare.checkin.on_call_rows import Alarm, AlarmStatus, StaffAlert
from throughcare.kernel.ports import Mail
from throughcare.kernel.work import Work

AT_ONCE = 200  # alerts in one round
LEASE = timedelta(minutes=5)  # longer than a round of sending may take
TRY_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True)
class Alerting:
    """Whether staff are told by e-mail, how often at most, and in what words. They give nothing away."""

    on: bool
    every: timedelta
    address: str  # of My work
    subject: str
    one: str
    many: str
    after: str

    def says(self, count: int) -> str:
        first = self.one if count == 1 else self.many.format(count=count)
        return f"{first}\n\n{self.address}\n\n{self.after}\n"


@dataclass(frozen=True)
class Posting:
    """One e-mail, and the alerts it tells of."""

    mail: Mail
    alerts: tuple[UUID, ...]


def alert(work: Work, workers: Iterable[UUID], alarm_id: UUID, turn: int) -> None:
    """Write it down with what caused it, once an asking; it goes by itself."""
    if not work.reference[Alerting].on:
        return
    for worker_id in dict.fromkeys(workers):
        key = f"{alarm_id}:{turn}:{worker_id}"
        if work.session.exec(select(StaffAlert.id).where(StaffAlert.key == key)).first() is None:
            work.add(StaffAlert(key=key, alarm_id=alarm_id, worker_id=worker_id))


def claim(work: Work) -> list[Posting]:
    """What is to be sent now, one e-mail a worker, held for a while so that nobody else sends it too.

    What nobody needs to be told any more, because somebody has answered or the worker has left, is let go.
    """
    waiting = select(StaffAlert).where(
        *_unsent(), or_(col(StaffAlert.lease_until).is_(None), col(StaffAlert.lease_until) <= work.now)
    )
    quiet = waiting.where(col(StaffAlert.worker_id).not_in(_told_lately(work)))
    order = (col(StaffAlert.created_at), col(StaffAlert.key))
    rows = work.session.exec(quiet.order_by(*order).limit(AT_ONCE).with_for_update(skip_locked=True)).all()
    needed, emails = _still_waiting(work, rows), _emails(work, {row.worker_id for row in rows})
    by_worker: dict[UUID, list[StaffAlert]] = defaultdict(list)
    for row in rows:
        if row.alarm_id in needed and row.worker_id in emails:
            row.lease_until, row.tries = work.now + LEASE, row.tries + 1
            by_worker[row.worker_id].append(row)
        else:
            row.let_go_at = work.now
        work.session.add(row)
    work.session.flush()
    return [_posting(work, emails[worker_id], theirs) for worker_id, theirs in by_worker.items()]


def _unsent() -> tuple[Any, ...]:
    return col(StaffAlert.sent_at).is_(None), col(StaffAlert.let_go_at).is_(None)


def _told_lately(work: Work) -> Any:
    """Those who were sent one a moment ago, or are being sent one now: a storm is one e-mail that says how many."""
    lately = col(StaffAlert.sent_at) > work.now - work.reference[Alerting].every
    going = and_(*_unsent(), col(StaffAlert.lease_until) > work.now)
    return select(StaffAlert.worker_id).where(or_(lately, going))


def _still_waiting(work: Work, rows: Sequence[StaffAlert]) -> set[UUID]:
    ids = {row.alarm_id for row in rows}
    query = select(Alarm.id).where(col(Alarm.id).in_(ids), Alarm.status == AlarmStatus.WAITING)
    return set(work.session.exec(query)) if ids else set()


def _emails(work: Work, workers: set[UUID]) -> Mapping[UUID, str]:
    """The addresses of those who still work here."""
    query = (
        select(col(Worker.id), col(Worker.email))
        .join(Membership, col(Membership.worker_id) == col(Worker.id))
        .where(col(Worker.id).in_(workers), col(Worker.disabled_at).is_(None), holds(work))
    )
    return dict(work.session.exec(query.distinct()).all()) if workers else {}


def _posting(work: Work, email: str, rows: Sequence[StaffAlert]) -> Posting:
    words, count = work.reference[Alerting], len({row.alarm_id for row in rows})
    mail = Mail(email, words.subject, words.says(count), str(rows[0].id), work.now)
    return Posting(mail, tuple(row.id for row in rows))


def sent(work: Work, posting: Posting) -> None:
    """The server took it."""
    _settle(work, posting, {"sent_at": work.now})


def refused(work: Work, posting: Posting) -> None:
    """There is no such mailbox: it is not tried again. Whoever is next is asked in time."""
    _settle(work, posting, {"let_go_at": work.now})


def not_sent(work: Work, posting: Posting) -> None:
    """The server did not answer: it goes again, though it may go twice."""
    _settle(work, posting, {"lease_until": work.now + TRY_AGAIN})


def _settle(work: Work, posting: Posting, values: Mapping[str, Any]) -> None:
    mine = update(StaffAlert).where(col(StaffAlert.id).in_(posting.alerts), col(StaffAlert.sent_at).is_(None))
    work.session.execute(mine.values(**values, version=StaffAlert.version + 1))


def oldest_unsent(work: Work) -> Any:
    """Since when an alert has waited; None where none does."""
    return work.session.exec(select(func.min(col(StaffAlert.created_at))).where(*_unsent())).one()

"""Opens and ends browser sessions: always under a new random token, never more than three to a worker."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, update
from sqlmodel import col, select

from throughcare.casework.agencies import Worker
from throughcare.casework.credentials import Stage, WebSession
from throughcare.casework.keyring import Keyring, fingerprint
from throughcare.casework.visitors import IDLE, memberships_of
from throughcare.kernel.refusals import NotPermitted, refuse_if
from throughcare.kernel.work import Work

LASTS = timedelta(hours=12)
PENDING_LASTS = timedelta(minutes=10)
AT_ONCE = 3
KEPT = timedelta(days=30)


class NoRole(NotPermitted):
    """Your account has no role today; ask your administrator to give you one."""

    code = "no_role"


@dataclass(frozen=True)
class Ticket:
    """What the browser is to hold next. `device` marks it as one the worker has signed in on before."""

    token: str = field(repr=False)
    stage: Stage
    device: str = field(default="", repr=False)


def new_token() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def open_pending(work: Work, worker: Worker, stage: Stage, setup_secret: str = "") -> Ticket:
    """A sign-in under way: it opens nothing, and is over in ten minutes."""
    return _open(work, worker, stage, expires_at=work.now + PENDING_LASTS, setup_secret=setup_secret)


def open_full(work: Work, worker: Worker, *, proven: bool = True) -> Ticket:
    """Signed in: at work where there is one role to choose from, and to choose one where there are more."""
    roles = memberships_of(work, worker.id)
    refuse_if(not roles, NoRole)
    only = roles[0][0].id if len(roles) == 1 else None
    return _open(
        work,
        worker,
        Stage.FULL if only else Stage.CHOOSING,
        membership_id=only,
        expires_at=work.now + LASTS,
        proven_at=work.now if proven else None,
    )


def move(work: Work, session: WebSession, membership_id: UUID) -> Ticket:
    """The same signing in, in another role, under a new token; twelve hours still count from its beginning."""
    return _replace(work, session, membership_id, session.proven_at)


def prove(work: Work, session: WebSession) -> Ticket:
    """The same session with a second factor just given, under a new token."""
    return _replace(work, session, session.membership_id, work.now)


def _replace(work: Work, session: WebSession, membership_id: UUID | None, proven_at: datetime | None) -> Ticket:
    worker = work.session.get_one(Worker, session.worker_id)
    end(work, session.id)
    dates = {"expires_at": session.expires_at, "proven_at": proven_at}
    return _open(work, worker, Stage.FULL, membership_id=membership_id, **dates)


def end(work: Work, session_id: UUID) -> None:
    """This one is over, now."""
    _end(work, col(WebSession.id) == session_id)


def end_all(work: Work, worker_id: UUID, but: UUID | None = None) -> None:
    """All of a worker's are over, now, or all but one."""
    mine = col(WebSession.worker_id) == worker_id
    _end(work, mine if but is None else mine & (col(WebSession.id) != but))


def open_ones(work: Work, worker_id: UUID) -> list[WebSession]:
    """A worker's live sessions, the one opened last first."""
    live = select(WebSession).where(
        WebSession.worker_id == worker_id,
        col(WebSession.ended_at).is_(None),
        WebSession.expires_at > work.now,
        WebSession.used_at > work.now - IDLE,
        col(WebSession.stage).in_([Stage.FULL, Stage.CHOOSING]),
    )
    return list(work.session.exec(live.order_by(col(WebSession.created_at).desc(), col(WebSession.id))).all())


def sweep(work: Work) -> None:
    """Drop sessions that have been over for thirty days."""
    long_ago = work.now - KEPT
    over = or_(col(WebSession.ended_at) < long_ago, col(WebSession.expires_at) < long_ago)
    work.session.execute(delete(WebSession).where(over))


def device_mark(work: Work, worker: Worker) -> str:
    """Says to us alone that this browser has signed in as this worker, with the password they still have."""
    nonce = secrets.token_urlsafe(16)
    return f"{nonce}.{_device(work, worker, nonce)}"


def knows_device(work: Work, worker: Worker, mark: str) -> bool:
    """Whether we gave this browser that mark, for this worker, since the password was last set."""
    nonce, _, rest = mark.partition(".")
    return secrets.compare_digest(rest.encode(), _device(work, worker, nonce).encode())


def _device(work: Work, worker: Worker, nonce: str) -> str:
    return work.reference[Keyring].mark("device", worker.id, worker.password_hash, nonce)


def _open(work: Work, worker: Worker, stage: Stage, **values: Any) -> Ticket:
    if stage in {Stage.FULL, Stage.CHOOSING}:
        for oldest in open_ones(work, worker.id)[AT_ONCE - 1 :]:
            end(work, oldest.id)
    token = new_token()
    work.add(WebSession(token_hash=fingerprint(token), worker_id=worker.id, stage=stage, used_at=work.now, **values))
    return Ticket(token, stage)


def _end(work: Work, which: Any) -> None:
    live = update(WebSession).where(which, col(WebSession.ended_at).is_(None))
    work.session.execute(live.values(ended_at=work.now))

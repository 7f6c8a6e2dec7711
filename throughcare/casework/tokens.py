"""Tokens by which a program acts as one worker in one role, with that worker's access and no more."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework.agencies import Membership
from throughcare.casework.credentials import ApiToken
from throughcare.casework.keyring import fingerprint
from throughcare.casework.opening import new_token
from throughcare.casework.workers import administrators_only, someone_else
from throughcare.kernel.actors import Role
from throughcare.kernel.audit import Event
from throughcare.kernel.refusals import Invalid, NotFound, refuse_if
from throughcare.kernel.work import Work

LASTS = timedelta(days=90)
LASTS_AT_MOST = timedelta(days=366)
PREFIX = "tc_"  # lets a secret scanner know one when it sees it


class TokenAdded(Event):
    name: ClassVar[str] = "token.added"
    worker_id: UUID


class TokenRevoked(Event):
    name: ClassVar[str] = "token.revoked"
    worker_id: UUID


def add(work: Work, membership_id: UUID, label: str, lasts: timedelta = LASTS) -> str:
    """A token for a program to act as this worker in this role; said once. At most a year and a day."""
    administrators_only(work)
    refuse_if(not timedelta(0) < lasts <= LASTS_AT_MOST, Invalid("A token must last between 1 and 366 days."))
    membership = work.session.get(Membership, membership_id)
    if membership is None:
        raise NotFound
    refuse_if(membership.role is Role.ADMIN, Invalid("An administrator's work needs a person: it has no tokens."))
    someone_else(work, membership.worker_id)
    said = PREFIX + new_token()
    token = work.add(
        ApiToken(
            token_hash=fingerprint(said), worker_id=membership.worker_id, membership_id=membership.id,
            label=label, expires_at=work.now + lasts,
        )
    )  # fmt: skip
    work.record(TokenAdded(subject_id=token.id, worker_id=token.worker_id))
    return said


def revoke(work: Work, token_id: UUID) -> None:
    """The token opens nothing from the next request on."""
    administrators_only(work)
    token = work.session.get(ApiToken, token_id, with_for_update=True)
    if token is None:
        raise NotFound
    if token.revoked_at is None:
        token.revoked_at = work.now
        work.session.add(token)
        work.record(TokenRevoked(subject_id=token.id, worker_id=token.worker_id))


def revoke_all(work: Work, worker_id: UUID) -> None:
    """A worker has changed their password, perhaps because somebody else acts as them: no program does from now on."""
    good = select(ApiToken).where(
        ApiToken.worker_id == worker_id, col(ApiToken.revoked_at).is_(None), ApiToken.expires_at > work.now
    )
    for token in work.session.exec(good.with_for_update()):
        token.revoked_at = work.now
        work.session.add(token)
        work.record(TokenRevoked(subject_id=token.id, worker_id=worker_id))


def of_worker(work: Work, worker_id: UUID) -> list[ApiToken]:
    """All a worker has had, the latest to expire first."""
    administrators_only(work)
    mine = select(ApiToken).where(ApiToken.worker_id == worker_id)
    return sorted(work.session.exec(mine).all(), key=lambda token: token.expires_at, reverse=True)

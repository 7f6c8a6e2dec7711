"""What is kept so that a worker, or a worker's program, can prove who they are: never a secret in the clear."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from throughcare.kernel.categories import Category
from throughcare.kernel.forms import Word
from throughcare.kernel.rows import Row, column, one_of, when


class Stage(Word):
    """How far signing in has come. Only FULL opens anything."""

    PASSWORD = "password", "Password accepted, code awaited"
    SET_UP = "set_up", "Password accepted, app to be set up"
    CHOOSING = "choosing", "Choosing a role"
    FULL = "full", "Signed in"


class WebSession(Row, table=True):
    """One browser's signing in. Each stage is a new row under a new token, so that none can be fixed beforehand."""

    __tablename__ = "web_session"
    token_hash: str = column(Category.RECORD, unique=True)
    worker_id: UUID = column(Category.RECORD, index=True, foreign_key="worker.id")
    membership_id: UUID | None = column(Category.RECORD, default=None, foreign_key="membership.id")
    stage: Stage = one_of(Stage)
    used_at: datetime = when()
    expires_at: datetime = when()  # whatever is done meanwhile
    proven_at: datetime | None = when(default=None)  # when a second factor was last given
    ended_at: datetime | None = when(default=None)
    setup_secret: str = column(Category.RECORD, default="")  # sealed, until its first code proves it


class RecoveryCode(Row, table=True):
    """One of ten codes that each stand in once for the authenticator app."""

    __tablename__ = "recovery_code"
    worker_id: UUID = column(Category.RECORD, index=True, foreign_key="worker.id")
    code_mark: str = column(Category.RECORD, unique=True)
    used_at: datetime | None = when(default=None)


class SetUpCode(Row, table=True):
    """What an administrator gives a worker, by voice or in person, to choose their first or next password with."""

    __tablename__ = "set_up_code"
    worker_id: UUID = column(Category.RECORD, index=True, foreign_key="worker.id")
    code_mark: str = column(Category.RECORD, unique=True)
    expires_at: datetime = when()
    used_at: datetime | None = when(default=None)


class ApiToken(Row, table=True):
    """A program's standing in for one worker in one membership, until it expires or is revoked."""

    __tablename__ = "api_token"
    token_hash: str = column(Category.RECORD, unique=True)
    worker_id: UUID = column(Category.RECORD, index=True, foreign_key="worker.id")
    membership_id: UUID = column(Category.RECORD, foreign_key="membership.id")
    label: str = column(Category.RECORD)
    expires_at: datetime = when()
    revoked_at: datetime | None = when(default=None)


class SignInThrottle(Row, table=True):
    """Failed tries at one account, whether or not there is such an account: the key does not say which."""

    __tablename__ = "sign_in_throttle"
    key: str = column(Category.RECORD, unique=True)
    failures: int = column(Category.RECORD, default=0)
    tried_at: datetime = when()
    blocked_until: datetime | None = when(default=None)

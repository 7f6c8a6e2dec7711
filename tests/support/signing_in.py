"""A worker who can sign in, and the phone with their authenticator app, for tests that come in by the front door."""

from __future__ import annotations

from functools import lru_cache

import pyotp

from throughcare.casework import passwords
from throughcare.casework.agencies import Worker
from throughcare.casework.keyring import Keyring
from throughcare.kernel.actors import SYSTEM

PASSWORD = "seven otters on a barge"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@lru_cache(maxsize=1)
def stored() -> str:
    return passwords.hash_of(PASSWORD)


def with_password(desk, actor, *, app: bool = True) -> str:
    """Give this worker the password, and an app already set up unless told not to; their email address comes back."""
    with desk.work(SYSTEM) as work:
        worker = work.session.get_one(Worker, actor.id)
        worker.password_hash = stored()
        if app:
            worker.totp_secret = work.reference[Keyring].seal(SECRET, worker.id)
        work.session.add(worker)
        return worker.email


def figures(clock, secret: str = SECRET) -> str:
    """What the app shows now."""
    return pyotp.TOTP(secret).at(clock.now())

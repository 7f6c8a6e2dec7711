"""The second proof of who someone is: six figures from their app, or one of the codes they were given for a bad day."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hmac import compare_digest
from uuid import UUID

import pyotp
from sqlalchemy import delete
from sqlmodel import col, select

from throughcare.casework.agencies import Worker
from throughcare.casework.credentials import RecoveryCode, SetUpCode
from throughcare.casework.keyring import Keyring
from throughcare.kernel.work import Work

STEP = 30  # seconds; RFC 6238
SKEW = 1  # steps either side that a phone's clock may be out
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read for another
RECOVERY_CODES = 10
SET_UP_LASTS = timedelta(hours=72)


def new_secret() -> str:
    """160 random bits, as an authenticator app takes them."""
    return pyotp.random_base32()


def address(secret: str, email: str, service_name: str) -> str:
    """The otpauth:// address that the QR code holds."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=service_name)


def step_of(secret: str, code: str, now: datetime, last_step: int) -> int | None:
    """The time step these six figures belong to, if it is near enough and later than the last one used."""
    app, present = pyotp.TOTP(secret), int(now.timestamp()) // STEP
    figures = "".join(code.split())
    for step in range(present - SKEW, present + SKEW + 1):
        if step > last_step and compare_digest(app.generate_otp(step).encode(), figures.encode()):
            return step
    return None


def spend_code(work: Work, worker: Worker, code: str) -> bool:
    """Whether these are the figures on the worker's app now; the same figures never do twice."""
    if not worker.totp_secret:
        return False
    secret = work.reference[Keyring].unseal(worker.totp_secret, worker.id)
    step = step_of(secret, code, work.now, worker.totp_last_step)
    if step is None:
        return False
    worker.totp_last_step = step
    work.session.add(worker)
    return True


def give_recovery_codes(work: Work, worker_id: UUID) -> list[str]:
    """Ten new codes, to be shown once; any the worker had before stop working."""
    forget_recovery_codes(work, worker_id)
    codes = [_readable() for _ in range(RECOVERY_CODES)]
    for code in codes:
        work.add(RecoveryCode(worker_id=worker_id, code_mark=_mark(work, "recovery", worker_id, code)))
    return codes


def forget_recovery_codes(work: Work, worker_id: UUID) -> None:
    """None of them will do any longer."""
    work.session.execute(delete(RecoveryCode).where(col(RecoveryCode.worker_id) == worker_id))


def spend_recovery_code(work: Work, worker_id: UUID, code: str) -> bool:
    """Whether this is one of the worker's unused codes; it is used now."""
    mark = _mark(work, "recovery", worker_id, code)
    found = select(RecoveryCode).where(RecoveryCode.code_mark == mark).with_for_update()
    return _used(work, work.session.exec(found).first())


def recovery_codes_left(work: Work, worker_id: UUID) -> int:
    """How many the worker has not used."""
    unused = select(RecoveryCode.id).where(RecoveryCode.worker_id == worker_id, col(RecoveryCode.used_at).is_(None))
    return len(work.session.exec(unused).all())


def give_set_up_code(work: Work, worker_id: UUID) -> str:
    """A new code to choose a password with, good for 72 hours; an older one stops working."""
    work.session.execute(delete(SetUpCode).where(col(SetUpCode.worker_id) == worker_id))
    code = _readable()
    mark = _mark(work, "set-up", worker_id, code)
    work.add(SetUpCode(worker_id=worker_id, code_mark=mark, expires_at=work.now + SET_UP_LASTS))
    return code


def spend_set_up_code(work: Work, worker_id: UUID, code: str) -> bool:
    """Whether this is the worker's code, unused and in time; it is used now."""
    mark = _mark(work, "set-up", worker_id, code)
    found = select(SetUpCode).where(SetUpCode.code_mark == mark, SetUpCode.expires_at > work.now).with_for_update()
    return _used(work, work.session.exec(found).first())


def _used(work: Work, row: RecoveryCode | SetUpCode | None) -> bool:
    if row is None or row.used_at:
        return False
    row.used_at = work.now
    work.session.add(row)
    return True


def _readable() -> str:
    """Sixteen letters and figures in fours: 79 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def _mark(work: Work, purpose: str, worker_id: UUID, code: str) -> str:
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return work.reference[Keyring].mark(purpose, worker_id, plain)

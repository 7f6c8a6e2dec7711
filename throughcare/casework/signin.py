"""A worker proves who they are: password, then a code from their app; and may leave again, or change roles.

A wrong answer is given back as None, never raised, so that the failure counted against the account is committed. The
verbs that judge a password take the Desk, not a Work: each try is charged, judged with no transaction open, and settled.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar
from uuid import UUID

from sqlmodel import select

from throughcare.casework import opening, passwords, second_factor, throttle, tokens
from throughcare.casework.agencies import Worker
from throughcare.casework.credentials import Stage, WebSession
from throughcare.casework.keyring import Keyring
from throughcare.casework.opening import Ticket
from throughcare.casework.signin_events import (
    NOBODY,
    Factor,
    PasswordChanged,
    RecoveryCodeUsed,
    SignedIn,
    SignedOut,
    SignInFailed,
)
from throughcare.casework.visitors import memberships_of, pending_of
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.refusals import NotFound, Refusal, refuse_if
from throughcare.kernel.work import Desk, Work


class SignInAgain(Refusal):
    """You are no longer signed in. Sign in again to carry on."""

    code: ClassVar[str] = "sign_in_again"
    status: ClassVar[int] = 401


@dataclass(frozen=True)
class _Try:
    key: str
    worker_id: UUID | None
    stored: str = field(repr=False)


def sign_in(desk: Desk, email: str, password: str, device: str = "") -> Ticket | None:
    """First half: the password. None when the address or the password is wrong, without saying which."""
    attempt = _begin(desk, email, device)
    right = passwords.matches(attempt.stored, password)
    with desk.work(SYSTEM) as work:
        worker = _known(work, attempt.worker_id) if right else None
        if worker is None:
            _failed(work, attempt.worker_id, "password")
            return None
        return _accepted(work, worker, attempt.key)


def set_up(desk: Desk, email: str, code: str, password: str) -> Ticket | None:
    """First half for who has a set-up code: it is spent on choosing a password. None when address or code is wrong."""
    passwords.refuse_unsuitable(password, [email, desk.reference[Keyring].service_name])
    attempt = _begin(desk, email, "")
    stored = passwords.hash_of(password)
    with desk.work(SYSTEM) as work:
        worker = _known(work, attempt.worker_id)
        if worker is None or not second_factor.spend_set_up_code(work, worker.id, code):
            _failed(work, attempt.worker_id, "set_up_code")
            return None
        passwords.refuse_unsuitable(password, [worker.name])
        worker.password_hash = stored
        opening.end_all(work, worker.id)
        return _accepted(work, worker, attempt.key)


def verify_totp(work: Work, token: str, code: str, device: str = "") -> Ticket | None:
    """Second half: six figures from the app. None when they are wrong, out of time or used before."""
    session, worker = _under_way(work, token, Stage.PASSWORD)
    key = _charged(work, worker, device)
    if not second_factor.spend_code(work, worker, code):
        _failed(work, worker.id, "code")
        return None
    return _admit(work, session, worker, key, "code")


def use_recovery_code(work: Work, token: str, code: str, device: str = "") -> Ticket | None:
    """Second half without the app: one of the ten codes. None when it is wrong or used before."""
    session, worker = _under_way(work, token, Stage.PASSWORD)
    key = _charged(work, worker, device)
    if not second_factor.spend_recovery_code(work, worker.id, code):
        _failed(work, worker.id, "recovery_code")
        return None
    work.record(RecoveryCodeUsed(subject_id=worker.id))
    return _admit(work, session, worker, key, "recovery_code")


def app_to_set_up(work: Work, token: str) -> tuple[str, str]:
    """The secret to put in an app, and the address its QR code holds: until the first code from it proves it."""
    session, worker = _under_way(work, token, Stage.SET_UP)
    keyring = work.reference[Keyring]
    secret = keyring.unseal(session.setup_secret, worker.id)
    return secret, second_factor.address(secret, worker.email, keyring.service_name)


def confirm_app(work: Work, token: str, code: str, device: str = "") -> tuple[Ticket, list[str]] | None:
    """Second half at the first sign-in: a code from the app proves it, and the ten recovery codes are given."""
    session, worker = _under_way(work, token, Stage.SET_UP)
    key = _charged(work, worker, device)
    secret = work.reference[Keyring].unseal(session.setup_secret, worker.id)
    step = second_factor.step_of(secret, code, work.now, last_step=0)
    if step is None:
        _failed(work, worker.id, "code")
        return None
    worker.totp_secret, worker.totp_last_step = session.setup_secret, step
    codes = second_factor.give_recovery_codes(work, worker.id)
    return _admit(work, session, worker, key, "code"), codes


def choose(work: Work, token: str, membership_id: UUID) -> Ticket:
    """Go to work in one of one's roles of today, or change to another of them: a new token either way."""
    session = pending_of(work, token)
    if session is None or session.stage not in {Stage.CHOOSING, Stage.FULL}:
        raise SignInAgain
    mine = {membership.id for membership, _ in memberships_of(work, session.worker_id)}
    refuse_if(membership_id not in mine, NotFound)
    return opening.move(work, session, membership_id)


def prove_again(work: Work, token: str, code: str, device: str = "") -> Ticket | None:
    """A code from the app before an act that needs one just given. None when it is wrong.

    In a demonstration, who came in by a button has no app, and needs none.
    """
    session, worker = _under_way(work, token, Stage.FULL)
    if needs_no_code(work, worker):
        return opening.prove(work, session)
    key = _charged(work, worker, device)
    if not second_factor.spend_code(work, worker, code):
        _failed(work, worker.id, "code")
        return None
    throttle.clear(work, key)
    return opening.prove(work, session)


def needs_no_code(work: Work, worker: Worker) -> bool:
    """Only in a demonstration, and only for who has no app."""
    return work.reference[Keyring].demonstration and not worker.totp_secret


def change_password(desk: Desk, worker_id: UUID, token: str, old: str, new: str) -> bool:
    """A new password for who gives the old one; every other browser is signed out and no token is good. False when the old one is wrong."""
    with desk.work(SYSTEM) as work:
        worker = work.session.get_one(Worker, worker_id)
        passwords.refuse_unsuitable(new, [worker.name, worker.email, work.reference[Keyring].service_name])
        key, stored = _charged(work, worker, ""), worker.password_hash
    right = passwords.matches(stored, old)
    fresh = passwords.hash_of(new)
    with desk.work(SYSTEM) as work:
        session, worker = _under_way(work, token, Stage.FULL)
        if not right:
            _failed(work, worker.id, "password")
            return False
        throttle.clear(work, key)
        worker.password_hash = fresh
        work.session.add(worker)
        opening.end_all(work, worker.id, but=session.id)
        tokens.revoke_all(work, worker.id)
        work.record(PasswordChanged(subject_id=worker.id))
        return True


def sign_in_as(work: Work, worker_id: UUID) -> Ticket:
    """Straight in, in a demonstration and nowhere else."""
    refuse_if(not work.reference[Keyring].demonstration, NotFound)
    worker = _known(work, worker_id)
    if worker is None:
        raise NotFound
    work.record(SignedIn(subject_id=worker.id, by="demonstration"))
    return opening.open_full(work, worker)


def sign_out(work: Work, token: str) -> None:
    """This browser is signed out; nothing happens where it already was."""
    if session := pending_of(work, token):
        opening.end(work, session.id)
        work.record(SignedOut(subject_id=session.worker_id))


def sweep(work: Work) -> None:
    """Once a day: forget what is long over."""
    opening.sweep(work)
    throttle.sweep(work, work.now - throttle.FORGOTTEN)


def _begin(desk: Desk, email: str, device: str) -> _Try:
    address = email.strip().lower()
    with desk.work(SYSTEM) as work:
        worker = work.session.exec(select(Worker).where(Worker.email == address)).first()
        key = _key(work, address, worker, device)
        throttle.charge(work, key)
        usable = worker if worker and worker.disabled_at is None else None
        return _Try(key, worker.id if worker else None, usable.password_hash if usable else "")


def _key(work: Work, address: str, worker: Worker | None, device: str) -> str:
    """Failures are counted for an address; apart, for a browser its worker has used, so that others cannot slow them."""
    known = device if worker and device and opening.knows_device(work, worker, device) else ""
    return work.reference[Keyring].mark("throttle", address, known)


def _charged(work: Work, worker: Worker, device: str) -> str:
    key = _key(work, worker.email, worker, device)
    throttle.charge(work, key)
    return key


def _known(work: Work, worker_id: UUID | None) -> Worker | None:
    worker = work.session.get(Worker, worker_id, with_for_update=True) if worker_id else None
    return worker if worker and worker.disabled_at is None else None


def _accepted(work: Work, worker: Worker, key: str) -> Ticket:
    throttle.refund(work, key)
    if worker.totp_secret:
        return opening.open_pending(work, worker, Stage.PASSWORD)
    sealed = work.reference[Keyring].seal(second_factor.new_secret(), worker.id)
    return opening.open_pending(work, worker, Stage.SET_UP, sealed)


def _failed(work: Work, worker_id: UUID | None, by: Factor) -> None:
    """Written down, not raised: what is raised is rolled back."""
    work.record(SignInFailed(subject_id=worker_id or NOBODY, by=by))


def _under_way(work: Work, token: str, stage: Stage) -> tuple[WebSession, Worker]:
    session = pending_of(work, token)
    if session is None or session.stage is not stage:
        raise SignInAgain
    worker = _known(work, session.worker_id)
    if worker is None:
        raise SignInAgain
    return session, worker


def _admit(work: Work, session: WebSession, worker: Worker, key: str, by: Factor) -> Ticket:
    throttle.clear(work, key)
    opening.end(work, session.id)
    work.record(SignedIn(subject_id=worker.id, by=by))
    return replace(opening.open_full(work, worker), device=opening.device_mark(work, worker))

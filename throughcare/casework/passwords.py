"""Passwords: what will do for one, and the slow sums that keep a stolen table of them from being read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import BoundedSemaphore
from typing import ClassVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from throughcare.kernel.refusals import Refusal, refuse_if

SHORTEST = 15  # characters; NIST SP 800-63B rev 4 for a password used with nothing else, and no composition rules
LONGEST = 256
DIFFERENT = 5  # letters; fewer is one key held down
CONTEXT = ("password", "passphrase", "throughcare", "letmein", "qwerty", "welcome", "changeme", "12345678", "abcdefgh")
WORD = 4  # letters; a shorter part of a name is in too many honest passwords to be refused

MEMORY = 47_104  # KiB, 46 MiB: OWASP's first choice for argon2id, with a pass more than it asks for
AT_ONCE = 2
WAITING = 26  # threads; there are some forty, and the others' work needs the rest
PATIENCE = 10  # seconds: a whole office that signs in at nine is served within two

_hasher = PasswordHasher(time_cost=2, memory_cost=MEMORY, parallelism=1, type=Type.ID)
_queue = BoundedSemaphore(AT_ONCE + WAITING)
_desk = BoundedSemaphore(AT_ONCE)


class Unsuitable(Refusal):
    """Choose a different password."""

    code, status, beside = "unsuitable_password", 422, "password"


class Busy(Refusal):
    """Too many people are signing in at this moment; try again in a few seconds."""

    code: ClassVar[str] = "busy"
    status: ClassVar[int] = 503


@contextmanager
def _in_turn() -> Iterator[None]:
    """Two sums at once, the rest waiting their turn: more would take the memory and the threads everyone else needs."""
    refuse_if(not _queue.acquire(blocking=False), Busy)
    try:
        refuse_if(not _desk.acquire(timeout=PATIENCE), Busy)
        try:
            yield
        finally:
            _desk.release()
    finally:
        _queue.release()


def hash_of(password: str) -> str:
    """What to store. Slow by design: call it in a thread, and hold no transaction while it runs."""
    with _in_turn():
        return _hasher.hash(password)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _hasher.hash("the password of no account at all")


def warm() -> None:
    """Make the dummy hash before anybody asks, so that the first unknown account takes no longer than the rest."""
    _nobodys()


def matches(stored: str, password: str) -> bool:
    """Whether this is the password; an account with none takes as long to say no as any other."""
    with _in_turn():
        try:
            return _hasher.verify(stored or _nobodys(), password) and bool(stored)
        except (VerificationError, InvalidHashError):
            return False


def refuse_unsuitable(password: str, about: Iterable[str]) -> None:
    """Raise Unsuitable with what is wrong. `about` are names and addresses that a guesser would try first."""
    refuse_if(len(password) < SHORTEST, Unsuitable(f"Password must be {SHORTEST} characters or more"))
    refuse_if(len(password) > LONGEST, Unsuitable(f"Password must be {LONGEST} characters or fewer"))
    refuse_if(len(set(password)) < DIFFERENT, Unsuitable("Password must not be the same few characters over and over"))
    refuse_if(password in (password * 2)[1:-1], Unsuitable("Password must not be one word over and over"))
    for word in (*CONTEXT, *_words(about)):
        refuse_if(
            word in password.casefold(), Unsuitable(f"Password must not contain “{word}”, which is easy to guess")
        )


def _words(about: Iterable[str]) -> Iterator[str]:
    for text in about:
        yield from (word for word in re.split(r"[\W_]+", text.casefold()) if len(word) >= WORD)

"""Words that a copy of the database or of the disk does not give: sealed on the way in, opened on the way out (R36)."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable
from functools import cache
from typing import Any, Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Dialect, Engine, String, Text, TypeDecorator

NONCE = 12  # bytes, as AES-GCM is specified
FORM = "sealed:"  # then the key's id, a colon, and nonce and ciphertext in base 64


class Unopened(ValueError):
    """This was not sealed by a key that is held here, for this place, or was changed since."""


class NoKey(Unopened):
    """This was sealed by a key that is not held here: another process, or this one another day, may open it."""


class Unreadable(str):
    """What stands where words should: they were sealed by a key that is not here, or were changed. It is never stored."""

    __slots__ = ()

    def __new__(cls) -> Self:
        return super().__new__(
            cls,
            "These words cannot be read: their key is missing, or they were changed. Tell whoever runs the service.",
        )


class Keyless(Unreadable):
    """The same, where it is the key that is not here: what was to be done with the words can wait for it."""

    __slots__ = ()


@cache
def _drawn(secret: str, purpose: str) -> bytes:
    """32 bytes for one purpose: those of one purpose tell nothing of another's, or of the secret (HKDF-SHA256)."""
    return HKDF(SHA256(), 32, salt=None, info=f"throughcare:{purpose}".encode()).derive(secret.encode())


class Safe:
    """The service's keys, the newest first: it seals with the newest and opens with any. Held in the Reference.

    `clear_readable`: words from before there were seals are read as they stand. Once all are sealed it is off, and what
    is not sealed is not ours: nobody can put clear words in the place of sealed ones.
    """

    def __init__(self, keys: Iterable[str], *, clear_readable: bool = False) -> None:
        held = tuple(keys)
        self.clear_readable = clear_readable
        self._secrets = {_drawn(secret, "id").hex()[:8]: secret for secret in held}
        self.newest: Final = next(iter(self._secrets), "")
        self._locks: dict[str, AESGCM] = {name: AESGCM(_drawn(key, "words")) for name, key in self._secrets.items()}

    @property
    def keys(self) -> tuple[str, ...]:
        """The ids of the keys, the newest first; they tell nothing of the keys."""
        return tuple(self._secrets)

    def seal(self, words: str, about: str) -> str:
        """The words, to be opened again only for the same `about`; nothing is nothing to hide, and stays as it is."""
        if not words:
            return words
        nonce = secrets.token_bytes(NONCE)
        closed = self._locks[self.newest].encrypt(nonce, words.encode(), about.encode())
        return f"{FORM}{self.newest}:{b64encode(nonce + closed).decode('ascii')}"

    def open(self, kept: str, about: str) -> str:
        """The words. Raises Unopened."""
        if not kept.startswith(FORM):
            if kept and not self.clear_readable:
                raise Unopened("not sealed")
            return kept
        name, _, closed = kept.removeprefix(FORM).partition(":")
        lock = self._locks.get(name)
        if lock is None:
            raise NoKey(f"no key {name[:8]}")
        try:
            raw = b64decode(closed)
            return lock.decrypt(raw[:NONCE], raw[NONCE:], about.encode()).decode()
        except (InvalidTag, ValueError) as changed:
            raise Unopened("changed, or sealed for another place") from changed

    def read(self, kept: str, about: str) -> str:
        """The words, or Unreadable: what cannot be opened is for its reader to see, and stops nothing else (R10)."""
        try:
            return self.open(kept, about)
        except NoKey:
            return Keyless()
        except Unopened:
            return Unreadable()

    def mark(self, content: bytes, purpose: str) -> str:
        """What only a holder of the newest key can put to this content."""
        return f"{self.newest}:{self._mac(self._secrets[self.newest], content, purpose)}"

    def marked(self, mark: str, content: bytes, purpose: str) -> bool | None:
        """Was this mark put to this content? None where its key is no longer held."""
        name, _, mac = mark.partition(":")
        if name not in self._secrets:
            return None
        return hmac.compare_digest(mac, self._mac(self._secrets[name], content, purpose))

    @staticmethod
    def _mac(secret: str, content: bytes, purpose: str) -> str:
        return hashlib.blake2b(content, key=_drawn(secret, purpose), digest_size=16).hexdigest()


class NoKeys(RuntimeError):
    """The database was opened without the keys to what is sealed in it: a desk whose reference holds a Safe gives them."""


def unlock(engine: Engine, safe: Safe) -> None:
    """Let what goes through this engine be sealed and opened with these keys."""
    engine.dialect.safe = safe  # type: ignore[attr-defined]  # the one thing a column's type is handed at work


def held_by(dialect: Dialect) -> Safe | None:
    """The keys that were given to this engine, if any were."""
    safe: Safe | None = getattr(dialect, "safe", None)
    return safe


def safe_of(dialect: Dialect) -> Safe:
    """The keys that were given to this engine; NoKeys."""
    safe = held_by(dialect)
    if safe is None:
        raise NoKeys
    return safe


class Sealed(TypeDecorator[str]):
    """Text sealed in the database. `about` is the table and column it stands in: elsewhere it does not open."""

    impl = String
    cache_ok = True

    class comparator_factory(TypeDecorator.Comparator[str]):  # noqa: N801 - SQLAlchemy's name
        """In a statement it can be asked only whether there are any words: the same words never look the same twice."""

        def operate(self, op: Any, *other: Any, **more: Any) -> Any:
            if other and other not in {("",), (None,)}:
                raise TypeError("sealed words cannot be compared in SQL")
            return super().operate(op, *other, **more)

    def __init__(self, about: str) -> None:
        super().__init__()
        self.about = about

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if isinstance(value, Unreadable):
            raise Unopened("what cannot be read cannot be kept")
        return safe_of(dialect).seal(value, self.about) if value else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return safe_of(dialect).read(value, self.about) if value else value


class SealedObject(TypeDecorator[dict[str, Any]]):
    """A JSON object sealed in the database. One that cannot be opened is empty."""

    impl = Text
    cache_ok = True

    def __init__(self, about: str) -> None:
        super().__init__()
        self.about = about

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> str | None:
        return None if value is None else safe_of(dialect).seal(json.dumps(value), self.about)

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, Any] | None:
        if value is None:
            return None
        kept = safe_of(dialect).read(value, self.about)
        return {} if isinstance(kept, Unreadable) else dict(json.loads(kept))

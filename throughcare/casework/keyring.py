"""What signing in needs from the settings: keys drawn from the service's secret, and whose service it is."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12  # bytes, as AES-GCM is specified


@dataclass(frozen=True)
class Keyring:
    """Held in the Reference. `demonstration` opens the buttons that sign in without a password, and nothing else does."""

    secret: str = field(repr=False)
    service_name: str = "Throughcare"
    demonstration: bool = False

    def key(self, purpose: str) -> bytes:
        """32 bytes for one purpose; those of one purpose tell nothing of another's."""
        return hmac.digest(self.secret.encode(), f"throughcare:{purpose}".encode(), hashlib.sha256)

    def mark(self, purpose: str, *parts: object) -> str:
        """What is stored in place of a short secret: without the service's own secret it cannot be guessed at."""
        return hmac.new(self.key(purpose), "\n".join(map(str, parts)).encode(), hashlib.sha256).hexdigest()

    @cached_property
    def _safe(self) -> AESGCM:
        return AESGCM(self.key("seal"))

    def seal(self, text: str, owner: UUID) -> str:
        """The text so that a copy of the database does not give it; it opens only for the same owner."""
        nonce = secrets.token_bytes(NONCE)
        return b64encode(nonce + self._safe.encrypt(nonce, text.encode(), owner.bytes)).decode()

    def unseal(self, sealed: str, owner: UUID) -> str:
        """What was sealed for this owner. Raises InvalidTag when it was not, or the service's secret has changed."""
        raw = b64decode(sealed)
        return self._safe.decrypt(raw[:NONCE], raw[NONCE:], owner.bytes).decode()


def fingerprint(token: str) -> str:
    """What is stored of a 256-bit random token: it is too long to be guessed, so SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()

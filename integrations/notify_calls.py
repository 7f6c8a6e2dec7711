"""Tells GOV.UK Notify's calls to us from anyone else's: by a bearer token that was given to it, and to nobody else (R19)."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from uuid import UUID


class NotifyCalls:
    """The SignedCalls of Notify: `signature` is the Authorization header. Two tokens hold while one replaces the other.

    A receipt is told in the fields the other provider uses, and in Reference, which is our own id of the text.
    """

    def __init__(self, tokens: Sequence[str], failures: Mapping[str, int]) -> None:
        self._held = [f"Bearer {token}".encode() for token in tokens if token]  # an empty one would let anyone in
        self._failures = failures

    def read(self, path: str, query: bytes, body: bytes, signature: str | None) -> Mapping[str, str] | None:
        """As SignedCalls.read."""
        del path, query  # the token says nothing of them
        return self._receipt(body) if self._known(signature or "") else None

    def _known(self, signature: str) -> bool:
        said = signature.encode("utf-8", "replace")
        known = False
        for held in self._held:
            known |= hmac.compare_digest(held, said)
        return known

    def _receipt(self, body: bytes) -> Mapping[str, str] | None:
        try:
            said = json.loads(body)
            status = str(said["status"])
            sid = str(UUID(str(said["id"])))  # all of Notify's are; what is not could be anything, NUL and all
            fields = {"MessageSid": sid, "MessageStatus": status, "Reference": str(said["reference"])}
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
        return fields | ({"ErrorCode": str(self._failures[status])} if status in self._failures else {})

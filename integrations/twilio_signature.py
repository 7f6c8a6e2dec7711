"""Proves that a webhook call is Twilio's: our own check, keyed once, so that an inbound text costs no key schedule.

The rule is Twilio's: HMAC-SHA1 by the auth token over the public address and every form field, sorted. The SDK's
RequestValidator says the same on every case in the tests, but raises when the header is missing (E4).
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from integrations import form_body

Fields = Iterable[tuple[str, str]]


class TwilioSignature:
    """Holds for what was signed with any of `tokens`; two are given while one replaces the other (R19).

    The host is the configured one: behind a proxy the request's own host is not what Twilio called (E5).
    """

    def __init__(self, public_base_url: str, tokens: Sequence[str]) -> None:
        self._keyed = [
            hmac.new(token.encode(), base.encode(), "sha1")
            for token in tokens
            if token  # an empty key would let anyone sign
            for base in _spellings(public_base_url)
        ]

    def holds(self, path: str, query: bytes, fields: Fields, signature: str | None) -> bool:
        """Is this the signature of a call to `path` with raw `query` and these fields? Never raises."""
        if not signature:
            return False
        signed = path.encode("utf-8", "replace") + (b"?" + query if query else b"") + _flat(fields)
        said = signature.encode("utf-8", "replace")
        return any(hmac.compare_digest(_mac(keyed, signed), said) for keyed in self._keyed)


class TwilioWebhooks:
    """The SignedCalls of Twilio: a good signature, our account, and a number or messaging service of ours (R19)."""

    def __init__(self, signature: TwilioSignature, account_sid: str, senders: Iterable[str]) -> None:
        self._signature = signature
        self._account_sid = account_sid
        self._senders = frozenset(sender for sender in senders if sender)

    def read(self, path: str, query: bytes, body: bytes, signature: str | None) -> Mapping[str, str] | None:
        """As SignedCalls.read."""
        if not signature:  # before the body is looked at: an unsigned call costs next to nothing
            return None
        try:
            pairs = form_body.parse(body)
        except ValueError:
            return None
        if not self._signature.holds(path, query, pairs, signature):
            return None
        fields = dict(reversed(pairs))
        return fields if self._ours(fields) else None

    def _ours(self, fields: Mapping[str, str]) -> bool:
        """A receipt is about a text from us; anything else is a text to us."""
        side = "From" if "MessageStatus" in fields else "To"
        ours = {fields.get(side), fields.get("MessagingServiceSid")}
        return fields.get("AccountSid") == self._account_sid and not self._senders.isdisjoint(ours)


def sign(url: str, params: Mapping[str, str], token: str) -> str:
    """The X-Twilio-Signature header Twilio would send with `params` to `url`."""
    mac = hmac.new(token.encode(), url.encode() + _flat(params.items()), "sha1")
    return b64encode(mac.digest()).decode("ascii")


def _mac(keyed: hmac.HMAC, signed: bytes) -> bytes:
    mac = keyed.copy()
    mac.update(signed)
    return b64encode(mac.digest())


def _flat(fields: Fields) -> bytes:
    """Names and values run together, sorted, each pair once, as Twilio signs them."""
    return "".join(map("".join, sorted(set(fields)))).encode("utf-8", "replace")


def _spellings(public_base_url: str) -> list[str]:
    """The address without and with its port: Twilio is not consistent about which of the two it signs."""
    parts = urlsplit(public_base_url.rstrip("/"))
    port = parts.port or (443 if parts.scheme == "https" else 80)
    bare = parts.netloc.removesuffix(f":{parts.port}")
    return [parts._replace(netloc=netloc).geturl() for netloc in (bare, f"{bare}:{port}")]

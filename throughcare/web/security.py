"""What every answer tells the browser to refuse, and which requests are not the reader's own."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlsplit

from litestar.types import Message, Scope

from throughcare.kernel.refusals import Refusal, refuse_if

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
POLICY = (
    "default-src 'none'; script-src 'self'{nonce}; style-src 'self'{nonce}; font-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
}
FOR_LONG = "max-age=63072000; includeSubDomains"  # two years, in seconds


class NotYours(Refusal):
    """This did not come from a page of yours that is still open: go back, reload the page and send it again."""

    code: ClassVar[str] = "not_yours"
    status: ClassVar[int] = 403


def fresh_nonce(scope: Scope) -> str:
    """This request's nonce, which its page's scripts and styles carry."""
    nonce = secrets.token_urlsafe(16)
    scope["state"]["nonce"] = nonce
    return nonce


@dataclass(frozen=True)
class SecurityHeaders:
    """Litestar's `before_send`: it sees every answer there is, those to no route and those to faults among them.

    What it says stands in the place of what anybody else said of the same. It is made ready once: it is said so often.
    """

    production: bool = True

    async def __call__(self, message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        nonce = scope["state"].get("nonce", "")
        policy = POLICY.format(nonce=f" 'nonce-{nonce}'" if nonce else "")
        said = [(b"content-security-policy", policy.encode("latin-1")), *self.always]
        if not scope["path"].startswith("/static/"):
            said.append((b"cache-control", b"no-store"))
        named = {name for name, _ in said}
        message["headers"] = [*(other for other in message["headers"] if other[0].lower() not in named), *said]

    @cached_property
    def always(self) -> list[tuple[bytes, bytes]]:
        """What does not depend on the answer."""
        said = ALWAYS | ({"Strict-Transport-Security": FOR_LONG} if self.production else {})
        return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in said.items()]


def refuse_foreign(headers: Mapping[str, Any], origin: str) -> None:
    """Raise NotYours when the browser says another site began this request.

    Browsers that send Sec-Fetch-Site are believed; they cannot be made to lie by a page. Older ones send Origin, but
    "null" from our own pages too, because of our Referrer-Policy: there the session's token alone decides.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        refuse_if(site not in {"same-origin", "none"}, NotYours)
        return
    came_from = headers.get("origin", "null")
    refuse_if(came_from not in {"null", origin}, NotYours)


def origin_of(base_url: str) -> str:
    """The scheme, host and port that a browser names as the origin of our pages."""
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc}"


def onward(wanted: str, otherwise: str = "/") -> str:
    """Where to go after signing in: a path of ours, or `otherwise` for anything a browser could take for elsewhere."""
    odd = any(letter == "\\" or letter <= " " or letter == "\x7f" for letter in wanted)
    if odd or not wanted.startswith("/") or wanted.startswith("//"):
        return otherwise
    return otherwise if wanted.startswith("/sign-") else wanted

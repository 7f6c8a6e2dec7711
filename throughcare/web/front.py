"""The front door, put together: who may pass, what browsers are told, and in a demonstration the buttons."""

from __future__ import annotations

from threading import Thread
from typing import Any

from litestar import Request

from throughcare.casework import passwords
from throughcare.casework.keyring import Keyring
from throughcare.kernel.work import Desk
from throughcare.web.app import Extras
from throughcare.web.pages.signin import DEMONSTRATION_ROUTES
from throughcare.web.security import SecurityHeaders, origin_of
from throughcare.web.sessions import Cookies, Sessions, caller_of, visitor_of
from throughcare.web.visit import SignedIn


def signed_in(request: Request[Any, Any, Any]) -> SignedIn:
    """The reader of this request, for `create_app`: Sessions has found them, or turned them away."""
    visitor = visitor_of(request)
    return SignedIn(visitor.actor, caller_of(request).csrf, visitor.place)


def front_door(desk: Desk, public_base_url: str) -> Extras:
    """What `create_app` is to be given. Cookies are Secure where the public address is https."""
    Thread(target=passwords.warm, name="dummy password", daemon=True).start()  # a fifth of a second's sums
    demonstration = desk.reference[Keyring].demonstration
    secure = public_base_url.startswith("https://")
    return Extras(
        middleware=[Sessions(desk, origin_of(public_base_url), Cookies(secure))],
        before_send=[SecurityHeaders(production=not demonstration and secure)],
        handlers=DEMONSTRATION_ROUTES if demonstration else [],
    )

"""Asks at every request who is there, before anything else runs: closed unless a handler says its door is not.

A handler is for people signed in unless it is declared with `opt={"door": "half"}` (a sign-in under way) or
`opt={"door": "open"}` (anyone).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response
from litestar.concurrency import sync_to_thread
from litestar.datastructures import Cookie
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.response import Redirect
from litestar.types import ASGIApp, Receive, Scope, Send

from throughcare.casework.credentials import Stage
from throughcare.casework.keyring import Keyring
from throughcare.casework.opening import Ticket
from throughcare.casework.signin import SignInAgain
from throughcare.casework.visitors import IDLE, STEP_UP, Visitor, pending_of, session_of, token_of
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.refusals import NotPermitted, refuse_if
from throughcare.kernel.work import Desk
from throughcare.web.bodies import parse_body
from throughcare.web.frame import CSRF_FIELD
from throughcare.web.security import SAFE_METHODS, NotYours, fresh_nonce, refuse_foreign

Asked = Request[Any, Any, Any]
UNASKED = ("/static/", "/webhooks/", "/health/")  # these prove themselves in their own way, or need no proof
PROVEN = ("/admin/", "/api/admin/", "/account/recovery-codes")  # acts here need a second factor just given
PROGRAMS = ("/api/", "/schema")
NEXT_STEP = {Stage.PASSWORD: "/sign-in/code", Stage.SET_UP: "/sign-in/app", Stage.CHOOSING: "/sign-in/role"}
DEVICE_LASTS = 180 * 24 * 3600  # seconds


class ProveFirst(NotPermitted):
    """Confirm that it is you before you do this."""

    code = "prove_first"


class NotByProgram(NotPermitted):
    """A token opens the addresses under /api/ and no page."""

    code = "not_by_program"


@dataclass(frozen=True)
class Caller:
    """Who sent this request. `visitor` is who is signed in; `half` how far a sign-in has come; neither: nobody yet."""

    visitor: Visitor | None = None
    half: Stage | None = None
    csrf: str = ""
    token: str = field(default="", repr=False)
    device: str = field(default="", repr=False)
    bearer: bool = False


@dataclass(frozen=True)
class Cookies:
    """What our cookies are called and how they are kept: by the browser, for this host alone, out of scripts' reach."""

    secure: bool

    def named(self, name: str) -> str:
        return f"__Host-{name}" if self.secure else name

    def _cookie(self, name: str, value: str, max_age: int | None = None) -> Cookie:
        return Cookie(
            key=self.named(name),
            value=value,
            path="/",
            httponly=True,
            secure=self.secure,
            samesite="lax",
            max_age=max_age,
        )

    def give(self, answer: Response[Any], ticket: Ticket) -> None:
        """Hold this token from now on."""
        answer.set_cookie(self._cookie("session", ticket.token))
        if ticket.device:
            answer.set_cookie(self._cookie("device", ticket.device, DEVICE_LASTS))

    def take_back(self, answer: Response[Any]) -> None:
        """Hold no token any longer."""
        answer.set_cookie(self._cookie("session", "", 0))


def caller_of(request: Asked) -> Caller:
    """Who sent this request, as the middleware found them."""
    caller: Caller = request.scope["state"].get("caller") or Caller()
    return caller


def cookies_of(request: Asked) -> Cookies:
    """How this service keeps its cookies."""
    cookies: Cookies = request.scope["state"]["cookies"]
    return cookies


def visitor_of(request: Asked) -> Visitor:
    """Who is signed in. Raises SignInAgain where nobody is."""
    visitor = caller_of(request).visitor
    if visitor is None:
        raise SignInAgain
    return visitor


class Sessions(ASGIMiddleware):
    """Finds the caller, turns away who may not pass, and leaves `caller` and `nonce` in the request's state."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, desk: Desk, origin: str, cookies: Cookies) -> None:
        self.desk, self.origin, self.cookies = desk, origin, cookies

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        fresh_nonce(scope)
        scope["state"]["cookies"] = self.cookies
        if scope["path"].startswith(UNASKED) or scope["path"] == "/metrics":
            await next_app(scope, receive, send)
            return
        request: Asked = Request(scope, receive=receive)
        caller = await sync_to_thread(self.find, request)
        scope["state"]["caller"] = caller
        door = scope["route_handler"].opt.get("door", "")
        refuse_if(caller.bearer and caller.visitor and not scope["path"].startswith(PROGRAMS), NotByProgram)
        if request.method not in SAFE_METHODS and not caller.bearer:
            await self.refuse_forged(request, caller, door)
        if caller.visitor is None and not door:
            await self.turn_away(request, caller)(scope, receive, send)
            return
        if caller.visitor and not self.proven_enough(request, caller.visitor):
            await prove_first(request)(scope, receive, send)
            return
        await next_app(scope, receive, send)

    def find(self, request: Asked) -> Caller:
        """Look the request's token up. A program's token is looked at before, and instead of, any cookie."""
        scheme, _, said = request.headers.get("authorization", "").partition(" ")
        with self.desk.work(SYSTEM) as work:
            if scheme.lower() == "bearer":
                return Caller(token_of(work, said.strip()), bearer=True)
            token = request.cookies.get(self.cookies.named("session"), "")
            device = request.cookies.get(self.cookies.named("device"), "")
            if not token:
                return Caller(device=device)
            if visitor := session_of(work, token):
                return Caller(visitor, None, self._csrf(visitor.session_id), token, device)
            pending = pending_of(work, token)
            if pending is None:
                return Caller(token=token, device=device)
            return Caller(None, pending.stage, self._csrf(pending.id), token, device)

    def _csrf(self, session_id: UUID | None) -> str:
        return self.desk.reference[Keyring].mark("csrf", session_id) if session_id else ""

    async def refuse_forged(self, request: Asked, caller: Caller, door: str) -> None:
        """Raise NotYours unless our own page, opened in this very session, sent this."""
        refuse_foreign(request.headers, self.origin)
        if door == "open" or not caller.csrf:
            return
        posted = request.headers.get("x-csrf-token") or _field(await request.body())
        if not secrets.compare_digest(posted.encode("utf-8", "replace"), caller.csrf.encode()):
            raise NotYours

    def proven_enough(self, request: Asked, visitor: Visitor) -> bool:
        """Whether a second factor was given lately enough: five minutes to open a form, fifteen to have filled it in.

        A program gives none, and so never proves who it is.
        """
        methods = getattr(request.scope["route_handler"], "http_methods", ())
        if "POST" not in methods or not request.scope["path"].startswith(PROVEN):
            return True
        within = STEP_UP if request.method == "GET" else IDLE
        return visitor.proven_at is not None and self.desk.clock.now() - visitor.proven_at <= within

    def turn_away(self, request: Asked, caller: Caller) -> Any:
        """Programs get a 401; people are sent to sign in, or on with it, and back here when it is a page."""
        scope = request.scope
        if scope["path"].startswith(PROGRAMS):
            raise SignInAgain
        here = scope["path"]
        if request.method == "GET" and scope["query_string"]:
            here += "?" + scope["query_string"].decode("latin-1")
        back = here if "GET" in getattr(scope["route_handler"], "http_methods", ()) else "/"
        step = NEXT_STEP.get(caller.half, "/sign-in") if caller.half else "/sign-in"
        ended = bool(caller.token) and step == "/sign-in"
        answer: Redirect = Redirect(
            f"{step}?next={quote(back, safe='/')}{'&ended=1' if ended else ''}", status_code=303
        )
        if ended:
            self.cookies.take_back(answer)
        return answer.to_asgi_response(None, request)


def prove_first(request: Asked) -> Any:
    """Off to confirm who they are, and back to the form."""
    path = request.scope["path"]
    if path.startswith(PROGRAMS):
        raise ProveFirst
    return Redirect(f"/account/confirm?next={quote(path)}", status_code=303).to_asgi_response(None, request)


def _field(body: bytes) -> str:
    return (parse_body(body).get(CSRF_FIELD) or [""])[-1]

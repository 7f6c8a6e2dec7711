"""How the pages of signing in ask: nobody is known yet, so they stand outside acts, looks and visits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from litestar import HttpMethod, Response, route
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import RawBody
from litestar.response import Redirect

from throughcare.casework.opening import Ticket
from throughcare.casework.signin import SignInAgain
from throughcare.casework.throttle import TooManyTries
from throughcare.casework.visitors import session_of
from throughcare.kernel.actors import SYSTEM, Role
from throughcare.kernel.forms import Choice, Form
from throughcare.kernel.refusals import Refusal
from throughcare.kernel.work import Desk
from throughcare.web.formpage import FormPage, form_page
from throughcare.web.forms import Problems, parse_body, read
from throughcare.web.frame import Frame, Site
from throughcare.web.security import onward
from throughcare.web.sessions import NEXT_STEP, Asked, Caller, caller_of, cookies_of
from throughcare.web.templating import render

Page = Response[Any]
UNPROCESSABLE, UNKNOWN = 422, 401


def html(body: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Page:
    """A page."""
    return Response(body, status_code=status, media_type="text/html; charset=utf-8", headers=dict(headers or {}))


@dataclass(frozen=True)
class Entrance:
    """One request at the door."""

    request: Asked
    desk: Desk
    site: Site

    @property
    def caller(self) -> Caller:
        return caller_of(self.request)

    @property
    def wanted(self) -> str:
        """The page they were on their way to; blank where they named none, or none of ours."""
        return onward(self.request.query_params.get("next", ""), "")

    def frame(self) -> Frame:
        return Frame(self.site, nonce=self.request.scope["state"].get("nonce", ""), csrf=self.caller.csrf)

    def show(self, template: str, **context: Any) -> Page:
        return html(render(template, frame=self.frame(), **context))

    def on(self, path: str) -> str:
        """The address of another step, still on their way to the same page."""
        return f"{path}?next={quote(self.wanted)}" if self.wanted else path

    def way(self, ticket: Ticket) -> str:
        """Where this ticket leads."""
        return self.on(NEXT_STEP[ticket.stage]) if ticket.stage in NEXT_STEP else self.inside(ticket.token)

    def through(self, ticket: Ticket) -> Page:
        """The browser holds the ticket and goes where it leads."""
        return self.holding(ticket, Redirect(self.way(ticket), status_code=303))

    def holding(self, ticket: Ticket, page: Page) -> Page:
        """The same page, with the ticket for the browser to hold."""
        cookies_of(self.request).give(page, ticket)
        return page

    def inside(self, token: str) -> str:
        """Where they were going, or the first page of their role."""
        with self.desk.work(SYSTEM) as work:
            visitor = session_of(work, token)
        first = "/admin" if visitor and visitor.actor.role is Role.ADMIN else "/"
        return self.wanted if self.wanted not in {"", "/"} else first


@dataclass(frozen=True)
class Asking:
    """One step: what it asks, and what it does with the answer.

    `does` gives the ticket, or a page of its own, or None when the answer is wrong; `wrong` is then said. `around`
    gives the template's further words and the options of the form, and refuses with SignInAgain where this step is
    not due.
    """

    path: str
    form: type[Form]
    title: str
    button: str
    does: Callable[[Entrance, Any], Ticket | Page | None]
    wrong: tuple[str, str] = ("", "")
    template: str = "form.html"
    door: str = "half"
    around: Callable[[Entrance], dict[str, Any]] = lambda _: {}
    choices: Callable[[Entrance], Mapping[str, Sequence[Choice]]] = lambda _: {}
    kept: frozenset[str] = field(default_factory=frozenset)  # fields whose words come back when asked again

    def ask(
        self, at: Entrance, posted: Mapping[str, list[str]], problems: Problems, refusal: Refusal | None = None
    ) -> Page:
        """The page, for the first time or again."""
        values = {name: posted[name] for name in self.kept if name in posted}
        page = FormPage(self.form, self.title, self.button, values, problems, self.choices(at))
        body = form_page(at.frame(), page, self.template, **self.around(at))
        wait = {"Retry-After": str(refusal.seconds)} if isinstance(refusal, TooManyTries) else {}
        return html(body, (refusal.status if refusal else UNPROCESSABLE) if problems else 200, wait)

    def take(self, at: Entrance, posted: Mapping[str, list[str]]) -> Page:
        """The answer: right, wrong, or refused with why."""
        form, problems = read(self.form, posted, self.choices(at))
        if form is None:
            return self.ask(at, posted, problems)
        try:
            done = self.does(at, form)
        except Refusal as no:
            if no.status == UNKNOWN:
                raise
            return self.ask(at, posted, {no.field: no.sentence}, no)
        if done is None:
            return self.ask(at, posted, dict([self.wrong]))
        return at.through(done) if isinstance(done, Ticket) else done


def served(asking: Asking) -> HTTPRouteHandler:
    """GET asks, POST takes the answer; a step that is not due any more begins again."""

    @route(
        asking.path,
        http_method=[HttpMethod.GET, HttpMethod.POST],
        status_code=200,
        sync_to_thread=True,
        include_in_schema=False,
        opt={"door": asking.door},
        name=f"page:{asking.path}",
    )
    def do(request: Asked, desk: NamedDependency[Desk], site: NamedDependency[Site], body: RawBody) -> Page:
        at = Entrance(request, desk, site)
        if asking.door == "half" and at.caller.visitor:
            return Redirect(at.inside(at.caller.token), status_code=303)
        try:
            return asking.take(at, parse_body(body)) if request.method == "POST" else asking.ask(at, {}, {})
        except SignInAgain:
            return Redirect(at.on("/sign-in"), status_code=303)

    return do

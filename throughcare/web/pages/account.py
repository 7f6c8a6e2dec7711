"""A worker's own account: the role they are working in, where they are signed in, their password and recovery codes."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from litestar import HttpMethod, get, post, route
from litestar.di import NamedDependency
from litestar.params import FromPath, RawBody
from litestar.response import Redirect

from throughcare.casework import opening, second_factor, signin
from throughcare.casework.agencies import Membership, Worker
from throughcare.casework.credentials import WebSession
from throughcare.casework.opening import Ticket
from throughcare.casework.signin_events import RecoveryCodesMade
from throughcare.casework.throttle import TooManyTries
from throughcare.casework.visitors import memberships_of
from throughcare.kernel.actors import SYSTEM, Role
from throughcare.kernel.forms import Ask, Form
from throughcare.kernel.refusals import NotFound, Refusal, refuse_if
from throughcare.web.entrance import Page, html
from throughcare.web.formpage import FormPage, form_page
from throughcare.web.forms import Problems, parse_body, read
from throughcare.web.pages.signin import WRONG_CODE, CodeForm, Password, RoleForm
from throughcare.web.security import onward
from throughcare.web.sessions import Asked, caller_of, cookies_of, visitor_of
from throughcare.web.templating import render
from throughcare.web.visit import Visit

GET_AND_POST = [HttpMethod.GET, HttpMethod.POST]
UNPROCESSABLE = 422


class Sure(Form):
    """An act that asks nothing but whether it is meant."""


class NewPassword(Form):
    old: Annotated[Password, Ask("Password now", missing="Enter the password you have now", widget="password")]
    password: Annotated[
        Password,
        Ask(
            "New password",
            "15 characters or more.",
            "Enter a new password",
            "password",
            autocomplete="new-password",
        ),
    ]


@get("/account", sync_to_thread=True, include_in_schema=False)
def account(request: Asked, visit: NamedDependency[Visit]) -> Page:
    """Everything about one's own signing in."""
    here = visitor_of(request).session_id
    with visit.desk.work(SYSTEM) as work:
        worker = work.session.get_one(Worker, visit.actor.id)
        roles = memberships_of(work, worker.id)
        sessions = opening.open_ones(work, worker.id)
        left = second_factor.recovery_codes_left(work, worker.id)
    context = {"worker": worker, "roles": roles, "sessions": sessions, "left": left, "here": here}
    return html(render("account/account.html", frame=visit.frame(), actor=visit.actor, **context))


@post("/session/role", status_code=303, sync_to_thread=True, include_in_schema=False)
def change_role(request: Asked, visit: NamedDependency[Visit], body: RawBody) -> Page:
    """To work in another of one's roles: the browser gets a new token."""
    form, _ = read(RoleForm, parse_body(body), {})
    if form is None:
        raise NotFound
    with visit.desk.work(SYSTEM) as work:
        ticket = signin.choose(work, caller_of(request).token, form.membership_id)
        role = work.session.get_one(Membership, form.membership_id).role
    return holding(request, ticket, "/admin" if role is Role.ADMIN else "/")


@post("/account/sessions/{session_id:uuid}/end", status_code=303, sync_to_thread=True, include_in_schema=False)
def end_session(session_id: FromPath[UUID], visit: NamedDependency[Visit]) -> Redirect:
    """Sign out a browser of one's own that is somewhere else."""
    with visit.desk.work(SYSTEM) as work:
        session = work.session.get(WebSession, session_id)
        refuse_if(session is None or session.worker_id != visit.actor.id, NotFound)
        opening.end(work, session_id)
    return Redirect("/account", status_code=303)


@route("/account/confirm", http_method=GET_AND_POST, status_code=200, sync_to_thread=True, include_in_schema=False)
def confirm(request: Asked, visit: NamedDependency[Visit], body: RawBody) -> Page:
    """A code from the app, before an act that needs one just given."""
    with visit.desk.work(SYSTEM) as work:
        asks = Sure if signin.needs_no_code(work, work.session.get_one(Worker, visit.actor.id)) else CodeForm
    page = FormPage(asks, "Confirm that it is you", "Confirm", intro="What you are about to do needs this first.")
    if request.method == "GET":
        return ask(visit, page)
    form, problems = read(asks, parse_body(body))
    if form is None:
        return ask(visit, page, problems)
    return proved(request, visit, page, form.code if isinstance(form, CodeForm) else "")


def proved(request: Asked, visit: Visit, page: FormPage, code: str) -> Page:
    """On to the act, or asked again."""
    caller = caller_of(request)
    try:
        with visit.desk.work(SYSTEM) as work:
            ticket = signin.prove_again(work, caller.token, code, caller.device)
    except TooManyTries as no:
        return ask(visit, page, {"code": no.sentence}, no.status)
    if ticket is None:
        return ask(visit, page, {"code": WRONG_CODE})
    return holding(request, ticket, onward(request.query_params.get("next", ""), "/account"))


@route(
    "/account/recovery-codes", http_method=GET_AND_POST, status_code=200, sync_to_thread=True, include_in_schema=False
)
def recovery_codes(request: Asked, visit: NamedDependency[Visit]) -> Page:
    """Ten new recovery codes, shown on the answer this once."""
    if request.method == "GET":
        intro = "You will be shown ten new codes. Any you have from before will stop working."
        page = FormPage(Sure, "Make new recovery codes", "Make new codes", intro=intro, cancel="/account")
        return ask(visit, page)
    with visit.desk.work(visit.actor) as work:
        codes = second_factor.give_recovery_codes(work, visit.actor.id)
        work.record(RecoveryCodesMade(subject_id=visit.actor.id))
    return html(render("signin/recovery_codes.html", frame=visit.frame(), codes=codes, then="/account"))


@route("/account/password", http_method=GET_AND_POST, status_code=200, sync_to_thread=True, include_in_schema=False)
def password(request: Asked, visit: NamedDependency[Visit], body: RawBody) -> Page:
    """A new password, for who knows the old one; other browsers are signed out."""
    page = FormPage(NewPassword, "Change your password", "Save new password", cancel="/account")
    if request.method == "GET":
        return ask(visit, page)
    form, problems = read(NewPassword, parse_body(body))
    if form is None:
        return ask(visit, page, problems)
    return saved(request, visit, page, form)


def saved(request: Asked, visit: Visit, page: FormPage, form: NewPassword) -> Page:
    """Back to the account, or asked again."""
    token = caller_of(request).token
    try:
        right = signin.change_password(visit.desk, visit.actor.id, token, form.old, form.password)
    except Refusal as no:
        return ask(visit, page, {no.field: no.sentence}, no.status)
    return Redirect("/account", status_code=303) if right else ask(visit, page, {"old": "The password is not right"})


def ask(visit: Visit, page: FormPage, problems: Problems | None = None, status: int = UNPROCESSABLE) -> Page:
    """The form, for the first time or again."""
    return html(form_page(visit.frame(), replace(page, problems=problems or {})), status if problems else 200)


def holding(request: Asked, ticket: Ticket, path: str) -> Page:
    """Off to `path` with the ticket held."""
    answer: Redirect = Redirect(path, status_code=303)
    cookies_of(request).give(answer, ticket)
    return answer


ROUTES = [account, change_role, end_session, confirm, recovery_codes, password]

"""The pages by which people come in and go out."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any
from uuid import UUID

import segno
from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from markupsafe import Markup
from pydantic import AfterValidator, StringConstraints
from sqlmodel import col, func, select

from throughcare.casework import passwords, signin
from throughcare.casework.agencies import Membership, Worker
from throughcare.casework.credentials import Stage
from throughcare.casework.keyring import Keyring
from throughcare.casework.opening import Ticket
from throughcare.casework.people import Case
from throughcare.casework.rows import Task, TaskStatus
from throughcare.casework.visitors import holds, memberships_of, pending_of
from throughcare.casework.visitors import stay as still_here
from throughcare.casework.workers import Email
from throughcare.kernel.actors import SYSTEM, Role
from throughcare.kernel.forms import Ask, Choice, Form, Line, one_line
from throughcare.kernel.work import Desk
from throughcare.web.entrance import Asking, Entrance, Page, served
from throughcare.web.frame import Site
from throughcare.web.sessions import Asked, caller_of, cookies_of, visitor_of

Password = Annotated[str, StringConstraints(min_length=1, max_length=passwords.LONGEST), AfterValidator(one_line)]
APP_HINT = "Open the authenticator app on your phone. The code changes every 30 seconds."
Code = Annotated[
    Line, Ask("6-digit code", APP_HINT, "Enter the 6-digit code", width="10", autocomplete="one-time-code")
]
WRONG_CODE = "The code is not right. Wait for the next one, and check that the time on your phone is right"


class PasswordForm(Form):
    email: Annotated[Line, Ask("Email address", "", "Enter your email address", "email", autocomplete="username")]
    password: Annotated[Password, Ask("Password", "", "Enter your password", "password")]


class CodeForm(Form):
    code: Code


class RecoveryForm(Form):
    code: Annotated[
        Line,
        Ask("Recovery code", "One you have not used before.", "Enter a recovery code", width="20", autocomplete="off"),
    ]


class SetUpForm(Form):
    email: Annotated[Email, Ask("Email address", "", "Enter your email address", "email", autocomplete="username")]
    code: Annotated[
        Line,
        Ask(
            "Set-up code",
            "Your administrator gave you this. It works once, for three days.",
            "Enter your set-up code",
            width="20",
            autocomplete="off",
        ),
    ]
    password: Annotated[
        Password,
        Ask(
            "New password",
            "15 characters or more. Four or five words that you make a picture of are easy to remember.",
            "Enter a new password",
            "password",
            autocomplete="new-password",
        ),
    ]


class RoleForm(Form):
    membership_id: Annotated[UUID, Ask("Which role are you working in?", "", "Select a role", "radios", "roles")]


def give_password(at: Entrance, form: PasswordForm) -> Ticket | None:
    return signin.sign_in(at.desk, form.email, form.password, at.caller.device)


def give_code(at: Entrance, form: CodeForm) -> Ticket | None:
    with at.desk.work(SYSTEM) as work:
        return signin.verify_totp(work, at.caller.token, form.code, at.caller.device)


def give_recovery_code(at: Entrance, form: RecoveryForm) -> Ticket | None:
    with at.desk.work(SYSTEM) as work:
        return signin.use_recovery_code(work, at.caller.token, form.code, at.caller.device)


def choose_password(at: Entrance, form: SetUpForm) -> Ticket | None:
    return signin.set_up(at.desk, form.email, form.code, form.password)


def confirm_app(at: Entrance, form: CodeForm) -> Page | None:
    """The recovery codes are on the answer itself, which no browser keeps: they are shown this once."""
    with at.desk.work(SYSTEM) as work:
        confirmed = signin.confirm_app(work, at.caller.token, form.code, at.caller.device)
    if confirmed is None:
        return None
    ticket, codes = confirmed
    return at.holding(ticket, at.show("signin/recovery_codes.html", codes=codes, then=at.way(ticket)))


def choose_role(at: Entrance, form: RoleForm) -> Ticket:
    with at.desk.work(SYSTEM) as work:
        return signin.choose(work, at.caller.token, form.membership_id)


def roles(at: Entrance) -> dict[str, list[Choice]]:
    with at.desk.work(SYSTEM) as work:
        session = pending_of(work, at.caller.token)
        if session is None:
            raise signin.SignInAgain
        held = memberships_of(work, session.worker_id)
    return {"roles": [Choice(str(role.id), f"{role.role.label}, {place}") for role, place in held]}


def first_page(at: Entrance) -> dict[str, Any]:
    """Whether they were signed out, and in a demonstration the people one may be."""
    ended = "ended" in at.request.query_params
    with at.desk.work(SYSTEM) as work:
        people = demonstration_people(work) if work.reference[Keyring].demonstration else []
    return {"ended": ended, "people": people, "wanted": at.wanted}


def demonstration_people(work: Any) -> list[tuple[UUID, str, str]]:
    """One worker of each role: id, role, name. Who has most to do comes first, so that nobody comes in to an empty list;
    then whose agency has, then whose agency has most roles, so that they meet on cases.
    """
    given = select(func.count()).where(col(Task.worker_id) == col(Worker.id), col(Task.status) == TaskStatus.OPEN)
    owned = select(func.count()).where(col(Case.owner_worker_id) == col(Worker.id))
    around = select(func.count()).where(
        col(Task.agency_id) == col(Membership.agency_id), Task.status == TaskStatus.OPEN
    )
    rows = work.session.execute(
        select(col(Worker.id), col(Membership.role), col(Worker.name), col(Membership.agency_id))
        .add_columns(col(Worker.email), (given.scalar_subquery() + owned.scalar_subquery()).label("held"))
        .add_columns(around.scalar_subquery().label("around"))
        .join(Membership, col(Membership.worker_id) == col(Worker.id))
        .where(col(Worker.disabled_at).is_(None), holds(work))
    ).all()
    roles_at = Counter(agency for agency, _ in {(row.agency_id, row.role) for row in rows})
    busiest = sorted(rows, key=lambda row: (-row.held, -row.around, -roles_at[row.agency_id], row.email))
    first: dict[Any, tuple[UUID, str, str]] = {}
    for row in busiest:
        first.setdefault(row.role, (row.id, row.role.label, row.name))
    return [first[role] for role in Role if role in first]


def second_page(at: Entrance) -> dict[str, Any]:
    """The way to the other kind of code; refused where no password was given."""
    if at.caller.half is not Stage.PASSWORD:
        raise signin.SignInAgain
    return {"wanted": at.wanted}


def app_page(at: Entrance) -> dict[str, Any]:
    """What to put in the app: shown until the first code from it, and never again."""
    with at.desk.work(SYSTEM) as work:
        secret, address = signin.app_to_set_up(work, at.caller.token)
    picture = segno.make(address, error="m").svg_inline(scale=5, border=2, light="#fff", svgclass=None, lineclass=None)
    fours = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    return {
        "picture": Markup(picture),  # noqa: S704 - drawn by our own call, from nothing that anybody typed
        "secret": " ".join(fours),
    }


ASKINGS = (
    Asking(
        "/sign-in", PasswordForm, "Sign in", "Continue", give_password,
        ("", "The email address or password is not right"), "signin/sign_in.html", "open", first_page,
        kept=frozenset({"email"}),
    ),
    Asking(
        "/sign-in/set-up", SetUpForm, "Choose a password", "Save password", choose_password,
        ("", "The email address or set-up code is not right, or the code has been used or is more than three days old"),
        door="open", kept=frozenset({"email", "code"}),
    ),
    Asking(
        "/sign-in/code", CodeForm, "Enter the code from your app", "Sign in", give_code, ("code", WRONG_CODE),
        "signin/code.html", around=second_page,
    ),
    Asking(
        "/sign-in/recovery", RecoveryForm, "Use a recovery code", "Sign in", give_recovery_code,
        ("code", "The recovery code is not right, or you have used it before"), "signin/recovery.html",
        around=second_page,
    ),
    Asking(
        "/sign-in/app", CodeForm, "Set up your authenticator app", "Finish setting up", confirm_app,
        ("code", WRONG_CODE), "signin/app.html", around=app_page,
    ),
    Asking("/sign-in/role", RoleForm, "Choose a role", "Continue", choose_role, choices=roles),
)  # fmt: skip


@post("/sign-out", status_code=303, sync_to_thread=True, include_in_schema=False, opt={"door": "half"})
def sign_out(request: Asked, desk: NamedDependency[Desk]) -> Redirect:
    """Out: the browser is told to forget what it kept of us; that it is a known one, it may keep."""
    with desk.work(SYSTEM) as work:
        signin.sign_out(work, caller_of(request).token)
    answer: Redirect = Redirect("/sign-in", status_code=303, headers={"Clear-Site-Data": '"cache", "storage"'})
    cookies_of(request).take_back(answer)
    return answer


@post("/session/stay", status_code=204, sync_to_thread=True, include_in_schema=False)
def stay(request: Asked, desk: NamedDependency[Desk]) -> None:
    """The reader is still there."""
    if session_id := visitor_of(request).session_id:
        with desk.work(SYSTEM) as work:
            still_here(work, session_id)


@post(
    "/sign-in/as/{worker_id:uuid}", status_code=303, sync_to_thread=True, include_in_schema=False, opt={"door": "open"}
)
def sign_in_as(
    worker_id: FromPath[UUID], request: Asked, desk: NamedDependency[Desk], site: NamedDependency[Site]
) -> Page:
    """One button per role: in a demonstration only."""
    with desk.work(SYSTEM) as work:
        ticket = signin.sign_in_as(work, worker_id)
    return Entrance(request, desk, site).through(ticket)


ROUTES = [*map(served, ASKINGS), sign_out, stay]
DEMONSTRATION_ROUTES = [sign_in_as]

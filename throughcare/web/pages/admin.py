"""Administration: workers, their roles and tokens, agencies and teams. Nothing of any client is here."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import HttpMethod, Request, route
from litestar.di import NamedDependency
from litestar.params import RawBody
from pydantic import AfterValidator, BaseModel

from throughcare.casework import partnership, staff, tokens, workers
from throughcare.casework.agencies import Membership
from throughcare.casework.credentials import ApiToken
from throughcare.kernel.forms import Ask, Form
from throughcare.kernel.refusals import NotFound
from throughcare.kernel.work import Work
from throughcare.web.acts import Act, Look, Opening
from throughcare.web.entrance import Page, html
from throughcare.web.formpage import FormPage, form_page
from throughcare.web.forms import Problems, parse_body, read
from throughcare.web.templating import render
from throughcare.web.visit import Ids, Visit

SECTION = "Admin"
WORKER = "/admin/workers/{worker_id:uuid}"
BACK = "/admin/workers/{worker_id}"


class Sure(Form):
    """An act that asks nothing but whether it is meant."""


class Whose(BaseModel):
    """The worker it was about."""

    id: UUID


def was_checked(ticked: bool) -> bool:  # noqa: FBT001 - a validator takes the one value
    """Recovery is a second person's judgement, and that judgement is this tick."""
    if not ticked:
        raise ValueError("Check who they are before you reset how they sign in")
    return ticked


class Reset(Form):
    checked: Annotated[
        bool,
        Ask("I have checked who they are, in person or on a phone number we already had for them", widget="checkboxes"),
        AfterValidator(was_checked),
    ] = False


def new_worker(work: Work, _: Ids) -> Opening:
    return Opening(choices=staff.where_to_work(work))


def new_role(work: Work, ids: Ids) -> Opening:
    name = staff.named(work, ids["worker_id"]).name
    return Opening(choices=staff.where_to_work(work), title=f"Give {name} a role")


def disabling(work: Work, ids: Ids) -> Opening:
    name = staff.named(work, ids["worker_id"]).name
    said = "They are signed out everywhere at once and cannot sign in. Their tokens stop working for good."
    return Opening(title=f"Disable {name}’s account", intro=said)


def enabling(work: Work, ids: Ids) -> Opening:
    name = staff.named(work, ids["worker_id"]).name
    return Opening(title=f"Enable {name}’s account", intro="They can sign in again with the password and app they had.")


def ending_role(work: Work, ids: Ids) -> Opening:
    membership = held(work, ids)
    name = staff.named(work, membership.worker_id).name
    said = "It is over from their very next click. What they were working on stays with their team."
    return Opening(title=f"End {name}’s role as {membership.role.label.lower()}", intro=said)


def revoking(work: Work, ids: Ids) -> Opening:
    token = given(work, ids)
    name = staff.named(work, token.worker_id).name
    return Opening(title=f"Revoke {name}’s token", intro=f"The program that uses “{token.label}” can do nothing more.")


def administrators(work: Work, _: Ids) -> Opening:
    workers.administrators_only(work)
    return Opening()


def new_team(work: Work, ids: Ids) -> Opening:
    return Opening(title=f"Add a team to {partnership.agency_of(work, ids['agency_id']).name}")


def renaming(work: Work, ids: Ids) -> Opening:
    team = partnership.team_of(work, ids["team_id"])
    return Opening(values={"name": [team.name]}, version=team.version)


def end_role(work: Work, ids: Ids, _: Sure) -> Whose:
    membership = held(work, ids)
    workers.end_membership(work, membership.id)
    return Whose(id=membership.worker_id)


def revoke(work: Work, ids: Ids, _: Sure) -> Whose:
    token = given(work, ids)
    tokens.revoke(work, token.id)
    return Whose(id=token.worker_id)


def held(work: Work, ids: Ids) -> Membership:
    """The membership the address names."""
    workers.administrators_only(work)
    found = work.session.get(Membership, ids["membership_id"])
    if found is None:
        raise NotFound
    return found


def given(work: Work, ids: Ids) -> ApiToken:
    """The token the address names."""
    workers.administrators_only(work)
    found = work.session.get(ApiToken, ids["token_id"])
    if found is None:
        raise NotFound
    return found


@route(
    f"{WORKER}/reset",
    http_method=[HttpMethod.GET, HttpMethod.POST],
    status_code=200,
    sync_to_thread=True,
    include_in_schema=False,
)
def reset(request: Request[Any, Any, Any], visit: NamedDependency[Visit], body: RawBody) -> Page:
    """The new set-up code is on the answer itself: said this once, and kept by nobody."""
    form, problems = read(Reset, parse_body(body)) if request.method == "POST" else (None, {})
    with visit.desk.work(visit.actor) as work:
        worker = staff.named(work, visit.ids["worker_id"])
        if form is None:
            return ask_reset(visit, worker.name, problems)
        code = workers.reset(work, worker.id)
    frame = visit.frame(SECTION)
    return html(render("admin/set_up_code.html", frame=frame, worker=worker, code=code))


def ask_reset(visit: Visit, name: str, problems: Problems) -> Page:
    ask = FormPage(
        Reset,
        f"Reset how {name} signs in",
        "Reset and make a set-up code",
        problems=problems,
        intro="Their password, app and recovery codes stop working, and they are signed out everywhere. You will be "
        "shown a set-up code to tell them, with which they choose a new password within three days.",
        cancel=f"/admin/workers/{visit.ids['worker_id']}",
        warns=True,
    )
    return html(form_page(visit.frame(SECTION), ask), 422 if problems else 200)


ROUTES = [
    Look(
        "/admin", "Workers", "admin/workers.html", lambda work, _, asked: staff.workers(work, asked), staff.Workers,
        staff.WorkersAsked, section=SECTION,
    ),
    Look(
        WORKER, lambda view: view.name, "admin/worker.html", lambda work, ids, _: staff.worker(work, ids["worker_id"]),
        staff.WorkerPage, section=SECTION,
    ),
    Look(
        "/admin/agencies", "Agencies and teams", "admin/agencies.html", lambda work, *_: staff.agencies(work),
        staff.Agencies, section=SECTION,
    ),
    Act(
        "/admin/new-worker", "Add a worker", "Add worker", workers.NewWorker, new_worker,
        lambda work, _, form: workers.add(work, form), "/admin/workers/{id}", "Worker added", section=SECTION, above="/admin",
    ),
    Act(
        f"{WORKER}/new-role", "Give a role", "Give role", workers.NewRole, new_role,
        lambda work, ids, form: workers.add_membership(work, ids["worker_id"], form), BACK, "Role given",
        section=SECTION,
    ),
    Act(
        f"{WORKER}/disable", "Disable account", "Disable account", Sure, disabling,
        lambda work, ids, _: workers.disable(work, ids["worker_id"]), BACK, "Account disabled", section=SECTION,
        warns=True,
    ),
    Act(
        f"{WORKER}/enable", "Enable account", "Enable account", Sure, enabling,
        lambda work, ids, _: workers.enable(work, ids["worker_id"]), BACK, "Account enabled", section=SECTION,
    ),
    Act(
        "/admin/roles/{membership_id:uuid}/end", "End role", "End role", Sure, ending_role, end_role,
        "/admin/workers/{id}", "Role ended", section=SECTION, above="/admin", warns=True,
    ),
    Act(
        "/admin/tokens/{token_id:uuid}/revoke", "Revoke token", "Revoke token", Sure, revoking, revoke,
        "/admin/workers/{id}", "Token revoked", section=SECTION, above="/admin", warns=True,
    ),
    Act(
        "/admin/new-agency", "Add an agency", "Add agency", partnership.NewAgency, administrators,
        lambda work, _, form: partnership.add_agency(work, form), "/admin/agencies", "Agency added", section=SECTION,
    ),
    Act(
        "/admin/agencies/{agency_id:uuid}/new-team", "Add a team", "Add team", partnership.TeamName, new_team,
        lambda work, ids, form: partnership.add_team(work, ids["agency_id"], form), "/admin/agencies", "Team added",
        section=SECTION,
    ),
    Act(
        "/admin/teams/{team_id:uuid}/rename", "Rename team", "Save name", partnership.TeamName, renaming,
        lambda work, ids, form: partnership.rename_team(work, ids["team_id"], form), "/admin/agencies", "Team renamed",
        section=SECTION,
    ),
    reset,
]  # fmt: skip

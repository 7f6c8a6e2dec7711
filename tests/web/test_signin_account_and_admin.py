"""One's own account, and the administrator's pages: who may sign in, said by others than themselves, without any client."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from litestar import get
from sqlmodel import select

from tests.support.browsing import HTTP, browser
from tests.support.signing_in import PASSWORD, figures, with_password
from throughcare.casework import tokens, workers
from throughcare.casework.agencies import Membership, Team, Worker
from throughcare.casework.credentials import WebSession
from throughcare.casework.visitors import memberships_of, token_of
from throughcare.kernel.actors import SYSTEM, Role
from throughcare.kernel.refusals import Invalid
from throughcare.web.sessions import Asked, visitor_of

pytestmark = pytest.mark.on_database(-1)  # their rules are shown on each in tests/steps/test_workers_*.py


@get("/whoami", sync_to_thread=False)
def whoami(request: Asked) -> str:
    return f"{visitor_of(request).actor.name}, {visitor_of(request).actor.role.label}"


@pytest.fixture
def come_in(desk, clock):
    def come_in(at, actor):
        email = with_password(desk, actor)
        at.get("/sign-in")
        at.post("/sign-in", {"email": email, "password": PASSWORD})
        at.follow()
        at.post("/sign-in/code", {"code": figures(clock)})
        clock.forward(timedelta(seconds=30))
        at.get("/account")

    return come_in


@pytest.fixture
def at(desk, world, come_in):
    """The administrator's browser."""
    with browser(desk, HTTP, whoami) as at:
        come_in(at, world.admin)
        yield at


@pytest.fixture
def officer(desk, world, come_in):
    with browser(desk, HTTP, whoami) as at:
        come_in(at, world.officer)
        yield at


@pytest.fixture
def membership_id(desk, world):
    with desk.work(SYSTEM) as work:
        return memberships_of(work, world.officer.id)[0][0].id


ADMIN_PATHS = ["/admin", "/admin/agencies", "/admin/new-worker", "/admin/new-agency", "/admin/workers/{worker}"] + [
    f"/admin/workers/{{worker}}/{act}" for act in ("new-role", "disable", "enable", "reset")
]


@pytest.mark.parametrize("path", ADMIN_PATHS)
def test_administration_is_closed_to_everyone_else(officer, world, path):
    address = path.format(worker=world.provider.id)
    assert officer.get(address).status_code == 403
    if path.count("/") > 1 and path not in {"/admin/agencies", "/admin/workers/{worker}"}:
        assert officer.post(address, {"checked": "yes"}).status_code == 403


@pytest.mark.parametrize("path", ADMIN_PATHS)
def test_every_page_of_administration_opens(at, world, path):
    page = at.get(path.format(worker=world.provider.id))
    assert page.status_code == 200, page.text
    assert "<h1" in page.text


def test_the_list_names_workers_and_their_roles_and_can_be_searched(at):
    page = at.get("/admin")
    assert "Throughcare officer, HMP Fallowfield" in page.text
    page = at.get("/admin?q=PROBATION")
    assert "probation_manager@example.org" in page.text
    assert "officer@example.org" not in page.text
    assert "No worker has this name" in at.get("/admin?q=nobody%25").text


def test_a_worker_is_added_and_given_a_set_up_code_that_is_said_once(at, desk, world):
    at.get("/admin/new-worker")
    typed = {
        "name": "Wren Holloway", "email": "wren@example.org", "role": Role.PROVIDER.value,
        "agency_id": str(world.agencies["provider"]), "team_id": str(world.teams["provider"]),
    }  # fmt: skip
    assert at.post("/admin/new-worker", typed | {"role": Role.OFFICER.value}).status_code == 422
    assert "Select a role that this kind of agency has" in at.page.text
    assert 'value="Wren Holloway"' in at.page.text
    assert at.post("/admin/new-worker", typed).status_code == 303
    page = at.follow()
    assert "Not set up yet" in page.text
    address = page.url.path + "/reset"
    at.get(address)
    page = at.post(address)
    assert page.status_code == 422
    assert "Check who they are before you reset how they sign in" in page.text
    page = at.post(address, {"checked": "yes"})
    code = re.search(r"\b[a-z0-9]{4}(-[a-z0-9]{4}){3}\b", page.text)[0]
    assert code not in at.get(address).text
    with browser(desk) as other:
        other.get("/sign-in/set-up")
        other.post("/sign-in/set-up", {"email": "wren@example.org", "code": code, "password": PASSWORD})
        assert other.page.headers["location"] == "/sign-in/app"


def test_a_role_is_given_and_ended_and_felt_at_once(at, officer, desk, world, membership_id):
    address = f"/admin/workers/{world.officer.id}"
    at.get(f"{address}/new-role")
    role = {"role": Role.MANAGER.value, "agency_id": str(world.agencies["prison"])}
    assert at.post(f"{address}/new-role", role).headers["location"] == f"{address}?done=admin.workers.new-role"
    assert "Role given" in at.follow().text
    assert officer.get("/whoami").status_code == 200
    at.get(f"/admin/roles/{membership_id}/end")
    assert "End Officer’s role as throughcare officer" in at.page.text
    assert at.post(f"/admin/roles/{membership_id}/end").headers["location"].startswith(address)
    assert officer.get("/whoami").status_code == 303


def test_an_account_is_disabled_and_enabled(at, officer, world):
    address = f"/admin/workers/{world.officer.id}"
    at.get(f"{address}/disable")
    assert at.post(f"{address}/disable").status_code == 303
    assert "Enable account" in at.follow().text
    assert officer.get("/whoami").status_code == 303
    at.get(f"{address}/enable")
    assert at.post(f"{address}/enable").status_code == 303
    assert "Disable account" in at.follow().text


def test_an_administrator_cannot_raise_themselves(at, desk, world):
    role = {"role": Role.OFFICER.value, "agency_id": str(world.agencies["prison"])}
    at.get(f"/admin/workers/{world.admin.id}/new-role")
    assert at.post(f"/admin/workers/{world.admin.id}/new-role", role).status_code == 403
    assert "/new-role" not in at.get(f"/admin/workers/{world.admin.id}").text
    with desk.work(SYSTEM) as work:
        assert len(memberships_of(work, world.admin.id)) == 1


def test_a_token_is_seen_and_revoked_but_an_administrators_work_has_none(at, desk, world, membership_id):
    with desk.work(SYSTEM) as work:
        tokens.add(work, membership_id, "nightly export")
        admins = memberships_of(work, world.admin.id)[0][0].id
        token_id = tokens.of_worker(work, world.officer.id)[0].id
    assert "nightly export" in at.get(f"/admin/workers/{world.officer.id}").text
    at.get(f"/admin/tokens/{token_id}/revoke")
    assert at.post(f"/admin/tokens/{token_id}/revoke").status_code == 303
    assert "Revoked" in at.follow().text
    with pytest.raises(Invalid), desk.work(SYSTEM) as work:
        tokens.add(work, admins, "administration")


def test_agencies_and_teams_are_added_and_renamed(at, desk, world):
    at.get("/admin/new-agency")
    agency = {"name": "HMP Brackenhill", "kind": "prison", "jurisdiction": "england_wales"}
    assert at.post("/admin/new-agency", agency).status_code == 303
    assert "HMP Brackenhill" in at.follow().text
    at.get("/admin/new-agency")
    assert at.post("/admin/new-agency", agency).status_code == 422
    address = f"/admin/agencies/{world.agencies['provider']}/new-team"
    at.get(address)
    assert at.post(address, {"name": "Evening team"}).status_code == 303
    with desk.work(SYSTEM) as work:
        team = work.session.exec(select(Team).where(Team.name == "Evening team")).one()
    address = f"/admin/teams/{team.id}/rename"
    assert 'value="Evening team"' in at.get(address).text
    assert at.post(address, {"name": "Late team", "version": "1"}).status_code == 303
    assert "Late team" in at.follow().text
    at.get(address)
    assert at.post(address, {"name": "Later team", "version": "1"}).status_code == 409


@pytest.mark.parametrize(
    "path",
    ["workers/{}", "workers/{}/disable", "workers/{}/reset", "roles/{}/end", "tokens/{}/revoke", "teams/{}/rename"],
)
def test_what_does_not_exist_is_not_found(at, path):
    assert at.get("/admin/" + path.format(uuid4())).status_code == 404


def test_nothing_of_a_client_is_in_administration(at, world):
    world.case(given="Canary", family="Finch")
    for path in ("/admin", "/admin/agencies", f"/admin/workers/{world.officer.id}"):
        page = at.get(path)
        assert "Canary" not in page.text
        assert "Finch" not in page.text


def test_an_act_of_administration_needs_a_code_given_in_the_last_five_minutes(at, clock, world):
    address = f"/admin/workers/{world.officer.id}/disable"
    before = at.client.cookies["session"]
    clock.forward(timedelta(minutes=6))
    assert at.get("/admin").status_code == 200
    page = at.get(address)
    assert (page.status_code, page.headers["location"]) == (303, f"/account/confirm?next={address}")
    confirm = page.headers["location"]
    at.follow()
    assert at.post(confirm, {"code": "000000"}).status_code == 422
    page = at.post(confirm, {"code": figures(clock)})
    assert (page.status_code, page.headers["location"]) == (303, address)
    assert at.client.cookies["session"] != before
    at.follow()
    clock.forward(timedelta(minutes=14))  # filling it in may take longer
    assert at.post(address).status_code == 303


def test_a_program_cannot_step_round_the_code(at, clock, world):
    clock.forward(timedelta(minutes=14))
    at.client.post("/session/stay", headers={"x-csrf-token": at.csrf})
    clock.forward(timedelta(minutes=2))
    headers = {"x-csrf-token": at.csrf}
    answer = at.client.post(f"/api/admin/workers/{world.officer.id}/disable", json={}, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (403, "prove_first")


def test_in_a_demonstration_who_came_by_a_button_confirms_without_an_app(desk, world, clock):
    with browser(desk) as at:
        at.get("/sign-in")
        at.post(f"/sign-in/as/{world.admin.id}")
        assert at.page.headers["location"] == "/admin"
        clock.forward(timedelta(minutes=6))
        address = at.get("/admin/new-worker").headers["location"]
        at.get(address)
        page = at.post(address)
        assert (page.status_code, page.headers["location"]) == (303, "/admin/new-worker")
        assert at.follow().status_code == 200


def test_the_account_page_lists_where_one_is_signed_in_and_ends_the_others(officer, desk, world, come_in):
    with browser(desk, HTTP, whoami) as elsewhere:
        come_in(elsewhere, world.officer)
        page = officer.get("/account")
        assert "This browser" in page.text
        end = re.findall(r'action="(/account/sessions/[0-9a-f-]+/end)"', page.text)
        assert len(end) == 1
        assert officer.post(end[0]).status_code == 303
        assert elsewhere.get("/whoami").status_code == 303
        assert officer.get("/whoami").status_code == 200


def test_nobody_ends_somebody_elses_session(officer, at, desk, world):
    with desk.work(SYSTEM) as work:
        theirs = work.session.exec(select(WebSession.id).where(WebSession.worker_id == world.admin.id)).all()
    for session_id in theirs:
        assert officer.post(f"/account/sessions/{session_id}/end").status_code == 404
    assert at.get("/whoami").status_code == 200


def test_the_role_is_changed_from_the_account_page_under_a_new_token(officer, desk, world):
    with desk.work(SYSTEM) as work:
        role = workers.NewRole(role=Role.MANAGER, agency_id=world.agencies["prison"])
        workers.add_membership(work, world.officer.id, role)
        foreign = work.session.exec(select(Membership.id).where(Membership.worker_id == world.provider.id)).one()
    before = officer.client.cookies["session"]
    page = officer.get("/account")
    chosen = re.search(r'name="membership_id" value="([0-9a-f-]+)"', page.text)[1]
    for wrong in (str(foreign), "nonsense", ""):
        assert officer.post("/session/role", {"membership_id": wrong}).status_code == 404
    assert officer.post("/session/role", {"membership_id": chosen}).status_code == 303
    assert officer.client.cookies["session"] != before
    assert officer.get("/whoami").text == "Officer, Team manager"


def test_a_new_password_needs_the_old_one_and_signs_other_browsers_out(officer, desk, world, come_in):
    with desk.work(world.admin) as work:
        token = tokens.add(work, memberships_of(work, world.officer.id)[0][0].id, "nightly export")
    with browser(desk, HTTP, whoami) as elsewhere:
        come_in(elsewhere, world.officer)
        officer.get("/account/password")
        new = "eleven herons over the weir"
        assert officer.post("/account/password", {"old": "not the old one at all", "password": new}).status_code == 422
        assert "The password is not right" in officer.page.text
        assert officer.post("/account/password", {"old": PASSWORD, "password": "short"}).status_code == 422
        assert "15 characters or more" in officer.page.text
        assert officer.post("/account/password", {"old": PASSWORD, "password": new}).status_code == 303
        assert officer.get("/whoami").status_code == 200
        assert elsewhere.get("/whoami").status_code == 303
    with desk.work(SYSTEM) as work:
        assert token_of(work, token) is None
        assert new not in work.session.get_one(Worker, world.officer.id).password_hash


def test_new_recovery_codes_take_the_place_of_the_old(officer):
    assert "0 codes left" in officer.get("/account").text
    officer.get("/account/recovery-codes")
    first = re.findall(r"<code>([a-z0-9-]+)</code>", officer.post("/account/recovery-codes").text)
    assert len(first) == 10
    assert "10 codes left" in officer.get("/account").text

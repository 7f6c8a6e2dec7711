"""Coming in and going out through the pages, as a browser does it (threats 7, 8, 18)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from litestar import get, post
from sqlmodel import select

from tests.support.browsing import HTTPS, browser, production
from tests.support.signing_in import PASSWORD, figures, with_password
from throughcare.casework import workers
from throughcare.casework.agencies import Membership, Worker
from throughcare.casework.credentials import WebSession
from throughcare.kernel.actors import SYSTEM, Role
from throughcare.kernel.audit import AuditRow
from throughcare.web.security import onward
from throughcare.web.sessions import Asked, visitor_of

pytestmark = pytest.mark.on_database(-1)  # their rules are shown on each in tests/steps/test_workers_*.py


@get("/whoami", sync_to_thread=False)
def whoami(request: Asked) -> str:
    return f"{visitor_of(request).actor.name}, {visitor_of(request).actor.role.label}"


@post("/change", sync_to_thread=False)
def change(request: Asked) -> str:
    return visitor_of(request).actor.name


@pytest.fixture
def email(desk, world):
    return with_password(desk, world.officer)


@pytest.fixture
def at(desk, world):
    with browser(desk, "http://testserver.local", whoami, change) as at:
        yield at


def come_in(at, clock, email, path="/sign-in"):
    at.get(path)
    at.post(path, {"email": email, "password": PASSWORD})
    at.follow()
    at.post(at.page.url.raw_path.decode(), {"code": figures(clock)})
    clock.forward(timedelta(seconds=30))
    return at.page


def session(at):
    return at.client.cookies.get("session")


def test_the_ordinary_form_signs_in_with_password_and_code(at, clock, email):
    page = at.get("/sign-in")
    assert page.status_code == 200
    assert "<title>Sign in - Throughcare</title>" in page.text
    page = at.post("/sign-in", {"email": email, "password": PASSWORD})
    assert (page.status_code, page.headers["location"]) == (303, "/sign-in/code")
    half = session(at)
    assert "Enter the code from your app" in at.follow().text
    page = at.post("/sign-in/code", {"code": figures(clock)})
    assert (page.status_code, page.headers["location"]) == (303, "/")
    assert session(at) != half
    assert at.get("/whoami").text == "Officer, Throughcare officer"


def test_a_wrong_password_is_told_plainly_and_the_address_is_kept(at, email):
    at.get("/sign-in")
    page = at.post("/sign-in", {"email": email, "password": "not the password at all"})
    assert page.status_code == 422
    assert "<title>Error: Sign in" in page.text
    assert "The email address or password is not right" in page.text
    assert f'value="{email}"' in page.text
    assert "not the password" not in page.text


def test_known_and_unknown_accounts_cannot_be_told_apart(at, email):
    told = []
    for typed in (email, "nobody@example.org"):
        for _ in range(6):
            at.get("/sign-in")
            at.post("/sign-in", {"email": typed, "password": "not the password at all"})
            told.append((at.page.status_code, re.sub(r"nonce=\"[^\"]*\"", "", at.page.text).replace(typed, "")))
    assert told[:6] == told[6:]
    assert told[5][0] == 429
    assert "Wait 1 second, then try again." in told[5][1]
    assert at.page.headers["retry-after"] == "1"


def test_the_failed_try_is_kept_though_the_page_says_no(at, desk, email):
    at.post("/sign-in", {"email": email, "password": "not the password at all"})
    with desk.work(SYSTEM) as work:
        assert "signin.failed" in [row.name for row in work.session.exec(select(AuditRow))]


def test_a_session_chosen_by_somebody_else_is_never_taken_up(at, clock, email):
    at.client.cookies.set("session", "attackerchosen", domain="testserver.local")
    come_in(at, clock, email)
    assert session(at) != "attackerchosen"
    assert "attackerchosen" not in at.client.cookies.values()


def test_a_password_alone_passes_no_door(at, email):
    at.get("/sign-in")
    at.post("/sign-in", {"email": email, "password": PASSWORD})
    for path in ("/whoami", "/", "/admin", "/api/my-work"):
        assert at.get(path).status_code in {303, 401, 404}
    for path in ("/change", "/session/stay"):
        assert at.post(path, csrf="").status_code == 403
        at.get("/sign-in/code")
        assert at.post(path).headers["location"].startswith("/sign-in/code")


def test_nobody_signed_in_is_sent_to_sign_in_and_back(at, clock, email):
    page = at.get("/whoami?which=late&page=2")
    assert (page.status_code, page.headers["location"]) == (303, "/sign-in?next=/whoami%3Fwhich%3Dlate%26page%3D2")
    page = come_in(at, clock, email, page.headers["location"])
    assert (page.status_code, page.headers["location"]) == (303, "/whoami?which=late&page=2")


def test_a_program_with_no_session_is_answered_401_not_sent_to_a_page(at):
    assert at.get("/api/cases").status_code in {401, 404}
    assert at.get("/schema/openapi.json").status_code == 401


def test_an_expired_page_says_so_and_comes_back(at, clock, email):
    come_in(at, clock, email)
    clock.forward(timedelta(minutes=15))
    page = at.get("/whoami")
    assert (page.status_code, page.headers["location"]) == (303, "/sign-in?next=/whoami&ended=1")
    assert "You have been signed out" in at.follow().text
    assert session(at) is None


def test_staying_keeps_the_session(at, clock, email):
    come_in(at, clock, email)
    at.get("/sign-in/set-up")  # any page with a form
    for _ in range(3):
        clock.forward(timedelta(minutes=14, seconds=20))
        assert at.post("/session/stay").status_code == 204
    assert at.get("/whoami").status_code == 200


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "\\\\elsewhere.example", "javascript:alert(1)",
        "/\t/elsewhere.example", "/\n//elsewhere.example", "elsewhere.example", " //elsewhere.example", "/sign-out", "",
    ],
)  # fmt: skip
def test_signing_in_leads_nowhere_but_here(elsewhere):
    assert onward(elsewhere) == "/"


def test_an_address_elsewhere_is_dropped_on_the_way_in(at, clock, email):
    page = come_in(at, clock, email, "/sign-in?next=//elsewhere.example/")
    assert page.headers["location"] == "/"


def test_signing_out_ends_the_session_and_clears_the_browser(at, clock, email):
    come_in(at, clock, email)
    token = session(at)
    at.get("/sign-in/set-up")  # any page with a form
    page = at.post("/sign-out")
    assert (page.status_code, page.headers["location"]) == (303, "/sign-in")
    assert page.headers["clear-site-data"] == '"cache", "storage"'
    at.client.cookies.set("session", token, domain="testserver.local")
    assert at.get("/whoami").status_code == 303


def test_the_first_sign_in_shows_a_picture_once_and_then_the_recovery_codes(at, desk, world, clock):
    email = with_password(desk, world.officer, app=False)
    at.get("/sign-in")
    at.post("/sign-in", {"email": email, "password": PASSWORD})
    page = at.follow()
    assert "<svg " in page.text
    assert "style=" not in page.text
    secret = re.search(r"<strong>([A-Z2-7 ]+)</strong>", page.text)[1].replace(" ", "")
    assert at.post("/sign-in/app", {"code": "000000"}).status_code == 422
    page = at.post("/sign-in/app", {"code": figures(clock, secret)})
    codes = re.findall(r"<code>([a-z0-9-]+)</code>", page.text)
    assert len(codes) == 10
    assert at.get("/whoami").status_code == 200
    page = at.get("/sign-in/app")
    assert (page.status_code, page.headers["location"]) == (303, "/")
    clock.forward(timedelta(minutes=20))
    at.get("/sign-in")
    at.post("/sign-in", {"email": email, "password": PASSWORD})
    assert at.page.headers["location"] == "/sign-in/code"
    assert "I do not have my phone" in at.follow().text
    at.get("/sign-in/recovery")
    assert at.post("/sign-in/recovery", {"code": codes[0]}).status_code == 303
    assert at.get("/whoami").status_code == 200


def test_a_new_worker_comes_in_with_a_set_up_code(at, desk, world):
    new = workers.NewWorker(
        role=Role.PROVIDER, agency_id=world.agencies["provider"], name="Wren Holloway", email="wren@example.org"
    )
    with desk.work(world.admin) as work:
        code = workers.add(work, new).set_up_code
    at.get("/sign-in/set-up")
    typed = {"email": "wren@example.org", "code": code, "password": "throughcare throughcare"}
    page = at.post("/sign-in/set-up", typed)
    assert page.status_code == 422
    assert "Password must not contain “throughcare”, which is easy to guess" in page.text
    page = at.post("/sign-in/set-up", typed | {"password": PASSWORD})
    assert (page.status_code, page.headers["location"]) == (303, "/sign-in/app")


def test_who_has_two_roles_chooses_one_on_the_way_in(at, desk, world, clock, email):
    with desk.work(world.admin) as work:
        manager = workers.NewRole(role=Role.MANAGER, agency_id=world.agencies["prison"])
        chosen = workers.add_membership(work, world.officer.id, manager).id
        foreign = work.session.exec(select(Membership.id).where(Membership.worker_id == world.provider.id)).one()
    come_in(at, clock, email)
    assert at.page.headers["location"] == "/sign-in/role"
    assert at.get("/whoami").headers["location"] == "/sign-in/role?next=/whoami"
    at.follow()
    assert at.post("/sign-in/role", {"membership_id": str(foreign)}).status_code == 422
    assert at.post("/sign-in/role", {"membership_id": str(chosen)}).status_code == 303
    assert at.get("/whoami").text == "Officer, Team manager"


@pytest.mark.parametrize("path", ["/sign-in/code", "/sign-in/recovery", "/sign-in/app", "/sign-in/role"])
def test_a_later_step_without_the_first_begins_again(at, path):
    assert at.get(path).headers["location"] == "/sign-in"
    assert at.post(path, {"code": "123456", "membership_id": "x"}).headers["location"] == "/sign-in"


def test_an_administrator_goes_to_their_own_first_page(at, desk, world, clock):
    page = come_in(at, clock, with_password(desk, world.admin))
    assert page.headers["location"] == "/admin"


def test_a_demonstration_has_a_button_for_each_role_beside_the_ordinary_form(at, desk, world):
    page = at.get("/sign-in")
    buttons = re.findall(r'action="(/sign-in/as/[0-9a-f-]+)"', page.text)
    assert len(buttons) == len(Role) - 1
    assert 'name="password"' in page.text
    names = {at.post(action) and at.get("/whoami").text.split(", ")[1] for action in buttons}
    assert names == {role.label for role in Role} - {"The service"}


def test_the_people_of_a_demonstration_meet_on_the_same_cases(at, desk, world):
    with desk.work(SYSTEM) as work:
        alone = work.add(Worker(email="aaa@example.org", name="Aaa"))
        where = {"agency_id": world.agencies["scottish_prison"], "team_id": world.teams["scottish_prison"]}
        work.add(Membership(worker_id=alone.id, role=Role.OFFICER, from_on=work.today, **where))
    assert str(alone.id) not in at.get("/sign-in").text


def test_production_has_no_buttons_and_no_way_in_without_proof(desk, world):
    with browser(production(desk), HTTPS) as at:
        assert "/sign-in/as/" not in at.get("/sign-in").text
        assert at.post(f"/sign-in/as/{world.officer.id}").status_code == 404
    with desk.work(SYSTEM) as work:
        assert not work.session.exec(select(WebSession)).all()


@pytest.mark.parametrize(
    "typed", ["\x00", "\ud800", "'; drop table worker; --", "🦦" * 300, "a" * 100_000, "<script>alert(1)</script>"]
)
def test_bad_input_is_answered_plainly(at, email, typed):
    for values in ({"email": typed, "password": PASSWORD}, {"email": email, "password": typed}):
        body = "&".join(f"{name}={_escaped(value)}" for name, value in values.items())
        page = at.client.post("/sign-in", content=body, headers={"content-type": "application/x-www-form-urlencoded"})
        assert page.status_code in {422, 429}
        assert "<script>alert" not in page.text


def _escaped(value):
    return "".join(f"%{byte:02X}" for byte in value.encode("utf-8", "surrogatepass"))

"""What browsers are told, whose requests are believed, and that no door was left open (sections 2.3 and 6, T6, T33)."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from litestar import get, post
from litestar.routes import HTTPRoute

from tests.support.browsing import HTTP, HTTPS, app_of, browser, production
from tests.support.signing_in import PASSWORD, figures, with_password
from throughcare.casework import opening, second_factor, signin, tokens, workers
from throughcare.casework.visitors import memberships_of
from throughcare.kernel.actors import SYSTEM
from throughcare.web.sessions import Asked, visitor_of

pytestmark = pytest.mark.on_database(-1)  # their rules are shown on each in tests/steps/test_workers_*.py

OPEN_DOORS = {
    "/health/live": "open",
    "/health/ready": "open",
    "/metrics": "open",
    "/help": "open",
    "/accessibility": "open",
    "/privacy": "open",
    "/sign-in": "open",
    "/sign-in/set-up": "open",
    "/sign-in/as/{worker_id:uuid}": "open",
    "/sign-in/code": "half",
    "/sign-in/recovery": "half",
    "/sign-in/app": "half",
    "/sign-in/role": "half",
    "/sign-out": "half",
}


@get("/whoami", sync_to_thread=False)
def whoami(request: Asked) -> str:
    return visitor_of(request).actor.name


@post("/change", sync_to_thread=False)
def change(request: Asked) -> str:
    return visitor_of(request).actor.name


@post("/api/change", sync_to_thread=False)
def change_by_program(request: Asked) -> str:
    return visitor_of(request).actor.name


@post("/api/admin/change", sync_to_thread=False)
def change_by_administrator(request: Asked) -> str:
    return visitor_of(request).actor.name


@get("/fault", sync_to_thread=False)
def fault() -> str:
    raise ZeroDivisionError


@get("/static/app-1a2b.css", sync_to_thread=False)
def style() -> str:
    return "body{}"


@post("/webhooks/twilio/messages", sync_to_thread=False)
def webhook() -> str:
    return "taken"


HANDLERS = (whoami, change, change_by_program, change_by_administrator, fault, style, webhook)


@pytest.fixture
def email(desk, world):
    return with_password(desk, world.officer)


@pytest.fixture
def at(desk, email, clock):
    """Signed in, on a page with a form."""
    with browser(desk, HTTP, *HANDLERS) as at:
        enter(at, email, clock)
        yield at


def enter(at, email, clock):
    at.get("/sign-in")
    at.post("/sign-in", {"email": email, "password": PASSWORD})
    at.follow()
    at.post("/sign-in/code", {"code": figures(clock)})
    clock.forward(timedelta(seconds=30))
    at.get("/sign-in/set-up")


@pytest.fixture
def token(desk, world):
    with desk.work(world.admin) as work:
        membership, _ = memberships_of(work, world.officer.id)[0]
        return tokens.add(work, membership.id, "nightly export")


@pytest.mark.parametrize("path", ["/whoami", "/sign-in", "/nowhere", "/fault", "/webhooks/twilio/messages"])
def test_every_answer_says_what_the_browser_must_refuse(at, path):
    headers = at.client.get(path, follow_redirects=False).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'")
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in headers


def test_what_never_changes_under_its_name_may_be_kept(at):
    assert "no-store" not in at.get("/static/app-1a2b.css").headers.get("cache-control", "")


def test_each_page_has_a_nonce_of_its_own_and_its_scripts_carry_it(at):
    nonces = set()
    for _ in range(2):
        page = at.get("/sign-in")
        said = re.search(r"script-src 'self' 'nonce-([^']+)'", page.headers["content-security-policy"])[1]
        scripts = re.findall(r"<script[^>]*>", page.text)
        assert scripts
        assert all(f'nonce="{said}"' in script for script in scripts)
        nonces.add(said)
    assert len(nonces) == 2


def test_production_keeps_to_https_and_its_cookies_to_this_host(desk, email, clock):
    with browser(production(desk), HTTPS) as at:
        at.get("/sign-in")
        assert at.page.headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"
        with_password(production(desk), type("Officer", (), {"id": worker_id(desk, email)}))
        at.post("/sign-in", {"email": email, "password": PASSWORD})
        at.follow()
        at.post("/sign-in/code", {"code": figures(clock)})
        given = at.page.headers.get_list("set-cookie")
    assert {cookie.split("=")[0] for cookie in given} == {"__Host-session", "__Host-device"}
    for cookie in given:
        assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


def worker_id(desk, email):
    with desk.work(SYSTEM) as work:
        return workers.by_email(work, email).id


def test_a_change_is_believed_from_our_own_page_alone(at):
    assert at.post("/change").status_code == 201
    assert at.post("/change", csrf="").status_code == 403
    assert at.post("/change", csrf="0" * 64).status_code == 403
    assert at.post("/change", csrf="é🦦").status_code == 403
    assert at.client.post("/change").status_code == 403
    assert at.client.post("/change", headers={"x-csrf-token": at.csrf}).status_code == 201


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 201),
        ({"sec-fetch-site": "none"}, 201),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": HTTP}, 403),
        ({"origin": HTTP}, 201),
        ({"origin": "null"}, 201),
        ({"origin": "https://testserver.local.elsewhere.example"}, 403),
        ({"origin": "http://elsewhere.example"}, 403),
        ({}, 201),
    ],
)
def test_another_sites_request_is_refused_whatever_token_it_has(at, headers, status):
    assert at.post("/change", headers=headers).status_code == status


def test_another_site_cannot_sign_somebody_in(at, email):
    answer = at.post("/sign-in", {"email": email, "password": PASSWORD}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


def test_one_sessions_token_is_no_good_in_another(at, desk, world, clock):
    with browser(desk, HTTP, *HANDLERS) as other:
        enter(other, with_password(desk, world.provider), clock)
        assert other.csrf != at.csrf
        assert other.post("/change", csrf=at.csrf).status_code == 403
        assert other.post("/change").text == "Provider"


def test_what_arrives_by_webhook_proves_itself_and_needs_no_session(at):
    at.client.cookies.clear()
    answer = at.client.post("/webhooks/twilio/messages", headers={"sec-fetch-site": "cross-site"})
    assert answer.text == "taken"


def test_a_program_needs_no_page_and_acts_as_its_worker(at, token):
    at.client.cookies.clear()
    headers = {"authorization": f"Bearer {token}"}
    assert at.client.post("/api/change", headers=headers).text == "Officer"
    assert at.client.get("/schema/openapi.json", headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/whoami", "/account", "/account/recovery-codes", "/drafts", "/apiary"])
def test_a_program_opens_no_page(at, token, path):
    headers = {"authorization": f"Bearer {token}"}
    for cookies in (dict(at.client.cookies), {}):
        at.client.cookies = cookies
        assert at.client.get(path, headers=headers, follow_redirects=False).status_code in {403, 404, 405}
        assert at.client.post(path, headers=headers, follow_redirects=False).status_code in {403, 404, 405}


def test_a_program_makes_no_recovery_codes_and_ends_no_session(at, desk, world, token):
    with desk.work(SYSTEM) as work:
        before = second_factor.recovery_codes_left(work, world.officer.id)
        session = opening.open_ones(work, world.officer.id)[0]
    headers = {"authorization": f"Bearer {token}"}
    for path in ("/account/recovery-codes", f"/account/sessions/{session.id}/end"):
        assert post_without_cookies(at, path, headers) == 403
    with desk.work(SYSTEM) as work:
        assert second_factor.recovery_codes_left(work, world.officer.id) == before
        assert opening.open_ones(work, world.officer.id)


def post_without_cookies(at, path, headers):
    """Without the browser's cookies."""
    held = dict(at.client.cookies)
    at.client.cookies = {}
    answer = at.client.post(path, headers=headers, follow_redirects=False)
    at.client.cookies = held
    return answer.status_code


def test_a_program_never_counts_as_having_proved_who_it_is(at, token):
    answer = at.client.post("/api/admin/change", headers={"authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["type"]) == (403, "prove_first")


@pytest.mark.parametrize("said", ["", "tc_", "tc_" + "x" * 43, "é"])
def test_a_token_that_is_none_opens_nothing_even_beside_a_good_cookie(at, said):
    headers = {"authorization": f"Bearer {said}".encode()}
    assert at.client.post("/api/change", headers=headers).status_code == 401
    assert at.client.get("/whoami", headers=headers, follow_redirects=False).status_code == 303


def test_a_program_without_a_token_is_told_so_as_a_problem(at):
    at.client.cookies.clear()
    answer = at.client.post("/api/change")
    assert (answer.status_code, answer.json()["type"]) == (401, "sign_in_again")
    assert answer.headers["content-type"].startswith("application/problem+json")


@pytest.mark.parametrize("how", ["membership", "disabled", "reset", "signed out elsewhere"])
def test_whoever_is_shut_out_is_refused_on_the_very_next_request(at, desk, world, how):
    assert at.get("/whoami").status_code == 200
    with desk.work(world.admin) as work:
        if how == "membership":
            workers.end_membership(work, memberships_of(work, world.officer.id)[0][0].id)
        elif how == "disabled":
            workers.disable(work, world.officer.id)
        elif how == "reset":
            workers.reset(work, world.officer.id)
        else:
            signin.sign_out(work, at.client.cookies["session"])
    assert at.get("/whoami").status_code == 303


def test_every_route_is_closed_but_those_written_here(desk, world):
    app = app_of(desk)
    doors = {}
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                if handler.opt.get("door"):
                    doors[route.path_format if "{" not in route.path else route.path] = handler.opt["door"]
    assert doors == OPEN_DOORS


def test_nobody_reads_the_programs_own_description_without_signing_in(at):
    assert at.client.get("/schema/openapi.json").status_code == 200
    at.client.cookies.clear()
    assert at.client.get("/schema/openapi.json").status_code == 401


def test_too_large_a_body_is_refused(at):
    answer = at.client.post("/change", content=b"x" * 1_100_000, headers=at.headers)
    assert answer.status_code == 413


def test_an_unreadable_body_is_refused_plainly(at):
    answer = at.client.post("/change", content=b"csrf_token=%ff", headers=at.headers)
    assert answer.status_code == 400


def test_made_up_tokens_open_nothing(at):
    for number in range(50):
        at.client.cookies.set("session", str(UUID(int=number)), domain="testserver.local")
        assert at.get("/whoami").status_code == 303

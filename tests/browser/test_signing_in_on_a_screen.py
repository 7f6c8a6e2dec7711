"""Signing in as it is done: on a screen, by hand, with and without JavaScript, and with nothing for axe to find."""

from __future__ import annotations

import re

import pytest

from tests.support.browser import PATIENCE, axe_violations, launch
from tests.support.browsing import app_of
from tests.support.serving import address_of, listening, served
from tests.support.signing_in import PASSWORD, figures, with_password

pytestmark = [pytest.mark.browser, pytest.mark.slow(20)]
REFUSED = "status of 422"  # Chromium notes a form that came back; it is no fault of the page


@pytest.fixture
def address(desk, world):
    """The service on a port of this machine."""
    door = listening()
    with served(app_of(desk, address_of(door)), door) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with launch() as browser:
        yield browser


@pytest.fixture
def page(browser):
    """A page that remembers what the console said and can be looked over."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    return page


def look(page, heading):
    assert page.locator("h1").inner_text() == heading
    assert axe_violations(page) == []


@pytest.mark.on_database(0)
def test_a_new_administrator_sets_up_comes_in_and_goes_out(page, address, desk, world):
    email = with_password(desk, world.admin, app=False)
    page.goto(f"{address}/admin")
    look(page, "Sign in")
    page.get_by_label("Email address").fill(email)
    page.locator("#password").fill("not the password at all")
    page.get_by_role("button", name="Continue").click()
    look(page, "Sign in")
    assert page.title().startswith("Error: ")
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    look(page, "Set up your authenticator app")
    secret = re.search(r"<strong>([A-Z2-7 ]+)</strong>", page.content())[1].replace(" ", "")
    page.get_by_label("6-digit code").fill(figures(desk.clock, secret))
    page.get_by_role("button", name="Finish setting up").click()
    look(page, "Keep your recovery codes")
    page.get_by_role("button", name="I have kept them: continue").click()
    look(page, "Workers")
    page.goto(f"{address}/admin/workers/{world.officer.id}")
    look(page, "Officer")
    page.get_by_role("button", name="Make a set-up code").click()
    look(page, "Reset how Officer signs in")
    page.get_by_role("link", name="Your account").click()
    look(page, "Your account")
    page.get_by_role("button", name="Sign out", exact=True).click()
    look(page, "Sign in")
    page.go_back()
    assert page.locator("h1").inner_text() == "Sign in"
    assert [said for said in page.said if REFUSED not in said and "Clear-Site-Data" not in said] == []


@pytest.mark.on_database(-1)
def test_every_role_comes_in_without_javascript_and_at_phone_width(browser, address, world):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    for role in ("Throughcare officer", "Provider worker", "Probation practitioner", "Administrator"):
        page.goto(f"{address}/sign-in")
        page.get_by_role("button", name=role).click()
        assert role in page.locator(".tc-account__name").inner_text()
        page.goto(f"{address}/account")
        assert page.locator("html").bounding_box()["width"] <= 320
        page.get_by_role("button", name="Sign out", exact=True).click()
        assert page.locator("h1").inner_text() == "Sign in"

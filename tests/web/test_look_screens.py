"""The look in a real browser: axe finds nothing, nothing scrolls sideways at 320 px, and scripts do what they promise."""

from __future__ import annotations

import pytest

from tests.support.browser import PATIENCE, axe_violations, launch
from tests.web.gallery import ORIGIN, PAGES, serve

pytestmark = pytest.mark.browser
WIDTHS = {"phone": 320, "desk": 1280}


@pytest.fixture(scope="module")
def browser():
    with launch() as browser:
        yield browser


@pytest.fixture
def opened(browser, request):
    """Open an address at a width; every console error and broken policy fails the test."""
    faults: list[str] = []
    contexts = []

    def opened(path: str, width: int = 1280, *, scripts: bool = True):
        context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
        contexts.append(context)
        context.route("**/*", serve)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(ORIGIN + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [fault for fault in faults if "422" not in fault] == []


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
@pytest.mark.parametrize("path", [*PAGES, "/form"])
def test_no_page_scrolls_sideways_and_axe_finds_nothing(opened, path, width):
    page = opened(path, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe_violations(page) == []


def test_the_typeface_is_the_open_one_and_it_is_loaded(opened):
    page = opened("/form")
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.fonts.check('16px \"Source Sans 3\"') && document.fonts.size > 0")
    families = page.evaluate("[...document.querySelectorAll('body *')].map(el => getComputedStyle(el).fontFamily)")
    assert {family.split(",")[0].strip('"') for family in families} == {"Source Sans 3"}


def test_a_refused_form_moves_the_reader_to_what_is_wrong_and_keeps_their_words(opened):
    page = opened("/form", 320)
    page.fill("#note", "\nfirst line is empty\n\n  <b>&amp; indented")
    page.click("text=Decline handover >> visible=true >> nth=-1")
    page.wait_for_selector(".govuk-error-summary:focus")
    assert page.title().startswith("Error: Decline handover")
    assert page.input_value("#note") == "\nfirst line is empty\n\n  <b>&amp; indented"
    assert axe_violations(page) == []
    page.click("text=Enter date you decided")
    assert page.evaluate("document.activeElement.id") == "on-day"


def test_a_hanging_question_shows_with_its_answer_and_is_always_there_without_scripts(opened):
    page = opened("/form")
    assert page.locator("#other").is_hidden()
    page.check("text=Another reason >> nth=0")
    assert page.locator("#other").is_visible()
    assert page.locator("#other").is_enabled()
    assert opened("/form", scripts=False).locator("#other").is_visible()


def test_long_text_saves_itself_as_a_draft(opened):
    page = opened("/form")
    with page.expect_request("**/drafts") as saved:
        page.fill("#note", "half a thought")
    assert "draft_key=handover.decline%3A1" in saved.value.post_data
    assert "note=half+a+thought" in saved.value.post_data
    assert "csrf_token=t0ken" in saved.value.post_data
    page.wait_for_selector("text=saved as a draft")


def test_the_end_of_a_session_is_announced_and_can_be_put_off(opened, browser):
    context = browser.new_context()
    context.route("**/*", serve)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.clock.install()
    page.goto(f"{ORIGIN}/components")
    page.wait_for_function(
        "document.querySelector('[data-module=govuk-service-navigation]').dataset.govukServiceNavigationInit !== undefined"
    )
    page.clock.run_for(12 * 60_000)
    assert page.locator("#tc-timeout").is_hidden()
    page.clock.run_for(80_000)
    page.wait_for_selector("#tc-timeout", state="visible")
    assert axe_violations(page) == []
    with page.expect_request("**/session/stay"):
        page.click("text=Stay signed in")
    page.wait_for_selector("#tc-timeout", state="hidden")
    context.close()

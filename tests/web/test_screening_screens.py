"""The screening pages in a real browser: axe finds nothing, and nothing scrolls sideways on a phone."""

from __future__ import annotations

import pytest

from tests.steps.test_interventions import audit
from tests.support.browser import PATIENCE, axe_violations, launch
from tests.web.gallery import ORIGIN
from throughcare.intervention import views as interventions
from throughcare.screening import actions, asking
from throughcare.screening import views as screenings
from throughcare.screening.forms import SafetyAnswers, StartScreening

pytestmark = pytest.mark.browser
PAGES = {
    "tab": "screening",
    "safety questions": "screening/safety",
    "start": "screening/start",
    "questions": "screening/{opened}/answers",
    "by number": "screening/{numbered}/answers",
    "result": "screening/{done}",
    "beside": "screening/beside",
    "not done": "screening/not-done",
    "interventions": "interventions",
    "giving": "interventions/{brief}/give",
}


WIDTHS = (320, 1280)


@pytest.fixture(scope="module")
def browser():
    with launch() as browser:
        yield browser


@pytest.fixture
def database(databases):
    """Pages are the same on every database."""
    return databases[0]


@pytest.fixture
def addresses(desk, world):
    """A case with something on every page, and the address of each page."""
    case = world.case()
    with desk.work(world.officer) as work:
        asking.ask_safety(work, case, SafetyAnswers(answers={}))
    audit(desk, world, case, 12)
    with desk.work(world.officer) as work:
        opened = actions.start(work, case, StartScreening(instrument="audit"))
        numbered = actions.start(work, case, StartScreening(instrument="dudit"))
        done = next(it.id for it in screenings.page(work, case).screenings if it.total is not None)
        brief = interventions.page(work, case).briefs[0].id
    ids = {"opened": opened.id, "numbered": numbered.id, "done": done, "brief": brief}
    return {name: f"/cases/{case}/{path.format(**ids)}" for name, path in PAGES.items()}


def test_every_screening_page_is_accessible_at_both_widths(browser, client_for, world, addresses):
    client = client_for(world.officer)

    def serve(route):
        answer = client.get(route.request.url.removeprefix(ORIGIN))
        route.fulfill(status=answer.status_code, body=answer.content, headers=dict(answer.headers))

    context = browser.new_context()
    context.route("**/*", serve)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    for name, path in addresses.items():
        assert page.goto(ORIGIN + path).status == 200, name
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
            assert axe_violations(page) == [], (name, width)
    context.close()

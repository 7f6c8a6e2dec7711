"""The browser and axe that the journeys lean on, shown to work and to be able to say no."""

from __future__ import annotations

import pytest

from tests.support.browser import axe_violations, launch

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser():
    with launch() as browser:
        yield browser


def test_axe_passes_a_sound_page(browser):
    page = browser.new_page()
    page.set_content("<html lang=en><title>Sound</title><main><h1>Sound</h1><p>Words</p></main></html>")
    assert axe_violations(page) == []


def test_axe_names_what_is_wrong_with_a_page(browser):
    page = browser.new_page()
    page.set_content("<html lang=en><title>Unsound</title><main><h1>Unsound</h1><input></main></html>")
    assert [line.split(":")[0] for line in axe_violations(page)] == ["label"]
